-- What: the readings that a signal reads, each with the organisation that it is about.
-- Grain: one row a signal, organisation, source and record.
-- The one place where records meet signals and organisations. A record is told by its own link to an
-- organisation, or by a register's number that is exactly one organisation's. A signal against is taken only
-- from a record that is told by an identifier and is not doubtful in itself; a link by name and postcode may
-- support, but for what was true before the organisation was registered: a name is used again.
with readings as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        link_key,
        about,
        reading,
        value_seen,
        url,
        valid_from,
        valid_to,
        known_from,
        may_speak_against
    from ev_readings
),

record_organisations as (
    select
        source,
        record_key,
        org_id,
        may_carry_adverse
    from ent_record_organisations
    where confidence in ('exact', 'probable')
),

registered as (
    select
        org_id,
        registered_on
    from ent_organisations
    where registered_on is not null
),

sole_numbers as (
    select
        scheme || '-' || identifier as number,
        min(org_id) as org_id,
        bool_and(confidence = 'exact') as may_carry_adverse
    from ent_identifiers
    where confidence in ('exact', 'probable')
    group by scheme, identifier
    having count(distinct org_id) = 1
),

-- a signal may read several sources that say the same thing in the same way
reads as (
    select
        signal_id,
        direction,
        reads as reading,
        unnest(string_split(source, '|')) as source
    from signals
),

heard as (
    select
        readings.*,
        reads.signal_id,
        reads.direction
    from readings
    inner join reads on readings.source = reads.source and readings.reading = reads.reading
),

told as (
    select
        heard.*,
        record_organisations.org_id,
        record_organisations.may_carry_adverse
    from heard
    inner join record_organisations
        on
            heard.source = record_organisations.source
            and heard.link_key = record_organisations.record_key
    where heard.about is null
    union all
    select
        heard.*,
        sole_numbers.org_id,
        sole_numbers.may_carry_adverse
    from heard
    inner join sole_numbers on heard.about = sole_numbers.number
),

final as (
    select
        told.org_id,
        signal_id,
        reading,
        value_seen,
        source,
        record_key,
        snapshot_id,
        locator,
        url,
        valid_from,
        valid_to,
        known_from
    from told
    left join registered on told.org_id = registered.org_id
    where
        case
            when told.may_carry_adverse then told.direction = 'for' or told.may_speak_against
            else told.direction = 'for' and not coalesce(told.valid_from < registered.registered_on, false)
        end
    -- two readings of one record may say the same thing of one organisation
    qualify
        row_number() over (
            partition by told.org_id, told.signal_id, told.source, told.record_key
            order by told.value_seen asc, told.about asc
        ) = 1
)

select
    org_id,
    signal_id,
    reading,
    value_seen,
    source,
    record_key,
    snapshot_id,
    locator,
    url,
    valid_from,
    valid_to,
    known_from
from final
