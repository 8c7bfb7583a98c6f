-- What: payments by public bodies to organisations, as far as a number joins payer's words and organisation.
-- Grain: one row a source and payee as the payers wrote it; several may be one organisation.
-- Payments are no awards and are never added to them. The source gives the years of all its payments, not
-- those of one payee: a payee was paid at some time within them.
with payees as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        published_on,
        fetched_at,
        supplier_name,
        match_code,
        match_basis,
        payments,
        amount_paid
    from stg_nhs_spend
),

record_organisations as (
    select
        source,
        record_key,
        org_id,
        confidence
    from ent_record_organisations
    where source = 'nhs_spend'
),

-- of a source, whose first and last year it says of itself
periods (source, first_year, last_year) as (
    values ('nhs_spend', 2013, 2020)
),

final as (
    select
        record_organisations.org_id,
        payees.source,
        payees.record_key,
        payees.snapshot_id,
        payees.locator,
        payees.published_on,
        payees.fetched_at,
        payees.supplier_name,
        payees.match_code,
        payees.match_basis,
        record_organisations.confidence as match_confidence,
        payees.payments,
        payees.amount_paid as amount_gbp,
        periods.first_year,
        periods.last_year
    from payees
    inner join record_organisations
        on payees.source = record_organisations.source and payees.record_key = record_organisations.record_key
    inner join periods on payees.source = periods.source
)

select
    org_id,
    supplier_name,
    match_code,
    match_basis,
    match_confidence,
    payments,
    amount_gbp,
    first_year,
    last_year,
    source,
    record_key,
    snapshot_id,
    locator,
    published_on,
    fetched_at
from final
