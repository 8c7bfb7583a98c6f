"""Opening a gzip file with limits, and proving that it is whole.

What belongs here: unpacking. What does not: what is in it (the source's module), zip archives
(``landing/archives.py``).
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from observatory.errors import BadInput

_CHUNK_BYTES = 1 << 20
# The largest file expected is a year of Find a Tender: 52,000 records of 14 to 20 kB. Its text
# packs about 20 to 1 (214 MB for 4.6 GB in all); a bomb packs 1,000 to 1.
MAX_BYTES = 8 << 30
MAX_RATIO = 100
_RATIO_FROM_BYTES = 32 << 20


def chunks(path: Path, where: str, *, max_bytes: int = MAX_BYTES) -> Iterator[bytes]:
    """Yield what is in a gzip file. Raises BadInput when it is none, is cut short or damaged (its
    length and CRC stand at its end), or holds more than can be meant."""
    packed, done = path.stat().st_size, 0
    try:
        with gzip.open(path) as file:
            while chunk := file.read(_CHUNK_BYTES):
                done += len(chunk)
                bomb = done > _RATIO_FROM_BYTES and done > MAX_RATIO * packed
                if done > max_bytes or bomb:
                    raise BadInput(
                        f"would unpack to more than {done:,} bytes from {packed:,}",
                        where=where,
                        remedy="do not unpack it; get it from its publisher again",
                    )
                yield chunk
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise BadInput(
            f"is not a gzip file that can be read to its end ({error}): cut short, damaged, or "
            "of another kind",
            where=where,
            remedy="download it again; compare its size with the publisher's",
        ) from error


def unpack(path: Path, target: Path, where: str, *, max_bytes: int = MAX_BYTES) -> Path:
    """Write what is in a gzip file to ``target`` and return it. Raises BadInput as above."""
    with target.open("wb") as file:
        file.writelines(chunks(path, where, max_bytes=max_bytes))
    return target
