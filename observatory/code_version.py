"""Names the code with which tables were made: by its content, and by its commit where there is one.

What belongs here: asking the checkout for its commit. What does not: hashing the models
(``models/project.py``).
"""

from __future__ import annotations

import re
from pathlib import Path

_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SHOWN = 12


def of(fingerprint: str, project_root: Path) -> str:
    """Return ``code <fingerprint>``, with ``(commit <hash>)`` behind it in a checkout of git.

    Content comes first since files may differ from the commit that they lie on. Twelve digits of
    each are shown.
    """
    commit = _commit(project_root)
    return f"code {fingerprint[:_SHOWN]}" + (f" (commit {commit[:_SHOWN]})" if commit else "")


def _commit(root: Path) -> str:
    """The commit that is checked out, read from git's own files: the command may not be there."""
    folder = root / ".git"
    try:
        if folder.is_file():  # a linked worktree
            folder = root / folder.read_text(encoding="utf-8").removeprefix("gitdir:").strip()
        head = (folder / "HEAD").read_text(encoding="utf-8").strip()
        if _HASH.fullmatch(head):
            return head
        common = folder / "commondir"
        if common.is_file():
            folder = folder / common.read_text(encoding="utf-8").strip()
        return _referred(folder, head.removeprefix("ref:").strip())
    except (OSError, ValueError):
        return ""


def _referred(folder: Path, name: str) -> str:
    loose = folder / name
    if loose.is_file():
        found = loose.read_text(encoding="utf-8").strip()
        return found if _HASH.fullmatch(found) else ""
    for line in (folder / "packed-refs").read_text(encoding="utf-8").splitlines():
        commit, _, reference = line.partition(" ")
        if reference == name and _HASH.fullmatch(commit):
            return commit
    return ""
