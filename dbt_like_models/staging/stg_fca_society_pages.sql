-- What: the page of each watched society in the Mutuals Public Register, as last seen.
-- Grain: one row a society number that was searched for, found or not.
-- year_end_month and year_end_day are read from the year end as shown, where it is a day and a month.
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
    where source = 'fca_society_pages' and is_present
),

records as (
    select
        snapshot_id,
        locator,
        society_number,
        asked_at,
        is_known,
        society_id,
        society_name,
        society_status,
        registered_as,
        registered_on,
        registration_act,
        deregistered_on,
        year_end,
        documents
    from lake.fca_society_pages
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
        records.society_number,
        records.asked_at,
        records.is_known,
        records.society_id,
        records.society_name,
        records.society_status,
        records.registered_as,
        records.registered_on,
        records.registration_act,
        records.deregistered_on,
        records.year_end,
        records.documents,
        month(
            try_strptime(records.year_end || ' 2000', ['%d %B %Y', '%d %b %Y', '%d/%m %Y'])
        )::smallint as year_end_month,
        day(
            try_strptime(records.year_end || ' 2000', ['%d %B %Y', '%d %b %Y', '%d/%m %Y'])
        )::smallint as year_end_day
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
    society_number,
    asked_at,
    is_known,
    society_id,
    society_name,
    society_status,
    registered_as,
    registered_on,
    registration_act,
    deregistered_on,
    year_end,
    documents,
    year_end_month,
    year_end_day
from final
