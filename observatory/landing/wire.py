"""What lies between the polite client and ``requests``: where a request really goes, and what
the failures and answers of the wire mean in our words.

What belongs here: origin overrides, redirects, lengths, encodings, the translation of library
errors. What does not: pace, retries and what is done about a failure (``http.py``).
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from threading import Thread
from typing import Final
from urllib.parse import urljoin, urlsplit, urlunsplit

import requests

import observatory
from observatory.errors import BadInput, PermanentError, Unreachable
from observatory.landing.slow import steadily
from observatory.landing.wire_failures import cut, shown, translated
from observatory.settings import is_loopback

TIMEOUTS: Final = (10.0, 60.0)  # seconds to connect; seconds without a byte
_RESOLVE_SECONDS: Final = 8.0
_NO_PROXY: Final = {"http": "", "https": "", "all": ""}


def user_agent(contact: str) -> str:
    """Name the project and whom to write to, so that a publisher can ask us to stop."""
    who = re.sub(r"[^\x20-\x7e]", "", contact) or "contact not configured"
    return f"mutuals-observatory/{getattr(observatory, '__version__', '0')} ({who})"


def host(url: str) -> str:
    """Return the host of an address, in lower case."""
    return (urlsplit(url).hostname or "").lower()


def check_address(url: str) -> None:
    """Raise PermanentError when this is not the full address of something on the web."""
    try:
        split = urlsplit(url)
        valid = split.scheme in ("http", "https") and split.hostname and (split.port or 443)
    except ValueError:
        valid = False
    if not valid or not re.search(r"[a-z0-9]", host(url)):
        raise PermanentError(
            "is not an http(s) address",
            where=shown(url),
            remedy="look at the page on which the source module found it",
        )


class Wire:
    """A session that verifies TLS, follows overrides and keeps no cookies or passwords."""

    def __init__(self, overrides: Mapping[str, str], agent: str) -> None:
        for name, origin in overrides.items():
            if not is_loopback(origin):
                raise PermanentError(
                    f"the origin override {name}={shown(origin)} leads off this machine",
                    remedy="overrides are for loopback tests only",
                )
        self.timeouts = TIMEOUTS
        self._overrides = overrides
        self._resolved: set[str] = set()
        self._session = _OneHop()
        self._session.headers["User-Agent"] = agent
        self._session.auth = _no_auth
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))

    def ask(self, url: str, headers: Mapping[str, str], method: str = "GET") -> requests.Response:
        """Send one request and return its answer with the body unread."""
        actual = self._actual(url)
        local = is_loopback(actual)
        if not local:
            self._resolve(url)
        return self._session.request(
            method,
            actual,
            headers=dict(headers),
            timeout=self.timeouts,
            stream=True,
            allow_redirects=False,
            verify=True,
            proxies=dict(_NO_PROXY) if local else None,
        )

    def next_hop(self, url: str, answer: requests.Response) -> str:
        """Return where a redirect leads. Raises PermanentError when it leads from https to
        http, unless to an origin that stands in for a publisher."""
        location = answer.headers.get("Location", "")
        try:
            target = urljoin(url, location) if location else ""
            secure = urlsplit(target).scheme == "https"
        except ValueError:
            target, secure = "", False
        known = any(target.startswith(f"{origin}/") for origin in self._overrides.values())
        if target and (secure or known or self._override(target)):
            return target
        raise PermanentError(
            f"redirects to {shown(target or location) or 'nowhere'}, which is not https",
            where=shown(url),
            remedy="open the address in a browser; the source module may need the new one",
        )

    def close(self) -> None:
        """Close the session."""
        self._session.close()

    def _override(self, url: str) -> str:
        return self._overrides.get(host(url)) or self._overrides.get("*") or ""

    def _actual(self, url: str) -> str:
        """Return the address that is really asked: a publisher's http links become https."""
        split = urlsplit(url)
        if any(f"{url}/".startswith(f"{one}/") for one in self._overrides.values()):
            return url
        origin = self._override(url)
        if origin:
            query = f"?{split.query}" if split.query else ""
            return f"{origin.rstrip('/')}{split.path or '/'}{query}"
        return urlunsplit(("https", split.netloc, split.path, split.query, ""))

    def _resolve(self, url: str) -> None:
        """Raise Unreachable within seconds when a name cannot be resolved: the system's own
        resolver may try for half a minute. A proxy resolves names itself."""
        name = host(url)
        if name in self._resolved or requests.utils.get_environ_proxies(url):
            return
        found: list[object] = []
        thread = Thread(target=_look_up, args=(name, found), daemon=True)
        thread.start()
        thread.join(_RESOLVE_SECONDS)
        if not found:
            raise Unreachable(
                "its name cannot be resolved",
                where=shown(url),
                remedy="check the network, then refresh again; nothing is lost",
            )
        self._resolved.add(name)


class _OneHop(requests.Session):
    """A session that never looks where a redirect leads: ``requests`` would read the whole body
    of a redirect, however long, and stumble over an odd ``Location``, even when it is told not
    to follow."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Say that there is none; ``Wire.next_hop`` reads it."""
        return None


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keep ``requests`` from taking a password for the host from a ``.netrc`` file."""
    return request


def _look_up(name: str, found: list[object]) -> None:
    try:
        found.extend(socket.getaddrinfo(name, 443, type=socket.SOCK_STREAM))
    except OSError:
        return


def proven_chunks(
    answer: requests.Response, url: str, max_bytes: int, chunk_bytes: int
) -> Iterator[bytes]:
    """Yield a body as it was before any Content-Encoding.

    Raises CutBodyError at its end when fewer bytes came over the wire than Content-Length
    promised, BadInput as soon as it passes ``max_bytes``: a compressed answer can be a bomb, and
    TransientError when it comes too slowly.
    """
    length = answer.headers.get("Content-Length", "")
    promised = int(length) if length.isdigit() and not answer.raw.chunked else None
    done = 0
    with translated(url):
        # What has come, not a full chunk: one may never fill.
        come = partial(answer.raw.read1, chunk_bytes, decode_content=True)
        for chunk in steadily(iter(come, b""), url):
            done += len(chunk)
            if done > max_bytes or (promised or 0) > max_bytes:
                raise BadInput(
                    f"is longer than {max_bytes:,} bytes",
                    where=shown(url),
                    remedy="check what the publisher serves there; nothing of it was kept",
                )
            yield chunk
        received = answer.raw.tell()
        if promised is not None and received != promised:
            raise cut(f"sent {received:,} of {promised:,} bytes", url)


def decode(body: bytes, answer: requests.Response) -> str:
    """Decode a page: by its declared charset, else UTF-8, else Windows-1252."""
    named = re.search(r"charset=[\"']?([\w-]+)", answer.headers.get("Content-Type", ""))
    for encoding in filter(None, (named and named[1], "utf-8")):
        try:
            return body.decode(encoding).removeprefix("\ufeff")
        except (LookupError, UnicodeDecodeError):
            continue
    return body.decode("cp1252", "replace")


def retry_after(answer: requests.Response, now: float) -> float | None:
    """Return the seconds that Retry-After asks for (a number or a date), or None."""
    value = answer.headers.get("Retry-After", "").strip()
    if value.isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, moment.timestamp() - now)
