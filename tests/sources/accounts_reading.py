"""What the accounts source makes of a made filing or of a day of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests import archives
from tests.sources import accounts_files as made
from tests.sources.reading import Result, read

ID = "companies_house_accounts"


def one(data: bytes, folder: Path, name: str = made.NAME) -> dict[str, Any]:
    """The row of a loose filing."""
    (row,) = read(ID, data, folder, name).rows
    return row


def day(folder: Path, **members: bytes) -> Result:
    """A daily archive of these members beside a good filing, as read."""
    return read(ID, archives.zipped({made.NAME: made.document(), **members}), folder, made.DAILY)
