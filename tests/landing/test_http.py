"""Bodies and addresses: the polite client against a publisher that misbehaves in what it sends."""

from __future__ import annotations

import errno
import os
from typing import Any

import pytest

from observatory.errors import BadInput, PermanentError
from observatory.landing.http import ATTEMPTS
from observatory.landing.wire_failures import shown
from observatory.settings import Settings
from tests.landing.polite import BODY, URL, Make, left
from tests.loopback import Answer, Loopback


class TestBodies:
    def test_a_file_comes_whole_with_its_headers(self, make: Make, loopback: Loopback) -> None:
        loopback.route("/list.csv", BODY, headers={"ETag": '"v1"'})
        fetched = make().download(URL + "?day=1#top")
        assert fetched is not None
        assert fetched.path.read_bytes() == BODY
        assert fetched.headers["etag"] == '"v1"'
        assert fetched.file_name == "list.csv"
        assert loopback.requests[0].query == {"day": ["1"]}

    def test_the_publisher_learns_who_asks(self, make: Make, loopback: Loopback) -> None:
        loopback.route("/", "hello")
        make().get_text("https://register.example/")
        agent = loopback.requests[0].header("User-Agent")
        assert agent.startswith("mutuals-observatory/")
        assert "observatory@example.org" in agent

    @pytest.mark.parametrize(
        ("disposition", "name"),
        [
            ('attachment; filename="register of 2026.csv"', "register of 2026.csv"),
            ("attachment; filename=../../evil.csv", "evil.csv"),
            ("attachment; filename*=UTF-8''caf%C3%A9.csv", "café.csv"),
            ("", "list.csv"),
        ],
    )
    def test_the_name_is_the_headers_else_the_address(
        self, make: Make, loopback: Loopback, disposition: str, name: str
    ) -> None:
        loopback.route("/list.csv", BODY, headers={"Content-Disposition": disposition})
        fetched = make().download(URL)
        assert fetched is not None
        assert fetched.file_name == name

    @pytest.mark.parametrize(
        "conditions",
        [{"etag": '"v1"'}, {"last_modified": "Sun, 01 Nov 2026 00:00:00 GMT"}],
    )
    def test_an_unchanged_file_is_not_sent_again(
        self, make: Make, loopback: Loopback, home: Settings, conditions: dict[str, Any]
    ) -> None:
        headers = {"ETag": '"v1"', "Last-Modified": "Sun, 01 Nov 2026 00:00:00 GMT"}
        loopback.route("/list.csv", BODY, headers=headers)
        assert make().download(URL, **conditions) is None
        assert left(home) == []

    def test_a_changed_file_is(self, make: Make, loopback: Loopback) -> None:
        loopback.route("/list.csv", BODY, headers={"ETag": '"v2"'})
        assert make().download(URL, etag='"v1"') is not None

    def test_a_compressed_answer_is_unpacked_and_proven(
        self, make: Make, loopback: Loopback
    ) -> None:
        loopback.route("/list.csv", BODY * 100, gzipped=True)
        fetched = make().download(URL)
        assert fetched is not None
        assert fetched.path.read_bytes() == BODY * 100

    @pytest.mark.parametrize("broken", [Answer(BODY * 9, cut=20), Answer(BODY * 9, cut=0)])
    def test_a_cut_body_is_asked_for_again(
        self, make: Make, loopback: Loopback, home: Settings, broken: Answer
    ) -> None:
        loopback.sequence("/list.csv", [broken, Answer(BODY)])
        fetched = make().download(URL)
        assert fetched is not None
        assert left(home) == [fetched.path]

    @pytest.mark.parametrize("gzipped", [False, True])
    def test_a_body_cut_every_time_is_bad_input(
        self, make: Make, loopback: Loopback, home: Settings, gzipped: bool
    ) -> None:
        loopback.sequence("/list.csv", [Answer(BODY * 99, cut=20, gzipped=gzipped)])
        with pytest.raises(BadInput, match="every time") as caught:
            make().download(URL)
        assert caught.value.where == URL
        assert len(loopback.requests) == ATTEMPTS
        assert left(home) == []

    def test_a_body_without_a_length_comes_in_chunks(self, make: Make, loopback: Loopback) -> None:
        loopback.sequence("/list.csv", [Answer(BODY, chunked=True)])
        fetched = make().download(URL)
        assert fetched is not None
        assert fetched.path.read_bytes() == BODY

    @pytest.mark.parametrize("gzipped", [False, True])
    def test_a_body_over_the_limit_is_bad_input_at_once(
        self, make: Make, loopback: Loopback, home: Settings, gzipped: bool
    ) -> None:
        loopback.route("/list.csv", b"0" * 100_000, gzipped=gzipped)
        with pytest.raises(BadInput, match="longer than 50,000 bytes"):
            make().download(URL, max_bytes=50_000)
        assert len(loopback.requests) == 1
        assert left(home) == []

    def test_a_full_disk_says_so_and_keeps_nothing(
        self, make: Make, loopback: Loopback, home: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        loopback.route("/list.csv", BODY)

        def full(*_: object, **__: object) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, "fdopen", full)
        with pytest.raises(PermanentError, match="no room") as caught:
            make().download(URL)
        assert "free space" in caught.value.remedy
        assert left(home) == []

    @pytest.mark.parametrize(
        ("body", "content_type", "text"),
        [
            ("café".encode(), "text/html", "café"),
            ("café".encode("cp1252"), "text/html", "café"),
            ("café’".encode("cp1252"), "text/html; charset=windows-1252", "café’"),
            ("café".encode("utf-8-sig"), "text/html; charset=utf-8", "café"),
            ("café".encode(), "text/html; charset=no-such", "café"),
        ],
    )
    def test_a_page_is_decoded(
        self, make: Make, loopback: Loopback, body: bytes, content_type: str, text: str
    ) -> None:
        loopback.route("/", body, content_type=content_type)
        assert make().get_text("https://register.example/").text == text


class TestAddresses:
    def test_redirects_are_followed_through_the_overrides(
        self, make: Make, loopback: Loopback
    ) -> None:
        loopback.redirect("/old", "https://files.example/new/")
        loopback.redirect("/new/", "list.csv", 307)
        loopback.route("/new/list.csv", "links")
        page = make().get_text("https://register.example/old")
        assert page.url == "https://files.example/new/list.csv"
        assert page.text == "links"

    def test_a_redirect_to_the_loopback_origin_itself_is_followed(
        self, make: Make, loopback: Loopback
    ) -> None:
        loopback.redirect("/old", f"{loopback.origin}/list.csv")
        loopback.route("/list.csv", BODY)
        assert make().download("https://register.example/old") is not None

    @pytest.mark.parametrize(
        "location", ["http://elsewhere.example/x", "file:///x", "", "https://[/x"]
    )
    def test_a_redirect_away_from_https_is_refused(
        self, make: Make, loopback: Loopback, location: str
    ) -> None:
        loopback.redirect("/list.csv", location)
        with pytest.raises(PermanentError, match="not https"):
            make({"register.example": loopback.origin}).download(URL)

    def test_a_loop_of_redirects_ends(self, make: Make, loopback: Loopback) -> None:
        loopback.redirect("/list.csv", "/list.csv")
        with pytest.raises(PermanentError, match="redirects more than"):
            make().download(URL)
        assert len(loopback.requests) == 6

    def test_each_host_has_its_own_override(self, make: Make, loopback: Loopback) -> None:
        loopback.route("/list.csv", BODY)
        with Loopback() as other:
            other.route("/list.csv", b"other")
            publisher = make({"register.example": loopback.origin, "b.example": other.origin})
            fetched = publisher.download("https://b.example/list.csv")
        assert fetched is not None
        assert fetched.path.read_bytes() == b"other"
        assert loopback.requests == []

    def test_an_override_off_this_machine_is_refused(self, make: Make) -> None:
        with pytest.raises(PermanentError, match="leads off this machine"):
            make({"*": "http://192.0.2.1"})

    @pytest.mark.parametrize(
        "url",
        [
            "ftp://register.example/x",
            "/list.csv",
            "file:///etc/passwd",
            "https://../x",
            "https://[/x",
        ],
    )
    def test_other_kinds_of_address_are_refused(self, make: Make, url: str) -> None:
        with pytest.raises(PermanentError, match="not an http"):
            make().download(url)

    @pytest.mark.parametrize(
        ("url", "text"),
        [
            ("https://user:pass@a.example:99999/x?sig=s3cret#top", "https://a.example:99999/x?…"),
            ("/x?sig=s3cret", "/x?…"),
            ("https://a.example", "https://a.example"),
        ],
    )
    def test_messages_show_no_password_and_no_query(self, url: str, text: str) -> None:
        assert shown(url) == text

    def test_cookies_are_not_kept(self, make: Make, loopback: Loopback) -> None:
        loopback.route("/list.csv", BODY, headers={"Set-Cookie": "session=1"})
        publisher = make()
        publisher.download(URL)
        publisher.download(URL)
        assert loopback.requests[1].header("Cookie") == ""
