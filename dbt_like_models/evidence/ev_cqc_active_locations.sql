-- What: what the register of the Care Quality Commission (England) shows of its providers.
-- Grain: one row a provider and reading.
-- Registration says that care is regulated, not who pays for it: home care and care homes are bought
-- privately too, community health services hardly ever. A rating under an earlier provider means that the
-- place was taken over from somebody; the register does not say from whom.
with providers as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        fetched_at,
        provider_id,
        ownership_type,
        company_number,
        started_on,
        service_types,
        inherited_ratings
    from stg_cqc_providers
    where company_number is not null and not coalesce(is_absent, false)
),

health as (
    select
        record_key,
        list_filter(
            service_types,
            lambda one: regexp_matches(lower(one), '^(community (health|based services)|urgent care)')
        ) as services
    from providers
),

readings as (
    select
        providers.record_key,
        case when len(health.services) > 0 then 'cqc=community-health' else 'cqc=care' end as reading,
        concat_ws(
            ': ', 'registered provider',
            nullif(
                array_to_string(
                    list_slice(
                        case when len(health.services) > 0 then health.services else service_types end, 1, 3
                    ),
                    ', '
                ),
                ''
            )
        ) as value_seen
    from providers
    inner join health on providers.record_key = health.record_key
    where lower(coalesce(providers.ownership_type, '')) != 'nhs body'
    union all
    select
        record_key,
        'cqc=nhs-body' as reading,
        'ownership type: NHS Body' as value_seen
    from providers
    where lower(ownership_type) = 'nhs body'
    union all
    select
        record_key,
        'cqc=taken-over' as reading,
        'locations rated under an earlier provider: ' || inherited_ratings as value_seen
    from providers
    where inherited_ratings > 0
),

final as (
    select
        providers.source,
        providers.record_key,
        providers.snapshot_id,
        providers.locator,
        providers.record_key as link_key,
        readings.reading,
        readings.value_seen,
        providers.started_on as valid_from,
        null::date as valid_to,
        providers.fetched_at as known_from,
        true as may_speak_against,
        'GB-COH-' || providers.company_number as about,
        'https://www.cqc.org.uk/provider/' || providers.provider_id as url
    from readings
    inner join providers on readings.record_key = providers.record_key
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
