"""The strata of survival, read from the spells of a build anew and apart from the library."""

from __future__ import annotations

from collections import defaultdict

import duckdb

Key = tuple[str, str, str, str]
Spells = tuple[list[int], list[int], list[bool]]

_ENTRY = {"size_at_birth": "sized_days", "governance": "governed_days"}
_UNTOLD = ("unknown", "unclassified")


def strata(con: duckdb.DuckDBPyConnection) -> dict[Key, Spells]:
    """Entry, exit and whether it ended, of whoever was at risk: by population, end and stratum,
    and once more over the strata of fewer than ten."""
    divisions = [by for (by,) in con.execute("select distinct stratum_by from survival").fetchall()]
    found: dict[Key, list[tuple[int, int, bool]]] = defaultdict(list)
    members: dict[Key, int] = defaultdict(int)
    for by in divisions:
        column = "'all'" if by == "all" else f"coalesce({by}, 'unknown')"
        entry = _ENTRY.get(by, "entry_days")
        for population, end_of, name, enters, leaves, ended, at_risk in con.execute(
            f"select population_id, end_of, {column}, {entry}, exit_days, cause is not null,"
            f" is_at_risk and exit_days > {entry} from srv_spells where dating = 'middle'"
        ).fetchall():
            members[population, end_of, by, name] += 1
            if at_risk:
                found[population, end_of, by, name].append((enters, leaves, ended))
    small = [key for key in members if len(found.get(key, [])) < 10 and key[3] not in _UNTOLD]
    for key in small:
        if sum(1 for one in small if one[:3] == key[:3]) > 1 and found.get(key):
            found[*key[:3], "groups of fewer than ten together"] += found[key]
    return {
        key: ([a for a, _, _ in own], [b for _, b, _ in own], [c for _, _, c in own])
        for key, own in found.items()
        if own
    }
