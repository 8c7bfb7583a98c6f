-- What: numbers that join nothing: they cannot be read, or lead to two.
-- Grain: one row a source, snapshot, place, kind, field and value.
-- Apart from data_issues, because each stands in one place and all of one kind unless they say otherwise.
with lake_issues as (
    select
        snapshot_id,
        locator,
        value
    from lake.data_issues
),

numbers as (
    select
        source,
        snapshot_id,
        locator,
        stated_company_number as value,
        'award-not-joined' as kind,
        'parties.identifier' as field,
        'not a company number: joined by name and postcode, or not at all' as detail
    from stg_award_suppliers as award_suppliers
    where
        stated_company_number is not null
        and company_number is null
        -- the reader says so of most
        and not exists (
            select 1
            from lake_issues
            where
                lake_issues.snapshot_id = award_suppliers.snapshot_id
                and lake_issues.locator = award_suppliers.locator
                and lake_issues.value = award_suppliers.stated_company_number
        )
    union all by name
    select
        source,
        snapshot_id,
        locator,
        registered_number as value,
        'registered_number' as field,
        'neither a society nor a company number: joined by name and postcode, or not at all' as detail
    from stg_coops_uk_organisations
    where registered_number is not null and society_number is null and company_number is null
    union all by name
    select
        source,
        snapshot_id,
        locator,
        value,
        field,
        'the number cannot be read: the entry is not joined by it' as detail
    from stg_known_mutuals
    where
        (field = 'company_number' and normalise_company_number(value) is null)
        or (field = 'society_number' and normalise_society_number(value) is null)
    union all by name
    select
        snapshot_id,
        locator,
        company_number as value,
        'mutual_companies' as source,
        'ambiguous-crosswalk' as kind,
        'org_id_b' as field,
        'given to the societies ' || array_to_string(society_numbers, ', ') || ': joined to neither' as detail
    from ent_crosswalk
    where is_ambiguous
    union all by name
    select
        source,
        snapshot_id,
        locator,
        scheme || '-' || identifier as value,
        'ambiguous-crosswalk' as kind,
        'parties.additionalIdentifiers' as field,
        'shown beside the numbers of ' || array_to_string(org_ids, ', ') || ': joined to none' as detail
    from ent_party_links
    where is_ambiguous
    union all by name
    select
        snapshot_id,
        locator,
        'mutual_companies' as source,
        'org_id_a, org_id_b' as field,
        org_id_a || ', ' || org_id_b as value,
        'not a society and a company number: the pair is not used' as detail
    from lake.mutual_companies
    where
        normalise_society_number(replace(org_id_a, 'GB-MPR-', '')) is null
        or normalise_company_number(replace(org_id_b, 'GB-COH-', '')) is null
),

final as (
    select
        source,
        snapshot_id,
        locator,
        field,
        value,
        coalesce(kind, 'invalid-number') as kind,
        min(detail) as detail,
        count(*) as occurrences
    from numbers
    group by all
)

select
    source,
    snapshot_id,
    locator,
    kind,
    field,
    value,
    detail,
    occurrences
from final
