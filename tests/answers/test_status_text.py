"""What the person who runs it at night reads first."""

from __future__ import annotations

import io

from rich.console import Console

from observatory.answers.status import Line, as_rows
from observatory.answers.status_text import as_text

MOMENT = "2026-11-23T02:30:00+00:00"
LINES = [
    Line("about", "home", "/fictional"),
    Line("incident", "release", f"since {MOMENT}\nthe disk is full\n  What to do: free some"),
    Line(
        "source", "fictional_register", f"well at {MOMENT}", f"night at {MOMENT}", MOMENT, MOMENT, 3
    ),
    Line("source", "fictional_old", f"well at {MOMENT}", "", MOMENT, MOMENT, 900, late=True),
    Line("source", "fictional_empty", f"well at {MOMENT}", "", MOMENT, MOMENT),
    Line("source", "fictional_new", "never tried"),
    Line("broken", "fictional_broken", f"since {MOMENT}\nanswers 503", "", MOMENT, MOMENT, 1),
    Line("needs a key", "fictional_keyed", "not configured: it needs a key in FICTIONAL_KEY"),
    Line("waiting", "fictional_parts", "part 2 is still missing"),
    Line("inbox", "inbox", "a file of no source: [b]x.csv"),
    Line("disk", "lake", "1.0 MB"),
    Line("disk", "releases", "2.0 MB"),
]


def _read(lines: list[Line], width: int = 140) -> str:
    written = io.StringIO()
    Console(file=written, width=width).print(*as_text(lines), sep="\n")
    return written.getvalue()


def test_what_is_broken_stands_above_the_sources_with_what_to_do() -> None:
    read = _read(LINES)
    assert read.index("Broken:") < read.index("source (times in UTC)")
    assert (
        "  release: since 2026-11-23 02:30\n    the disk is full\n      What to do: free so" in read
    )
    assert "  fictional_broken: since 2026-11-23 02:30\n    answers 503\n" in read
    assert "disk: lake 1.0 MB, releases 2.0 MB" in read
    assert "Nothing is broken" not in read
    assert "part 2 is still missing" in read
    assert "a file of no source: [b]x.csv" in read  # never read as markup


def test_each_source_has_one_line_and_one_state() -> None:
    read = _read(LINES).splitlines()
    states = {
        "fictional_register": "well",
        "fictional_old": "well, but old",
        "fictional_empty": "well, holds nothing",
        "fictional_new": "never tried",
        "fictional_broken": "broken",
        "fictional_keyed": "needs a key",
    }
    for name, state in states.items():
        (line,) = [one for one in read if one.startswith(f"  {name} ")]
        assert line.removeprefix(f"  {name}").strip().startswith(f"{state}  "), line
    (line,) = [one for one in read if "fictional_register" in one]
    assert "night 2026-11-23 02:30" in line
    assert line.split()[-1] == "3"


def test_a_night_without_problems_says_so() -> None:
    calm = [one for one in LINES if one.kind in ("about", "source", "disk")]
    read = _read(calm)
    assert "Nothing is broken." in read
    for absent in ("Broken:", "Waiting", "inbox", "key"):
        assert absent not in read


def test_programs_read_the_same_as_rows() -> None:
    rows = {row[0]: row for row in as_rows(LINES).rows}
    assert rows["broken: release"][1] == LINES[1].said
    assert rows["fictional_old"][1].endswith("; its newest version is old")
    assert rows["fictional_register"][2:] == (f"night at {MOMENT}", MOMENT, MOMENT, 3)
    assert rows["needs a key: fictional_keyed"][1].endswith("FICTIONAL_KEY")
