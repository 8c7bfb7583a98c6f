"""What can be said of a file from its bytes alone, before any source looks at it.

What belongs here: emptiness, an HTML page in place of a file, a kind that contradicts the name,
and archives that are damaged or dangerous. What does not: any publisher's header or vocabulary
(``Source.check``). Archives inside archives are not opened here; their readers do that, with
the same limits.
"""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from observatory.errors import BadInput

_HEAD_BYTES: Final = 4096
_CHUNK_BYTES: Final = 1 << 20
_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.DOTALL,
)
_TITLE = re.compile(rb"<title[^>]*>([^<]{1,200})", re.IGNORECASE)
_TEXT_SUFFIXES: Final = (".csv", ".txt", ".json", ".jsonl", ".ndjson", ".xml", ".html", ".yml")
_PAGE_SUFFIXES: Final = (".html", ".htm", ".xhtml", ".xml")
# Kinds that a text name must not hide, by their first bytes.
_MAGIC: Final = {
    b"PK\x03\x04": "a zip archive",
    b"PK\x05\x06": "an empty zip archive",
    b"\x1f\x8b": "gzip-compressed",
    b"%PDF": "a PDF document",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"\x89PNG": "an image",
}


@dataclass(frozen=True)
class ArchiveLimits:
    """What an archive may hold. The largest known member is Companies House's PSC snapshot
    (13 GB of JSON Lines); published text compresses 5 to 20 times, a zip bomb 1,000 times."""

    members: int = 1_000_000
    member_bytes: int = 40 << 30
    total_bytes: int = 120 << 30
    ratio: int = 250
    ratio_from_bytes: int = 32 << 20


LIMITS: Final = ArchiveLimits()


def check_bytes(
    path: Path, file_name: str, limits: ArchiveLimits = LIMITS, *, read_through: bool = True
) -> None:
    """Check a file of any source against its name and its own bytes; without ``read_through``
    of an archive only its directory.

    Raises BadInput when it is missing, not a file, empty, an HTML page under another name, of
    a kind that its name denies, or an archive that is damaged or outside the limits.
    """
    if not path.is_file():
        what = "is not a regular file" if path.exists() else "there is no such file"
        raise BadInput(what, where=str(path), remedy="name a file that exists")
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head:
        raise BadInput(
            "is empty (0 bytes)", where=file_name, remedy="download it again from its publisher"
        )
    lower = file_name.lower()
    if not lower.endswith(_PAGE_SUFFIXES):
        refuse_page(head, file_name)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) and lower.endswith(_TEXT_SUFFIXES):
        raise BadInput(
            "its text is UTF-16, which no source publishes",
            where=file_name,
            remedy="land the publisher's own file, or save this one again as UTF-8",
        )
    kind = next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), "")
    if kind and lower.endswith(_TEXT_SUFFIXES):
        raise BadInput(
            f"its bytes are {kind}, its name says {lower.rpartition('.')[2]}",
            where=file_name,
            remedy="land the file under its published name, or the file that is inside it",
        )
    if lower.endswith(".zip") or head.startswith(b"PK\x03\x04"):
        check_archive(path, file_name, limits, read_through=read_through)


def refuse_page(head: bytes, file_name: str) -> None:
    """Raise BadInput, with the page's title, when the first bytes of a file begin a web page."""
    if not _PAGE.match(head.removeprefix(b"\xef\xbb\xbf").lower()):
        return
    title = _TITLE.search(head)
    said = f" titled {title[1].decode('utf-8', 'replace').strip()!r}" if title else ""
    raise BadInput(
        f"is an HTML page{said}, not the file that was promised",
        where=file_name,
        remedy="open the address in a browser to see what the publisher says, and try later",
    )


def check_archive(
    path: Path, file_name: str, limits: ArchiveLimits = LIMITS, *, read_through: bool = True
) -> None:
    """Open a zip, check every member's name, declared size and CRC, and read it through.

    Raises BadInput that names the member and what is wrong with it.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_directory(members, path.stat().st_size, file_name, limits)
            for member in members:
                _check_member(member, file_name, limits)
            for member in members if read_through else ():
                _read_through(archive, member, file_name)
    except zipfile.BadZipFile as error:
        raise BadInput(
            f"is not a zip archive that can be opened ({error}): cut short, damaged, or of "
            "another kind",
            where=file_name,
            remedy="download it again; compare its size with the publisher's",
        ) from error


def _check_directory(
    members: list[zipfile.ZipInfo], size: int, file_name: str, limits: ArchiveLimits
) -> None:
    total = sum(member.file_size for member in members)
    if not any(not member.is_dir() for member in members):
        what = "is a zip archive without any file in it"
    elif len(members) > limits.members:
        what = f"holds {len(members):,} members; at most {limits.members:,} are opened"
    elif total > limits.total_bytes:
        what = f"would unpack to {total:,} bytes; at most {limits.total_bytes:,} are read"
    elif sum(member.compress_size for member in members) > size:
        # Members that share compressed bytes: how a small file unpacks to petabytes.
        what = "its members overlap"
    else:
        return
    raise BadInput(what, where=file_name, remedy="get the archive from its publisher again")


def _check_member(member: zipfile.ZipInfo, file_name: str, limits: ArchiveLimits) -> None:
    # ``orig_filename`` is the name as written; ``filename`` is already cut at a NUL.
    name = member.orig_filename
    packed = max(member.compress_size, 1)
    bomb = member.file_size > limits.ratio_from_bytes and member.file_size > limits.ratio * packed
    if _escapes(name):
        what = "its name leads out of the archive"
    elif stat.S_ISLNK(member.external_attr >> 16):
        what = "is a symbolic link"
    elif member.flag_bits & 0x1:
        what = "is encrypted"
    elif member.file_size > limits.member_bytes:
        what = f"would unpack to {member.file_size:,} bytes (limit {limits.member_bytes:,})"
    elif bomb:
        what = f"would unpack to {member.file_size:,} bytes from {member.compress_size:,}"
    else:
        return
    raise BadInput(
        what,
        where=f"{file_name}, member {name!r}",
        remedy="do not unpack it; get the archive from its publisher again",
    )


def _escapes(name: str) -> bool:
    parts = re.split(r"[/\\]", name)
    return (
        ".." in parts
        or name.startswith(("/", "\\"))
        or "\0" in name
        or re.match(r"[A-Za-z]:", name) is not None
    )


def _read_through(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file_name: str) -> None:
    try:
        read = 0
        with archive.open(member) as file:  # the CRC is compared when the end is read
            while chunk := file.read(_CHUNK_BYTES):
                read += len(chunk)
        if read == member.file_size:
            return
        what = f"holds {read:,} bytes where the archive's directory says {member.file_size:,}"
    except NotImplementedError as error:
        what = f"is compressed in a way that cannot be read ({error})"
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        what = f"is damaged ({error or 'its data end early'})"
    raise BadInput(
        what,
        where=f"{file_name}, member {member.filename!r}",
        remedy="download the archive again; compare its size with the publisher's",
    )
