-- What: public contracts won, reserved contracts won, and what suppliers declared of themselves.
-- Grain: one row a signal, organisation and award with its supplier.
-- Only awards whose supplier is told by an identifier count; a name alone joins nothing here. An absent
-- declaration is no declaration, and never a "no".
with awards as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        fetched_at,
        cpv_codes,
        buyer_name,
        title,
        awarded_on,
        end_on,
        notice_url,
        reserved_participation,
        public_service_mutual
    from stg_award_suppliers
),

record_organisations as (
    select
        source,
        record_key,
        org_id
    from ent_record_organisations
    where
        confidence = 'exact'
        and basis in ('identifier', 'crosswalk')
),

prefixes as (
    select
        cpv_prefix,
        is_public_service
    from sector_cpv
),

-- the signals were written for Contracts Finder, and every source of notices says the same by them
own_signals as (
    select
        signal_id,
        reads
    from signals
    where source = 'contracts_finder'
),

-- the main code of the notice is the first; the longest prefix says what is bought
main_codes as (
    select
        record_key,
        cpv_codes[1] as cpv_code
    from awards
),

bought as (
    select
        main_codes.record_key,
        main_codes.cpv_code,
        arg_max(prefixes.is_public_service, length(prefixes.cpv_prefix)) as is_public_service
    from main_codes
    left join prefixes on starts_with(main_codes.cpv_code, prefixes.cpv_prefix)
    group by main_codes.record_key, main_codes.cpv_code
),

readings as (
    select
        bought.record_key,
        case when bought.is_public_service then 'award=public-service' else 'award=other' end as reading,
        concat_ws(
            ' ',
            'contract awarded', 'by ' || awards.buyer_name, 'for CPV ' || bought.cpv_code
        ) as value_seen
    from bought
    inner join awards on bought.record_key = awards.record_key
    union all
    select
        record_key,
        'reserved=publicServiceMissionOrganization' as reading,
        'contract reserved to publicServiceMissionOrganization' as value_seen
    from awards
    where list_contains(reserved_participation, 'publicServiceMissionOrganization')
    union all
    select
        record_key,
        'self-declared=true' as reading,
        'publicServiceMissionOrganization: true' as value_seen
    from awards
    where public_service_mutual
),

final as (
    select
        record_organisations.org_id,
        own_signals.signal_id,
        readings.value_seen,
        awards.source,
        awards.record_key,
        awards.snapshot_id,
        awards.locator,
        awards.notice_url as url,
        awards.awarded_on as valid_from,
        awards.fetched_at as known_from,
        -- end dates such as year 9999 are placeholders
        case when awards.end_on < awards.awarded_on + interval 100 year then awards.end_on end as valid_to
    from readings
    inner join own_signals on readings.reading = own_signals.reads
    inner join awards on readings.record_key = awards.record_key
    inner join record_organisations
        on awards.source = record_organisations.source and awards.record_key = record_organisations.record_key
)

select
    org_id,
    signal_id,
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
