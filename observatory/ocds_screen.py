"""The SQL that takes what is personal out of the parties and awards of releases.

What belongs here: e-mail addresses, telephone numbers and homes in texts that are kept, and the
view of releases as they go to the lake. What does not: fields that are never read (the structure
in ``ocds_shape.py``), and the texts of the release itself, which are screened where they are read.
"""

from __future__ import annotations

# A sole trader's address is a home: it is not kept where a supplier without a register number
# bears what may be a person's own name. Which releases must be screened is asked after the rows are
# made, and only those are: in a lambda DuckDB compiles a regular expression anew for every chunk.
PERSONAL = """
create or replace temp table ocds_personal as
with party as (
    select
        place, part, p.name, p.legal_name, p.street_address, p.locality,
        p.street_address is not null and p.identifier is null
        and coalesce(list_contains(p.roles, 'supplier'), true) as unnumbered
    from (select place, part, unnest(parties) as p from ocds_line)
),
person as (
    select name from (select distinct name from party where unnumbered)
    where looks_like_person(name)
),
found as (
    select place, part, true as texts, null as home from party
    where
        is_personal(name) or is_personal(legal_name) or is_personal(street_address)
        or is_personal(locality)
    union all
    select place, part, false, name from party semi join person using (name) where unnumbered
    union all
    select place, part, true, null from (
        select place, part, unnest(flatten(list_transform(awards, lambda a: a.suppliers))) as s
        from ocds_line
    )
    where is_personal(s.name)
)
select
    place, part, bool_or(texts) as texts,
    coalesce(list(distinct home) filter (home is not null), []) as homes
from found group by all
"""
_AWAY = """list_transform(parties, lambda p: struct_update(
        p,
        street_address := case
            when not (
                p.identifier is null and coalesce(list_contains(p.roles, 'supplier'), true)
                and coalesce(list_contains(homes, p.name), false)
            ) then p.street_address
        end
    ))"""
SCREENED = f"""
create or replace temp table ocds_screened as
with away as (
    select * replace ({_AWAY} as parties) from ocds_line join ocds_personal using (place, part)
)
select * exclude (texts, homes) replace (
    case when not texts then parties else list_transform(parties, lambda p: struct_update(
        p,
        name := scrubbed(p.name),
        legal_name := scrubbed(p.legal_name),
        street_address := scrubbed(p.street_address),
        locality := scrubbed(p.locality)
    )) end as parties,
    case when not texts then awards else list_transform(awards, lambda a: struct_update(
        a,
        suppliers := list_transform(
            a.suppliers, lambda s: struct_update(s, name := scrubbed(s.name))
        )
    )) end as awards
)
from away
"""
RELEASES = """
create or replace temp view ocds_release as
select * exclude (place, part, unreadable)
from (
    from ocds_line anti join ocds_personal using (place, part)
    union all
    from ocds_screened
)
order by place, part
"""
