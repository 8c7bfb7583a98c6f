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

joined as (
    select
        intervals.* exclude (subject, place),
        said.* exclude (subject, place)
    from intervals
    inner join said on intervals.subject = said.subject and intervals.place = said.place
),

seen as (
    select
        org_id,
        source,
        record_key,
        history_of as name_type,
        case history_of when 'current' then name else trading_name end as name,
        valid_from,
        valid_to,
        observed_to,
        known_from,
        known_to,
        snapshot_id,
        locator
    from joined
    where history_of in ('current', 'trading')
),

-- the list of the newest publication known at a moment is the one that counted then
listed as (
    select
        joined.org_id,
        joined.source,
        joined.record_key,
        entries.entry.name as previous_name,
        entries.entry.until as valid_to,
        joined.known_from,
        joined.known_to,
        joined.snapshot_id,
        joined.locator,
        -- names are listed newest first: the next one's end is this one's beginning
        joined.previous_names[entries.place + 1].until as valid_from
    from joined, unnest(joined.previous_names) with ordinality as entries (entry, place)
    where joined.history_of = 'previous' and joined.valid_to is null
),

previous as (
    select
        org_id,
        source,
        record_key,
        'previous' as name_type,
        previous_name as name,
        valid_from,
        valid_to,
        null::date as observed_to,
        min(known_from) as known_from,
        arg_max_null(known_to, known_from) as known_to,
        arg_min(snapshot_id, known_from) as snapshot_id,
        arg_min(locator, known_from) as locator
    from listed
    group by org_id, source, record_key, previous_name, valid_from, valid_to
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
