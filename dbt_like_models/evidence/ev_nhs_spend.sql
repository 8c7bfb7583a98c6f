-- What: payments by NHS bodies in 2013-20, to suppliers whose company researchers checked by hand.
-- Grain: one row a supplier string.
-- What was paid for is not published. Payments that came back leave nothing paid.
with suppliers as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        fetched_at,
        is_cic,
        payments,
        amount_paid
    from stg_nhs_spend
    where match_level = 'found' and amount_paid > 0
),

final as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        record_key as link_key,
        null::varchar as url,
        null::date as valid_from,
        '2020-12-31'::date as valid_to,
        fetched_at as known_from,
        true as may_speak_against,
        null::varchar as about,
        case when is_cic then 'nhs-payments=cic' else 'nhs-payments=other' end as reading,
        'paid by NHS bodies in 2013-20: '
        || round(amount_paid)::bigint
        || ' GBP in '
        || payments
        || ' payments'
            as value_seen
    from suppliers
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
