-- What: the identifiers of every organisation, each with how it is known.
-- Grain: one row an organisation and identifier, with its surest statement. Numbers of supplier profiles
-- (GB-CFS) are nobody's identifier.
with record_organisations as (
    select
        source,
        record_key,
        org_id,
        basis,
        confidence
    from ent_record_organisations
),

crosswalk as (
    select
        company_number,
        society_number
    from ent_crosswalk
),

records as (
    select
        source,
        record_key,
        snapshot_id,
        locator
    from stg_companies_house_basic
    union all
    select
        source,
        record_key,
        snapshot_id,
        locator
    from stg_fca_societies
    union all
    select
        source,
        record_key,
        snapshot_id,
        locator
    from stg_coops_uk_organisations
    union all
    select
        source,
        record_key,
        snapshot_id,
        locator
    from stg_award_suppliers
    union all
    select
        source,
        record_key,
        snapshot_id,
        locator
    from stg_nhs_spend
    union all
    select
        source,
        entry_id as record_key,
        min(snapshot_id) as snapshot_id,
        arg_min(locator, record_key) as locator
    from stg_known_mutuals
    group by source, entry_id
    union all
    select
        source,
        cuk_organisation_id as record_key,
        min(snapshot_id) as snapshot_id,
        arg_min(locator, record_key) as locator
    from stg_coops_uk_economic
    group by source, cuk_organisation_id
),

own as (
    select
        record_organisations.org_id,
        'exact' as confidence,
        record_organisations.source,
        records.snapshot_id,
        records.locator,
        scheme_of(record_organisations.org_id) as scheme,
        identifier_of(record_organisations.org_id) as identifier,
        case when record_organisations.basis = 'crosswalk' then 'crosswalk' else 'own id' end as basis,
        case
            when record_organisations.basis = 'crosswalk' then 4
            when record_organisations.source in ('fca_societies', 'companies_house_basic') then 1
            when record_organisations.source = 'coops_uk_organisations' then 2
            else 3
        end as rank
    from record_organisations
    inner join records
        on
            record_organisations.source = records.source
            and record_organisations.record_key = records.record_key
    where
        -- a record that was joined by its name is no record of the number
        record_organisations.basis in (
            'identifier', 'crosswalk', 'own id', 'checked by researchers', 'judgement'
        )
        -- those are the companies below
        and not (
            record_organisations.source = 'companies_house_basic'
            and record_organisations.basis = 'identifier'
        )
),

-- millions, each with its own number and nothing to choose from
companies as (
    select
        records.company_number as identifier,
        records.source,
        records.snapshot_id,
        records.locator,
        'GB-COH-' || records.company_number as org_id
    from stg_companies_house_basic as records
    left join crosswalk on records.company_number = crosswalk.company_number
    where crosswalk.society_number is null
),

-- the permanent id that Co-operatives UK gives an organisation which is known by another
co_operatives as (
    select
        record_organisations.org_id,
        'GB-COOP' as scheme,
        record_organisations.record_key as identifier,
        2 as rank,
        record_organisations.basis,
        record_organisations.confidence,
        record_organisations.source,
        records.snapshot_id,
        records.locator
    from record_organisations
    inner join records
        on
            record_organisations.source = records.source
            and record_organisations.record_key = records.record_key
    where record_organisations.source = 'coops_uk_organisations' and record_organisations.basis != 'own id'
),

stated as (
    select *
    from own
    union all by name
    select *
    from co_operatives
    union all by name
    select *
    from ent_linked_identifiers
    union all by name
    select *
    from ent_curated_identifiers
),

chosen as (
    select
        org_id,
        scheme,
        identifier,
        case when scheme = 'GB-COH' and org_id = 'GB-COH-' || identifier then org_id end as company_id,
        min({
            'rank': rank,
            'basis': basis,
            'confidence': confidence,
            'source': source,
            'snapshot_id': snapshot_id,
            'locator': locator
        }) as best
    from stated
    group by org_id, scheme, identifier
),

final as (
    select
        org_id,
        'GB-COH' as scheme,
        identifier,
        'own id' as basis,
        'exact' as confidence,
        source,
        snapshot_id,
        locator
    from companies
    union all
    select
        chosen.org_id,
        chosen.scheme,
        chosen.identifier,
        chosen.best.basis,
        chosen.best.confidence,
        chosen.best.source,
        chosen.best.snapshot_id,
        chosen.best.locator
    from chosen
    left join companies on chosen.company_id = companies.org_id
    where companies.org_id is null
)

select
    org_id,
    scheme,
    identifier,
    basis,
    confidence,
    source,
    snapshot_id,
    locator
from final
