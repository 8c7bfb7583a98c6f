-- What: what happened to the published organisations, and when.
-- Grain: one row an organisation, event, date and source.
-- Ends are in the register's words; a record that vanished is no event. Curated dates are as precise as
-- their citation: event_on is the first day of the stated month or year, and precision says so.
with published as (
    select org_id
    from ent_published
),

record_organisations as (
    select
        source,
        record_key,
        org_id
    from ent_record_organisations
    where confidence = 'exact'
),

societies as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        registered_on,
        deregistered_on,
        society_status,
        status
    from stg_fca_societies
),

companies as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        incorporated_on,
        dissolved_on,
        company_status,
        previous_names
    from stg_companies_house_basic
),

co_operatives as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        incorporated_on,
        dissolved_on,
        registered_status,
        status
    from stg_coops_uk_organisations
),

facts as (
    select
        source,
        entry_id,
        snapshot_id,
        locator,
        field,
        value,
        source_url
    from stg_known_mutuals
),

curated_dates as (
    select
        entry_id,
        min(value) as value
    from facts
    where field = 'status_date'
    group by entry_id
),

curated_ends as (
    select
        statuses.source,
        statuses.entry_id as record_key,
        statuses.snapshot_id,
        statuses.locator,
        statuses.value as event,
        dates.value as stated_date,
        statuses.source_url as url
    from facts as statuses
    left join curated_dates as dates on statuses.entry_id = dates.entry_id
    where statuses.field = 'status' and statuses.value in ('taken in-house', 'merged', 'dissolved')
),

renamed as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        unnest(previous_names) as previous_name
    from companies
    where len(previous_names) > 0
),

happened as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        'registered' as event,
        registered_on::varchar as stated_date,
        'registered' as detail,
        null as url
    from societies
    where registered_on is not null
    union all
    select
        source,
        record_key,
        snapshot_id,
        locator,
        'ended' as event,
        deregistered_on::varchar as stated_date,
        society_status as detail,
        null as url
    from societies
    where status = 'ended' or deregistered_on is not null
    union all
    select
        source,
        record_key,
        snapshot_id,
        locator,
        'registered' as event,
        incorporated_on::varchar as stated_date,
        'incorporated' as detail,
        null as url
    from companies
    where incorporated_on is not null
    union all
    select
        source,
        record_key,
        snapshot_id,
        locator,
        'ended' as event,
        dissolved_on::varchar as stated_date,
        company_status as detail,
        null as url
    from companies
    where dissolved_on is not null
    union all
    select
        changed.source,
        changed.record_key,
        changed.snapshot_id,
        changed.locator,
        'name changed' as event,
        changed.previous_name.until::varchar as stated_date,
        'until then: ' || changed.previous_name.name as detail,
        null as url
    from renamed as changed
    union all
    select
        source,
        record_key,
        snapshot_id,
        locator,
        'registered' as event,
        incorporated_on::varchar as stated_date,
        'incorporated' as detail,
        null as url
    from co_operatives
    where incorporated_on is not null
    union all
    select
        source,
        record_key,
        snapshot_id,
        locator,
        'ended' as event,
        dissolved_on::varchar as stated_date,
        registered_status as detail,
        null as url
    from co_operatives
    where status = 'ended'
    union all
    select
        source,
        entry_id as record_key,
        snapshot_id,
        locator,
        'spun out' as event,
        value as stated_date,
        value as detail,
        source_url as url
    from facts
    where field = 'spun_out_on'
    union all
    select
        source,
        record_key,
        snapshot_id,
        locator,
        event,
        stated_date,
        concat_ws(', ', event, stated_date) as detail,
        url
    from curated_ends
),

-- the product of accounts gives no date of filing: theirs is the archive's
filed as (
    select
        org_id,
        source,
        snapshot_id,
        locator,
        url,
        case when source = 'companies_house_accounts' then 'accounts published' else 'return filed' end
            as event,
        case
            when source != 'companies_house_accounts' then filed_on
            when published_precision = 'day' then published_on
            when published_precision = 'month' then date_trunc('month', published_on)::date
        end as event_on,
        coalesce(published_precision, 'day') as precision,
        coalesce(
            'for the period to ' || period_end_on
            || case when period_basis = 'year end before filing' then ', by its year end' else '' end,
            'period not known'
        ) as detail
    from ret_filings
    where filed_on is not null or source = 'companies_house_accounts'
),

dated as (
    select
        record_organisations.org_id,
        happened.event,
        happened.detail,
        happened.source,
        happened.snapshot_id,
        happened.locator,
        happened.url,
        case
            when regexp_full_match(happened.stated_date, '\d{4}-\d{2}-\d{2}')
                then try_cast(happened.stated_date as date)
            when regexp_full_match(happened.stated_date, '\d{4}-\d{2}')
                then try_cast(happened.stated_date || '-01' as date)
            when regexp_full_match(happened.stated_date, '\d{4}')
                then try_cast(happened.stated_date || '-01-01' as date)
        end as event_on,
        case
            when regexp_full_match(happened.stated_date, '\d{4}-\d{2}-\d{2}') then 'day'
            when regexp_full_match(happened.stated_date, '\d{4}-\d{2}') then 'month'
            when regexp_full_match(happened.stated_date, '\d{4}') then 'year'
            else 'unknown'
        end as precision
    from happened
    inner join record_organisations
        on
            happened.source = record_organisations.source
            and happened.record_key = record_organisations.record_key
    inner join published on record_organisations.org_id = published.org_id
    union all by name
    select *
    from filed
),

-- several registers tell the same beginning and end: the one that is the organisation's own counts, and a
-- society's stub at Companies House last of all
chosen as (
    select *
    from dated
    qualify
        event not in ('registered', 'ended')
        or rank() over (
            partition by org_id, event
            order by
                case
                    when source = 'fca_societies' then 1
                    when source = 'companies_house_basic' and org_id like 'GB-COH-%' then 2
                    when source = 'coops_uk_organisations' then 3
                    else 4
                end
        ) = 1
),

final as (
    select
        org_id,
        event,
        event_on,
        detail,
        source,
        case when event_on is null then 'unknown' else precision end as precision,
        min({
            'snapshot_id': snapshot_id,
            'locator': locator,
            'url': url
        }) as place
    from chosen
    group by all
)

select
    org_id,
    event,
    event_on,
    precision,
    detail,
    source,
    place.snapshot_id,
    place.locator,
    place.url,
    concat_ws('|', org_id, event, coalesce(event_on::varchar, 'undated'), precision, source, detail)
        as event_key
from final
