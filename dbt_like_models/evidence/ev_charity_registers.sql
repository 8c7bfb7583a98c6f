-- What: what a charity's registration binds it to, and the income from government that it returns.
-- Grain: one row a record and reading.
-- The question on government income is asked of larger charities and in recent years only: no figure is no
-- "no". Registers of England and Wales and of Scotland are read in one place, since they say one thing.
with charities as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        fetched_at,
        'GB-CHC-' || charity_number as about,
        registered_on,
        removed_on as ended_on,
        'https://register-of-charities.charitycommission.gov.uk/en/charity-search/-/charity-details/'
        || organisation_number as url
    from stg_charity_commission
    where charity_number not like '%-%'
    union all
    select
        source,
        record_key,
        snapshot_id,
        locator,
        fetched_at,
        'GB-SC-' || charity_number as about,
        registered_on,
        ceased_on as ended_on,
        'https://www.oscr.org.uk/' as url
    from stg_oscr
),

returned as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        fetched_at,
        period_start_on,
        period_end_on,
        income_from_government_contracts,
        income_from_government_grants,
        'GB-CHC-' || charity_number as about,
        'https://register-of-charities.charitycommission.gov.uk/en/charity-search/-/charity-details/'
        || organisation_number as url
    from stg_charity_commission_returns
    where source = 'charity_commission_part_a' and not coalesce(is_absent, false)
),

readings as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        fetched_at,
        about,
        url,
        registered_on as valid_from,
        ended_on as valid_to,
        'charity=registered' as reading,
        'registered charity' as value_seen
    from charities
    union all
    select
        source,
        record_key,
        snapshot_id,
        locator,
        fetched_at,
        about,
        url,
        period_start_on as valid_from,
        period_end_on as valid_to,
        'income=government-contracts' as reading,
        'income from government contracts: ' || round(income_from_government_contracts)::bigint || ' GBP'
            as value_seen
    from returned
    where income_from_government_contracts > 0
    union all
    select
        source,
        record_key,
        snapshot_id,
        locator,
        fetched_at,
        about,
        url,
        period_start_on as valid_from,
        period_end_on as valid_to,
        'income=government-grants' as reading,
        'income from government grants: '
        || round(income_from_government_grants)::bigint
        || ' GBP' as value_seen
    from returned
    where income_from_government_grants > 0
),

final as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        record_key as link_key,
        about,
        reading,
        value_seen,
        url,
        valid_to,
        fetched_at as known_from,
        true as may_speak_against,
        case when valid_to < valid_from then null else valid_from end as valid_from
    from readings
)

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
from final
