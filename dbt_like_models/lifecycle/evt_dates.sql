-- What: the days that registers and citations give: registrations, ends of other registrations, spin-outs and
-- changes of name.
-- Grain: one row an organisation, event, source, record and day.
-- Each register's dates are listed once and read in one way. The legal end is told by evt_words, which knows
-- what the register's word for it means.
with links as (
    select
        source,
        link_key,
        org_id
    from evt_links
),

dated as (
    select
        source,
        record_key as link_key,
        snapshot_id,
        locator,
        [{ 'event': 'registered', 'stated': registered_on::varchar, 'detail': 'registered' }] as marks
    from stg_fca_societies
    union all by name
    select
        source,
        record_key as link_key,
        snapshot_id,
        locator,
        [{ 'event': 'registered', 'stated': incorporated_on::varchar, 'detail': 'incorporated' }]
        || list_transform(
            previous_names,
            lambda one: {
                'event': 'name changed',
                'stated': one.until::varchar,
                'detail': 'until then: ' || coalesce(one.name, 'not told')
            }
        ) as marks
    from stg_companies_house_basic
    union all by name
    select
        source,
        record_key as link_key,
        snapshot_id,
        locator,
        [{ 'event': 'registered', 'stated': incorporated_on::varchar, 'detail': 'incorporated' }]
        || list_transform(
            coalesce(previous_names, []),
            lambda one: {
                'event': 'name changed',
                'stated': one.ceased_on::varchar,
                'detail': 'until then: ' || coalesce(one.name, 'not told')
            }
        ) as marks
    from stg_companies_house_profile
    union all by name
    select
        source,
        record_key as link_key,
        snapshot_id,
        locator,
        [{ 'event': 'registered', 'stated': incorporated_on::varchar, 'detail': 'incorporated' }] as marks
    from stg_companies_house_search
    union all by name
    select
        source,
        record_key as link_key,
        snapshot_id,
        locator,
        [{ 'event': 'registered', 'stated': incorporated_on::varchar, 'detail': 'incorporated' }] as marks
    from stg_coops_uk_organisations
    union all by name
    select
        source,
        record_key as link_key,
        snapshot_id,
        locator,
        [
            { 'event': 'registered as a charity', 'stated': registered_on::varchar, 'detail': 'registered' },
            {
                'event': 'left the charity register',
                'stated': removed_on::varchar,
                'detail': coalesce(registration_status, 'removed')
            }
        ] as marks
    from stg_charity_commission
    union all by name
    select
        source,
        record_key as link_key,
        snapshot_id,
        locator,
        [
            { 'event': 'registered as a charity', 'stated': registered_on::varchar, 'detail': 'registered' },
            { 'event': 'left the charity register', 'stated': ceased_on::varchar, 'detail': 'ceased' }
        ] as marks
    from stg_oscr
    union all by name
    select
        source,
        record_key as link_key,
        snapshot_id,
        locator,
        [{ 'event': 'registered for care', 'stated': started_on::varchar, 'detail': 'provider' }] as marks
    from stg_cqc_providers
    union all by name
    select
        source,
        record_key as link_key,
        snapshot_id,
        locator,
        [
            { 'event': 'NHS code opened', 'stated': opened_on::varchar, 'detail': organisation_code },
            { 'event': 'NHS code closed', 'stated': closed_on::varchar, 'detail': organisation_code }
        ] as marks
    from stg_ods_organisations
    union all by name
    select
        source,
        entry_id as link_key,
        snapshot_id,
        locator,
        source_url as url,
        [{ 'event': 'spun out', 'stated': value, 'detail': value }] as marks
    from stg_known_mutuals
    where field = 'spun_out_on'
),

marked as (
    select
        source,
        link_key,
        snapshot_id,
        locator,
        url,
        unnest(marks) as mark
    from dated
),

final as (
    select
        links.org_id,
        marked.source,
        marked.snapshot_id,
        marked.locator,
        marked.url,
        marked.mark['event'] as event,
        marked.mark['detail'] as detail,
        marked.mark['stated'] as stated
    from marked
    inner join links on marked.source = links.source and marked.link_key = links.link_key
    where marked.mark.stated is not null
)

select
    org_id,
    event,
    detail,
    source,
    snapshot_id,
    locator,
    url,
    stated_from(stated) as event_from,
    stated_to(stated) as event_to,
    stated_precision(stated) as precision
from final
