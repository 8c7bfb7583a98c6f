-- What: what happened to main charities of England and Wales: registrations, removals, mergers, transfers.
-- Grain: one row a charity and event, by the event's place in the charity's history.
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
    where source = 'charity_commission_events' and is_present
),

records as (
    select
        snapshot_id,
        locator,
        charity_number,
        event_order,
        event_type,
        event_on,
        reason,
        other_charity_number,
        other_charity_name
    from lake.charity_commission_events
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
        records.event_order,
        records.event_type,
        records.event_on,
        records.reason,
        records.other_charity_number,
        records.other_charity_name
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
    event_order,
    event_type,
    event_on,
    reason,
    other_charity_number,
    other_charity_name
from final
