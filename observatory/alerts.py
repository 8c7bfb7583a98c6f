"""Telling somebody once that something broke, and once that it is well again.

Two things worth knowing before you touch this. An incident is told once, however often the same
try fails; a message that could not be delivered is tried again at the next event. And the address
of the webhook is a secret: it is read when it is needed, and stands in no log and no message.

What belongs here: incidents and their delivery. What does not: what is broken (the standing of
sources, the steps of a run). Nothing here ever fails a run.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from filelock import FileLock, Timeout

from observatory import clock
from observatory.settings import Settings, is_loopback, secret

WEBHOOK: Final = "OBSERVATORY_ALERT_WEBHOOK"
_TIMEOUTS: Final = (5.0, 10.0)
_LOCK_SECONDS: Final = 30.0
_LONGEST: Final = 2_000

log = logging.getLogger(__name__)
_Incidents = dict[str, dict[str, Any]]


def settle(settings: Settings, incident: str, problem: str) -> None:
    """Take note that ``incident`` (such as ``source fca_societies``) is broken, for ``problem``,
    or well (no problem), and tell whoever listens if that is news. Never raises."""
    path = settings.landing / "incidents.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock"), timeout=_LOCK_SECONDS):
            known = _load(path)
            if not problem and not known:
                return
            _note(known, incident, problem)
            _tell(known)
            temporary = path.with_suffix(".tmp")
            temporary.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
            temporary.replace(path)
    except (OSError, Timeout) as error:
        log.warning("an alert could not be noted: %s", type(error).__name__)


def open_incidents(settings: Settings) -> list[tuple[str, str, str]]:
    """Return what is broken now: the incident, since when (UTC, ISO 8601), and the problem."""
    known = _load(settings.landing / "incidents.json")
    return [(name, one["since"], one["problem"]) for name, one in known.items() if one["problem"]]


def _note(known: _Incidents, incident: str, problem: str) -> None:
    one = known.get(incident)
    if problem and (one is None or not one["problem"]):
        since = clock.now().isoformat()
        known[incident] = {"since": since, "problem": problem[:_LONGEST], "told": False}
    elif not problem and one is not None and one["problem"]:
        if one["told"]:
            one |= {"problem": "", "told": False}
        else:
            del known[incident]  # nobody ever heard of it


def _tell(known: _Incidents) -> None:
    for name, one in list(known.items()):
        if one["told"]:
            continue
        if one["problem"]:
            text = f"Broken since {one['since']}: {name}\n{one['problem']}"
        else:
            text = f"Well again: {name} (it was broken since {one['since']})"
        if one.get("logged") != text:
            log.warning("%s", text)
            one["logged"] = text
        one["told"] = _delivered(text, name, "open" if one["problem"] else "cleared")
        if one["told"] and not one["problem"]:
            del known[name]


def _delivered(text: str, incident: str, state: str) -> bool:
    """Post to the webhook; True when it was taken, or there is none."""
    address = secret(WEBHOOK)
    if not address:
        return True
    if urlsplit(address).scheme != "https" and not is_loopback(address):
        log.warning("%s is no https address: no alert was sent", WEBHOOK)
        return False
    body = {"text": text, "incident": incident, "state": state}
    try:
        answer = requests.post(address, json=body, timeout=_TIMEOUTS, allow_redirects=False)
    except requests.exceptions.RequestException as error:
        log.warning("an alert could not be sent (%s)", type(error).__name__)
        return False
    if not answer.ok:
        log.warning("an alert was not taken (status %s)", answer.status_code)
    return bool(answer.ok)


def _load(path: Path) -> _Incidents:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
