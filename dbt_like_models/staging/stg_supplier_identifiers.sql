-- What: every identifier that notices give a supplier of an award, in the form of its scheme.
-- Grain: one row a supplier's record, scheme and identifier. What cannot be an identifier of its scheme, and
-- numbers of supplier profiles (GB-CFS, GB-SRS, GB-FTS), are left out: they are nobody's.
with suppliers as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        supplier_name,
        [{ 'scheme': supplier_scheme, 'id': supplier_identifier }]
        || coalesce(additional_identifiers, [])
        || [{
            'scheme': regexp_extract(supplier_id, '^(GB-[A-Z]+)-', 1),
            'id': regexp_extract(supplier_id, '^GB-[A-Z]+-(.*)$', 1)
        }] as stated
    from stg_award_suppliers
),

identifiers as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        supplier_name,
        unnest(stated) as one
    from suppliers
),

final as (
    select distinct
        source,
        record_key,
        snapshot_id,
        locator,
        supplier_name,
        one.scheme,
        normalise_identifier(one.scheme, one.id) as identifier
    from identifiers
)

select
    source,
    record_key,
    scheme,
    identifier,
    snapshot_id,
    locator,
    supplier_name
from final
where identifier is not null
