-- What: the districts of today with their names and regions.
-- Grain: one row a district.
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
    where source = 'local_authorities' and is_present
),

records as (
    select
        snapshot_id,
        locator,
        lad_name,
        region_code,
        region_name
    from lake.local_authorities
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
        records.lad_name,
        records.region_code,
        records.region_name,
        versions.record_key as lad_code
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
    lad_code,
    lad_name,
    region_code,
    region_name
from final
