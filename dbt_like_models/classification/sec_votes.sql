-- What: every sector that a record tells of a published organisation, with what told it.
-- Grain: one row an organisation, sector and basis.
-- Codes of registers and awards are mapped by the longest prefix, words by the first rule that matches. The
-- words of names are asked of entries of the curated list only. One basis may tell several sectors.
with published as (
    select org_id
    from ent_published
),

sic as (
    select
        ent_organisations.org_id,
        unnest(ent_organisations.sic_codes) as sic_code,
        generate_subscripts(ent_organisations.sic_codes, 1) as place
    from ent_organisations
    inner join published on ent_organisations.org_id = published.org_id
),

by_sic as (
    select
        sic.org_id,
        sic.place,
        any_value(sic.sic_code) as evidence,
        arg_max(sector_sic.sector, length(sector_sic.sic_prefix)) as sector
    from sic
    inner join sector_sic on starts_with(sic.sic_code, sector_sic.sic_prefix)
    group by sic.org_id, sic.place
),

by_coops_uk as (
    select
        ent_record_organisations.org_id,
        sector_coops_uk.sector,
        stg_coops_uk_organisations.sector_simplified as evidence
    from stg_coops_uk_organisations
    inner join ent_record_organisations
        on
            stg_coops_uk_organisations.source = ent_record_organisations.source
            and stg_coops_uk_organisations.record_key = ent_record_organisations.record_key
    inner join sector_coops_uk
        on stg_coops_uk_organisations.sector_simplified = sector_coops_uk.published_sector
),

awards as (
    select
        ent_record_organisations.org_id,
        stg_award_suppliers.record_key,
        stg_award_suppliers.cpv_codes[1] as cpv_code
    from stg_award_suppliers
    inner join ent_record_organisations
        on
            stg_award_suppliers.source = ent_record_organisations.source
            and stg_award_suppliers.record_key = ent_record_organisations.record_key
    where ent_record_organisations.confidence = 'exact'
),

by_award as (
    select
        awards.org_id,
        awards.record_key,
        any_value(awards.cpv_code) as evidence,
        arg_max(sector_cpv.sector, length(sector_cpv.cpv_prefix)) as sector
    from awards
    inner join sector_cpv on starts_with(awards.cpv_code, sector_cpv.cpv_prefix)
    group by awards.org_id, awards.record_key
),

listed as (
    select
        ent_record_organisations.org_id,
        case stg_known_mutuals.field when 'public_parent' then 'parent' else 'name' end as reads,
        plain_words(
            case stg_known_mutuals.field
                when 'public_parent' then stg_known_mutuals.value else stg_known_mutuals.name
            end
        ) as words
    from stg_known_mutuals
    inner join ent_record_organisations
        on
            stg_known_mutuals.source = ent_record_organisations.source
            and stg_known_mutuals.entry_id = ent_record_organisations.record_key
    where stg_known_mutuals.field in ('label', 'public_parent')
),

by_words as (
    select
        listed.org_id,
        listed.words as evidence,
        sector_words.reads,
        sector_words.place,
        sector_words.sector
    from listed
    inner join sector_words
        on listed.reads = sector_words.reads and regexp_matches(listed.words, sector_words.matches)
),

-- the words of registers that have a vocabulary of their own
told as (
    select
        'cqc_active_locations' as source,
        record_key as link_key,
        unnest(service_types) as words
    from stg_cqc_providers
    union all by name
    select
        'fca_societies' as source,
        record_key as link_key,
        reporting_classification as words
    from stg_fca_societies
    where reporting_classification is not null
),

linked as (
    select
        ent_record_organisations.org_id,
        told.source,
        told.words,
        lower(told.words) as asked
    from told
    inner join ent_record_organisations
        on
            told.source = ent_record_organisations.source
            and told.link_key = ent_record_organisations.record_key
    where ent_record_organisations.confidence = 'exact'
    union all by name
    select
        ent_filers.org_id,
        'charity_commission_classifications' as source,
        classifications.description as words,
        classifications.code::varchar as asked
    from stg_charity_commission_classifications as classifications
    inner join ent_filers
        on ent_filers.scheme = 'GB-CHC' and classifications.charity_number = ent_filers.identifier
),

by_vocabulary as (
    select
        linked.org_id,
        linked.source,
        linked.words as evidence,
        arg_min(sector_vocabularies.sector, (sector_vocabularies.place, sector_vocabularies.matches))
            as sector
    from linked
    inner join sector_vocabularies
        on
            linked.source = sector_vocabularies.source
            and regexp_full_match(linked.asked, sector_vocabularies.matches)
    group by linked.org_id, linked.source, linked.words
),

votes as (
    select
        org_id,
        sector,
        'activity code' as basis,
        1 as precedence,
        -place as weight,
        'SIC ' || evidence as evidence
    from by_sic
    union all
    select
        org_id,
        sector,
        'Co-operatives UK sector' as basis,
        2 as precedence,
        1 as weight,
        evidence
    from by_coops_uk
    union all
    select
        org_id,
        sector,
        'CPV of awards' as basis,
        3 as precedence,
        1 as weight,
        'CPV ' || evidence as evidence
    from by_award
    union all
    select
        org_id,
        sector,
        case source
            when 'cqc_active_locations' then 'CQC services'
            when 'fca_societies' then 'FCA classification'
            else 'charity classification'
        end as basis,
        case source when 'cqc_active_locations' then 4 when 'fca_societies' then 5 else 6 end as precedence,
        1 as weight,
        evidence
    from by_vocabulary
    union all
    select distinct
        org_id,
        sector,
        case reads when 'name' then 'word of its name' else 'word of its public parent''s name' end as basis,
        7 as precedence,
        -place as weight,
        evidence
    from by_words
),

-- what counts adds up (awards, services); a place in an order does not
final as (
    select
        votes.org_id,
        votes.sector,
        votes.basis,
        votes.precedence,
        case when max(votes.weight) > 0 then sum(votes.weight) else max(votes.weight) end::bigint as weight,
        count(*) as records,
        arg_max(votes.evidence, (votes.weight, votes.evidence)) as evidence
    from votes
    inner join published on votes.org_id = published.org_id
    group by votes.org_id, votes.sector, votes.basis, votes.precedence
)

select
    org_id,
    sector,
    basis,
    precedence,
    weight,
    records,
    evidence
from final
