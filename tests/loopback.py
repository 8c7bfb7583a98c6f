"""A publisher on the loopback interface, for tests of live readers.

Routes are set by the test; each holds one answer or a sequence of answers (the last one
repeats). What belongs here: misbehaviour on the wire. What does not: any publisher's format.

    with Loopback() as publisher:
        publisher.route("/list.csv", body=b"a,b", headers={"ETag": '"v1"'})
        settings = Settings(home=..., origin_overrides={"*": publisher.origin})
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from types import TracebackType
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Answer:
    """One answer of the publisher.

    ``cut`` sends only that many bytes of a body whose Content-Length promises all of them,
    then closes; with ``stall`` it keeps the connection open without another byte until the
    publisher ends. ``reset`` closes without any answer, and ``length`` is a Content-Length that
    lies; ``drip`` waits so many seconds after each byte. An ``ETag`` or ``Last-Modified`` header
    makes a conditional request that matches it end in 304.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/octet-stream"
    cut: int | None = None
    gzipped: bool = False
    chunked: bool = False
    reset: bool = False
    stall: bool = False
    length: int | None = None
    drip: float = 0.0


@dataclass(frozen=True)
class Request:
    """One request as the publisher saw it."""

    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    method: str = "GET"

    def header(self, name: str) -> str:
        """The value of a header, whatever its case; empty when it was not sent."""
        return next((v for k, v in self.headers.items() if k.lower() == name.lower()), "")


class Loopback:
    """A threaded HTTP server on 127.0.0.1 that answers by path, or by path with query."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self._routes: dict[str, list[Answer]] = {}
        self._lock = Lock()
        self.stalled, self.ended = Event(), Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.publisher = self
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def origin(self) -> str:
        """``http://127.0.0.1:<port>``, to be put into ``Settings.origin_overrides``."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def route(
        self,
        path: str,
        body: bytes | str = b"",
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        content_type: str = "application/octet-stream",
        cut: int | None = None,
        gzipped: bool = False,
    ) -> None:
        """Answer ``path`` (with or without ``?query``) in this one way from now on."""
        data = body.encode() if isinstance(body, str) else body
        answer = Answer(data, status, dict(headers or {}), content_type, cut, gzipped)
        self.sequence(path, [answer])

    def sequence(self, path: str, answers: Sequence[Answer]) -> None:
        """Answer ``path`` with each of these in turn; the last one repeats."""
        with self._lock:
            self._routes[path] = list(answers)

    def redirect(self, path: str, location: str, status: int = 302) -> None:
        """Send a client that asks for ``path`` to ``location``."""
        self.route(path, status=status, headers={"Location": location})

    def asked(self, path: str) -> list[Request]:
        """The requests for this path (without its query), in order."""
        return [request for request in self.requests if request.path == path]

    def answer(self, target: str, headers: Mapping[str, str], method: str = "GET") -> Answer:
        """Record a request and choose its answer (called by the server's threads)."""
        split = urlsplit(target)
        with self._lock:
            asked = Request(split.path, parse_qs(split.query), dict(headers), method)
            self.requests.append(asked)
            queue = self._routes.get(target) or self._routes.get(split.path)
            if not queue:
                return Answer(b"no such page", 404, content_type="text/plain")
            return queue.pop(0) if len(queue) > 1 else queue[0]

    def __enter__(self) -> Loopback:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    publisher: Loopback


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        asked = dict(self.headers.items())
        answer = self.server.publisher.answer(self.path, asked, self.command)
        if answer.reset:
            self.close_connection = True
        elif answer.status == 200 and self._unchanged(answer):
            self._send(Answer(status=304, headers=answer.headers))
        else:
            self._send(answer)

    def _unchanged(self, answer: Answer) -> bool:
        tag, changed = answer.headers.get("ETag"), answer.headers.get("Last-Modified")
        asked_tag = self.headers.get("If-None-Match")
        if asked_tag:  # RFC 9110 13.1.3: If-Modified-Since is ignored beside If-None-Match
            return tag is not None and asked_tag == tag
        return changed is not None and self.headers.get("If-Modified-Since") == changed

    def _send(self, answer: Answer) -> None:
        body = gzip.compress(answer.body, mtime=0) if answer.gzipped else answer.body
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Type", answer.content_type)
            if answer.gzipped:
                self.send_header("Content-Encoding", "gzip")
            if answer.chunked:
                self.send_header("Transfer-Encoding", "chunked")
            else:
                length = len(body) if answer.length is None else answer.length
                self.send_header("Content-Length", str(length))
        self.end_headers()
        if self.command == "HEAD":
            return
        if answer.chunked:
            self.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))
            return
        if answer.drip:
            self._drip(body, answer.drip)
            return
        self.wfile.write(body if answer.cut is None else body[: answer.cut])
        if answer.stall:
            self.wfile.flush()
            self.server.publisher.stalled.set()
            self.server.publisher.ended.wait()
        if answer.cut is not None or answer.length is not None:
            self.close_connection = True

    def _drip(self, body: bytes, seconds: float) -> None:
        self.close_connection = True
        try:
            for place in range(len(body)):
                self.wfile.write(body[place : place + 1])
                self.wfile.flush()
                if self.server.publisher.ended.wait(seconds):
                    return
        except OSError:
            return  # the client has left

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output clean."""
