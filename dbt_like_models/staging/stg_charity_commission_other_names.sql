-- What: working and previous names of main charities of England and Wales.
-- Grain: one row a charity and name.
with versions as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        valid_from,
        known_from,
        first_snapshot_id,
        first_seen_on,
        last_seen_on,
        is_absent
    from stg_record_versions
    where source = 'charity_commission_other_names' and is_present
),

records as (
    select
        snapshot_id,
        locator,
        charity_number,
        name,
        name_type
    from lake.charity_commission_other_names
),

final as (
    select
        versions.source,
        versions.record_key,
        versions.snapshot_id,
        versions.locator,
        versions.valid_from as published_on,
        versions.known_from as fetched_at,
        versions.first_snapshot_id,
        versions.first_seen_on,
        versions.last_seen_on,
        versions.is_absent,
        records.charity_number,
        records.name,
        case lower(records.name_type)
            when 'working name' then 'working'
            when 'previous name' then 'previous'
            else 'unknown'
        end as name_type
    from versions
    inner join records
        on versions.snapshot_id = records.snapshot_id and versions.locator = records.locator
)

select
    source,
    record_key,
    snapshot_id,
    locator,
    published_on,
    fetched_at,
    first_snapshot_id,
    first_seen_on,
    last_seen_on,
    is_absent,
    charity_number,
    name,
    name_type
from final
