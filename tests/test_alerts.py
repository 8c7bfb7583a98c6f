"""Alerts: one message an incident, one when it is over, none lost, and the address kept secret."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from observatory import alerts
from observatory.settings import Settings


@dataclass
class Hook:
    """A webhook on this machine: what it was sent, and how it answers."""

    status: int = 200
    taken: list[dict[str, str]] = field(default_factory=list)


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hook]:
    heard = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if heard.status == 200:
                heard.taken.append(json.loads(body))
            self.send_response(heard.status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Keep the test's output clean."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_address[1]}/secret-token"
    monkeypatch.setenv(alerts.WEBHOOK, address)
    yield heard
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_incident_is_told_once_and_its_end_once(home: Settings, hook: Hook) -> None:
    for _ in range(3):
        alerts.settle(home, "source fictional", "cannot be reached")
    assert [one["state"] for one in hook.taken] == ["open"]
    assert "cannot be reached" in hook.taken[0]["text"]
    ((name, since, _),) = alerts.open_incidents(home)
    assert (name, since) == ("source fictional", "2026-11-23T02:30:00+00:00")
    for _ in range(3):
        alerts.settle(home, "source fictional", "")
    assert [one["state"] for one in hook.taken] == ["open", "cleared"]
    assert alerts.open_incidents(home) == []


def test_what_was_not_delivered_is_tried_again(home: Settings, hook: Hook) -> None:
    hook.status = 503
    alerts.settle(home, "release", "no room")
    hook.status = 200
    alerts.settle(home, "source fictional", "")  # any later event
    assert [one["incident"] for one in hook.taken] == ["release"]
    alerts.settle(home, "release", "")
    assert hook.taken[-1]["state"] == "cleared"


def test_the_address_is_never_shown(
    home: Settings,
    hook: Hook,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    hook.status = 500
    alerts.settle(home, "release", "no room")
    monkeypatch.setenv(alerts.WEBHOOK, "http://example.org/secret-token")
    alerts.settle(home, "models", "a test failed")
    monkeypatch.setenv(alerts.WEBHOOK, "https://127.0.0.1:1/secret-token")
    alerts.settle(home, "models", "a test failed")
    ours = [one.getMessage() for one in caplog.records if one.name == "observatory.alerts"]
    assert any("not taken (status 500)" in one for one in ours)
    assert "secret-token" not in "\n".join(ours)
    assert "secret-token" not in (home.landing / "incidents.json").read_text(encoding="utf-8")


def test_without_a_webhook_it_is_logged_once(
    home: Settings, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(alerts.WEBHOOK, raising=False)
    for _ in range(2):
        alerts.settle(home, "release", "no room")
    assert [one.getMessage().splitlines()[1] for one in caplog.records] == ["no room"]
