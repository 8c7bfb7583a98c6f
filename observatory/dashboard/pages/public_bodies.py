"""Public bodies: those that mutuals left and those that buy from them.

A parent is named as its source names it. A buyer is taken for the parent only where the two names
are the same but for case and spaces: whether two spellings mean one council is not guessed here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from observatory.dashboard import words
from observatory.dashboard.reader import Row
from observatory.dashboard.site import Site

_POSITIVE = "('mutual', 'probable', 'possible')"

_CITED = """
select
    regexp_extract(e.value_seen, '^public_parent: (.*)$', 1) as body,
    e.org_id,
    min(e.url) as url
from evidence as e
where e.signal_id = 'curated-public-parent'
group by body, e.org_id
"""
_LEFT = f"""
select
    p.body, p.url, o.org_id, o.name, o.is_candidate, c.verdict, c.valid_from, c.began_precision,
    c.valid_to, c.ended_precision, c.has_ended, c.end_kind
from ({{parents}}) as p
inner join organisations as o on p.org_id = o.org_id
inner join classifications as c on p.org_id = c.org_id and c.definition_id = $definition
where p.body <> '' and c.verdict in {_POSITIVE}
order by p.body, o.name, o.org_id
"""
_SERVES = f"""
select
    a.buyer_name as body, o.org_id, o.name, o.is_candidate, c.verdict, c.has_ended,
    count(*) as awards, min(a.awarded_on) as first_on, max(a.awarded_on) as last_on,
    sum(a.amount) filter (where a.amount_usable) as amount
from awards as a
inner join organisations as o on a.org_id = o.org_id
inner join classifications as c on a.org_id = c.org_id and c.definition_id = $definition
where a.duplicate_of is null and a.buyer_name is not null and c.verdict in {_POSITIVE}
group by all
order by body, o.name, o.org_id
"""


@dataclass
class Body:
    """A public body with the mutuals that ``left`` it and those that it buys from (``serves``)."""

    name: str
    path: str
    left: list[Row] = field(default_factory=list)
    serves: list[Row] = field(default_factory=list)

    @property
    def ended(self) -> int:
        """How many of those that left it have ended as mutuals."""
        return sum(1 for row in self.left if row["has_ended"])


def bodies(site: Site) -> list[Body]:
    """Every public body that a listed mutual left or sold to, by name."""
    made: dict[str, Body] = {}
    paths: set[str] = set()
    for rows, attribute in ((_left(site), "left"), (_serves(site), "serves")):
        for row in rows:
            key = " ".join(str(row["body"]).lower().split())
            if key not in made:
                made[key] = Body(str(row["body"]), _path(str(row["body"]), paths))
            getattr(made[key], attribute).append(row)
    return sorted(made.values(), key=lambda body: (body.name.lower(), body.path))


def _left(site: Site) -> Iterable[Row]:
    needs = {
        "evidence": ("org_id", "signal_id", "value_seen", "url"),
        "organisations": ("org_id", "name", "is_candidate"),
        "classifications": ("org_id", "definition_id", "verdict", "end_kind", "valid_to"),
    }
    if site.reader.missing(needs):
        return []
    return site.reader.rows(_LEFT.format(parents=_CITED), {"definition": site.headline})


def _serves(site: Site) -> Iterable[Row]:
    needs = {
        "awards": ("org_id", "buyer_name", "duplicate_of", "amount", "amount_usable"),
        "organisations": ("org_id", "name", "is_candidate"),
        "classifications": ("org_id", "definition_id", "verdict", "has_ended"),
    }
    if site.reader.missing(needs):
        return []
    return site.reader.rows(_SERVES, {"definition": site.headline})


def _path(name: str, taken: set[str]) -> str:
    """A path for the body's page that no other body has, also where file names ignore case."""
    base = words.slug(name)
    tried, at = base, 1
    while tried.lower() in taken:
        at += 1
        tried = f"{base}-{at}"
    taken.add(tried.lower())
    return f"places/{tried}.html"
