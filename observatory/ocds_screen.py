"""The SQL that takes what is personal out of the parties and awards of releases.

What belongs here: e-mail addresses, telephone numbers and homes in texts that are kept. What does
not: fields that are never read (the structure in ``ocds_sql.py``), and the texts of the release
itself, which are screened where they are read.
"""

from __future__ import annotations

# A sole trader's address is a home: it is not kept where a supplier without a register number
# bears what may be a person's own name.
_AT_HOME = """(
    p.identifier is null and coalesce(list_contains(p.roles, 'supplier'), true)
    and looks_like_person(p.name)
)"""
# Screening comes after the row, and the few rows that need it leave the table and come back
# screened: in a lambda DuckDB compiles a regular expression anew for every chunk of rows.
SCREEN = f"""
create or replace temp table ocds_personal as
select * from ocds_read
where (place, part) in (
    select (place, part) from (select place, part, unnest(parties) as p from ocds_read)
    where
        is_personal(p.name) or is_personal(p.legal_name) or is_personal(p.street_address)
        or is_personal(p.locality) or p.street_address is not null and {_AT_HOME}
    union all
    select (place, part) from (
        select place, part, unnest(flatten(list_transform(awards, lambda a: a.suppliers))) as s
        from ocds_read
    )
    where is_personal(s.name)
);
delete from ocds_read where (place, part) in (select (place, part) from ocds_personal);
insert into ocds_read
select * replace (
    list_transform(parties, lambda p: struct_update(
        p,
        name := scrubbed(p.name),
        legal_name := scrubbed(p.legal_name),
        street_address := case when not {_AT_HOME} then scrubbed(p.street_address) end,
        locality := scrubbed(p.locality)
    )) as parties,
    list_transform(awards, lambda a: struct_update(
        a,
        suppliers := list_transform(
            a.suppliers, lambda s: struct_update(s, name := scrubbed(s.name))
        )
    )) as awards
)
from ocds_personal;
drop table ocds_personal;
"""
