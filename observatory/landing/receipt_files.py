"""A receipt as it lies on the disk: one small JSON file, written whole and never changed.

What belongs here: that file's form. What does not: where it lies (``store.py``).
"""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from observatory.errors import ObservatoryError, PermanentError
from observatory.landing.receipts import Receipt, Scope


def to_json(receipt: Receipt) -> str:
    """Return the receipt as the text of its file."""
    fields: dict[str, object] = dict(vars(receipt))
    fields |= {
        "fetched_at": receipt.fetched_at.isoformat(),
        "published_on": receipt.published_on.isoformat(),
        "scope": str(receipt.scope),
        "headers": dict(receipt.headers),
    }
    return json.dumps(fields, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def read_receipt(path: Path) -> Receipt:
    """Read a receipt. Raises PermanentError that names the file and how to mend it."""
    try:
        fields: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        receipt = Receipt(
            **fields
            | {
                "fetched_at": datetime.fromisoformat(fields["fetched_at"]),
                "published_on": date.fromisoformat(fields["published_on"]),
                "scope": Scope.parse(fields["scope"]),
            }
        )
    except (ObservatoryError, ValueError, TypeError, KeyError) as error:
        raise _damaged(path, f"is not a readable receipt ({error})") from error
    if (receipt.source, receipt.sha256) != (path.parent.name, path.stem):
        raise _damaged(path, f"is the receipt of {receipt.source} {receipt.sha256}")
    return receipt


def _damaged(path: Path, what: str) -> PermanentError:
    return PermanentError(
        what,
        where=str(path),
        remedy="restore it from a backup, or move it away and land its body again "
        f"(bodies/{path.stem[:2]}/{path.stem}), with its publication date and scope",
    )
