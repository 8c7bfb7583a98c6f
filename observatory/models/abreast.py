"""Which models are built at the same time: each as soon as what it needs stands.

A model's SQL is mostly small and planned on one core, so that one build after the other leaves
the second core idle. What does not belong here: building a model (``run.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from queue import SimpleQueue
from typing import TypeVar

import duckdb

from observatory.models.project import Model

Result = TypeVar("Result")


def each(
    models: Sequence[Model],
    make: Callable[[duckdb.DuckDBPyConnection, Model], Result],
    con: duckdb.DuckDBPyConnection,
    workers: int,
) -> Iterator[Result]:
    """Call ``make`` for each of ``models``, ``workers`` at a time and none before those of them
    that it needs, each on a connection of its own to the database of ``con``; give the results in
    the order of ``models``, whichever came first.

    What ``make`` raises is raised here, once the others that had begun have been interrupted.
    """
    cursors = [con.cursor() for _ in range(workers)]
    free: SimpleQueue[duckdb.DuckDBPyConnection] = SimpleQueue()
    for cursor in cursors:
        free.put(cursor)

    def work(model: Model) -> Result:
        mine = free.get()
        try:
            return make(mine, model)
        finally:
            free.put(mine)

    pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="models")
    futures: dict[str, Future[Result]] = {}
    try:
        yield from _in_turn(models, futures, lambda model: pool.submit(work, model))
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        # again and again, since an interruption between two statements stops neither
        while running := [one for one in futures.values() if not one.done()]:
            for cursor in cursors:
                cursor.interrupt()
            wait(running, timeout=0.05)
        raise
    finally:
        pool.shutdown()
        for cursor in cursors:
            cursor.close()


def _in_turn(
    models: Sequence[Model],
    futures: dict[str, Future[Result]],
    submit: Callable[[Model], Future[Result]],
) -> Iterator[Result]:
    asked = {model.name for model in models}
    waiting, finished = list(models), set[str]()
    told = 0
    while told < len(models):
        ready = [one for one in waiting if finished.issuperset(asked.intersection(one.before))]
        waiting = [one for one in waiting if one not in ready]
        futures.update({one.name: submit(one) for one in ready})
        running = [future for name, future in futures.items() if name not in finished]
        wait(running, return_when=FIRST_COMPLETED)
        for name, future in futures.items():
            if future.done():
                future.result()
                finished.add(name)
        while told < len(models) and models[told].name in finished:
            yield futures[models[told].name].result()
            told += 1
