-- What: the identifiers of the published organisations.
-- Grain: one row an organisation and identifier.
with published as (
    select org_id
    from ent_published
),

known as (
    select
        org_id,
        scheme,
        identifier,
        basis,
        confidence,
        source,
        snapshot_id,
        locator
    from ent_identifiers
)

select
    known.org_id,
    known.scheme,
    known.identifier,
    known.basis,
    known.confidence,
    known.source,
    known.snapshot_id,
    known.locator
from known
inner join published on known.org_id = published.org_id
