"""``python -m bench``: every measurement, one after the other; exits with 1 if one misses."""

from __future__ import annotations

import subprocess
import sys

BENCHES = (
    "contracts_finder",
    "companies_house_basic",
    "accounts_figures",
    "accounts",
    "psc",
    "dashboard",
    "linkage",
)


def main() -> int:
    """Run each bench in a process of its own, so that none inherits another's memory."""
    missed = []
    for name in BENCHES:
        print(f"== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"bench.{name}"]).returncode:
            missed.append(name)
    if missed:
        print(f"Targets missed, or not measured: {', '.join(missed)}")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
