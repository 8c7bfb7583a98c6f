"""Every way in which a publisher is known to misbehave, as answers of the loopback one.

What belongs here: a fault on the wire or in a body, and the words that the observatory should use
for it. What does not: what happens to the home (``test_publishers.py``).
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from email.utils import formatdate
from typing import Final

from tests.faults import world
from tests.loopback import Answer

Answers = Callable[[Answer, float], Sequence[Answer]]

SHEET: Final = "xl/worksheets/sheet1.xml"
# The words of a cell; a night may have renamed any of them.
_CELL: Final = re.compile(rb"(<t[^>]*>)(Fictional [^<]*)(</t>)")
_LAUGHS: Final = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@dataclass(frozen=True)
class Fault:
    """One fault at one source's file: what the publisher answers, given the answer that it should
    give and the present second, and the words in the source's problem. Without words the source
    is expected to get over it within the night."""

    name: str
    source: str
    answers: Answers
    says: str = ""


def always(answer: Callable[[Answer], Answer]) -> Answers:
    """Answer so every time."""
    return lambda good, _: [answer(good)]


def once(answer: Callable[[Answer], Answer]) -> Answers:
    """Answer so once, then as it should be."""
    return lambda good, _: [answer(good), good]


def status(code: int, **headers: str) -> Callable[[Answer], Answer]:
    """A status without the file."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: Answer(status=code, headers=named)


def body(change: Callable[[bytes], bytes]) -> Callable[[Answer], Answer]:
    """The file with other bytes, and without any word of its version."""
    return lambda good: replace(good, body=change(good.body), headers={})


def page(words: str) -> Callable[[Answer], Answer]:
    """A page in place of the file, with status 200."""
    text = f"<!DOCTYPE html><html><head><title>{words}</title></head></html>".encode()
    return lambda _: Answer(text, content_type="text/html")


def headers(**named: str) -> Callable[[Answer], Answer]:
    """The file with these headers changed."""
    changed = {name.replace("_", "-"): value for name, value in named.items()}
    return lambda good: replace(good, headers={**good.headers, **changed})


def members(**changed: bytes) -> Callable[[bytes], bytes]:
    """A workbook with these members put in or replaced (``SHEET`` is called ``sheet``)."""
    return lambda data: repacked(
        data, {SHEET if name == "sheet" else name: one for name, one in changed.items()}
    )


def repacked(data: bytes, changed: Mapping[str, bytes], link: str = "") -> bytes:
    """The archive with these members put in or replaced, ``link`` as a symbolic link."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in changed:
                new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
        for name, content in changed.items():
            info = zipfile.ZipInfo(name)
            if name == link:
                info.external_attr = (stat.S_IFLNK | 0o777) << 16
            new.writestr(info, content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def entities(declared: str, used: str) -> Callable[[bytes], bytes]:
    """A workbook whose sheet declares entities and uses one in a cell."""

    def change(data: bytes) -> bytes:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            sheet = archive.read(SHEET)
        written, found = _CELL.subn(rb"\1" + used.encode() + rb"\3", sheet, count=1)
        assert found
        document = f"<!DOCTYPE worksheet [{declared}]>".encode()
        return repacked(data, {SHEET: document + written})

    return change


def _dated(good: Answer, now: float) -> list[Answer]:
    later = formatdate(now + 40, usegmt=True)
    return [Answer(status=429, headers={"Retry-After": later}), good]


def _cut(kept: int, *, stall: bool = False) -> Callable[[Answer], Answer]:
    return lambda good: replace(good, cut=kept, stall=stall)


def _length(difference: int) -> Callable[[Answer], Answer]:
    return lambda good: replace(good, length=len(good.body) + difference)


def _moved(location: str, code: int = 302) -> Callable[[Answer], Answer]:
    return lambda _: Answer(status=code, headers={"Location": location})


def _fewer_rows(data: bytes) -> bytes:
    return b"".join(data.splitlines(keepends=True)[:6])


# A link to a page that leads back to itself.
_CIRCLE: Final = (
    b'{"version": "1.1", "links": {"next": "https://www.contractsfinder.service.gov.uk'
    b'/elsewhere"}, "releases": []}'
)

FAULTS: Final = (
    Fault("stalls in mid-body", world.SOCIETIES, always(_cut(100, stall=True)), "fell silent"),
    Fault("stalls once", world.SOCIETIES, once(_cut(0, stall=True))),
    Fault("asks for two minutes", world.SOCIETIES, once(status(429, Retry_After="120"))),
    Fault("asks for an hour", world.SOCIETIES, always(status(429, Retry_After="3600")), "3600 s"),
    Fault(
        "redirects within its site",
        world.SOCIETIES,
        lambda good, _: [Answer(status=301, headers={"Location": f"{world.LIST}?v=2"}), good],
    ),
    Fault(
        "redirects to plain http",
        world.SOCIETIES,
        always(_moved("http://elsewhere.example/x")),
        "not https",
    ),
    Fault(
        "dates a file in the future",
        world.SOCIETIES,
        always(headers(Last_Modified="Wed, 01 Jan 2031 00:00:00 GMT")),
        "lies in the future",
    ),
    Fault(
        "writes UTF-16",
        world.SOCIETIES,
        always(body(lambda data: data.decode("utf-8-sig").encode("utf-16"))),
        "UTF-16",
    ),
    Fault(
        "leaves out rows",
        world.SOCIETIES,
        always(lambda good: replace(good, body=_fewer_rows(good.body))),
        "fewer than the whole",
    ),
    Fault(
        "renames a column",
        world.SOCIETIES,
        always(body(lambda data: data.replace(b"Society Name", b"Name"))),
        "its header lacks 'Society Name'",
    ),
    Fault("cuts a body", world.PAIRS, always(_cut(60)), "cut off"),
    Fault("cuts a body once", world.PAIRS, once(_cut(60))),
    Fault("promises more than it sends", world.PAIRS, always(_length(50)), "cut off"),
    Fault("sends more than it promises", world.PAIRS, always(_length(-20)), "cut short"),
    Fault("asks to wait until a time", world.PAIRS, _dated),
    Fault("closes without an answer", world.PAIRS, once(lambda _: Answer(reset=True))),
    Fault(
        "says gzip and sends none",
        world.PAIRS,
        always(headers(Content_Encoding="gzip")),
        "cannot be unpacked",
    ),
    Fault("shows a page", world.PAIRS, always(page("Maintenance")), "titled 'Maintenance'"),
    Fault("sends nothing", world.PAIRS, always(body(lambda _: b"")), "is empty"),
    Fault("redirects in a circle", world.PAIRS, always(_moved(world.CROSSWALK)), "more than 5"),
    Fault(
        "redirects to another host",
        world.PAIRS,
        lambda good, _: [
            Answer(status=302, headers={"Location": f"https://mirror.example{world.CROSSWALK}"}),
            good,
        ],
    ),
    Fault(
        "serves a zip bomb",
        world.PROVIDERS,
        always(body(members(sheet=b" " * (40 << 20)))),
        "would unpack to",
    ),
    Fault(
        "serves a path out of the archive",
        world.PROVIDERS,
        always(body(lambda data: repacked(data, {"../../evil.xml": b"x"}))),
        "leads out of the archive",
    ),
    Fault(
        "serves a link in an archive",
        world.PROVIDERS,
        always(body(lambda data: repacked(data, {"a": b"/etc/passwd"}, link="a"))),
        "is a symbolic link",
    ),
    Fault(
        "serves entities that multiply",
        world.PROVIDERS,
        always(body(entities(f'<!ENTITY l0 "ha">{_LAUGHS}', "&l9;"))),
        "unrecognized entity",
    ),
    Fault(
        "serves an entity that reads a file",
        world.PROVIDERS,
        always(body(entities('<!ENTITY file SYSTEM "file:///etc/passwd">', "&file;"))),
        "unrecognized entity",
    ),
    Fault("cuts an archive", world.PROVIDERS, always(body(lambda d: d[:-50])), "cut short"),
    Fault("has taken the file away", world.PROVIDERS, always(status(410)), "taken this page away"),
    Fault("is broken", world.PROVIDERS, always(status(503)), "answered 503"),
    Fault("is broken once", world.PROVIDERS, once(status(500))),
    Fault(
        "shows a page for an answer", world.AWARDS, always(page("Busy")), "not a release package"
    ),
    Fault(
        "cuts its JSON",
        world.AWARDS,
        always(body(lambda data: data[:1500])),
        "not a release package",
    ),
    Fault("refuses for a while", world.AWARDS, always(status(403)), "wait 300 s"),
    Fault(
        "leads to another place",
        world.AWARDS,
        always(body(lambda _: _CIRCLE)),
        "leads elsewhere or back",
    ),
    Fault("stalls before its JSON", world.AWARDS, always(_cut(0, stall=True)), "fell silent"),
    Fault(
        "serves bytes of no encoding",
        world.SOCIETIES,
        always(body(lambda data: data.replace(b"Street", b"Stre\x9dt", 1))),
        "neither UTF-8 nor Windows-1252",
    ),
)
