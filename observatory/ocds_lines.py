"""Lines of text as SQL that DuckDB reads: bodies as they landed, and files of our own.

What belongs here: where each line stands, and how DuckDB is told to cut a file into lines. What
does not: what a line says (``ocds_sql.py``).
"""

from __future__ import annotations

from pathlib import Path

# A line at a time: chr(1) is in no JSON. Small buffers keep DuckDB's memory small and at hand: with
# those of 32 MB a reader of 10,000 releases (32 MB) spends a tenth of its time on fresh memory, and
# by itself DuckDB would take 16 times the longest line: 458 MiB.
_READ_LINES = (
    "read_csv({path}, columns = {columns}, header = false, auto_detect = false, delim = chr(1), "
    "quote = '', escape = '', new_line = '\\n', {size})"
)
_ANY_SIZE = "max_line_size = 30000000, buffer_size = 32000000"
_USUAL_SIZE = "max_line_size = 2000000, buffer_size = 4000000"
_USUAL_BYTES = 2_000_000
_SHORT_BYTES = 250_000
_SOUND = "case when json_valid(text) then text end as sound"
_NO_LOCATOR = "null::varchar as locator"  # a line's locator is its place

BODY = 1_000_000_000  # places of one body are below this


def before(number: int) -> int:
    """Return the place before the first line of the ``number``-th body of a snapshot."""
    return number * BODY


def clean_lines(path: Path) -> str:
    """Return SQL for the lines of a clean JSON Lines body, in their order: locator, text, and the
    text again where it is JSON. The query that parses them raises InvalidInputException at a line
    that is empty, very long, no JSON or not UTF-8."""
    sound = "coalesce(text, error('an empty line')) as sound"
    return f"select {_NO_LOCATOR}, text, {sound} from {_lines(path, _USUAL_SIZE, 'text')}"


def plain_lines(path: Path) -> str:
    """Return SQL for the same of a JSON Lines body whose lines may be JSON or not."""
    return f"select {_NO_LOCATOR}, text, {_SOUND} from {_lines(path, _ANY_SIZE, 'text')}"


def located_lines(path: Path) -> str:
    """Return SQL for the same of lines that were written with their locator in front."""
    return f"select locator, text, {_SOUND} from {_lines(path, _ANY_SIZE, 'locator', 'text')}"


def mended_lines(path: Path, longest: int) -> str:
    """Return SQL for lines of place, part, locator and the mended release, the ``longest`` of so
    many bytes."""
    size = _USUAL_SIZE if longest < _USUAL_BYTES else _size(longest)
    lines = _lines(path, size, "place", "part", "locator", "text")
    return (
        f"select place::bigint as place, part::bigint as part, locator, text, {_SOUND} from {lines}"
    )


def sampled_lines(path: Path, longest: int) -> str:
    """Return SQL for lines that are JSON, in no order, the ``longest`` of so many bytes: text."""
    return f"select text from {_lines(path, _size(longest), 'text')}"


def _size(longest: int) -> str:
    line = max(longest + 1, _SHORT_BYTES)
    return f"max_line_size = {line}, buffer_size = {2 * line}"


def _lines(path: Path, size: str, *columns: str) -> str:
    types = ", ".join(f"{name}: 'VARCHAR'" for name in columns)
    return _READ_LINES.format(path=_text(path), columns=f"{{{types}}}", size=size)


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
