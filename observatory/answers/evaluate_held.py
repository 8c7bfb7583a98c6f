"""What the records held of each scored organisation say, so that a missed one can be read.

What belongs here: which sources hold a record of it, and on which required criteria a piece of
evidence in them speaks. What does not: finding the organisation (``evaluate_records.py``) and
deciding whether a verdict is wrong (``evaluate_scores.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from observatory.answers.evaluate_labels import SCORED
from observatory.answers.evaluate_records import CURATED, Case, Connection

_SPEAKS = """
    select distinct e.source, c.title, e.direction
    from evidence as e
    inner join criteria as c on e.criterion_id = c.criterion_id
    where list_contains($org_ids, e.org_id) and e.source <> $curated
        and e.criterion_id in (
            select criterion_id from definition_criteria
            where definition_id = $definition and role = 'required'
        )
    order by e.source, c.title, e.direction
"""


@dataclass(frozen=True)
class Held:
    """One scored organisation of which records are held. ``speaks`` has source, criterion and
    direction (for, against) of the evidence on what the headline definition requires."""

    case: Case
    speaks: tuple[tuple[str, str, str], ...]

    @property
    def words(self) -> str:
        """What is held, in a sentence or two."""
        said = [f"{source} speaks {direction}: {title}" for source, title, direction in self.speaks]
        silent = [one for one in self.case.sources if one not in {row[0] for row in self.speaks}]
        if not said:
            rows_in = "row" if len(silent) == 1 else "rows"
            return (
                f"no record in the lake beyond the {rows_in} in {', '.join(silent)}, where nothing "
                "speaks on what is required"
            )
        rows = [f"a row without such evidence in {', '.join(silent)}"] if silent else []
        return "; ".join([*said, *rows])

    def as_dict(self) -> dict[str, object]:
        """What a program needs to list it."""
        return {
            "name": self.case.labelled.name,
            "label": self.case.labelled.group,
            "org_ids": list(self.case.org_ids),
            "records_of": list(self.case.sources),
            "speaks": [
                {"source": source, "criterion": title, "direction": direction}
                for source, title, direction in self.speaks
            ],
            "words": self.words,
        }


def held(con: Connection, cases: Sequence[Case], definition_id: str) -> list[Held]:
    """Return for each scored case with records what they say on what ``definition_id``
    requires. ``con`` is a release."""
    found = []
    for case in cases:
        if case.labelled.group not in SCORED or not case.has_records:
            continue
        asked = {"org_ids": list(case.org_ids), "curated": CURATED, "definition": definition_id}
        rows = con.execute(_SPEAKS, asked).fetchall()
        found.append(Held(case, tuple((source, title, way) for source, title, way in rows)))
    return found
