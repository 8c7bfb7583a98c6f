"""Strike the known gaps that have closed from the archetypes' files, and nothing else.

``python -m tests.archetypes.strike`` builds the archetypes, removes each closed check's line, and
says which. An expectation is never touched.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.archetypes import compare, home
from tests.archetypes.cases import CASES, archetypes


def strike(text: str, checks: set[str]) -> str:
    """Return a file's text without the lines of these checks, and without an empty list."""
    lines = [
        line
        for line in text.splitlines(keepends=True)
        if not any(line.startswith(f'  "{check}": ') for check in checks)
    ]
    if lines and lines[-1].strip() == "known_gaps:":
        lines.pop()
    return "".join(lines)


def main() -> None:
    """Build, compare, strike."""
    with tempfile.TemporaryDirectory() as folder:
        release = compare.open_release(home.build(Path(folder)))
        open_checks = {(one.archetype, one.check) for one in compare.differences(release)}
    for one in archetypes():
        closed = {check for check in one.known_gaps if (one.id, check) not in open_checks}
        if closed:
            path = CASES / f"{one.id}.yml"
            path.write_text(strike(path.read_text(encoding="utf-8"), closed), encoding="utf-8")
            sys.stdout.write(f"{one.id}: struck {', '.join(sorted(closed))}\n")


if __name__ == "__main__":
    main()
