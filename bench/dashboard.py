"""The site's pages: 2,000 pages of organisations gathered, rendered and written.

A release of fictional organisations is published with the real contracts; then only the module of
the organisations' pages is timed, from the open release to the files. Seconds are of CPU, as in
the other benches, with the wall time beside them: the machine is shared.

    python -m bench.dashboard [--pages 2000]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from observatory.dashboard.files import shown_everywhere, write_pages
from observatory.dashboard.pages import organisation
from observatory.dashboard.reader import opened
from observatory.release.versions import latest
from tests.dashboard import fictional

PAGES, SECONDS = 2_000, 5.0


def main() -> int:
    """Print the measurement; 1 where the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=PAGES)
    wanted = parser.parse_args().pages
    with tempfile.TemporaryDirectory(prefix="bench-dashboard-") as home:
        settings = fictional.release(Path(home) / "home", many=wanted)
        found = latest(settings.releases)
        assert found is not None  # noqa: S101 - it was published on the line above
        made, cpu, wall = _timed(found.path, Path(home), settings.contact)
    met = cpu <= SECONDS * wanted / PAGES
    print(f"{made} pages in {cpu:.2f} s of CPU ({wall:.2f} s), {1000 * cpu / made:.2f} ms a page")
    print(f"Target: {PAGES} in under {SECONDS:.0f} s: {'met' if met else 'missed'}")
    return int(not met)


def _timed(release: Path, target: Path, contact: str) -> tuple[int, float, float]:
    with opened(release) as reader:
        shown = shown_everywhere(reader, contact)
        cpu, wall = time.process_time(), time.perf_counter()
        made = write_pages(target, organisation.pages(reader), shown)
        return made, time.process_time() - cpu, time.perf_counter() - wall


if __name__ == "__main__":
    sys.exit(main())
