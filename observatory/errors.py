"""The failures the observatory tells apart, each with what to do about it.

Permanent failures are never retried; transient ones are, by one mechanism
(``landing/http.py``). What does not belong here: deciding which is which for one publisher.
"""

from __future__ import annotations

import errno
import re
from typing import Final

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
# DuckDB tells a full disk in words only: "Could not write file "...": No space left on device".
_NO_ROOM_WORDS = re.compile(
    r"No space left|out of disk|File too large|Disk quota exceeded|max_temp_directory", re.I
)
_NAMED_FILE = re.compile(r'file "([^"]+)"')


class ObservatoryError(Exception):
    """A failure that a person can act on.

    ``what`` says what is wrong, ``where`` names the file and the place in it (or the URL),
    ``remedy`` says what to do next.
    """

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        super().__init__(what)

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}\n  What to do: {self.remedy}" if self.remedy else text


class PermanentError(ObservatoryError):
    """Trying again changes nothing: the input, the settings or the code must change."""


class NotPublished(PermanentError):
    """The publisher has nothing under this address (404, 410). Where one organisation was asked
    about, that is an answer."""


class OutOfRange(PermanentError):
    """What was asked for lies outside what the publisher still, or already, has (416)."""


class BadInput(PermanentError):
    """A published or given file is not what its source promises."""


class TransientError(ObservatoryError):
    """The same request may succeed later (408, 429, 5xx, a reset or a time-out)."""

    def __init__(
        self, what: str, *, where: str = "", remedy: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.retry_after = retry_after


class Unreachable(TransientError):
    """The publisher could not be reached at all (no network, no name, refused)."""


def no_room(error: Exception) -> bool:
    """Whether a failure, of the operating system or of DuckDB, means that a disk is full."""
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno in _NO_ROOM
    return _NO_ROOM_WORDS.search(str(error)) is not None


def in_words(error: Exception) -> ObservatoryError:
    """Return a failure as its reader is to be told it: what the code says of it, or ``unforeseen``
    where no code foresaw it. A full disk is told as such, whatever was in hand when it showed and
    whoever put his own words around it."""
    cause: BaseException | None = error
    while isinstance(cause, PermanentError):
        cause = cause.__cause__
    if isinstance(cause, Exception) and not isinstance(cause, ObservatoryError) and no_room(cause):
        return unforeseen(cause)
    return error if isinstance(error, ObservatoryError) else unforeseen(error)


def unforeseen(error: Exception) -> PermanentError:
    """Put a failure that no code foresaw in the same form: the disk's own words for one of the
    operating system, else the kind of the failure and where in the code it arose."""
    if no_room(error):
        named = _NAMED_FILE.search(str(error))
        path = getattr(error, "filename", None) or (named[1] if named else "")
        return PermanentError(
            "there is no room on the disk",
            where=str(path),
            remedy="free space on that disk, then run again; nothing that landed is lost, and "
            "nothing was half published",
        )
    if isinstance(error, OSError) and error.errno is not None:
        return PermanentError(
            error.strerror or str(error),
            where=str(error.filename or ""),
            remedy="see to that path (is there room, is it a folder, may it be written?), or name "
            "another OBSERVATORY_HOME; nothing was half published",
        )
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" in {trace.tb_frame.f_code.co_name}, line {trace.tb_lineno}" if trace else ""
    said = str(error).strip().partition("\n")[0] or "no message"
    return PermanentError(
        f"{type(error).__name__}: {said}",
        where=f"{trace.tb_frame.f_code.co_filename}" if trace else "",
        remedy=f"this is a defect of the observatory (it arose{place}): please report it; "
        "nothing was half published",
    )
