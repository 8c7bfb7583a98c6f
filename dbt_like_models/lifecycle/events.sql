-- What: what happened to the published organisations, and when.
-- Grain: one row an organisation, event, date and source.
-- Ends are in the register's words; a record that vanished is no event. A date is as precise as its record:
-- event_from and event_to are the days between which it was, event_on is the one to show: the first of a
-- stated month or year, the last of an interval, on which a record first shows what happened.
with happened as (
    select
        org_id,
        event,
        cause,
        is_adverse,
        words as detail,
        source,
        snapshot_id,
        locator,
        url,
        event_from,
        event_to,
        precision
    from evt_words
    union all by name
    select
        org_id,
        event,
        detail,
        source,
        snapshot_id,
        locator,
        url,
        event_from,
        event_to,
        precision
    from evt_dates
    union all by name
    select
        org_id,
        event,
        detail,
        is_adverse,
        source,
        snapshot_id,
        locator,
        url,
        event_from,
        event_to,
        precision
    from evt_returns
    union all by name
    select
        org_id,
        event,
        detail,
        source,
        snapshot_id,
        locator,
        url,
        event_from,
        event_to,
        precision
    from evt_awards
),

organisations as (
    select
        org_id,
        register_url
    from ent_organisations
),

conversions as (
    select
        org_id,
        event_from,
        event_to
    from happened
    where event = 'converted'
),

-- a registration that ends because the organisation took another form ends nothing
lasting as (
    select happened.*
    from happened
    left join conversions
        on
            happened.org_id = conversions.org_id
            and happened.event = 'ended'
            and happened.event_from <= conversions.event_to + 31
            and happened.event_to >= conversions.event_from - 31
    where conversions.org_id is null
),

-- of the registers that tell one thing, the first that does counts; a society's stub at Companies House and
-- lists that are no register come last
chosen as (
    select *
    from lasting
    qualify
        event not in ('registered', 'ended', 'converted', 'name changed', 'left the charity register')
        or rank() over (
            partition by org_id, event, case when event = 'name changed' then event_from end
            order by
                case
                    when source = 'fca_society_pages' and cause in ('dissolved', 'struck off') then 0
                    when source = 'fca_societies' then 1
                    when source like 'companies_house%' and org_id not like 'GB-COH-%' then 8
                    when source = 'companies_house_basic' then 2
                    when source = 'companies_house_profile' then 3
                    when source = 'companies_house_search' then 4
                    when source = 'charity_commission_events' then 4
                    when source = 'fca_society_pages' then 5
                    when source = 'coops_uk_organisations' then 6
                    else 7
                end
        ) = 1
),

final as (
    select
        org_id,
        event,
        cause,
        event_from,
        event_to,
        precision,
        detail,
        source,
        coalesce(is_adverse, false) as is_adverse,
        case when precision = 'interval' then event_to else event_from end as event_on,
        min({
            'snapshot_id': snapshot_id,
            'locator': locator,
            'url': url
        }) as place
    from chosen
    group by all
)

select
    final.org_id,
    final.event,
    final.event_on,
    final.precision,
    final.event_from,
    final.event_to,
    final.cause,
    final.is_adverse,
    final.detail,
    final.source,
    final.place.snapshot_id,
    final.place.locator,
    coalesce(final.place.url, case when final.is_adverse then organisations.register_url end) as url,
    concat_ws(
        '|',
        final.org_id,
        final.event,
        coalesce(final.event_on::varchar, 'undated'),
        final.precision,
        final.source,
        final.detail
    ) as event_key
from final
left join organisations on final.org_id = organisations.org_id
