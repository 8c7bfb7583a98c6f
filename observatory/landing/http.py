"""The polite HTTP client: every request of the observatory to a publisher goes through here.

Two things worth knowing before you touch this. It is the only retry mechanism of the house
(Dagster's are off), and it retries only what may pass by itself: 408, 429, 5xx, resets and
time-outs. And a body is proven before it is handed over: as many bytes as were promised.
What does not belong here: what a publisher's page means, and whether a file is what its source
promises (``accept.py``). ``wire.py`` translates the failures of the libraries below.
"""

from __future__ import annotations

import errno
import os
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import unquote, urlsplit

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception_type

from observatory import clock
from observatory.errors import BadInput, PermanentError, TransientError, Unreachable
from observatory.landing import reach, wire
from observatory.landing.pace import Pace, Sleeper, Ticks
from observatory.landing.store import base_name
from observatory.landing.waits import seconds as _wait
from observatory.landing.wire_failures import CutBodyError, refusal, shown, translated
from observatory.settings import Settings

if TYPE_CHECKING:
    from observatory.sources.base import Limits

T = TypeVar("T")

ATTEMPTS: Final = 4
PATIENCE: Final = 150.0  # seconds waited for one answer; Contracts Finder asks for 120
HURRIED: Final = 15.0  # Find a Tender's pace is one request in 12 seconds
MAX_TEXT_BYTES: Final = 32 << 20
MAX_FILE_BYTES: Final = 16 << 30
_MAX_REDIRECTS: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_CHUNK_BYTES: Final = 1 << 18


@dataclass(frozen=True)
class Page:
    """A page as text. ``url`` is the publisher's address, after redirects, that relative links
    are joined to; header names are case-insensitive."""

    url: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fetched:
    """A file as downloaded to a temporary path. ``url`` is the address that was asked for: the
    one after redirects may carry a signature."""

    path: Path
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def file_name(self) -> str:
        """The name the publisher gives the file: its header's, else the address's last part."""
        message = Message()
        message["content-disposition"] = self.headers.get("Content-Disposition", "")
        return base_name(message.get_filename() or unquote(urlsplit(self.url).path))


class Publisher:
    """The client for one source: one request at a time, at that publisher's pace.

    ``patience`` is the longest wait in seconds, in all, for one answer; a publisher that asks
    for more ends in TransientError at once, and the pace file keeps later runs away until then.
    ``credentials`` are keys by host: each is sent to that host alone, whoever redirects there.
    ``hurried`` asks once and waits for nobody longer than some seconds: for a watcher, which asks
    again soon.
    """

    def __init__(
        self,
        limits: Limits,
        settings: Settings,
        temp_dir: Path,
        *,
        user_agent: str = "",
        credentials: Mapping[str, str] | None = None,
        patience: float = PATIENCE,
        hurried: bool = False,
        sleeper: Sleeper = time.sleep,
        ticks: Ticks = clock.ticks,
    ) -> None:
        self._limits = limits
        self._temp_dir = temp_dir
        self._credentials = {
            host: "Basic " + b64encode(f"{key}:".encode()).decode()
            for host, key in (credentials or {}).items()
        }
        self._patience = HURRIED if hurried else patience
        self._attempts = 1 if hurried else ATTEMPTS
        self._sleep = sleeper
        self._ticks = ticks
        folder = settings.landing / "pace"
        self._pace = Pace(folder, limits.seconds_between_requests, sleeper, ticks)
        self._wire = wire.Wire(
            settings.origin_overrides, user_agent or wire.user_agent(settings.contact)
        )
        if hurried:
            self._pace.lock_seconds = HURRIED
            self._wire.timeouts = (HURRIED / 3, HURRIED)

    def get_text(self, url: str) -> Page:
        """Return a page decoded by its own charset, else as UTF-8, else as Windows-1252.

        Raises Unreachable, TransientError, BadInput (cut or too long) or PermanentError.
        """
        return self._persistently(url, lambda: self._page(url))

    def head(self, url: str) -> Mapping[str, str]:
        """Return the headers under which a file is served now, without the file.

        Raises Unreachable, TransientError or PermanentError.
        """

        def asked() -> Mapping[str, str]:
            with self._answer(url, {"Accept-Encoding": "identity"}, "HEAD") as (answer, _):
                return answer.headers

        return self._persistently(url, asked)

    def download(
        self, url: str, *, etag: str = "", last_modified: str = "", max_bytes: int = MAX_FILE_BYTES
    ) -> Fetched | None:
        """Download a file to the temporary folder; None when the publisher says that it has
        not changed since the version with this ETag or Last-Modified (304).

        Raises Unreachable, TransientError, BadInput (cut or too long) or PermanentError.
        """
        asked = {"Accept-Encoding": "identity"}
        if etag:
            asked["If-None-Match"] = etag
        if last_modified:
            asked["If-Modified-Since"] = last_modified
        return self._persistently(url, lambda: self._file(url, asked, max_bytes))

    @contextmanager
    def stream(self, url: str, silence: float) -> Iterator[requests.Response]:
        """Open an answer that goes on for as long as the publisher likes, without insisting:
        ``silence`` is how many seconds without a byte end it.

        Raises Unreachable, TransientError or PermanentError (OutOfRange for a 416).
        """
        before, self._wire.timeouts = self._wire.timeouts, (HURRIED, silence)
        try:
            with reach.asking(wire.host(url)), self._answer(url, {}) as (answer, _):
                yield answer
        finally:
            self._wire.timeouts = before

    def written(self, lines: Iterable[str]) -> Path:
        """Write lines gathered from several answers to a temporary body, and return its path.

        Raises PermanentError when there is no room on the disk.
        """
        return self._stored((f"{line}\n".encode() for line in lines), "the body of a batch")

    def close(self) -> None:
        """Close the connections that are kept open between requests."""
        self._wire.close()

    def _page(self, url: str) -> Page:
        with self._answer(url, {}) as (answer, final_url):
            body = b"".join(wire.proven_chunks(answer, url, MAX_TEXT_BYTES, _CHUNK_BYTES))
            return Page(final_url, wire.decode(body, answer), answer.headers)

    def _file(self, url: str, asked: Mapping[str, str], max_bytes: int) -> Fetched | None:
        with self._answer(url, asked) as (answer, _):
            if answer.status_code == 304:
                return None
            path = self._stored(wire.proven_chunks(answer, url, max_bytes, _CHUNK_BYTES), url)
            return Fetched(path, url, answer.headers)

    def _stored(self, chunks: Iterator[bytes], url: str) -> Path:
        """Write a body to a temporary file; whatever happens, no partial file stays behind."""
        self._temp_dir.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._temp_dir, suffix=".body")
        path = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.writelines(chunks)
        except BaseException as error:
            path.unlink(missing_ok=True)
            if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise PermanentError(
                    f"there is no room for the download ({error.strerror})",
                    where=f"{shown(url)} → {self._temp_dir}",
                    remedy="free space on that disk and refresh again; nothing was kept",
                ) from error
            raise
        return path

    @contextmanager
    def _answer(
        self, url: str, headers: Mapping[str, str], method: str = "GET"
    ) -> Iterator[tuple[requests.Response, str]]:
        """Yield the answer at the end of the redirects, and the publisher's address of it."""
        target = url
        for _ in range(_MAX_REDIRECTS + 1):
            wire.check_address(target)
            with (
                self._pace.turn(wire.host(target), self._patience),
                translated(target),
                self._wire.ask(target, self._signed(target, headers), method) as answer,
            ):
                if answer.status_code not in _REDIRECTS:
                    self._judge(answer, target)
                    yield answer, target
                    return
                target = self._wire.next_hop(target, answer)
        raise PermanentError(
            f"redirects more than {_MAX_REDIRECTS} times",
            where=shown(url),
            remedy="open the address in a browser; the source module may need the new one",
        )

    def _signed(self, target: str, headers: Mapping[str, str]) -> dict[str, str]:
        key = self._credentials.get(wire.host(target))
        return {**headers, "Authorization": key} if key else dict(headers)

    def _judge(self, answer: requests.Response, url: str) -> None:
        """Raise what a status means; return for 200 and 304. RFC 9110 has the meanings; what a
        403 means is the publisher's own (``Limits.seconds_after_403``)."""
        status, after = answer.status_code, None
        if status in (200, 304):
            return
        if status == 403 and self._limits.seconds_after_403:
            after = self._limits.seconds_after_403
        elif status in (408, 429) or status >= 500:
            after = wire.retry_after(answer, self._ticks())
        else:
            raise refusal(status, url)
        if after:
            self._pace.postpone(wire.host(url), after)
        raise TransientError(
            f"answered {status} {answer.reason or ''}".rstrip()
            + (f" and asks us to wait {after:.0f} s" if after else ""),
            where=shown(url),
            remedy="nothing is lost: what landed stays; refresh again later",
            retry_after=after,
        )

    def _persistently(self, url: str, attempt: Callable[[], T]) -> T:
        """Try until an answer, a permanent failure, or the end of our attempts or patience."""
        wire.check_address(url)
        try:
            with reach.asking(wire.host(url)):
                return self._retrying(attempt)
        except CutBodyError as error:
            raise BadInput(
                f"{error.what}, every time it was asked for", where=error.where, remedy=error.remedy
            ) from error

    def _retrying(self, attempt: Callable[[], T]) -> T:
        return Retrying(
            retry=retry_if_exception_type(TransientError),
            wait=_wait,
            stop=self._give_up,
            sleep=self._sleep,
            reraise=True,
        )(attempt)

    def _give_up(self, state: RetryCallState) -> bool:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, Unreachable):
            # One quick second try: a name server that dropped a packet. Without any network
            # each source must end within seconds, so that a whole refresh ends in two minutes.
            often = state.attempt_number >= min(2, self._attempts)
            return often or (state.seconds_since_start or 0.0) > 3.0
        return (
            state.attempt_number >= self._attempts
            or state.idle_for + state.upcoming_sleep > self._patience
        )
