-- What: the identifiers that crosswalks, registers, notices and the NHS's list show beside the one that an
-- organisation is known by.
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

final as (
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
