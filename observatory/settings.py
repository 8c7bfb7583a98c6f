"""Where the observatory keeps its state, and how it presents itself to publishers.

Everything comes from the environment; no secret is kept here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from observatory.errors import PermanentError

PROJECT_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """State folders below ``home``, the contact shown to publishers and readers, the address at
    which the site is published (empty: nobody says), and the
    loopback origins that stand in for publishers in tests (host → origin)."""

    home: Path
    contact: str = ""
    base_url: str = ""
    origin_overrides: Mapping[str, str] = field(default_factory=dict)
    project_root: Path = PROJECT_ROOT

    @property
    def inbox(self) -> Path:
        """Files dropped here, below a folder named for their source, are landed."""
        return self.home / "inbox"

    @property
    def landing(self) -> Path:
        """Bodies as received and their receipts."""
        return self.home / "landing"

    @property
    def lake(self) -> Path:
        """Typed Parquet, one folder a snapshot."""
        return self.home / "lake"

    @property
    def warehouse(self) -> Path:
        """The build database; only the models step opens it for writing."""
        return self.home / "warehouse"

    @property
    def build_database(self) -> Path:
        """The DuckDB file in which models are built."""
        return self.warehouse / "build.duckdb"

    @property
    def releases(self) -> Path:
        """Published versions and the ``latest`` pointer."""
        return self.home / "releases"

    @property
    def dagster(self) -> Path:
        """Dagster's own instance folder."""
        return self.home / "dagster"

    @property
    def models(self) -> Path:
        """The SQL models, their contracts and the seeds."""
        return self.project_root / "dbt_like_models"

    @property
    def sql(self) -> Path:
        """Macros that releases carry, and the analysts' cookbook."""
        return self.project_root / "sql"


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read settings from ``OBSERVATORY_HOME`` (default ``var`` in the working folder),
    ``OBSERVATORY_CONTACT``, ``OBSERVATORY_BASE_URL`` and ``OBSERVATORY_ORIGIN_OVERRIDES``.

    The last is a comma-separated list of ``host=origin`` (``*`` for every host), and is meant
    for the loopback tests only. Raises PermanentError for an override that is not loopback, and
    for a base URL that is no web address.
    """
    return Settings(
        home=Path(environ.get("OBSERVATORY_HOME") or "var").resolve(),
        contact=environ.get("OBSERVATORY_CONTACT", ""),
        base_url=_web_address(environ.get("OBSERVATORY_BASE_URL", "").strip()),
        origin_overrides=_overrides(environ.get("OBSERVATORY_ORIGIN_OVERRIDES", "")),
    )


def secret(variable: str, environ: Mapping[str, str] = os.environ) -> str:
    """Return a publisher's key from the environment, at the moment when it is needed: it is
    kept nowhere, and never shown. Empty when it is not set."""
    return environ.get(variable, "").strip()


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query):
        raise PermanentError(
            f"{text!r} is not the address of a site",
            where="OBSERVATORY_BASE_URL",
            remedy="give one such as https://example.org/mutuals/, or unset it",
        )
    return text


def _overrides(text: str) -> dict[str, str]:
    overrides: dict[str, str] = {}
    for item in filter(None, (part.strip() for part in text.split(","))):
        host, _, origin = item.partition("=")
        if not is_loopback(origin):
            raise PermanentError(
                f"{item!r} would send requests to a host that is not this machine",
                where="OBSERVATORY_ORIGIN_OVERRIDES",
                remedy="name a loopback origin such as http://127.0.0.1:8000, or unset it",
            )
        overrides[host.strip().lower()] = origin.rstrip("/")
    return overrides


def is_loopback(origin: str) -> bool:
    """Say whether an origin (or URL) names this very machine."""
    host = urlsplit(origin).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
