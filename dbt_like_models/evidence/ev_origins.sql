-- What: signs that a service left a public body, which no record tells alone: a first contract soon after
-- registration, by itself and together with what accounts and the care register tell.
-- Grain: one row a signal, organisation and award.
-- Young: not more than 24 months lie between registration and award. One buyer: all awards of that time are
-- one body's, and its name is that of a public body. Direct: without competition, not called off a framework.
-- The record of the piece is the award; what stands beside it is told in value_seen.
with seen as (
    select distinct
        org_id,
        source,
        record_key,
        reading,
        value_seen
    from ev_seen
),

organisations as (
    select
        org_id,
        registered_on
    from ent_organisations
    where registered_on is not null
),

record_organisations as (
    select
        source,
        record_key,
        org_id
    from ent_record_organisations
    where confidence in ('exact', 'probable')
),

awards as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        fetched_at,
        buyer_name,
        awarded_on,
        end_on,
        notice_url,
        procurement_method,
        notice_types,
        lower(procurement_method_details) as method_words
    from stg_award_suppliers
    where awarded_on is not null
),

public_rules as (
    select
        matches,
        unless
    from controller_rules
    where controller_kind = 'public-body' and looks_at = 'name'
),

body_names as (
    select distinct name_normalised
    from stg_public_bodies
    where name_normalised is not null
),

young as (
    select
        awards.*,
        record_organisations.org_id,
        organisations.registered_on,
        normalise_name(awards.buyer_name) as buyer
    from awards
    inner join record_organisations
        on awards.source = record_organisations.source and awards.record_key = record_organisations.record_key
    inner join organisations on record_organisations.org_id = organisations.org_id
    where
        awards.awarded_on between organisations.registered_on and organisations.registered_on
        + interval 24 month
),

one_buyer as (
    select
        org_id,
        min(buyer) as buyer
    from young
    group by org_id
    having count(distinct coalesce(buyer, '')) = 1
),

public_buyers as (
    select one_buyer.buyer
    from one_buyer
    inner join body_names on one_buyer.buyer = body_names.name_normalised
    union
    select one_buyer.buyer
    from one_buyer
    inner join public_rules
        on
            regexp_matches(one_buyer.buyer, public_rules.matches)
            and not coalesce(regexp_matches(one_buyer.buyer, public_rules.unless), false)
),

told_of_staff as (
    select
        org_id,
        min(value_seen) as value_seen
    from seen
    where
        starts_with(reading, 'transfer=')
        or starts_with(reading, 'wording=pension-')
        or reading in ('wording=tupe-transfer', 'wording=transfer-from-public-body')
    group by org_id
),

told_of_places as (
    select
        org_id,
        min(value_seen) as value_seen
    from seen
    where reading = 'cqc=taken-over'
    group by org_id
),

first_awards as (
    select
        young.*,
        coalesce(
            (
                young.procurement_method = 'direct'
                or list_contains(young.notice_types, 'UK5')
                or regexp_matches(
                    young.method_words, 'direct award|single tender|without (prior publication|competition)'
                )
            )
            and not regexp_matches(coalesce(young.method_words, ''), 'framework|call-off|dynamic'),
            false
        ) as is_direct,
        concat_ws(
            ' ',
            'registered',
            young.registered_on,
            'and awarded',
            young.awarded_on,
            'by its only buyer of that time,',
            young.buyer_name
        ) as beginning
    from young
    inner join public_buyers on young.buyer = public_buyers.buyer
    inner join one_buyer on young.org_id = one_buyer.org_id
    inner join seen
        on
            young.org_id = seen.org_id
            and young.source = seen.source
            and young.record_key = seen.record_key
            and starts_with(seen.reading, 'award=public-service')
),

readings as (
    select
        *,
        case when is_direct then 'origin=young-direct-award' else 'origin=young-award' end as reading,
        beginning || case when is_direct then ', without competition' else '' end as value_seen
    from first_awards
    union all
    select
        first_awards.*,
        'origin=young-award-and-staff' as reading,
        first_awards.beginning || '; ' || told_of_staff.value_seen as value_seen
    from first_awards
    inner join told_of_staff on first_awards.org_id = told_of_staff.org_id
    union all
    select
        first_awards.*,
        'origin=young-award-and-places' as reading,
        first_awards.beginning || '; ' || told_of_places.value_seen as value_seen
    from first_awards
    inner join told_of_places on first_awards.org_id = told_of_places.org_id
),

reads as (
    select
        signal_id,
        reads as reading
    from signals
    where starts_with(reads, 'origin=')
),

final as (
    select
        readings.org_id,
        reads.signal_id,
        readings.reading,
        readings.value_seen,
        readings.source,
        readings.record_key,
        readings.snapshot_id,
        readings.locator,
        readings.notice_url as url,
        readings.awarded_on as valid_from,
        null::date as valid_to,
        readings.fetched_at as known_from
    from readings
    inner join reads on readings.reading = reads.reading
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
