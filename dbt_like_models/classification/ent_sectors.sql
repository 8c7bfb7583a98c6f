-- What: the sector of each published organisation, and which record told it.
-- Grain: one row an organisation; one whose records tell no sector has no row.
-- A register's activity code first, Co-operatives UK's sector next, the commonest CPV code of its awards
-- next: a contract tells of one purchase. Codes of membership bodies and businesses say too little. Last,
-- and of entries of the curated list only, words of the name or of the public parent's name.
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
        arg_max(sector_sic.sector, length(sector_sic.sic_prefix)) as sector
    from sic
    inner join sector_sic on starts_with(sic.sic_code, sector_sic.sic_prefix)
    group by sic.org_id, sic.place
),

by_coops_uk as (
    select
        ent_record_organisations.org_id,
        sector_coops_uk.sector,
        stg_coops_uk_organisations.record_key
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
        sector_words.reads,
        sector_words.place,
        sector_words.sector
    from listed
    inner join sector_words
        on listed.reads = sector_words.reads and regexp_matches(listed.words, sector_words.matches)
),

votes as (
    select
        org_id,
        sector,
        'activity code' as basis,
        1 as precedence,
        -place as weight
    from by_sic
    union all
    select
        org_id,
        sector,
        'Co-operatives UK sector' as basis,
        2 as precedence,
        count(*) as weight
    from by_coops_uk
    group by org_id, sector
    union all
    select
        org_id,
        sector,
        'CPV of awards' as basis,
        3 as precedence,
        count(*) as weight
    from by_award
    group by org_id, sector
    union all
    select distinct
        org_id,
        sector,
        case reads when 'name' then 'word of its name' else 'word of its public parent''s name' end as basis,
        4 as precedence,
        -place as weight
    from by_words
),

final as (
    select
        votes.org_id,
        votes.sector,
        votes.basis
    from votes
    inner join published on votes.org_id = published.org_id
    qualify row_number() over (
        partition by votes.org_id
        order by
            votes.sector in ('other', 'membership-associations', 'business-services'),
            votes.precedence asc,
            votes.weight desc,
            votes.sector asc
    ) = 1
)

select
    org_id,
    sector,
    basis
from final
