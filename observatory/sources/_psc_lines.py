"""The lines of a PSC snapshot, out of their archive and onto disk a piece at a time.

Two things worth knowing before you touch this. The one file unpacks to 13 GB, so neither it nor
a part of it is ever whole in memory or on disk. And line numbers must stay true: DuckDB passes
over blank lines without counting them, so a blank line is replaced by an empty object.

What belongs here: members, bytes and lines. What does not: what a line says (``_psc_sql.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from observatory.sources._one_member import opened

PIECE_BYTES: Final = 16 << 20
# A record is at most some kilobytes; what is longer is no record, and would fill memory.
LINE_BYTES: Final = 1 << 20
_SAMPLED: Final = 1 << 19  # one line in so many bytes is shown to whoever looks for drift


@dataclass(frozen=True)
class Piece:
    """Whole lines of one member, in a file that the next piece overwrites.

    ``first_line`` is the number of its first line, from 1; ``too_long`` are the numbers of lines
    that were left out (an empty object stands for each); ``sample`` is a line here and there."""

    path: Path
    first_line: int
    lines: int
    too_long: tuple[int, ...]
    sample: tuple[bytes, ...]

    def fill_blanks(self) -> None:
        """Put an empty object on every blank line."""
        lines = self.path.read_bytes().split(b"\n")[:-1]
        self.path.write_bytes(b"".join((line.strip() or b"{}") + b"\n" for line in lines))


def pieces(body: Path, where: str, folder: Path) -> Iterator[Piece]:
    """Yield the lines of a body in order. Raises BadInput when its archive is damaged or does
    not hold just one file."""
    target, first, rest = folder / "piece.jsonl", 1, b""
    # The next stretch is unpacked while this one is read: zlib lets go of the interpreter.
    with opened(body, where) as file, ThreadPoolExecutor(1) as ahead:
        coming = ahead.submit(file.read, PIECE_BYTES)
        while chunk := coming.result():
            coming = ahead.submit(file.read, PIECE_BYTES)
            end = chunk.rfind(b"\n") + 1
            if end:
                piece = _write(target, rest, chunk[:end], first)
                first += piece.lines
                yield piece
                rest = b""
            # Of a line that never ends only so much is kept as shows that it is too long.
            rest += chunk[end : end + LINE_BYTES] if len(rest) < LINE_BYTES else b""
        if rest.strip():
            yield _write(target, rest, b"\n", first)
    target.unlink(missing_ok=True)


def head(body: Path, where: str, lines: int) -> list[bytes]:
    """Return the first lines of a body. Raises BadInput like ``pieces``."""
    with opened(body, where) as file:
        found = [file.readline(LINE_BYTES) for _ in range(lines)]
    return [line for line in found if line.strip()]


def _write(target: Path, rest: bytes, text: bytes, first: int) -> Piece:
    """Write the begun line and the text behind it, which ends a line."""
    too_long: tuple[int, ...] = ()
    if len(rest) >= LINE_BYTES or _may_hold_giant(text):
        lines = (rest + text).split(b"\n")[:-1]
        too_long = tuple(first + n for n, line in enumerate(lines) if len(line) >= LINE_BYTES)
        kept = [line if len(line) < LINE_BYTES else b"{}" for line in lines]
        rest, text = b"", b"\n".join(kept) + b"\n"
    with target.open("wb") as file:
        file.write(rest)
        file.write(text)
    starts = range(0, len(text), _SAMPLED)
    ends = [(text.find(b"\n", at) + 1, text.find(b"\n", text.find(b"\n", at) + 1)) for at in starts]
    sample = tuple(text[at:end] for at, end in ends if 0 < at < end)
    return Piece(target, first, text.count(b"\n"), too_long, sample)


def _may_hold_giant(text: bytes) -> bool:
    """Whether a stretch of the length of a giant has no line end (looking at every line would
    cost more than reading it)."""
    at = 0
    while len(text) - at > LINE_BYTES:
        end = text.rfind(b"\n", at, at + LINE_BYTES)
        if end < at:
            return True
        at = end + 1
    return False
