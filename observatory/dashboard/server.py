"""Shows a release on this machine: files, read-only, from loopback only, with the pages' policy.

The release folder is what is served, so links from the site to its data hold here as on any file
server. Which release ``latest`` is, is asked anew for each request: the next one shows at once.
``/status.json`` is the one file from beside the release: which sources can be read now.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import lru_cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from observatory import live_status
from observatory.dashboard.policy import CSP, SITE
from observatory.errors import ObservatoryError, PermanentError

HOST = "127.0.0.1"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".jsonl": "application/x-ndjson",
    ".csv": "text/csv; charset=utf-8; header=present",
    ".svg": "image/svg+xml",
    ".xml": "application/xml",
    ".atom": "application/atom+xml",
    ".md": "text/markdown; charset=utf-8",
    ".sql": "text/plain; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".duckdb": "application/octet-stream",
    "": "text/plain; charset=utf-8",
}
_PACKED = {".html", ".css", ".js", ".json", ".jsonl", ".csv", ".svg", ".md", ".xml"}
_CHUNK = 1 << 18
# Larger files are sent as they are: packing one would hold up and fill a small machine.
_LARGEST_PACKED = 8 << 20


class Server(ThreadingHTTPServer):
    """Serves the folder that ``release`` names at the time of each request."""

    daemon_threads = True

    def __init__(self, port: int, release: Callable[[], Path]) -> None:
        self.release = release
        super().__init__((HOST, port), Handler)

    @property
    def address(self) -> str:
        """Where the site is."""
        return f"http://{HOST}:{self.server_address[1]}/"


def serve(port: int, release: Callable[[], Path]) -> Server:
    """Return a server on loopback at ``port`` (0: any free one). Raises PermanentError when the
    port is taken or may not be used."""
    try:
        return Server(port, release)
    except (OSError, OverflowError) as error:
        raise PermanentError(
            f"the port cannot be used ({getattr(error, 'strerror', None) or error})",
            where=f"{HOST}:{port}",
            remedy="name another with --port",
        ) from error


class Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD; every other method is refused by the base class (501)."""

    server: Server
    server_version = "observatory"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        """Send a file."""
        self._answer(body=True)

    def do_HEAD(self) -> None:
        """Send a file's headers."""
        self._answer(body=False)

    def log_message(self, format: str, *arguments: object) -> None:
        """Keep no log of readers."""

    def _answer(self, *, body: bool) -> None:
        try:
            release = self.server.release()
        except ObservatoryError as error:
            self._text(HTTPStatus.SERVICE_UNAVAILABLE, f"{error}\n", body=body)
            return
        path = unquote(urlsplit(self.path).path)
        if path in ("/", f"/{SITE}"):
            self._head(HTTPStatus.FOUND, {"Location": f"/{SITE}/", "Content-Length": "0"})
            return
        if path == f"/{live_status.NAME}":
            self._status(release.parent / live_status.NAME, body=body)
            return
        found = locate(release, path)
        if found is None:
            self._missing(release, body=body)
        else:
            self._file(found, HTTPStatus.OK, body=body)

    def _status(self, told: Path, *, body: bool) -> None:
        """Send what is known since the release; before anything is, an empty object."""
        if told.is_file():
            self._file(told, HTTPStatus.OK, body=body)
        else:
            self._text(HTTPStatus.OK, "{}\n", body=body, kind=".json")

    def _missing(self, release: Path, *, body: bool) -> None:
        page = release / SITE / "404.html"
        if page.is_file():
            self._file(page, HTTPStatus.NOT_FOUND, body=body)
        else:
            self._text(HTTPStatus.NOT_FOUND, "There is no such page.\n", body=body)

    def _file(self, path: Path, status: HTTPStatus, *, body: bool) -> None:
        facts = path.stat()
        tag = f'"{path.parent.name}-{facts.st_size:x}-{facts.st_mtime_ns:x}"'
        if status is HTTPStatus.OK and self.headers.get("If-None-Match") == tag:
            self._head(HTTPStatus.NOT_MODIFIED, {"ETag": tag})
            return
        headers = {"Content-Type": TYPES.get(path.suffix, "application/octet-stream"), "ETag": tag}
        packs = path.suffix in _PACKED and facts.st_size <= _LARGEST_PACKED
        if packs and "gzip" in self.headers.get("Accept-Encoding", ""):
            content = _gzipped(str(path), tag)
            packed = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
            self._head(status, {**headers, **packed, "Content-Length": str(len(content))})
            if body:
                self.wfile.write(content)
            return
        self._head(status, {**headers, "Content-Length": str(facts.st_size)})
        if body:
            with path.open("rb") as stream:
                while piece := stream.read(_CHUNK):
                    self.wfile.write(piece)

    def _text(self, status: HTTPStatus, text: str, *, body: bool, kind: str = ".txt") -> None:
        content = text.encode("utf-8")
        length = str(len(content))
        self._head(status, {"Content-Type": TYPES[kind], "Content-Length": length})
        if body:
            self.wfile.write(content)

    def _head(self, status: HTTPStatus, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Security-Policy", f"{CSP}; frame-ancestors 'none'")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cache-Control", "no-cache")
        self.end_headers()


def locate(release: Path, path: str) -> Path | None:
    """Return the file of the release that the decoded URL ``path`` names, or None.

    Nothing outside the release folder is ever named, whatever dots, links, hidden names or null
    characters the path has.
    """
    parts = [part for part in path.split("/") if part]
    if "\x00" in path or "\\" in path or any(part.startswith(".") for part in parts):
        return None
    root = release.resolve()
    found = root.joinpath(*parts)
    if found.is_dir():
        found = found / "index.html"
    if not found.is_file() or not found.resolve().is_relative_to(root):
        return None
    return found


@lru_cache(maxsize=256)
def _gzipped(path: str, tag: str) -> bytes:
    """A file packed, kept by its ``tag``: level 6, time left out so that it is always the same."""
    return gzip.compress(Path(path).read_bytes(), compresslevel=6, mtime=0)
