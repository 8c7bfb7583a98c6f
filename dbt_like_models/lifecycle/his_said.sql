-- What: everything that published histories are made of, in one form: who is spoken of, when the publisher
-- said it, when we received it, and the hash of what was said (0: nothing, it was left out).
-- Grain: one row a history, subject and place (the order in which the publisher said it).
with registers as (
    select
        place,
        fetched_at,
        said,
        published_on::timestamp as valid_at,
        previous_names,
        source || '|' || record_key as subject,
        hash(name, legal_form_words, status_words, registered_on, ended_on, postcode_district)
            as register_hash,
        hash(name) as name_hash,
        name is not null as has_name,
        hash(trading_name) as trading_hash,
        trading_name is not null as has_trading_name
    from his_register_rows
),

former_names as (
    select distinct
        subject,
        unnest(previous_names) as former
    from registers
),

final as (
    select
        'organisations' as history_of,
        subject,
        place,
        valid_at,
        fetched_at,
        case when said then greatest(register_hash, 1) else 0 end::ubigint as said_hash
    from registers
    union all
    select
        'current' as history_of,
        subject,
        place,
        valid_at,
        fetched_at,
        case when said and has_name then greatest(name_hash, 1) else 0 end::ubigint as said_hash
    from registers
    union all
    select
        'trading' as history_of,
        subject,
        place,
        valid_at,
        fetched_at,
        case when said and has_trading_name then greatest(trading_hash, 1) else 0 end::ubigint as said_hash
    from registers
    union all
    -- a list of former names is the register's own history: leaving the record out takes none of them back
    select
        'previous' as history_of,
        concat_ws('|', former_names.subject, former_names.former) as subject,
        registers.place,
        registers.valid_at,
        registers.fetched_at,
        list_contains(registers.previous_names, former_names.former)::ubigint as said_hash
    from registers
    inner join former_names on registers.subject = former_names.subject
    where registers.said
    union all
    select
        'returns' as history_of,
        subject,
        place,
        published_on::timestamp as valid_at,
        fetched_at,
        greatest(
            hash(
                record_key, period_start_on, period_end_on, turnover_gbp, income_gbp, expenditure_gbp,
                profit_before_tax_gbp, profit_after_tax_gbp, net_assets_gbp, member_funds_gbp,
                staff_costs_gbp, members, employees, government_contracts_gbp, government_grants_gbp,
                filed_on, url
            ),
            1
        ) as said_hash
    from his_return_rows
    union all
    select
        'awards' as history_of,
        award_key as subject,
        place,
        released_at as valid_at,
        fetched_at,
        greatest(hash(title, award_status, amount, currency, awarded_on, start_on, end_on), 1)
            as said_hash
    from his_award_rows
)

select
    history_of,
    subject,
    place,
    valid_at,
    fetched_at,
    said_hash
from final
