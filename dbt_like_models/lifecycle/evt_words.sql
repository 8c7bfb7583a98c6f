-- What: what the words of registers and citations tell of an organisation's life: ends with their causes,
-- states that may lead to one, conversions.
-- Grain: one row an organisation, event, source, record and place.
-- The seed end_causes says what each word means; words that it does not know tell nothing. What says
-- something against the organisation needs a link that may carry it.
with links as (
    select
        source,
        link_key,
        org_id,
        may_carry_adverse
    from evt_links
),

statuses as (
    select
        org_id,
        source,
        record_key,
        snapshot_id,
        locator,
        may_carry_adverse,
        'status' as field,
        words,
        words_before,
        began_on,
        ended_on,
        last_seen_before,
        first_seen_on,
        null as url
    from evt_statuses
),

curated_dates as (
    select
        entry_id,
        min(value) as stated_date
    from stg_known_mutuals
    where field = 'status_date'
    group by entry_id
),

-- what is dated by the record itself, in one form
stated as (
    select
        facts.source,
        facts.entry_id as link_key,
        facts.record_key,
        facts.snapshot_id,
        facts.locator,
        'status' as field,
        facts.value as words,
        curated_dates.stated_date,
        facts.source_url as url
    from stg_known_mutuals as facts
    left join curated_dates on facts.entry_id = curated_dates.entry_id
    where facts.field = 'status'
    union all by name
    select
        source,
        charity_number as link_key,
        record_key,
        snapshot_id,
        locator,
        'event' as field,
        concat_ws(': ', event_type, reason, other_charity_name) as words,
        event_on::varchar as stated_date
    from stg_charity_commission_events
    union all by name
    select
        source,
        society_number as link_key,
        record_key,
        snapshot_id,
        locator,
        'document' as field,
        concat_ws(', ', category, category_detail) as words,
        filed_on::varchar as stated_date,
        'https://mutuals.fca.org.uk/Documents/Download/' || document_id as url
    from stg_fca_society_documents
),

told as (
    select *
    from statuses
    union all by name
    select
        links.org_id,
        links.may_carry_adverse,
        stated.source,
        stated.record_key,
        stated.snapshot_id,
        stated.locator,
        stated.field,
        stated.words,
        stated.stated_date,
        stated.url
    from stated
    inner join links on stated.source = links.source and stated.link_key = links.link_key
),

meant as (
    select
        told.*,
        end_causes.event,
        end_causes.cause,
        end_causes.effect,
        end_causes.is_adverse,
        end_causes.effect != 'state' and told.ended_on is not null as is_dated_by_register
    from told
    inner join end_causes
        on
            told.source = end_causes.source
            and told.field = end_causes.field
            and regexp_full_match(lower(told.words), end_causes.matches)
    where
        (told.may_carry_adverse or not end_causes.is_adverse)
        and (end_causes.event != 'active again' or told.words_before is not null)
    qualify
        row_number() over (
            partition by told.source, told.record_key, told.snapshot_id, told.locator, told.field
            order by end_causes.place, end_causes.matches
        ) = 1
)

select
    org_id,
    event,
    cause,
    effect,
    is_adverse,
    source,
    record_key,
    snapshot_id,
    locator,
    url,
    words,
    case
        when field = 'status' and first_seen_on is not null
            then case
                when is_dated_by_register then ended_on else coalesce(last_seen_before + 1, began_on)
            end
        else stated_from(stated_date)
    end as event_from,
    case
        when field = 'status' and first_seen_on is not null
            then case when is_dated_by_register then ended_on else first_seen_on end
        else stated_to(stated_date)
    end as event_to,
    case
        when is_dated_by_register then 'day'
        when first_seen_on is not null then 'interval'
        else stated_precision(stated_date)
    end as precision
from meant
