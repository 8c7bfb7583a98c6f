-- What: public contracts awarded, supplier by supplier.
-- Grain: one row a distinct ocid, award id and supplier id, over all releases.
-- The amount belongs to the award: where several suppliers share it, it is never divided nor added up; nor
-- is a framework's, which is a ceiling, nor one that another service tells again (duplicate_of). A supplier
-- that no register identifies and whose name may be a person's own is published without its name.
with award_suppliers as (
    select
        record_key,
        source,
        snapshot_id,
        locator,
        ocid,
        award_id,
        supplier_id,
        supplier_name,
        supplier_scheme,
        supplier_identifier,
        company_number,
        vcse,
        public_service_mutual,
        mutual_declared,
        amount,
        amount_basis,
        currency,
        awarded_on,
        start_on,
        end_on,
        notice_url,
        title,
        notice_types,
        cpv_codes,
        legal_basis,
        special_regime,
        procurement_method,
        procurement_method_details,
        is_framework,
        buyer_id,
        buyer_name,
        reserved_participation,
        n_suppliers,
        first_released_at,
        n_releases
    from stg_award_suppliers
),

record_organisations as (
    select
        source,
        record_key,
        org_id,
        basis,
        confidence,
        may_carry_adverse
    from ent_record_organisations
),

-- an organisation that is not listed is in no table: its award stands without it
published as (
    select
        ent_published.org_id,
        ent_organisations.registered_on
    from ent_published
    left join ent_organisations on ent_published.org_id = ent_organisations.org_id
),

duplicates as (
    select
        award_key,
        duplicate_of
    from award_duplicates
),

final as (
    select
        award_suppliers.*,
        published.org_id,
        duplicates.duplicate_of,
        case when published.org_id is not null then record_organisations.basis end as match_basis,
        case when published.org_id is not null then record_organisations.confidence end as match_confidence,
        record_organisations.org_id is null and looks_like_person(award_suppliers.supplier_name)
            as supplier_name_withheld,
        case
            when award_suppliers.amount is null then 'not stated'
            when not isfinite(award_suppliers.amount) then 'not a number'
            when award_suppliers.amount <= 0 then 'zero or less'
            when award_suppliers.amount <= 0.01 then 'placeholder'
            when award_suppliers.amount > 5e9 then 'above 5 billion'
            when award_suppliers.n_suppliers > 1 then 'shared by several suppliers'
            when award_suppliers.is_framework then 'ceiling of a framework'
            when duplicates.duplicate_of is not null then 'told again'
        end as amount_refused_reason
    from award_suppliers
    left join record_organisations
        on
            award_suppliers.source = record_organisations.source
            and award_suppliers.record_key = record_organisations.record_key
    -- names are used again: one alone gives no organisation an award from before it was registered
    left join published
        on
            record_organisations.org_id = published.org_id
            and (
                record_organisations.may_carry_adverse
                or not coalesce(award_suppliers.awarded_on < published.registered_on, false)
            )
    left join duplicates on award_suppliers.record_key = duplicates.award_key
)

select
    record_key as award_key,
    org_id,
    match_basis,
    match_confidence,
    ocid,
    award_id,
    supplier_id,
    supplier_name_withheld,
    supplier_scheme,
    supplier_identifier,
    company_number as supplier_company_number,
    n_suppliers,
    buyer_id,
    buyer_name,
    title,
    amount_basis,
    amount_refused_reason,
    duplicate_of,
    currency,
    awarded_on,
    start_on,
    end_on,
    notice_types,
    cpv_codes,
    legal_basis,
    special_regime,
    procurement_method,
    procurement_method_details,
    is_framework,
    reserved_participation,
    public_service_mutual,
    mutual_declared,
    vcse,
    notice_url,
    source,
    snapshot_id,
    locator,
    first_released_at,
    n_releases,
    case when not supplier_name_withheld then supplier_name end as supplier_name,
    case when isfinite(amount) then amount end as amount,
    amount_refused_reason is null as amount_usable,
    cpv_codes[1] as cpv_code
from final
