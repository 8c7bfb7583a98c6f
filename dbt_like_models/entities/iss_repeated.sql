-- What: keys that one snapshot publishes more than once or not at all, and entries of one number that
-- contradict each other.
-- Grain: one row a source, snapshot, kind, field and value.
-- Apart from data_issues, because these are counts over whole snapshots and have no place in them.
-- Keys are asked of the registers that promise one record a number.
with records as (
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

issues as (
    select *
    from repeated
    union all by name
    select *
    from contradicted
    union all by name
    select *
    from classes
),

-- figures of several years may contradict each other: they are one issue, told by its first year
final as (
    select
        source,
        snapshot_id,
        kind,
        severity,
        field,
        coalesce(value, '') as value,
        min(detail) as detail,
        sum(occurrences)::bigint as occurrences
    from issues
    group by all
)

select
    source,
    snapshot_id,
    kind,
    severity,
    field,
    value,
    detail,
    occurrences
from final
