"""A publisher on the loopback interface that streams, in chunks as Companies House does or bare."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.parse import parse_qs, urlsplit


class Stream:
    """Answers each stream in turn with what the test set: lines, or a status."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.left = Event()  # a reader left before the end
        self.answers: dict[str, list[Callable[[BaseHTTPRequestHandler], None]]] = {}

    def serve(self, name: str, *answers: Callable[[BaseHTTPRequestHandler], None]) -> None:
        self.answers[f"/{name}"] = list(answers)

    @contextmanager
    def served(self) -> Iterator[str]:
        """Serve on this machine; the origin."""
        told = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                split = urlsplit(self.path)
                point = parse_qs(split.query).get("timepoint", [""])[0]
                told.asked.append((split.path[1:], point, self.headers.get("Authorization", "")))
                waiting = told.answers.get(split.path, [])
                answer = waiting.pop(0) if len(waiting) > 1 else (waiting or [lines()])[0]
                try:
                    answer(self)
                except OSError:
                    told.left.set()
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:
                """Keep the test's output clean."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        server.server_close()
        thread.join()


def lines(
    *chunks: bytes, heartbeats: int = 0, chunked: bool = True
) -> Callable[[BaseHTTPRequestHandler], None]:
    """Send each of these as a chunk of its own, as the publisher does, then at most so many blank
    lines before closing; or the same bytes without telling their lengths."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        if chunked:
            handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.close_connection = not chunked
        for chunk in [*chunks, *[b"\n"] * heartbeats, b""]:
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk) if chunked else chunk)
            handler.wfile.flush()

    return answer


def status(code: int, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer
