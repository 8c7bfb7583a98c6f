"""Retries, silence and pace: how often the polite client asks, and when it stays away."""

from __future__ import annotations

import socket
from email.utils import formatdate

import pytest

from observatory.errors import PermanentError, TransientError, Unreachable
from observatory.landing.http import ATTEMPTS
from observatory.settings import Settings
from tests.landing.polite import BODY, URL, FakeTime, Make
from tests.loopback import Answer, Loopback


class TestRetries:
    @pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
    def test_what_may_pass_is_asked_again(
        self, make: Make, loopback: Loopback, status: int
    ) -> None:
        loopback.sequence("/list.csv", [Answer(status=status)] * 2 + [Answer(BODY)])
        assert make().download(URL) is not None
        assert len(loopback.requests) == 3

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
    def test_what_will_not_is_asked_once(
        self, make: Make, loopback: Loopback, status: int, time: FakeTime
    ) -> None:
        loopback.route("/list.csv", status=status)
        with pytest.raises(PermanentError, match=str(status)) as caught:
            make().download(URL)
        assert caught.value.where == URL
        assert caught.value.remedy
        assert (len(loopback.requests), time.slept) == (1, [])

    def test_a_reset_is_asked_again(self, make: Make, loopback: Loopback) -> None:
        loopback.sequence("/list.csv", [Answer(reset=True), Answer(BODY)])
        assert make().download(URL) is not None

    def test_the_end_is_a_transient_error_that_names_the_address(
        self, make: Make, loopback: Loopback, time: FakeTime
    ) -> None:
        loopback.route("/list.csv", status=503)
        with pytest.raises(TransientError, match="answered 503") as caught:
            make().download(f"{URL}?token=s3cret")
        assert caught.value.where == f"{URL}?…"
        assert len(loopback.requests) == ATTEMPTS
        assert all(0 < seconds <= 30 for seconds in time.slept)

    def test_retry_after_in_seconds_is_honoured(
        self, make: Make, loopback: Loopback, time: FakeTime
    ) -> None:
        busy = Answer(status=429, headers={"Retry-After": "120"})
        loopback.sequence("/list.csv", [busy, Answer(BODY)])
        assert make().download(URL) is not None
        assert time.slept == [120.0]

    def test_retry_after_as_a_date_is_honoured(
        self, make: Make, loopback: Loopback, time: FakeTime
    ) -> None:
        when = formatdate(time.moment + 42, usegmt=True)
        loopback.sequence(
            "/list.csv", [Answer(status=503, headers={"Retry-After": when}), Answer(BODY)]
        )
        assert make().download(URL) is not None
        assert time.slept == [42.0]

    @pytest.mark.parametrize("value", ["soon", "-5", "Thu, 01 Jan 1970 00:00:00 GMT"])
    def test_an_odd_retry_after_does_no_harm(
        self, make: Make, loopback: Loopback, value: str
    ) -> None:
        loopback.sequence(
            "/list.csv", [Answer(status=503, headers={"Retry-After": value}), Answer(BODY)]
        )
        assert make().download(URL) is not None

    def test_longer_than_our_patience_ends_at_once_and_later_runs_stay_away(
        self, make: Make, loopback: Loopback, time: FakeTime
    ) -> None:
        loopback.route("/list.csv", status=429, headers={"Retry-After": "3600"})
        with pytest.raises(TransientError, match="wait 3600 s"):
            make().download(URL)
        with pytest.raises(TransientError, match="stay away for another 3600 s") as caught:
            make().download(URL)
        assert "60 minutes" in caught.value.remedy
        assert (len(loopback.requests), time.slept) == (1, [])
        time.moment += 3600
        loopback.route("/list.csv", BODY)
        assert make().download(URL) is not None

    def test_a_403_is_a_wait_where_the_publisher_says_so(
        self, make: Make, loopback: Loopback, time: FakeTime
    ) -> None:
        loopback.sequence("/list.csv", [Answer(b"<html>", status=403), Answer(BODY)])
        assert make(after_403=300, patience=400).download(URL) is not None
        assert time.slept == [300.0]


class TestUnreachable:
    def test_a_refused_connection_ends_after_one_quick_second_try(
        self, make: Make, time: FakeTime
    ) -> None:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            origin = f"http://127.0.0.1:{unused.getsockname()[1]}"
            with pytest.raises(Unreachable) as caught:
                make({"*": origin}).get_text(URL)
        assert caught.value.where == URL
        assert time.slept == [0.5]

    def test_a_name_that_cannot_be_resolved_is_unreachable(
        self, make: Make, monkeypatch: pytest.MonkeyPatch, time: FakeTime
    ) -> None:
        def nowhere(*_: object, **__: object) -> None:
            raise socket.gaierror(-3, "Temporary failure in name resolution")

        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.delenv(name, raising=False)
            monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.setattr(socket, "getaddrinfo", nowhere)
        with pytest.raises(Unreachable, match="cannot be resolved"):
            make({}).get_text(URL)
        assert time.slept == [0.5]

    def test_a_proxy_is_not_asked_for_loopback(
        self, make: Make, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:1")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        loopback.route("/list.csv", BODY)
        assert make().download(URL) is not None


class TestPace:
    def test_requests_to_one_host_keep_their_distance(
        self, make: Make, loopback: Loopback, time: FakeTime
    ) -> None:
        loopback.route("/list.csv", BODY)
        publisher = make(seconds=10)
        publisher.download(URL)
        time.moment += 4
        publisher.download(URL)
        publisher.download("https://other.example/list.csv")
        assert time.slept == [6.0]

    def test_the_pace_outlives_the_process(
        self, make: Make, loopback: Loopback, time: FakeTime
    ) -> None:
        loopback.route("/list.csv", BODY)
        make(seconds=10).download(URL)
        make(seconds=10).download(URL)
        assert time.slept == [10.0]

    @pytest.mark.parametrize("content", ["", "nonsense", "9e99", "nan"])
    def test_a_damaged_pace_file_does_no_harm(
        self, make: Make, loopback: Loopback, home: Settings, time: FakeTime, content: str
    ) -> None:
        loopback.route("/list.csv", BODY)
        folder = home.landing / "pace"
        folder.mkdir(parents=True)
        (folder / "register.example").write_text(content)
        assert make().download(URL) is not None
        assert time.slept == []
