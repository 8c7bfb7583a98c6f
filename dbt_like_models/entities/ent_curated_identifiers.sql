-- What: the identifiers of the organisations on the curated list: the list's own, those that it cites, and
-- the one that is but some register's of the same name.
-- Grain: one row a statement: an organisation, an identifier, how and where it is told.
-- Apart from ent_identifiers, which adds an organisation's own and chooses the surest of all by rank.
with record_organisations as (
    select
        source,
        record_key,
        org_id,
        basis,
        confidence
    from ent_record_organisations
),

entries as (
    select
        source,
        entry_id,
        min(snapshot_id) as snapshot_id,
        arg_min(locator, record_key) as locator
    from stg_known_mutuals
    group by source, entry_id
),

curated_numbers as (
    select
        entry_id,
        snapshot_id,
        locator,
        case field
            when 'society_number' then 'GB-MPR'
            when 'company_number' then 'GB-COH'
            when 'charity_number' then case when squeeze(value) like 'SC%' then 'GB-SC' else 'GB-CHC' end
        end as scheme,
        case field
            when 'society_number' then normalise_society_number(value)
            when 'company_number' then normalise_company_number(value)
            when 'charity_number' then squeeze(value)
        end as identifier
    from stg_known_mutuals
    where field in ('society_number', 'company_number', 'charity_number')
),

-- the name alone, of a curated entry without a number: told, never joined on
lonely_entries as (
    select
        names.record_key as entry_id,
        names.name_normalised,
        names.snapshot_id,
        names.locator,
        record_organisations.org_id
    from ent_record_names as names
    inner join record_organisations
        on names.source = record_organisations.source and names.record_key = record_organisations.record_key
    where
        names.source = 'known_mutuals'
        and record_organisations.basis = 'own id'
        and regexp_matches(names.name_normalised, '\b(cic|limited|llp|plc|society)$')
),

same_names as (
    select
        names.name_normalised,
        min(record_organisations.org_id) as org_id
    from ent_record_names as names
    inner join record_organisations
        on names.source = record_organisations.source and names.record_key = record_organisations.record_key
    where
        names.source in ('companies_house_basic', 'fca_societies', 'coops_uk_organisations')
        and names.name_type = 'current'
        and names.name_normalised in (select lonely_entries.name_normalised from lonely_entries)
    group by names.name_normalised
    having count(distinct record_organisations.org_id) = 1
),

final as (
    select
        record_organisations.org_id,
        scheme_of(record_organisations.record_key) as scheme,
        identifier_of(record_organisations.record_key) as identifier,
        2 as rank,
        'alias' as basis,
        record_organisations.confidence,
        record_organisations.source,
        entries.snapshot_id,
        entries.locator
    from record_organisations
    inner join entries
        on
            record_organisations.source = entries.source
            and record_organisations.record_key = entries.entry_id
    where record_organisations.basis != 'own id'
    union all
    select
        record_organisations.org_id,
        curated_numbers.scheme,
        curated_numbers.identifier,
        4 as rank,
        'citation' as basis,
        'exact' as confidence,
        'known_mutuals' as source,
        curated_numbers.snapshot_id,
        curated_numbers.locator
    from curated_numbers
    inner join record_organisations
        on
            record_organisations.source = 'known_mutuals'
            and curated_numbers.entry_id = record_organisations.record_key
    where curated_numbers.identifier is not null
    union all
    select
        lonely_entries.org_id,
        scheme_of(same_names.org_id) as scheme,
        identifier_of(same_names.org_id) as identifier,
        9 as rank,
        'name' as basis,
        'name only' as confidence,
        'known_mutuals' as source,
        lonely_entries.snapshot_id,
        lonely_entries.locator
    from lonely_entries
    inner join same_names on lonely_entries.name_normalised = same_names.name_normalised
)

select distinct
    org_id,
    scheme,
    identifier,
    rank,
    basis,
    confidence,
    source,
    snapshot_id,
    locator
from final
