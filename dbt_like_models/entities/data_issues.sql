-- What: every record that was repaired, set aside or could not be joined, and every word that nobody has
-- mapped.
-- Grain: one row a source, snapshot, place, kind, field and value.
-- The lake's own issues, and those that only show when records are put together.
with lake_issues as (
    select
        source,
        snapshot_id,
        locator,
        kind,
        severity,
        field,
        value,
        detail,
        occurrences
    from lake.data_issues
),

records as (
    select
        'fca_societies' as source,
        snapshot_id,
        coalesce(
            normalise_society_number(full_registration_number), squeeze(full_registration_number)
        ) as record_key,
        'full_registration_number' as field
    from lake.fca_societies
    union all
    select
        'companies_house_basic' as source,
        snapshot_id,
        company_number as record_key,
        'company_number' as field
    from lake.companies_house_basic
    union all
    select
        'coops_uk_organisations' as source,
        snapshot_id,
        cuk_organisation_id as record_key,
        'cuk_organisation_id' as field
    from lake.coops_uk_organisations
),

keys as (
    select
        source,
        snapshot_id,
        record_key,
        any_value(field) as field,
        count(*) as occurrences
    from records
    group by source, snapshot_id, record_key
    having count(*) > 1 or record_key is null
),

figures as (
    select
        snapshot_id,
        cuk_organisation_id,
        year_end_on,
        coalesce(cuk_organisation_id, 'N/a') = 'N/a' as is_nobodys,
        count(*) as occurrences,
        count(
            distinct hash(registered_name, turnover, profit_before_tax, member_funds, memberships, employees)
        ) as n_versions
    from lake.coops_uk_economic
    group by snapshot_id, cuk_organisation_id, year_end_on
),

linkage_issues as (
    select
        source,
        snapshot_id,
        null as locator,
        case when record_key is null then 'missing-key' else 'duplicate-key' end as kind,
        case when record_key is null then 'quarantined' else 'repaired' end as severity,
        field,
        record_key as value,
        case
            when record_key is null then 'no identifier: the record is in the lake but in no table'
            else 'published more than once in one snapshot: the first place counts'
        end as detail,
        occurrences - case when record_key is null then 0 else 1 end as occurrences
    from keys
    union all
    select
        'coops_uk_economic' as source,
        snapshot_id,
        null as locator,
        case
            when is_nobodys then 'missing-key'
            when year_end_on is null then 'missing-period'
            else 'conflicting-figures'
        end as kind,
        case
            when is_nobodys or year_end_on is null then 'quarantined' else 'repaired'
        end as severity,
        case when is_nobodys or year_end_on is not null then 'cuk_organisation_id' else 'year_end_on' end
            as field,
        cuk_organisation_id as value,
        case
            when is_nobodys
                then 'no organisation: the row is in the lake but in no table'
            when year_end_on is null then 'no year end: the row is in the lake but in no table'
            else 'two sets of figures for ' || year_end_on || ': the first place counts'
        end as detail,
        occurrences
    from figures
    where is_nobodys or year_end_on is null or n_versions > 1
    union all
    select
        source,
        snapshot_id,
        locator,
        'award-not-joined' as kind,
        'quarantined' as severity,
        'parties.identifier' as field,
        stated_company_number as value,
        'not a company number: joined by name and postcode, or not at all' as detail,
        1 as occurrences
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
    union all
    select
        source,
        snapshot_id,
        locator,
        'invalid-number' as kind,
        'quarantined' as severity,
        'registered_number' as field,
        registered_number as value,
        'neither a society nor a company number: joined by name and postcode, or not at all' as detail,
        1 as occurrences
    from stg_coops_uk_organisations
    where registered_number is not null and society_number is null and company_number is null
    union all
    select
        source,
        min(snapshot_id) as snapshot_id,
        null as locator,
        'conflicting-classes' as kind,
        'info' as severity,
        'ownership_classification' as field,
        registered_number as value,
        'entries of one number are classed ' || string_agg(
            distinct ownership_classification, ' and ' order by ownership_classification
        ) || ': neither is held against it' as detail,
        count(*) as occurrences
    from stg_coops_uk_organisations
    where registered_number is not null
    group by source, registered_number, company_number, society_number
    having count(distinct ownership_classification) > 1
    union all
    select
        source,
        snapshot_id,
        locator,
        'invalid-number' as kind,
        'quarantined' as severity,
        field,
        value,
        'the number cannot be read: the entry is not joined by it' as detail,
        1 as occurrences
    from stg_known_mutuals
    where
        (field = 'company_number' and normalise_company_number(value) is null)
        or (field = 'society_number' and normalise_society_number(value) is null)
    union all
    select
        'mutual_companies' as source,
        snapshot_id,
        locator,
        'ambiguous-crosswalk' as kind,
        'quarantined' as severity,
        'org_id_b' as field,
        company_number as value,
        'given to the societies '
        || array_to_string(society_numbers, ', ')
        || ': joined to neither' as detail,
        1 as occurrences
    from ent_crosswalk
    where is_ambiguous
    union all
    select
        'mutual_companies' as source,
        snapshot_id,
        locator,
        'invalid-number' as kind,
        'quarantined' as severity,
        'org_id_a, org_id_b' as field,
        org_id_a || ', ' || org_id_b as value,
        'not a society and a company number: the pair is not used' as detail,
        1 as occurrences
    from lake.mutual_companies
    where
        normalise_society_number(replace(org_id_a, 'GB-MPR-', '')) is null
        or normalise_company_number(replace(org_id_b, 'GB-COH-', '')) is null
    union all
    select
        source,
        min(snapshot_id) as snapshot_id,
        null as locator,
        'unmapped-value' as kind,
        'unmapped' as severity,
        'company_category' as field,
        company_category as value,
        'no legal form is mapped to this word' as detail,
        count(*) as occurrences
    from stg_companies_house_basic
    where company_category is not null and legal_form is null
    group by source, company_category
    union all
    select
        source,
        min(snapshot_id) as snapshot_id,
        null as locator,
        'unmapped-value' as kind,
        'unmapped' as severity,
        'registered_as' as field,
        registered_as as value,
        'no legal form is mapped to this word' as detail,
        count(*) as occurrences
    from stg_fca_societies
    where
        registered_as is not null
        -- the number's suffix may tell the form all the same
        and lower(registered_as) not in (
            select lower(legal_form_map.published_value)
            from legal_form_map
            where legal_form_map.source = 'fca_societies'
        )
    group by source, registered_as
    union all
    select
        source,
        min(snapshot_id) as snapshot_id,
        null as locator,
        'unmapped-value' as kind,
        'unmapped' as severity,
        'legal_form' as field,
        legal_form_words as value,
        'no legal form is mapped to this word' as detail,
        count(*) as occurrences
    from stg_coops_uk_organisations
    where legal_form_words is not null and legal_form is null
    group by source, legal_form_words
    union all
    select
        source,
        min(snapshot_id) as snapshot_id,
        null as locator,
        'unmapped-value' as kind,
        'unmapped' as severity,
        'society_status' as field,
        society_status as value,
        'no status is mapped to this word' as detail,
        count(*) as occurrences
    from stg_fca_societies
    where society_status is not null and status = 'unknown'
    group by source, society_status
    union all
    select
        source,
        min(snapshot_id) as snapshot_id,
        null as locator,
        'unmapped-value' as kind,
        'unmapped' as severity,
        'registered_status' as field,
        registered_status as value,
        'no status is mapped to this word' as detail,
        count(*) as occurrences
    from stg_coops_uk_organisations
    where registered_status is not null and status = 'unknown'
    group by source, registered_status
),

issues as (
    select
        source,
        snapshot_id,
        locator,
        kind,
        severity,
        field,
        value,
        detail,
        occurrences
    from lake_issues
    union all
    select
        source,
        snapshot_id,
        locator,
        kind,
        severity,
        field,
        value,
        detail,
        occurrences
    from linkage_issues
),

final as (
    select
        source,
        kind,
        severity,
        coalesce(snapshot_id, '') as snapshot_id,
        coalesce(locator, '') as locator,
        coalesce(field, '') as field,
        coalesce(value, '') as value,
        min(detail) as detail,
        sum(occurrences)::bigint as occurrences
    from issues
    group by all
)

select
    source,
    snapshot_id,
    locator,
    kind,
    severity,
    field,
    value,
    detail,
    occurrences
from final
