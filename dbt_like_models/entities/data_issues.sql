-- What: every record that was repaired, set aside or could not be joined, and every word that nobody has
-- mapped.
-- Grain: one row a source, snapshot, place, kind, field and value.
-- The lake's own issues, and those that only show when records are put together: of these a number that
-- joins nothing, in one place, unless they say otherwise.
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

-- registers with one record a number
records as (
    select
        source,
        snapshot_id,
        record_key,
        case source
            when 'fca_societies' then 'full_registration_number'
            when 'companies_house_basic' then 'company_number'
            when 'coops_uk_organisations' then 'cuk_organisation_id'
        end as field
    from lake.records
    where source in ('fca_societies', 'companies_house_basic', 'coops_uk_organisations')
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

repeated as (
    select
        source,
        snapshot_id,
        field,
        record_key as value,
        case when record_key is null then 'missing-key' else 'duplicate-key' end as kind,
        case when record_key is null then 'quarantined' else 'repaired' end as severity,
        case
            when record_key is null then 'no identifier: the record is in the lake but in no table'
            else 'published more than once in one snapshot: the first place counts'
        end as detail,
        occurrences - case when record_key is null then 0 else 1 end as occurrences
    from keys
),

contradicted as (
    select
        snapshot_id,
        cuk_organisation_id as value,
        occurrences,
        'coops_uk_economic' as source,
        case
            when is_nobodys then 'missing-key'
            when year_end_on is null then 'missing-period'
            else 'conflicting-figures'
        end as kind,
        case when is_nobodys or year_end_on is null then 'quarantined' else 'repaired' end as severity,
        case when is_nobodys or year_end_on is not null then 'cuk_organisation_id' else 'year_end_on' end
            as field,
        case
            when is_nobodys then 'no organisation: the row is in the lake but in no table'
            when year_end_on is null then 'no year end: the row is in the lake but in no table'
            else 'two sets of figures for ' || year_end_on || ': the first place counts'
        end as detail
    from figures
    where is_nobodys or year_end_on is null or n_versions > 1
),

classes as (
    select
        source,
        registered_number as value,
        min(snapshot_id) as snapshot_id,
        count(*) as occurrences,
        'conflicting-classes' as kind,
        'info' as severity,
        'ownership_classification' as field,
        'entries of one number are classed ' || string_agg(
            distinct ownership_classification, ' and ' order by ownership_classification
        ) || ': neither is held against it' as detail
    from stg_coops_uk_organisations
    where registered_number is not null
    group by source, registered_number, company_number, society_number
    having count(distinct ownership_classification) > 1
),

-- numbers that join nothing, each where it stands
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

-- a register row that a whole snapshot leaves out: is there a profile that says why, or a successor?
vanished as (
    select
        history.source,
        history.record_key as value,
        min(snapshots.snapshot_id) as snapshot_id,
        'record-left-out' as kind,
        'question' as severity,
        'in no whole version since ' || history.observed_to || ', which is no end: look for a profile, or a '
        || 'successor'
            as detail
    from organisations_history as history
    left join lake.snapshots as snapshots
        on
            history.source = snapshots.source
            and history.observed_to = snapshots.published_on
            and snapshots.scope = 'whole'
    where history.known_to is null and history.valid_to is null and history.observed_to is not null
    group by history.source, history.record_key, history.observed_to
),

words as (
    select
        source,
        snapshot_id,
        company_category as value,
        'company_category' as field
    from stg_companies_house_basic
    where legal_form is null
    union all by name
    select
        source,
        snapshot_id,
        registered_as as value,
        'registered_as' as field
    from stg_fca_societies
    -- the number's suffix may tell the form all the same
    where
        lower(registered_as) not in (
            select lower(legal_form_map.published_value)
            from legal_form_map
            where legal_form_map.source = 'fca_societies'
        )
    union all by name
    select
        source,
        snapshot_id,
        legal_form_words as value,
        'legal_form' as field
    from stg_coops_uk_organisations
    where legal_form is null
    union all by name
    select
        source,
        snapshot_id,
        society_status as value,
        'society_status' as field
    from stg_fca_societies
    where status = 'unknown'
    union all by name
    select
        source,
        snapshot_id,
        registered_status as value,
        'registered_status' as field
    from stg_coops_uk_organisations
    where status = 'unknown'
),

unmapped as (
    select
        source,
        field,
        value,
        min(snapshot_id) as snapshot_id,
        count(*) as occurrences,
        'unmapped-value' as kind,
        'unmapped' as severity,
        case when field in ('society_status', 'registered_status') then 'no status' else 'no legal form' end
        || ' is mapped to this word' as detail
    from words
    where value is not null
    group by source, field, value
),

issues as (
    select *
    from lake_issues
    union all by name
    select *
    from repeated
    union all by name
    select *
    from contradicted
    union all by name
    select *
    from classes
    union all by name
    select *
    from numbers
    union all by name
    select *
    from vanished
    union all by name
    select *
    from unmapped
),

final as (
    select
        source,
        coalesce(kind, 'invalid-number') as kind,
        coalesce(severity, 'quarantined') as severity,
        coalesce(snapshot_id, '') as snapshot_id,
        coalesce(locator, '') as locator,
        coalesce(field, '') as field,
        coalesce(value, '') as value,
        min(detail) as detail,
        sum(coalesce(occurrences, 1))::bigint as occurrences
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
