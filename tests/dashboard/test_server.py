"""What ``observatory serve`` answers, and what it does not."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from observatory.dashboard.policy import CSP
from observatory.dashboard.server import Server, locate, serve
from observatory.errors import PermanentError
from observatory.release.publish import publish
from observatory.release.verify import verify
from observatory.settings import Settings
from tests.dashboard.conftest import serving


def ask(
    server: Server, path: str, method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """One request with the path exactly as given: nothing tidies dots away."""
    host, port = str(server.server_address[0]), int(server.server_address[1])
    connection = http.client.HTTPConnection(host, port, timeout=60)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def test_the_root_leads_to_the_site_with_the_policy(server: Server) -> None:
    status, headers, _ = ask(server, "/")
    assert (status, headers["Location"]) == (302, "/site/")
    status, headers, body = ask(server, "/site/")
    assert status == 200
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Content-Security-Policy"].startswith(CSP)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert b"<h1>" in body


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/csv/organisations.csv", "text/csv; charset=utf-8; header=present"),
        ("/parquet/organisations.parquet", "application/vnd.apache.parquet"),
        ("/observatory.duckdb", "application/octet-stream"),
        ("/organisations.jsonl", "application/x-ndjson"),
        ("/SHA256SUMS", "text/plain; charset=utf-8"),
        ("/site/assets/style.css", "text/css; charset=utf-8"),
        ("/site/assets/site.js", "text/javascript; charset=utf-8"),
        ("/site/assets/icon.svg", "image/svg+xml"),
    ],
)
def test_each_file_has_its_type_and_its_bytes(
    path: str, kind: str, server: Server, folder: Path
) -> None:
    status, headers, body = ask(server, path)
    assert (status, headers["Content-Type"]) == (200, kind)
    assert body == (folder / path.lstrip("/")).read_bytes()


@pytest.mark.parametrize(
    "path",
    [
        "/../index.json",
        "/site/../../index.json",
        "/%2e%2e/index.json",
        "/site/%2e%2e%2f%2e%2e/index.json",
        "/..%5cindex.json",
        "//etc/passwd",
        "/site/.hidden",
        "/site/%00",
        "/nothing",
        "/site/assets/",
    ],
)
def test_nothing_outside_the_release_is_served(path: str, server: Server) -> None:
    assert ask(server, path)[0] == 404


def test_a_link_out_of_the_release_is_not_followed(tmp_path: Path) -> None:
    release = tmp_path / "release"
    release.mkdir()
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (release / "link.txt").symlink_to(tmp_path / "secret.txt")
    assert locate(release, "/link.txt") is None


def test_texts_are_packed_for_those_who_ask_and_not_sent_twice(server: Server) -> None:
    _, plain, body = ask(server, "/site/")
    status, packed, content = ask(server, "/site/", Accept_Encoding="gzip")
    assert (status, packed["Content-Encoding"]) == (200, "gzip")
    assert gzip.decompress(content) == body
    assert ask(server, "/site/", If_None_Match=plain["ETag"])[0] == 304
    assert ask(server, "/site/", "HEAD")[2] == b""


def test_the_next_release_shows_at_once_and_its_absence_is_told(tmp_path: Path) -> None:
    releases = [tmp_path / name for name in ("v2026.11.23.1", "v2026.11.24.1")]
    for one in releases:
        (one / "site").mkdir(parents=True)
        (one / "site" / "index.html").write_text(one.name, encoding="utf-8")
    pointer = tmp_path / "latest"
    pointer.symlink_to(releases[0].name)

    def latest() -> Path:
        if not pointer.exists():
            raise PermanentError("the fictional pointer is gone", remedy="put it back")
        return pointer.resolve()

    with serving(serve(0, latest)) as server:
        assert ask(server, "/site/")[2] == b"v2026.11.23.1"
        pointer.unlink()
        status, _, body = ask(server, "/site/")
        assert status == 503
        assert b"put it back" in body
        pointer.symlink_to(releases[1].name)
        assert ask(server, "/site/")[2] == b"v2026.11.24.1"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_changed(method: str, server: Server) -> None:
    assert ask(server, "/site/", method)[0] == 501


def test_the_manifest_covers_the_site(folder: Path, tmp_path: Path) -> None:
    assert verify(folder) == []
    files = json.loads((folder / "manifest.json").read_text("utf-8"))["files"]
    assert {"site/index.html", "site/assets/style.css"} <= {one["path"] for one in files}
    copy = tmp_path / folder.name
    shutil.copytree(folder, copy)
    page = copy / "site" / "index.html"
    page.chmod(0o644)
    page.write_bytes(page.read_bytes().replace(b"<h1>", b"<h2>", 1))
    assert [problem.where for problem in verify(copy)] == ["site/index.html"]


def test_a_companion_that_fails_publishes_nothing(published: Settings, tmp_path: Path) -> None:
    from observatory.build import load_project

    def fail(_folder: Path, _downloads: object) -> None:
        raise OSError("the fictional disk is full")

    with pytest.raises(OSError, match="fictional disk"):
        publish(
            published.build_database,
            load_project(published),
            tmp_path / "releases",
            companions=(fail,),
        )
    assert not list((tmp_path / "releases").glob("v*"))


def test_serve_says_where_it_is_and_ends_on_request(published: Settings) -> None:
    words = [sys.executable, "-c", "from observatory.cli import main; main()", "serve", "--port"]
    environment = {**os.environ, "OBSERVATORY_HOME": str(published.home)}
    with subprocess.Popen(
        [*words, "0"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        # a shell that starts the tests in the background has them, and their children, ignore it
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.default_int_handler),
    ) as running:
        assert running.stdout is not None
        said = running.stdout.readline()
        assert "http://127.0.0.1:" in said
        port = int(said.split("http://127.0.0.1:")[1].split("/")[0])
        taken = subprocess.run(
            [*words, str(port)], env=environment, capture_output=True, text=True, check=False
        )
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=120) == 0
    assert taken.returncode == 1
    assert "--port" in taken.stderr


def test_serve_before_the_first_release_says_what_to_do(tmp_path: Path) -> None:
    words = [sys.executable, "-c", "from observatory.cli import main; main()", "serve"]
    environment = {**os.environ, "OBSERVATORY_HOME": str(tmp_path)}
    told = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert "observatory refresh" in told.stderr
