"""Scopes are read as written; snapshots do not depend on the order of receipts."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from observatory.errors import BadInput
from observatory.landing.receipts import Receipt, Scope, snapshots

scopes = st.one_of(
    st.sampled_from([Scope("whole"), Scope("extract"), Scope("increment")]),
    st.integers(1, 9).flatmap(
        lambda of: st.integers(1, of).map(lambda part: Scope("part", part, of))
    ),
)
few_parts = st.sampled_from([Scope("whole"), Scope("part", 1, 2), Scope("part", 2, 2)])


def receipt(scope: Scope, day: int, minute: int, salt: str = "") -> Receipt:
    digest = hashlib.sha256(f"{scope}{day}{minute}{salt}".encode()).hexdigest()
    return Receipt(
        source="fictional_register",
        sha256=digest,
        size_bytes=1,
        file_name="list.csv",
        origin="command",
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute),
        published_on=date(2026, 1, 1) + timedelta(days=day),
        published_basis="given",
        scope=scope,
    )


@given(scopes)
def test_a_scope_is_read_as_it_is_written(scope: Scope) -> None:
    assert Scope.parse(str(scope)) == scope
    assert Scope.parse(f"  {str(scope).upper()} ") == scope


@given(st.text(max_size=30).filter(lambda text: "part" not in text.lower()))
def test_any_other_text_is_refused_with_a_remedy(text: str) -> None:
    assume(text.strip().lower() not in ("whole", "extract", "increment"))
    with pytest.raises(BadInput, match="is not a scope") as caught:
        Scope.parse(text)
    assert "part 2 of 7" in caught.value.remedy


@pytest.mark.parametrize("text", ["part 0 of 7", "part 8 of 7", "part 1", "", "parts", "whole 1"])
def test_impossible_scopes_are_refused(text: str) -> None:
    with pytest.raises(BadInput, match="is not a scope"):
        Scope.parse(text)


receipts_of_a_source = st.lists(
    st.builds(receipt, few_parts, st.integers(0, 2), st.integers(0, 3)),
    max_size=10,
    unique_by=lambda one: one.sha256,
)


@given(receipts_of_a_source.flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))))
def test_snapshots_do_not_depend_on_the_order_of_receipts(
    pair: tuple[list[Receipt], list[Receipt]],
) -> None:
    first, second = pair
    assert snapshots(first) == snapshots(second)


@given(receipts_of_a_source)
def test_every_whole_body_is_a_snapshot_and_no_receipt_is_in_two(some: list[Receipt]) -> None:
    found = snapshots(some)
    used = [one.sha256 for snapshot in found for one in snapshot.receipts]
    assert len(used) == len(set(used))
    assert {one.sha256 for one in some if one.scope.kind == "whole"} <= set(used)
    assert found == sorted(found, key=lambda one: (one.published_on, one.snapshot_id))


def test_parts_wait_until_all_are_there() -> None:
    first, second = receipt(Scope("part", 1, 2), 0, 5), receipt(Scope("part", 2, 2), 0, 9)
    assert snapshots([first]) == []
    (whole,) = snapshots([second, first])
    assert whole.receipts == (first, second)
    assert whole.scope == Scope("whole")
    assert whole.fetched_at == second.fetched_at


def test_a_replaced_part_is_used_once_and_the_one_the_publisher_changed_last_wins() -> None:
    older = replace(
        receipt(Scope("part", 1, 2), 0, 7), last_modified="Sun, 01 Nov 2026 09:00:00 GMT"
    )
    newer = replace(
        receipt(Scope("part", 1, 2), 0, 1), last_modified="Mon, 02 Nov 2026 09:00:00 GMT"
    )
    second = receipt(Scope("part", 2, 2), 0, 3)
    (whole,) = snapshots([older, second, newer])
    assert whole.receipts == (newer, second)


def test_parts_that_differ_without_a_date_are_chosen_by_hash_not_by_arrival() -> None:
    one, other = (receipt(Scope("part", 1, 2), 0, minute) for minute in (1, 7))
    second = receipt(Scope("part", 2, 2), 0, 3)
    (whole,) = snapshots([one, second, other])
    assert whole.receipts == (max(one, other, key=lambda part: part.sha256), second)
