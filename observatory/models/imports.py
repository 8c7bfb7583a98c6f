"""Which modules a Python model is made of: its own and those that it imports, read and not run.

What does not belong here: what is done with them (``project.py`` hashes them, so that a table made
in Python is stale when a rule that it uses has changed).
"""

from __future__ import annotations

import ast
import importlib.util
from functools import lru_cache
from pathlib import Path


def imported(module: str, package: str) -> dict[str, bytes]:
    """Return the source of ``module`` and of all modules of ``package`` that it leads to, by
    name; nothing when there is no such module."""
    found: dict[str, bytes] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        path = _path(name)
        if name in found or path is None:
            continue
        found[name] = path.read_bytes()
        waiting += [one for one in _imports(found[name]) if one.split(".")[0] == package]
    return found


def _path(module: str) -> Path | None:
    """Find a module's file below its package's folder: looking a submodule up would run what
    stands above it."""
    package, *rest = module.split(".")
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    origin = Path(spec.origin)
    if not rest:
        return origin
    place = origin.parent.joinpath(*rest)
    files = (place.with_name(f"{place.name}.py"), place / "__init__.py")
    return next((path for path in files if path.is_file()), None)


@lru_cache(maxsize=256)
def _imports(source: bytes) -> frozenset[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
    return frozenset(names)
