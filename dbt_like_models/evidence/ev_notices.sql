-- What: public contracts won, reserved contracts won, and what suppliers declared of themselves.
-- Grain: one row an award with its supplier and a reading.
-- An absent declaration, one without a value and a "no" say nothing here: only true speaks. A reservation
-- counts for an award whose lots it covers. Awards that run, or were made, within three years of the newest
-- notice held are told from older ones by that notice's date, never by a clock, so that the same files give
-- the same rows.
with awards as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        fetched_at,
        ocid,
        award_id,
        cpv_codes,
        buyer_name,
        awarded_on,
        end_on,
        notice_url,
        reserved_participation,
        public_service_mutual,
        legal_basis,
        first_released_at
    from stg_award_suppliers
),

prefixes as (
    select
        cpv_prefix,
        is_public_service
    from sector_cpv
),

tendered_lots as (
    select
        ocid,
        unnest(lots) as lot
    from stg_notice_releases
    where len(lots) > 0
),

reserved_lots as (
    select
        ocid,
        list(distinct lot.id) as lot_ids
    from tendered_lots
    where list_contains(lot.reserved_participation, 'publicServiceMissionOrganization')
    group by ocid
),

awarded_lots as (
    select
        ocid,
        award_id,
        list_distinct(flatten(list(award.lot_ids))) as lot_ids
    from stg_award_mentions
    group by ocid, award_id
),

newest as (
    select max(first_released_at)::date as newest_on
    from awards
),

-- the main code of the notice is the first; the longest prefix says what is bought
bought as (
    select
        awards.record_key,
        awards.cpv_codes[1] as cpv_code,
        coalesce(arg_max(prefixes.is_public_service, length(prefixes.cpv_prefix)), false) as is_public_service
    from awards
    left join prefixes on starts_with(awards.cpv_codes[1], prefixes.cpv_prefix)
    group by awards.record_key, awards.cpv_codes[1]
),

reserved as (
    select
        awards.record_key,
        -- the Procurement Act 2023; before it, and beside it, regulation 77
        awards.legal_basis = '2023/54' as is_section_33
    from awards
    left join reserved_lots on awards.ocid = reserved_lots.ocid
    left join awarded_lots on awards.ocid = awarded_lots.ocid and awards.award_id = awarded_lots.award_id
    where
        list_contains(awards.reserved_participation, 'publicServiceMissionOrganization')
        and (
            coalesce(len(reserved_lots.lot_ids), 0) = 0
            or coalesce(len(awarded_lots.lot_ids), 0) = 0
            or list_has_any(reserved_lots.lot_ids, awarded_lots.lot_ids)
        )
),

readings as (
    select
        awards.record_key,
        case
            when not bought.is_public_service then 'award=other'
            when
                coalesce(awards.end_on, awards.awarded_on, awards.first_released_at::date)
                < newest.newest_on - interval 3 year
                then 'award=public-service-past'
            else 'award=public-service'
        end as reading,
        concat_ws(
            ' ',
            'contract awarded', 'by ' || awards.buyer_name, 'for CPV ' || bought.cpv_code
        ) as value_seen
    from awards
    inner join bought on awards.record_key = bought.record_key
    cross join newest
    union all
    select
        record_key,
        'reserved=publicServiceMissionOrganization' as reading,
        'contract reserved to publicServiceMissionOrganization' as value_seen
    from reserved
    union all
    select
        record_key,
        'reserved=section-33' as reading,
        'contract reserved to public service mutuals under the Procurement Act 2023' as value_seen
    from reserved
    where is_section_33
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
        awards.source,
        awards.record_key,
        awards.snapshot_id,
        awards.locator,
        awards.record_key as link_key,
        null::varchar as about,
        readings.reading,
        readings.value_seen,
        awards.notice_url as url,
        awards.awarded_on as valid_from,
        awards.fetched_at as known_from,
        true as may_speak_against,
        -- end dates such as year 9999 are placeholders, and one before the award is a slip
        case
            when awards.end_on between awards.awarded_on and awards.awarded_on + interval 100 year
                then awards.end_on
        end as valid_to
    from readings
    inner join awards on readings.record_key = awards.record_key
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
