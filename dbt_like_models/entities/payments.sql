-- What: payments by public bodies to the published organisations.
-- Grain: one row a source and payee as the payers wrote it.
-- Payments are no awards and are never added to them. A payee's words that may be a person's name are left
-- out.
with published as (
    select org_id
    from ent_published
),

payments as (
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
        locator
    from ent_payments
)

select
    payments.org_id,
    payments.match_code,
    payments.match_basis,
    payments.match_confidence,
    payments.payments,
    payments.amount_gbp,
    payments.first_year,
    payments.last_year,
    payments.source,
    payments.snapshot_id,
    payments.locator,
    case when not looks_like_person(payments.supplier_name) then payments.supplier_name end as supplier_name
from payments
inner join published on payments.org_id = published.org_id
