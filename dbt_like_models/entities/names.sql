-- What: the names of the published organisations.
-- Grain: one row an organisation, name, name type and source.
-- A name that may be a person's own is left out where no register identifies the organisation.
with published as (
    select org_id
    from ent_published
),

known as (
    select
        org_id,
        name,
        name_type,
        valid_from,
        valid_to,
        source,
        snapshot_id,
        locator
    from ent_names
)

select
    known.org_id,
    known.name,
    known.name_type,
    known.valid_from,
    known.valid_to,
    known.source,
    known.snapshot_id,
    known.locator
from known
inner join published on known.org_id = published.org_id
where not case when known.org_id like 'GB-COOP-%' then looks_like_person(known.name) else false end
