-- What: the contracts that followed each award: their money and dates, over all releases.
-- Grain: one row a distinct ocid and award id.
-- Find a Tender keeps money and dates here (UK7, and nearly all before 2025); a later release, such as a
-- UK10 change notice, may state the contract alone, without its award. Of each contract the latest statement
-- of each value counts; several contracts of one award are added up, when all are in one currency.
with releases as (
    select
        ocid,
        place,
        contracts
    from stg_notice_releases
    where len(contracts) > 0
),

stated as (
    select
        ocid,
        place,
        unnest(contracts) as contract
    from releases
),

contracts as (
    select
        ocid,
        contract.award_id,
        coalesce(contract.id, '') as contract_id,
        arg_max(contract.amount, place) as amount,
        arg_max(contract.currency, place) as currency,
        arg_max(contract.signed_on, place) as signed_on,
        arg_max(contract.start_on, place) as start_on,
        arg_max(contract.end_on, place) as end_on,
        arg_max(contract.cpv_codes, place) as cpv_codes,
        arg_min(contract.notice_url, place) as notice_url
    from stated
    where contract.award_id is not null
    group by ocid, contract.award_id, coalesce(contract.id, '')
),

final as (
    select
        ocid,
        award_id,
        count(*) as n_contracts,
        case when count(distinct currency) <= 1 then sum(amount) end as amount,
        case when count(distinct currency) <= 1 then max(currency) end as currency,
        min(signed_on) as signed_on,
        min(start_on) as start_on,
        max(end_on) as end_on,
        arg_min(cpv_codes, contract_id) as cpv_codes,
        arg_min(notice_url, contract_id) as notice_url
    from contracts
    group by ocid, award_id
)

select
    ocid,
    award_id,
    n_contracts,
    amount,
    currency,
    signed_on,
    start_on,
    end_on,
    cpv_codes,
    notice_url
from final
