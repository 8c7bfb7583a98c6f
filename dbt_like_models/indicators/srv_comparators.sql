-- What: those with whom mutuals are compared, from the records of the sources that list them.
-- Grain: one row a population and record.
-- The mutuals themselves are left out. Which births and which form belong to a population, and from when its
-- source tells of ends, is in survival_populations. A conversion is no end: the body is followed until then.
-- From a source that drops those that end, a body is followed only from the first day on which it was shown.
with listed_by_coops_uk as (
    select
        records.source,
        records.record_key as member,
        ent_record_organisations.org_id,
        records.incorporated_on,
        records.dissolved_on as ended_on,
        records.status = 'ended' as is_ended,
        records.first_seen_on,
        records.last_seen_on,
        records.uk_nation,
        -- that list does not tell one kind of society from another; the register may
        case
            when records.legal_form in ('registered-society', 'company') or records.legal_form is null
                then coalesce(nullif(ent_organisations.legal_form, 'unknown'), records.legal_form)
            else records.legal_form
        end as legal_form,
        sector_coops_uk.sector
    from stg_coops_uk_organisations as records
    left join sector_coops_uk on records.sector_simplified = sector_coops_uk.published_sector
    left join ent_record_organisations
        on
            records.source = ent_record_organisations.source
            and records.record_key = ent_record_organisations.record_key
    left join ent_organisations on ent_record_organisations.org_id = ent_organisations.org_id
),

searched as (
    select
        records.source,
        records.record_key as member,
        'GB-COH-' || records.company_number as org_id,
        records.incorporated_on,
        coalesce(records.dissolved_on, records.removed_on) as ended_on,
        coalesce(records.company_status in ('dissolved', 'closed', 'removed', 'converted-closed'), false)
            as is_ended,
        records.company_status = 'converted-closed' as is_converted,
        records.first_seen_on,
        records.last_seen_on,
        -- the number tells the register, and England and Wales share one
        case records.company_number[:2]
            when 'SC' then 'Scotland'
            when 'NI' then 'Northern Ireland'
            else 'England and Wales'
        end as uk_nation,
        coalesce(legal_form_map.legal_form, records.company_type) as legal_form,
        records.sic_codes[1] as sic_code
    from stg_companies_house_search as records
    left join legal_form_map
        on
            legal_form_map.source = 'companies_house_search'
            and legal_form_map.published_value = coalesce(records.company_subtype, records.company_type)
),

searched_sectors as (
    select
        searched.member,
        arg_max(sector_sic.sector, length(sector_sic.sic_prefix)) as sector
    from searched
    inner join sector_sic on starts_with(searched.sic_code, sector_sic.sic_prefix)
    group by searched.member
),

shown as (
    select
        source,
        record_key,
        first_seen_on,
        last_seen_on
    from stg_fca_societies
    union all
    select
        source,
        record_key,
        first_seen_on,
        last_seen_on
    from stg_companies_house_basic
),

registered as (
    select
        shown.source,
        shown.record_key as member,
        ent_organisations.org_id,
        ent_organisations.registered_on as incorporated_on,
        ent_organisations.ended_on,
        ent_organisations.status = 'ended' as is_ended,
        shown.first_seen_on,
        shown.last_seen_on,
        ent_organisations.legal_form,
        ent_sectors.sector
    from shown
    inner join ent_record_organisations
        on
            shown.source = ent_record_organisations.source
            and shown.record_key = ent_record_organisations.record_key
    inner join ent_organisations on ent_record_organisations.org_id = ent_organisations.org_id
    left join ent_sectors on ent_organisations.org_id = ent_sectors.org_id
    -- the other forms of the registers are in no population
    where ent_organisations.legal_form in (select survival_populations.legal_form from survival_populations)
),

listed as (
    select *
    from listed_by_coops_uk
    union all by name
    select
        searched.* exclude (sic_code),
        searched_sectors.sector
    from searched
    left join searched_sectors on searched.member = searched_sectors.member
    union all by name
    select *
    from registered
),

mutuals as (
    select classifications.org_id
    from classifications
    inner join definitions on classifications.definition_id = definitions.definition_id
    where definitions.is_headline and classifications.verdict in ('mutual', 'probable')
),

final as (
    select
        survival_populations.population_id,
        listed.member,
        listed.org_id,
        listed.incorporated_on as time_zero,
        listed.last_seen_on,
        listed.uk_nation,
        coalesce(listed.is_ended, false) and not coalesce(listed.is_converted, false) as is_ended,
        case when not coalesce(listed.is_converted, false) then listed.ended_on end as ended_on,
        case
            when survival_populations.lists_the_ended then survival_populations.observed_from
            else listed.first_seen_on
        end as followed_from,
        case
            when listed.is_converted then listed.ended_on
            when not coalesce(listed.is_ended, false) then listed.last_seen_on
        end as seen_alive_on,
        coalesce(listed.legal_form, 'unknown') as legal_form,
        coalesce(listed.sector, 'unclassified') as sector
    from listed
    inner join survival_populations
        on
            listed.source = survival_populations.source
            and survival_populations.kind = 'comparator'
            and listed.incorporated_on >= coalesce(survival_populations.born_from, listed.incorporated_on)
            and listed.incorporated_on <= coalesce(survival_populations.born_to, listed.incorporated_on)
            and coalesce(
                listed.legal_form = survival_populations.legal_form, survival_populations.legal_form is null
            )
    left join mutuals on listed.org_id = mutuals.org_id
    where mutuals.org_id is null
)

select
    population_id,
    member,
    org_id,
    time_zero,
    followed_from,
    seen_alive_on,
    last_seen_on,
    is_ended,
    ended_on,
    legal_form,
    sector,
    uk_nation
from final
