-- What: the identifiers of every organisation, each with how it is known.
-- Grain: one row an organisation and identifier. Numbers of supplier profiles (GB-CFS) are nobody's
-- identifier.
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
        society_number,
        society_numbers,
        is_ambiguous,
        snapshot_id,
        locator
    from ent_crosswalk
),

ambiguous as (
    select
        company_number,
        snapshot_id,
        locator,
        unnest(society_numbers) as society_number
    from crosswalk
    where is_ambiguous
),

known_societies as (
    select org_id
    from ent_organisations
    where org_id like 'GB-MPR-%'
),

register_links as (
    select
        org_id,
        scheme,
        identifier,
        basis,
        confidence,
        rank,
        source,
        snapshot_id,
        locator
    from ent_register_links
    where org_id in (select organisations.org_id from ent_organisations as organisations)
),

party_links as (
    select
        scheme,
        identifier,
        org_ids,
        is_ambiguous,
        source,
        snapshot_id,
        locator
    from ent_party_links
),

shown_together as (
    select
        scheme,
        identifier,
        is_ambiguous,
        source,
        snapshot_id,
        locator,
        unnest(org_ids) as org_id
    from party_links
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

-- a scheme is two letters, a hyphen and its own code; what follows is the identifier
own as (
    select
        record_organisations.org_id,
        'exact' as confidence,
        record_organisations.source,
        records.snapshot_id,
        records.locator,
        regexp_extract(record_organisations.org_id, '^([A-Z]+-[A-Z]+)-(.*)$', 1) as scheme,
        regexp_extract(record_organisations.org_id, '^([A-Z]+-[A-Z]+)-(.*)$', 2) as identifier,
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

others as (
    select
        'GB-MPR-' || crosswalk.society_number as org_id,
        'GB-COH' as scheme,
        crosswalk.company_number as identifier,
        1 as rank,
        'crosswalk' as basis,
        'exact' as confidence,
        'mutual_companies' as source,
        crosswalk.snapshot_id,
        crosswalk.locator
    from crosswalk
    inner join known_societies on 'GB-MPR-' || crosswalk.society_number = known_societies.org_id
    where not crosswalk.is_ambiguous
    union all
    select
        known_societies.org_id,
        'GB-COH' as scheme,
        ambiguous.company_number as identifier,
        9 as rank,
        'crosswalk' as basis,
        'ambiguous' as confidence,
        'mutual_companies' as source,
        ambiguous.snapshot_id,
        ambiguous.locator
    from ambiguous
    inner join known_societies on 'GB-MPR-' || ambiguous.society_number = known_societies.org_id
    union all
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
    union all
    select
        record_organisations.org_id,
        regexp_extract(record_organisations.record_key, '^([A-Z]+-[A-Z]+)-(.*)$', 1) as scheme,
        regexp_extract(record_organisations.record_key, '^([A-Z]+-[A-Z]+)-(.*)$', 2) as identifier,
        2 as rank,
        'alias' as basis,
        record_organisations.confidence,
        record_organisations.source,
        records.snapshot_id,
        records.locator
    from record_organisations
    inner join records
        on
            record_organisations.source = records.source
            and record_organisations.record_key = records.record_key
    where record_organisations.source = 'known_mutuals' and record_organisations.basis != 'own id'
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
        regexp_extract(same_names.org_id, '^([A-Z]+-[A-Z]+)-(.*)$', 1) as scheme,
        regexp_extract(same_names.org_id, '^([A-Z]+-[A-Z]+)-(.*)$', 2) as identifier,
        9 as rank,
        'name' as basis,
        'name only' as confidence,
        'known_mutuals' as source,
        lonely_entries.snapshot_id,
        lonely_entries.locator
    from lonely_entries
    inner join same_names on lonely_entries.name_normalised = same_names.name_normalised
    union all
    select
        org_id,
        scheme,
        identifier,
        -- a number that the curated list cites too is the register's before the citation's (4), and a doubt
        -- is the last word
        case when confidence = 'ambiguous' then 9 else rank end as rank,
        basis,
        confidence,
        source,
        snapshot_id,
        locator
    from register_links
    union all
    select
        org_id,
        scheme,
        identifier,
        case when is_ambiguous then 9 else 5 end as rank,
        'crosswalk' as basis,
        case when is_ambiguous then 'ambiguous' else 'exact' end as confidence,
        source,
        snapshot_id,
        locator
    from shown_together
    where org_id in (select organisations.org_id from ent_organisations as organisations)
    union all
    -- what a supplier's own notices give beside the number or the name that joins it
    select
        record_organisations.org_id,
        given_ids.scheme,
        given_ids.identifier,
        case when party_links.is_ambiguous then 9 else 6 end as rank,
        case
            when record_organisations.basis = 'name and postcode' then 'name and postcode' else 'identifier'
        end as basis,
        case when party_links.is_ambiguous then 'ambiguous' else record_organisations.confidence end
            as confidence,
        given_ids.source,
        given_ids.snapshot_id,
        given_ids.locator
    from stg_supplier_identifiers as given_ids
    inner join record_organisations
        on
            given_ids.source = record_organisations.source
            and given_ids.record_key = record_organisations.record_key
    left join party_links
        on given_ids.scheme = party_links.scheme and given_ids.identifier = party_links.identifier
    where given_ids.scheme not in ('GB-COH', 'GB-MPR')
    union all
    select
        record_organisations.org_id,
        'GB-NHS' as scheme,
        health.organisation_code as identifier,
        3 as rank,
        record_organisations.basis,
        record_organisations.confidence,
        health.source,
        health.snapshot_id,
        health.locator
    from stg_ods_organisations as health
    inner join record_organisations
        on
            health.source = record_organisations.source
            and health.record_key = record_organisations.record_key
),

stated as (
    select
        org_id,
        scheme,
        identifier,
        rank,
        basis,
        confidence,
        source,
        snapshot_id,
        locator
    from own
    union all
    select
        org_id,
        scheme,
        identifier,
        rank,
        basis,
        confidence,
        source,
        snapshot_id,
        locator
    from others
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
