"""``observatory refresh`` in processes of its own, which can be killed at any step.

Run as a program, this is a small server: it imports what a refresh needs once, then forks a
process for each refresh that it is told to start, on standard input, a line of JSON each. What a
step is: a file that is opened for writing, renamed, linked or removed below the home folder
(Dagster's own apart), as Python's audit hook tells, and a model that was built. What does not
belong here: which step, and what must hold afterwards (``test_kills.py``).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

from observatory.settings import PROJECT_ROOT
from tests.faults.home import FakeTime, use

_time = FakeTime()
_WRITES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_CHANGES: Final = ("os.rename", "os.link", "os.symlink", "os.remove")


class Refreshes:
    """Starts refreshes in processes of their own, and waits for them."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self, home: Path, step: int, **told: object) -> int:
        """Start a refresh, at the time ``now``, with the ``overrides`` of origins, its pacing at
        the second ``ticks``; return its process id. It dies by SIGKILL when it is about to take
        the step of this number, counted from 1; at 0 it lives."""
        return int(self._ask({"home": str(home), "step": step, **told}))

    def wait(self, process: int) -> int:
        """Return how a refresh ended: its exit code, or the negative signal that killed it."""
        return int(self._ask({"wait": process}))

    def _ask(self, order: Mapping[str, object]) -> str:
        given, answers = self._process.stdin, self._process.stdout
        assert given
        assert answers
        given.write(json.dumps(order) + "\n")
        given.flush()
        return answers.readline()


def steps(home: Path) -> list[str]:
    """The steps of the last refresh of a home, in order."""
    return (home / "steps.txt").read_text(encoding="utf-8").splitlines()


@contextmanager
def refreshes(models: Path) -> Iterator[Refreshes]:
    """Have a server of refreshes on these models until the end."""
    command = [sys.executable, "-m", "tests.faults.dying", str(models)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT_ROOT
    )
    try:
        yield Refreshes(process)
    finally:
        if process.stdin:
            process.stdin.close()
        process.wait()


class _Steps:
    """Counts the steps of this process, and ends it before one of them."""

    def __init__(self, home: Path, last: int, told: IO[str]) -> None:
        self._home = f"{home}/"
        self._own = tuple(f"{home}/{name}" for name in ("dagster/", "steps.txt"))
        self._last = last
        self._told = told
        self._count = 0

    def audit(self, event: str, given: tuple[Any, ...]) -> None:
        """Take an event of Python's audit hook."""
        if event == "open":
            if not (isinstance(given[2], int) and given[2] & _WRITES):
                return
        elif event not in _CHANGES:
            return
        paths = [os.fspath(one) for one in given[:2] if isinstance(one, str | os.PathLike)]
        mine = [
            one.removeprefix(self._home)
            for one in paths
            if one.startswith(self._home) and not one.startswith(self._own)
        ]
        if mine and not mine[0].endswith(".lock"):
            self.take(f"{event} {' to '.join(mine)}")

    def take(self, name: str) -> None:
        """Take a step, or die before it."""
        self._count += 1
        self._told.write(f"{name}\n")
        if self._count == self._last:
            self._told.flush()
            os.kill(os.getpid(), signal.SIGKILL)


def _refresh(order: Mapping[str, Any]) -> int:
    from assets.run import refresh
    from observatory.models.run import ModelResult
    from observatory.settings import from_environment
    from tests.faults.world import SOURCES

    os.environ["OBSERVATORY_HOME"] = order["home"]
    os.environ["OBSERVATORY_NOW"] = order["now"]
    os.environ["OBSERVATORY_ORIGIN_OVERRIDES"] = order["overrides"]
    _time.moment = order["ticks"]
    home = Path(order["home"])
    with (home / "steps.txt").open("w", encoding="utf-8") as told:
        steps = _Steps(home, order["step"], told)

        def heard(event: object) -> None:
            if isinstance(event, ModelResult):
                steps.take(f"model {event.name}")

        sys.addaudithook(steps.audit)
        outcome = refresh(from_environment(), SOURCES, offline=False, heard=heard)
    for one in [*outcome.failures, *(each.problem for each in outcome.intakes)]:
        sys.stderr.write(f"{one}\n" if one else "")
    return 0 if outcome.ok else 1


def _prepare(models: str) -> None:
    import pytest

    import assets.run  # noqa: F401 - seconds, once
    from observatory.build import load_project
    from observatory.settings import Settings

    use(Path(models), pytest.MonkeyPatch(), _time)
    load_project(Settings(home=Path()))


def main() -> None:
    """Serve until standard input ends."""
    _prepare(sys.argv[1])
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            status = os.waitstatus_to_exitcode(os.waitpid(order["wait"], 0)[1])
            sys.stdout.write(f"{status}\n")
        else:
            process = os.fork()
            if process == 0:
                try:
                    code = _refresh(order)
                finally:
                    sys.stderr.flush()
                os._exit(code)
            sys.stdout.write(f"{process}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
