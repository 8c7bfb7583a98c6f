-- What: the names that registers gave the published organisations, from when to when, as we knew it from when
-- to when.
-- Grain: one row an organisation, source, record, name type, name, valid_from and known_from.
-- A name seen in the register is valid from its first snapshot on; a name that the register itself lists
-- as previous carries the register's dates.
with intervals as (
    select
        history_of,
        subject,
        place,
        valid_from::date as valid_from,
        valid_to::date as valid_to,
        observed_to::date as observed_to,
        known_from,
        known_to
    from his_intervals
    where history_of in ('current', 'trading', 'previous')
),

said as (
    select
        org_id,
        source,
        record_key,
        place,
        snapshot_id,
        locator,
        name,
        trading_name,
        previous_names,
        source || '|' || record_key as subject
    from his_register_rows
),

former_names as (
    select
        *,
        unnest(previous_names) as former,
        concat_ws('|', subject, former) as former_subject
    from said
),

seen as (
    select
        said.org_id,
        said.source,
        said.record_key,
        intervals.history_of as name_type,
        case intervals.history_of when 'current' then said.name else said.trading_name end as name,
        intervals.valid_from,
        intervals.valid_to,
        intervals.observed_to,
        intervals.known_from,
        intervals.known_to,
        said.snapshot_id,
        said.locator
    from intervals
    inner join said on intervals.subject = said.subject and intervals.place = said.place
    where intervals.history_of in ('current', 'trading')
),

-- what the newest list known at a moment holds; how long it was listed is of no account
previous as (
    select
        former_names.org_id,
        former_names.source,
        former_names.record_key,
        intervals.history_of as name_type,
        former_names.former.name,
        former_names.former.since as valid_from,
        former_names.former.until as valid_to,
        null::date as observed_to,
        intervals.known_from,
        intervals.known_to,
        former_names.snapshot_id,
        former_names.locator
    from intervals
    inner join former_names
        on intervals.subject = former_names.former_subject and intervals.place = former_names.place
    where
        intervals.history_of = 'previous' and intervals.valid_to is null and intervals.observed_to is null
),

final as (
    select *
    from seen
    union all
    select *
    from previous
)

select
    org_id,
    source,
    record_key,
    name_type,
    name,
    valid_from,
    valid_to,
    observed_to,
    known_from,
    known_to,
    snapshot_id,
    locator,
    md5(concat_ws('|', org_id, source, record_key, name_type, name, valid_from, valid_to, known_from))[:16]
        as name_key
from final
