-- What: public bodies of now and then, each with its citation.
-- Grain: one row a body and name. No end means that no source at hand gives one, not that the body exists;
-- and a name alone makes nobody a public body.
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
    where source = 'public_bodies' and is_present
),

records as (
    select
        snapshot_id,
        locator,
        body_id,
        name,
        kind,
        gss_code,
        ods_code,
        started_on,
        ended_on,
        source_url,
        source_note
    from lake.public_bodies
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
        records.body_id,
        records.name,
        records.kind,
        records.gss_code,
        records.ods_code,
        records.started_on,
        records.ended_on,
        records.source_url,
        records.source_note,
        normalise_name(records.name) as name_normalised
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
    body_id,
    name,
    name_normalised,
    kind,
    gss_code,
    ods_code,
    started_on,
    ended_on,
    source_url,
    source_note
from final
