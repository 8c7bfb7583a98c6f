"""Lines of text as SQL that DuckDB reads: bodies as they landed, and files of our own.

What belongs here: where each line stands, and how DuckDB is told to cut a file into lines. What
does not: what a line says (``ocds_sql.py``).
"""

from __future__ import annotations

from pathlib import Path

BODY = 1_000_000_000  # places of one body are below this

# chr(1) is in no JSON. The small buffers are for speed: DuckDB hands on what a buffer holds at
# once, and with those of 30 MB json_transform of 10,000 releases took 55 MB more and half as long
# again.
_READ = (
    "read_csv({path}, columns = {columns}, header = false, auto_detect = false, delim = chr(1), "
    "quote = '', escape = '', new_line = '\\n', {size})"
)
_ANY_SIZE = "max_line_size = 30000000"
_USUAL_SIZE = "max_line_size = 2000000, buffer_size = 4000000"
_NUMBERED = "'line ' || (row_number() over ()) as locator"
_SOUND = "case when json_valid(text) then text end as sound"


def clean_lines(path: Path, number: int) -> str:
    """Return SQL for the lines of a clean JSON Lines body, the ``number``-th of a snapshot: place,
    part, locator, text, and the text again where it is JSON.

    A query that parses them raises InvalidInputException at a line that is empty, cut by a
    carriage return, no JSON or not UTF-8. One of more than two million characters it may refuse
    (NotImplementedException too) or lose.
    """
    lines = _lines(path, _USUAL_SIZE, "text")
    sound = "coalesce(text, error('an empty line')) as sound"
    return f"select {_place(number)}, {_NUMBERED}, text, {sound} from {lines}"


def plain_lines(path: Path, number: int) -> str:
    """Return SQL for the same of a body whose lines may be JSON or not."""
    lines = _lines(path, _ANY_SIZE, "text")
    return f"select {_place(number)}, {_NUMBERED}, text, {_SOUND} from {lines}"


def located_lines(path: Path, number: int) -> str:
    """Return SQL for the same of lines that were written with their locator in front."""
    lines = _lines(path, _ANY_SIZE, "locator", "text")
    return f"select {_place(number)}, locator, text, {_SOUND} from {lines}"


def mended_lines(path: Path) -> str:
    """Return SQL for the same of lines with place, part and locator in front."""
    lines = _lines(path, _ANY_SIZE, "place", "part", "locator", "text")
    return (
        f"select place::bigint as place, part::bigint as part, locator, text, {_SOUND} from {lines}"
    )


def _place(number: int) -> str:
    return f"{number * BODY} + row_number() over () as place, 0::bigint as part"


def _lines(path: Path, size: str, *columns: str) -> str:
    types = ", ".join(f"{name}: 'VARCHAR'" for name in columns)
    return _READ.format(path=_text(path), columns=f"{{{types}}}", size=size)


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
