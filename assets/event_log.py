"""Dagster's history of events in SQLite, with its connections kept.

Dagster makes a new engine, a new connection and newly compiled statements for each of the thousand
events of a refresh, which takes a twelfth of it. What does not belong here: where the history lies
and how it is set up (``instance.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage
from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import Connection, Engine

# As long as Dagster itself waits for another process that writes.
_BUSY_SECONDS = 30


class KeptSqliteEventLog(ConsolidatedSqliteEventLogStorage):
    """The consolidated event log of Dagster, on one engine for as long as the instance lives."""

    @cached_property
    def _engine(self) -> Engine:
        return create_engine(self._conn_string, connect_args={"timeout": _BUSY_SECONDS})

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        with self._engine.connect() as connection, connection.begin():
            yield connection

    @cached_property
    def _tables(self) -> set[str]:
        return set()

    def has_table(self, table_name: str) -> bool:
        """Whether the history holds the table; once it does, it is not asked again."""
        if table_name not in self._tables:
            with self._engine.connect() as connection:
                if not inspect(connection).has_table(table_name):
                    return False
            self._tables.add(table_name)
        return True

    def dispose(self) -> None:
        """Close the connections."""
        super().dispose()  # type: ignore[no-untyped-call]
        self._engine.dispose()
