"""Which names of a register are worth comparing with which askers: found in DuckDB, by words.

What belongs here: the SQL that finds candidates among millions of names, and the weights of their
words. What does not: deciding (``linkage.py``), and any table of a source: a register is any
relation with a column ``name_normalised``, in the form that ``normalise_name`` gives.

A candidate is every name of the same letters (so that no bearer of a name is overlooked), every
name of the same initials, and the names that share the rarest words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import duckdb

from observatory.linkage_names import LEGAL_FORMS, SMALL_WORDS, block_words, readings
from observatory.linkage_scoring import Weights
from observatory.linkage_types import Asker

# A word in more names than this part of the register (or this many) finds too many to compare.
_COMMON_PART, _COMMON_LEAST = 0.01, 1_000
_CANDIDATES = 25
_INITIALS = range(4, 9)

_FORMS = "|".join(sorted(LEGAL_FORMS))
_NOT_TELLING = "|".join(sorted(LEGAL_FORMS | SMALL_WORDS))
_LETTERS = (
    f"coalesce(nullif(replace(regexp_replace(name_normalised, '\\b(?:{_FORMS})\\b', '', 'g'),"
    " ' ', ''), ''), replace(name_normalised, ' ', ''))"
)
_FIRST_LETTERS = (
    "regexp_replace(regexp_replace(name_normalised,"
    f" '\\b(?:{_NOT_TELLING})\\b ?', '', 'g'), '([a-z0-9])[a-z0-9]* ?', '\\1', 'g')"
)


def candidates(
    con: duckdb.DuckDBPyConnection, register: str, askers: Iterable[Asker]
) -> tuple[dict[str, list[str]], Weights]:
    """Return the normalised names of ``register`` (a table or view) to compare with each asker,
    by the asker's key and in alphabetical order, and the weights of their words.

    Temporary tables ``link_*`` are made in ``con`` and dropped again.
    """
    _ask(con, list(askers))
    try:
        con.execute(
            f"create or replace temp table link_names as select name_normalised, count(*) as n"
            f" from {register} where name_normalised is not null group by name_normalised"
        )
        _count_words(con)
        con.execute(_PAIRS)
        found: dict[str, list[str]] = {}
        for key, name in con.execute(
            "select key, name_normalised from link_pairs order by all"
        ).fetchall():
            found.setdefault(key, []).append(name)
        return found, _weights(con)
    finally:
        for table in ("link_asked", "link_names", "link_words", "link_pairs"):
            con.execute(f"drop table if exists {table}")


def _ask(con: duckdb.DuckDBPyConnection, askers: list[Asker]) -> None:
    rows: set[tuple[str, str, str]] = set()
    for asker in askers:
        for name in asker.names:
            for _, form in readings(name):
                rows.add((asker.key, "letters", form.letters))
                rows.update((asker.key, "word", word) for word in block_words(form))
                if len(form.words) == 1 and len(form.letters) in _INITIALS:
                    rows.add((asker.key, "initials", form.letters))
    columns: Mapping[str, list[str]] = {
        name: [row[place] for row in sorted(rows)] for place, name in enumerate(("k", "w", "v"))
    }
    con.execute(
        "create or replace temp table link_asked as"
        " select unnest($k::varchar[]) as key, unnest($w::varchar[]) as what,"
        " unnest($v::varchar[]) as value",
        dict(columns),
    )


def _count_words(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "create or replace temp table link_words as select word, sum(n)::bigint as n from ("
        " select unnest(list_distinct(string_split(name_normalised, ' '))) as word, n"
        " from link_names) group by word"
    )


_PAIRS = f"""
create or replace temp table link_pairs as
with total as (
    select greatest(sum(n) * {_COMMON_PART}, {_COMMON_LEAST}) as most, sum(n) as n from link_names
),
asked_words as (
    select asked.key, asked.value as word, ln((total.n + 1) / (words.n + 1)) as weight
    from link_asked as asked
    inner join link_words as words on asked.value = words.word
    cross join total
    where asked.what = 'word' and words.n <= total.most
),
listed as (
    select names.name_normalised, unnest(string_split(names.name_normalised, ' ')) as word
    from link_names as names
),
hits as (
    select asked_words.key, listed.name_normalised, sum(asked_words.weight) as shared
    from listed inner join asked_words on listed.word = asked_words.word
    group by asked_words.key, listed.name_normalised
    qualify row_number() over (
        partition by asked_words.key
        order by shared desc, length(listed.name_normalised), listed.name_normalised
    ) <= {_CANDIDATES}
)
select key, name_normalised from hits
union
select asked.key, names.name_normalised
from link_names as names
inner join link_asked as asked on asked.what = 'letters' and {_LETTERS} = asked.value
union
select asked.key, names.name_normalised
from link_names as names
inner join link_asked as asked on asked.what = 'initials' and {_FIRST_LETTERS} = asked.value
where exists (from link_asked where what = 'initials')
"""


def _weights(con: duckdb.DuckDBPyConnection) -> Weights:
    """Read the counts of the words in the candidates and in what was asked."""
    counts = con.execute(
        "select word, n from link_words where word in ("
        " select unnest(string_split(name_normalised, ' ')) from link_pairs)"
        " or word in (select value from link_asked where what = 'word')"
    ).fetchall()
    total = con.execute("select coalesce(sum(n), 0)::bigint from link_names").fetchone()
    return Weights(int(total[0]) if total else 0, {str(word): int(n) for word, n in counts})
