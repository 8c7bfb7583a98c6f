-- What: awards that say again what Find a Tender says, with the award that counts in their place.
-- Grain: one row an award that is taken for a repeat.
-- The sources share no ids, so this is a judgement, and only for money: the row stays. One contract is told
-- by the same buyer's name, the same supplier (organisation, or else name), money within one part in a
-- hundred, and award or first day within 31 days. Find a Tender's row counts, since its form says more.
with award_suppliers as (
    select
        record_key,
        source,
        ocid,
        supplier_name,
        buyer_name,
        amount,
        awarded_on,
        start_on
    from stg_award_suppliers
    where amount > 0.01 and isfinite(amount)
),

record_organisations as (
    select
        source,
        record_key,
        org_id
    from ent_record_organisations
),

described as (
    select
        award_suppliers.record_key,
        award_suppliers.amount,
        award_suppliers.awarded_on,
        award_suppliers.start_on,
        record_organisations.org_id,
        award_suppliers.ocid like 'ocds-h6vhtk-%' as is_find_a_tender,
        normalise_name(award_suppliers.buyer_name) as buyer,
        normalise_name(award_suppliers.supplier_name) as supplier
    from award_suppliers
    left join record_organisations
        on
            award_suppliers.source = record_organisations.source
            and award_suppliers.record_key = record_organisations.record_key
),

counted as (
    select *
    from described
    where is_find_a_tender
),

others as (
    select *
    from described
    where not is_find_a_tender
),

pairs as (
    select
        others.record_key as award_key,
        counted.record_key as duplicate_of,
        case when others.org_id = counted.org_id then 'organisation' else 'name' end as told_by,
        coalesce(
            abs(others.awarded_on - counted.awarded_on), abs(others.start_on - counted.start_on)
        ) as days_apart
    from others
    inner join counted
        on
            others.buyer = counted.buyer
            and (
                others.org_id = counted.org_id
                or (
                    others.supplier = counted.supplier
                    and (others.org_id is null or counted.org_id is null)
                )
            )
            and abs(others.amount - counted.amount) <= 0.01 * greatest(others.amount, counted.amount)
            and (
                abs(others.awarded_on - counted.awarded_on) <= 31
                or abs(others.start_on - counted.start_on) <= 31
            )
)

select
    award_key,
    duplicate_of,
    told_by,
    days_apart
from pairs
qualify row_number() over (partition by award_key order by days_apart, duplicate_of) = 1
