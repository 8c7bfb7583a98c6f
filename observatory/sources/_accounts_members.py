"""Getting at the documents of filings: archives of a day or a month, packages, loose files.

What belongs here: choosing members from an archive's directory before anything is unpacked, and
opening packages inside it within limits. What does not: reading documents (``ixbrl.py``), and
the names of files (``_accounts_columns.py``).

A member is never unpacked to disk, and only one is held in memory at a time.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final, Literal

from observatory.errors import BadInput
from observatory.identifiers import normalise_company_number
from observatory.ixbrl_document import DOCUMENT_BYTES
from observatory.sources._accounts_columns import MEMBER, made_up_to

if TYPE_CHECKING:
    from observatory.sources.base import Body

Role = Literal["accounts", "cic34"]
PACKAGE_MEMBERS: Final = 500
_DOCUMENTS: Final = (".xhtml", ".html", ".htm")
_ZIP: Final = b"PK"


class UnreadableMemberError(BadInput):
    """A member whose documents cannot be reached, with the ``reason`` as a slug."""

    def __init__(self, reason: str, what: str) -> None:
        super().__init__(what)
        self.reason = reason


@dataclass(frozen=True)
class Member:
    """One filing as its published name tells it; ``load`` gives its bytes or raises
    UnreadableMemberError."""

    name: str
    company_number: str
    made_up_to: date | None
    package: str
    load: Callable[[], bytes]


@dataclass(frozen=True)
class Document:
    """One document of a filing; ``place`` is its path inside a package, or empty."""

    role: Role
    place: str
    data: bytes


@dataclass(frozen=True)
class Directory:
    """What an archive's directory lists: filings, and how many names are no filing's."""

    members: tuple[Member, ...]
    others: tuple[str, ...] = ()


@contextmanager
def directory(path: Path, file_name: str) -> Iterator[Directory]:
    """Give the filings of a body: those of an archive, or the one that a loose file is.

    Raises BadInput when the archive cannot be opened.
    """
    if _member(file_name, path.read_bytes) or not zipfile.is_zipfile(path):
        yield _listed([(file_name, _file_loader(path))])
        return
    try:
        with zipfile.ZipFile(path) as archive:
            yield _listed((one.filename, _loader(archive, one)) for one in archive.infolist())
    except zipfile.BadZipFile as error:
        raise BadInput(
            f"is not an archive that can be opened ({error})",
            where=file_name,
            remedy="download it again; compare its size with the publisher's",
        ) from error


def mentions(bodies: Sequence[Body], company_numbers: frozenset[str]) -> bool:
    """Whether a directory lists a filing of one of these companies; no filing is opened."""
    for body in bodies:
        with directory(body.path, body.receipt.file_name) as found:
            if any(member.company_number in company_numbers for member in found.members):
                return True
    return False


def _listed(found: Iterable[tuple[str, Callable[[], bytes]]]) -> Directory:
    members, others = [], []
    for name, load in found:
        if name.endswith("/") or _is_resource_fork(name):
            continue
        member = _member(name, load)
        if member:
            members.append(member)
        else:
            others.append(name)
    return Directory(tuple(members), tuple(others))


def _is_resource_fork(name: str) -> bool:
    """Whether macOS put it there (two such members are in a real archive that was repacked)."""
    return name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith("._")


def _member(name: str, load: Callable[[], bytes]) -> Member | None:
    base = PurePosixPath(name).name
    found = MEMBER.fullmatch(base)
    number = normalise_company_number(found["number"]) if found else None
    if not found or not number:
        return None
    return Member(base, number, made_up_to(base), (found["package"] or "").upper(), load)


def _file_loader(path: Path) -> Callable[[], bytes]:
    def load() -> bytes:
        if path.stat().st_size > DOCUMENT_BYTES:
            raise UnreadableMemberError("too-large", f"it has more than {DOCUMENT_BYTES:,} bytes")
        return path.read_bytes()

    return load


def _loader(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Callable[[], bytes]:
    def load() -> bytes:
        if entry.file_size > DOCUMENT_BYTES:
            raise UnreadableMemberError("too-large", f"it has more than {DOCUMENT_BYTES:,} bytes")
        if entry.flag_bits & 0x1:
            raise UnreadableMemberError("corrupt-member", "it is encrypted")
        try:
            # At most one byte beyond the declared size: a directory that lies is found out.
            with archive.open(entry) as file:
                data = file.read(entry.file_size + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            raise UnreadableMemberError(
                "corrupt-member", f"it cannot be unpacked ({type(error).__name__})"
            ) from error
        if len(data) != entry.file_size:
            raise UnreadableMemberError("corrupt-member", "it has another size than promised")
        return data

    return load


def documents(member: Member, data: bytes) -> tuple[list[Document], str]:
    """Return the documents of a filing, and a note when its name denies what it is:
    ``document-named-zip`` (seen from April to October 2021) or ``package-named-document``.

    Raises UnreadableMemberError when it is a package without a document that can be read.
    """
    named_zip = member.name.lower().endswith(".zip")
    if not data.startswith(_ZIP):
        return [Document("accounts", "", data)], "document-named-zip" if named_zip else ""
    note = "" if named_zip else "package-named-document"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            found = list(_packed(package))
    except zipfile.BadZipFile as error:
        raise UnreadableMemberError("corrupt-package", "its package cannot be opened") from error
    if not any(document.role == "accounts" for document in found):
        raise UnreadableMemberError("package-without-accounts", "its package holds no accounts")
    return found, note


def _packed(package: zipfile.ZipFile) -> Iterator[Document]:
    """Yield the documents of a package. Basenames vary; the folder ``cic34`` tells a report,
    ``accounts`` (where there is one) the accounts; XML counts only where no page does."""
    entries = [
        one
        for one in package.infolist()
        if not one.is_dir() and not _is_resource_fork(one.filename)
    ]
    if len(entries) > PACKAGE_MEMBERS or sum(one.file_size for one in entries) > DOCUMENT_BYTES:
        raise UnreadableMemberError("too-large", "its package holds more than a filing does")
    pages = [one for one in entries if one.filename.lower().endswith(_DOCUMENTS)]
    pages = pages or [one for one in entries if one.filename.lower().endswith(".xml")]
    folders = {one.filename: set(PurePosixPath(one.filename.lower()).parts[:-1]) for one in pages}
    reports = [one for one in pages if "cic34" in folders[one.filename]]
    accounts = [one for one in pages if "accounts" in folders[one.filename]]
    accounts = accounts or [one for one in pages if one not in reports]
    for role, chosen in (("accounts", accounts), ("cic34", reports)):
        for one in chosen:
            yield Document(
                "cic34" if role == "cic34" else "accounts", one.filename, _loader(package, one)()
            )
