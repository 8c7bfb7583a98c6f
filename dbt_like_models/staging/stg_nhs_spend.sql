-- What: suppliers paid by NHS bodies in 2013-20, with the numbers that researchers found for them.
-- Grain: one row a supplier string (several strings may be one organisation).
-- match_level says what the researchers' code lets us do: join, follow up, or leave alone.
with suppliers as (
    select
        snapshot_id,
        locator,
        supplier,
        company_number,
        company_name,
        charity_number,
        match_code,
        organisation_types,
        cic_status,
        nhs_status,
        payments,
        amount_paid,
        regexp_extract(match_code, '^-?[0-9]+')::smallint as code
    from lake.nhs_spend
),

snapshots as (
    select
        snapshot_id,
        published_on,
        fetched_at
    from lake.snapshots
    where source = 'nhs_spend' and same_as is null
),

final as (
    select
        suppliers.*,
        snapshots.published_on,
        snapshots.fetched_at,
        case
            when suppliers.code between 1 and 5 then 'found'
            when suppliers.code in (6, 7, 8) then 'possible'
            when suppliers.code in (11, 12, 13) then 'not told'
            when suppliers.code < 0 then 'no company'
        end as match_level
    from suppliers
    inner join snapshots on suppliers.snapshot_id = snapshots.snapshot_id
    qualify row_number() over (
        partition by suppliers.supplier
        order by snapshots.published_on desc, snapshots.snapshot_id desc, suppliers.locator asc
    ) = 1
)

select
    'nhs_spend' as source,
    supplier as record_key,
    snapshot_id,
    locator,
    published_on,
    fetched_at,
    supplier as supplier_name,
    company_name,
    charity_number,
    match_code,
    match_level,
    'checked by researchers' as match_basis,
    organisation_types,
    nhs_status,
    payments,
    amount_paid,
    normalise_company_number(company_number) as company_number,
    cic_status in ('1 CIC', '2 became CIC') as is_cic
from final
