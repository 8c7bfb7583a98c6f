"""What a model promises: the YAML contract beside each SQL file and seed, read strictly.

What belongs here: the shape of a contract, and the refusal of one that says too little or
something that nobody reads. What does not: SQL (``project.py``) and running (``run.py``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

import duckdb

from observatory.errors import PermanentError
from observatory.models import yamls

Published = Literal["facts", "run", "no"]
Licence = Literal["rows", "derived facts", "none"]
Severity = Literal["error", "warn"]
ColumnTest = Literal["not_null", "unique"]

PUBLISHED: tuple[Published, ...] = ("facts", "run", "no")
LICENCES: tuple[Licence, ...] = ("rows", "derived facts", "none")
SEVERITIES: tuple[Severity, ...] = ("error", "warn")
COLUMN_TESTS: tuple[ColumnTest, ...] = ("not_null", "unique")

Choice = TypeVar("Choice", bound=str)

# In place of given rows: the seed's own rows.
SEED_ROWS = "seed"


@dataclass(frozen=True)
class ColumnContract:
    """One column: its DuckDB type (as DuckDB spells it), its meaning, and what may be republished.

    ``enum`` lists the accepted values (of the elements, for a list); ``references`` is
    ``table.column``; a ``not_a_change`` column is ignored when facts are compared.
    """

    name: str
    type: str
    description: str
    licence: Licence | None = None
    sources: tuple[str, ...] = ()
    tests: tuple[ColumnTest, ...] = ()
    enum: tuple[str, ...] = ()
    references: str = ""
    unit: str = ""
    not_a_change: bool = False


@dataclass(frozen=True)
class TableTest:
    """A query whose rows are failures."""

    name: str
    sql: str
    severity: Severity = "error"


Row = Mapping[str, object]


@dataclass(frozen=True)
class UnitTest:
    """Given rows by table, and the rows expected of the model. A given of None stands for
    the seed's own rows. Without ``ordered`` the order of rows does not matter."""

    name: str
    given: Mapping[str, tuple[Row, ...] | None]
    expect: tuple[Row, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Contract:
    """The promise of one table. ``order_by`` empty means: rows in no particular order. Of one that
    is ``recorded`` a release keeps every version that any release said, in ``<name>_history``."""

    name: str
    path: Path
    description: str
    grain: tuple[str, ...]
    columns: tuple[ColumnContract, ...]
    published: Published = "no"
    order_by: tuple[str, ...] = ()
    recorded: bool = False
    tests: tuple[TableTest, ...] = ()
    unit_tests: tuple[UnitTest, ...] = ()
    python: str = ""
    depends_on: tuple[str, ...] = ()

    def column(self, name: str) -> ColumnContract | None:
        """Return the column of that name, or None."""
        return next((one for one in self.columns if one.name == name), None)


class _Reader:
    """Reads one contract file; every complaint names the file and the place in it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fail(self, what: str) -> PermanentError:
        return PermanentError(what, where=str(self.path))

    def mapping(self, value: object, place: str, allowed: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.fail(f"{place} must be a mapping with the keys {allowed}")
        unknown = sorted(str(key) for key in value if str(key) not in allowed.split())
        if unknown:
            raise self.fail(f"{place} has the unknown key {unknown[0]!r}; known: {allowed}")
        return cast("dict[str, Any]", value)

    def text(self, value: object, place: str) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self.fail(f"{place} must be text and is missing or empty")
        return value.strip()

    def texts(self, value: object, place: str) -> tuple[str, ...]:
        items = self.items(value, place)
        return tuple(self.text(str(item) if item is not None else "", place) for item in items)

    def items(self, value: object, place: str) -> Sequence[Any]:
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self.fail(f"{place} must be a list")
        return value

    def flag(self, value: object, place: str) -> bool:
        if not isinstance(value, bool):
            raise self.fail(f"{place} must be true or false")
        return value

    def choice(self, value: object, place: str, allowed: Sequence[Choice]) -> Choice:
        for one in allowed:
            if one == value:
                return one
        raise self.fail(f"{place} is {value!r} and must be one of: {', '.join(allowed)}")

    def type(self, value: object, place: str) -> str:
        text = self.text(value, place)
        try:
            return str(duckdb.sqltype(text))
        except duckdb.Error as error:
            raise self.fail(f"{place}: DuckDB has no type {text!r}") from error

    def column(self, value: object) -> ColumnContract:
        keys = "name type description licence sources tests enum references unit not_a_change"
        raw = self.mapping(value, "a column", keys)
        name = self.text(raw.get("name"), "a column's name")
        place = f"column {name}"
        references = str(raw.get("references") or "")
        if references and references.count(".") != 1:
            raise self.fail(f"{place}: references must be written table.column")
        tests = self.texts(raw.get("tests"), f"{place}: tests")
        return ColumnContract(
            name=name,
            type=self.type(raw.get("type"), f"{place}: type"),
            description=self.text(raw.get("description"), f"{place}: description"),
            licence=None
            if raw.get("licence") is None
            else self.choice(raw["licence"], f"{place}: licence", LICENCES),
            sources=self.texts(raw.get("sources"), f"{place}: sources"),
            tests=tuple(self.choice(one, f"{place}: a test", COLUMN_TESTS) for one in tests),
            enum=self.texts(raw.get("enum"), f"{place}: enum"),
            references=references,
            unit=str(raw.get("unit") or ""),
            not_a_change=self.flag(raw.get("not_a_change", False), f"{place}: not_a_change"),
        )

    def test(self, value: object) -> TableTest:
        raw = self.mapping(value, "a test", "name sql severity")
        name = self.text(raw.get("name"), "a test's name")
        place = f"test {name!r}"
        return TableTest(
            name=name,
            sql=self.text(raw.get("sql"), f"{place}: sql").rstrip(";"),
            severity=self.choice(raw.get("severity", "error"), f"{place}: severity", SEVERITIES),
        )

    def rows(self, value: object, place: str) -> tuple[Row, ...]:
        rows = self.items(value, place)
        for row in rows:
            if not isinstance(row, dict) or not all(isinstance(key, str) for key in row):
                raise self.fail(f"{place}: each row must be a mapping of column to value")
        return tuple(rows)

    def unit_test(self, value: object) -> UnitTest:
        raw = self.mapping(value, "a unit test", "name given expect ordered")
        name = self.text(raw.get("name"), "a unit test's name")
        place = f"unit test {name!r}"
        given = raw.get("given") or {}
        if not isinstance(given, dict):
            raise self.fail(f"{place}: given must map tables to rows")
        if "expect" not in raw:
            raise self.fail(f"{place} expects nothing; write `expect: []` for no rows")
        return UnitTest(
            name=name,
            given={
                str(table): None
                if rows == SEED_ROWS
                else self.rows(rows, f"{place}: given {table}")
                for table, rows in given.items()
            },
            expect=self.rows(raw["expect"], f"{place}: expect"),
            ordered=self.flag(raw.get("ordered", False), f"{place}: ordered"),
        )

    def columns(self, raw: Mapping[str, Any]) -> tuple[ColumnContract, ...]:
        """The contract's own columns, or those of the table beside it that it is made like."""
        if "columns_like" not in raw:
            return tuple(self.column(one) for one in self.items(raw.get("columns"), "columns"))
        if "columns" in raw:
            raise self.fail("columns and columns_like exclude each other")
        other = self.path.with_name(f"{self.text(raw['columns_like'], 'columns_like')}.yml")
        listed = yamls.read(other) if other.is_file() else None
        if not isinstance(listed, dict) or "columns" not in listed:
            raise self.fail(f"columns_like names {other.stem!r}, which lists no columns beside it")
        return tuple(self.column(one) for one in self.items(listed["columns"], "columns"))

    def contract(self) -> Contract:
        keys = (
            "description grain published order_by recorded columns columns_like tests unit_tests"
            " python depends_on"
        )
        raw = self.mapping(yamls.read(self.path), "the contract", keys)
        grain = self.texts(raw.get("grain"), "grain")
        order_by = self.texts(raw["order_by"], "order_by") if "order_by" in raw else grain
        published = self.choice(raw.get("published", "no"), "published", PUBLISHED)
        recorded = self.flag(raw.get("recorded", False), "recorded")
        if recorded and published == "no":
            raise self.fail("recorded is for published tables: it keeps what releases said")
        contract = Contract(
            name=self.path.stem,
            path=self.path,
            description=self.text(raw.get("description"), "description"),
            grain=grain,
            columns=self.columns(raw),
            published=published,
            # The grain breaks ties, so that the same rows are always written in one order.
            order_by=order_by and (*order_by, *(one for one in grain if one not in order_by)),
            recorded=recorded,
            tests=tuple(self.test(one) for one in self.items(raw.get("tests"), "tests")),
            unit_tests=tuple(
                self.unit_test(one) for one in self.items(raw.get("unit_tests"), "unit_tests")
            ),
            python=str(raw.get("python") or ""),
            depends_on=self.texts(raw.get("depends_on"), "depends_on"),
        )
        self._hold_together(contract)
        return contract

    def _hold_together(self, contract: Contract) -> None:
        names = [column.name for column in contract.columns]
        if not names or not contract.grain:
            raise self.fail("a contract needs columns and a grain (what makes a row one row)")
        tests = [f"test {one.name!r}" for one in contract.tests]
        tests += [f"unit test {one.name!r}" for one in contract.unit_tests]
        for name in (*names, *tests):
            if (*names, *tests).count(name) > 1:
                raise self.fail(f"{name} is there twice")
        for key in (*contract.grain, *contract.order_by):
            if key not in names:
                raise self.fail(f"grain or order_by names {key!r}, which is not a column")
        if contract.python and contract.python.count(":") != 1:
            raise self.fail("python must be written package.module:function")
        if contract.depends_on and not contract.python:
            raise self.fail("depends_on is for Python models; a SQL file says what it reads")
        for column in contract.columns:
            if contract.published != "no" and column.licence is None:
                raise self.fail(
                    f"column {column.name} of a published table must say its licence"
                    f" ({' | '.join(LICENCES)})"
                )


def read(path: Path) -> Contract:
    """Return the contract in this YAML file; the table is named after the file.

    Raises PermanentError that names the file and what is missing, unknown or contradictory.
    """
    return _Reader(path).contract()
