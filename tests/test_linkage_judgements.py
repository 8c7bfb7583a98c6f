"""Judgements hold for a record or a name, and two that contradict each other are both named."""

from __future__ import annotations

from datetime import date

import pytest

from observatory.errors import PermanentError
from observatory.linkage_judgements import Judgement, Judgements

ORG = "GB-COH-99000001"


def line(
    asked: str, verdict: str, org_id: str = ORG, asked_as: str = "record", by: str = "a reviewer"
) -> Judgement:
    day, url = date(2026, 11, 23), "https://example.org/1"
    return Judgement(
        "contracts_finder", asked_as, asked, org_id, verdict, by, day, "It says so.", url
    )


def test_a_line_holds_for_its_record_or_for_every_record_of_the_name() -> None:
    judged = Judgements(
        [line("a1", "same"), line("Fictional Lark Ltd.", "different", asked_as="name")]
    )
    assert judged.on("contracts_finder", "a1", ["Other"])[ORG].verdict == "same"
    assert (
        judged.on("contracts_finder", "a2", ["FICTIONAL LARK LIMITED"])[ORG].verdict == "different"
    )
    assert judged.on("contracts_finder", "a2", ["Other"]) == {}
    assert judged.on("sell2wales", "a1", ["Fictional Lark Ltd"]) == {}


@pytest.mark.parametrize(
    "other",
    [
        line("a1", "different", by="another reviewer"),
        line("a1", "same", org_id="GB-COH-99000002", by="another reviewer"),
    ],
)
def test_two_lines_that_contradict_each_other_are_both_named(other: Judgement) -> None:
    with pytest.raises(PermanentError) as told:
        Judgements([line("a1", "same"), other])
    assert str(line("a1", "same")) in str(told.value)
    assert str(other) in str(told.value)
    assert "judgements.csv" in str(told.value)


def test_a_record_and_its_name_may_not_be_judged_against_each_other() -> None:
    judged = Judgements([line("a1", "same"), line("Fictional Lark", "different", asked_as="name")])
    with pytest.raises(PermanentError, match="contradict"):
        judged.on("contracts_finder", "a1", ["FICTIONAL LARK"])
