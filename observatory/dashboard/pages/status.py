"""Status: which version this is, what it was built from, and which came before."""

from __future__ import annotations

from collections.abc import Iterator

from observatory.dashboard.figures import Plan
from observatory.dashboard.render import Page
from observatory.dashboard.site import Site


def pages(site: Site) -> Iterator[Page]:
    """Yield the page of the pipeline's status."""
    tables = [
        {"name": name, "rows": site.reader.count(name)}
        for name in site.reader.tables
        if not name.startswith("_")
    ]
    yield Page(
        "status.html",
        "status.html",
        "Status",
        "Which version this is, what it was built from and which came before.",
        {
            "about": site.reader.about,
            "tables": tables,
            "shown": [site.figure(plan) for plan in (_versions(), _landed())],
        },
    )


def _versions() -> Plan:
    return Plan(
        "releases",
        "Versions",
        "A new version is published only when a fact changed. The version names its day.",
        "-- Which versions are there?\n"
        "select version, version_kind, status, status_reason, fact_rows, organisations,\n"
        "    facts_hash\n"
        "from releases order by version desc",
        {
            "releases": (
                "version",
                "version_kind",
                "status",
                "status_reason",
                "fact_rows",
                "organisations",
                "facts_hash",
            )
        },
        {
            "version": "Version",
            "version_kind": "Kind",
            "status": "What became of it",
            "status_reason": "Why",
            "organisations": "Organisations",
            "fact_rows": "Rows of facts",
            "facts_hash": "Hash of the facts",
        },
        "A major version removes or retypes what readers rely on, a minor one adds to it, in a "
        "patch only the data differ. The hash is taken of all facts: two versions with one hash "
        "say the same. What became of a version is as of the day of this one.",
        open_table=True,
    )


def _landed() -> Plan:
    return Plan(
        "snapshots",
        "What it was built from",
        "Each version of each source that landed, the newest first.",
        "-- Which versions of which sources have landed?\n"
        "select s.title as source, v.published_on, v.scope, v.rows, v.quarantined, v.snapshot_id\n"
        "from snapshots as v left join sources as s on v.source = s.source\n"
        "order by v.published_on desc nulls last, v.snapshot_id",
        {
            "snapshots": ("source", "published_on", "scope", "rows", "quarantined", "snapshot_id"),
            "sources": ("source", "title"),
        },
        {
            "source": "Source",
            "published_on": "Published",
            "scope": "Scope",
            "rows": "Records",
            "quarantined": "Set aside",
            "snapshot_id": "Snapshot",
        },
        "Only between two whole snapshots of a source can a record be said to have vanished; an "
        "extract or an increment never shows that.",
        empty="Nothing has landed.",
        open_table=True,
    )
