-- What: who belongs to which population of survival, from when it is followed and until when.
-- Grain: one row a population and member.
-- A start known to the month or year stands at the middle of that interval. A mutual is followed until the
-- last day on which a record shows it alive; one that no record shows alive or ended is not followed.
with headline as (
    select classifications.*
    from classifications
    inner join definitions on classifications.definition_id = definitions.definition_id
    where definitions.is_headline and classifications.verdict in ('mutual', 'probable')
),

registers as (
    select
        org_id,
        legal_form,
        registered_on,
        -- a citation that it is active is as old as the day that it states, not as the list
        case
            when status = 'active' and coalesce(status_source, '') <> 'known_mutuals' then last_seen_on
        end as seen_alive_on
    from ent_organisations
),

-- a stated year, or financial year, of being active counts from its first day
citations as (
    select
        ent_record_organisations.org_id,
        stg_known_mutuals.entry_id,
        max(stg_known_mutuals.value) filter (where stg_known_mutuals.field = 'status_date') as stated
    from stg_known_mutuals
    inner join ent_record_organisations
        on
            stg_known_mutuals.source = ent_record_organisations.source
            and stg_known_mutuals.entry_id = ent_record_organisations.record_key
    group by ent_record_organisations.org_id, stg_known_mutuals.entry_id
    having bool_or(stg_known_mutuals.field = 'status' and stg_known_mutuals.value = 'active')
),

cited_alive as (
    select
        org_id,
        max(case
            when regexp_full_match(stated, '\d{4}-\d{2}-\d{2}') then stated::date
            when regexp_full_match(stated, '\d{4}-(0[1-9]|1[0-2])') then (stated || '-01')::date
            when regexp_matches(stated, '^\d{4}[/-]\d{2}\b') then make_date(stated[:4]::integer, 4, 1)
            when regexp_matches(stated, '^\d{4}\b') then make_date(stated[:4]::integer, 1, 1)
        end) as cited_alive_on
    from citations
    group by org_id
),

sectors_of as (
    select
        org_id,
        sector
    from ent_sectors
),

spun_out as (
    select
        cls_ends.org_id,
        cls_ends.spun_out_precision as precision,
        case cls_ends.spun_out_precision
            when 'year' then cls_ends.spun_out_on + 182
            when 'month' then cls_ends.spun_out_on + 14
            else cls_ends.spun_out_on
        end as time_zero
    from cls_ends
),

listed_then as (
    select
        ent_record_organisations.org_id,
        min(cohort_members.list_published_on) as listed_on
    from cohort_members
    inner join ent_record_organisations
        on
            cohort_members.entry_id = ent_record_organisations.record_key
            and ent_record_organisations.source = 'known_mutuals'
    group by ent_record_organisations.org_id
),

-- by records alone, a criterion that must be met is met from its first evidence on
shown as (
    select
        evidence.org_id,
        definition_criteria.definition_id,
        definition_criteria.criterion_id,
        min(coalesce(evidence.valid_from, evidence.known_from::date)) as shown_on
    from evidence
    inner join definition_criteria
        on
            evidence.criterion_id = definition_criteria.criterion_id
            and definition_criteria.role = 'required'
    where evidence.direction = 'for' and evidence.source <> 'known_mutuals'
    group by evidence.org_id, definition_criteria.definition_id, definition_criteria.criterion_id
),

first_shown as (
    select
        headline.org_id,
        max(shown.shown_on) as met_on
    from headline
    inner join shown on headline.org_id = shown.org_id and headline.definition_id = shown.definition_id
    where headline.inferred_verdict in ('mutual', 'probable')
    group by headline.org_id
),

mutuals as (
    select
        'curated-mutuals' as population_id,
        headline.org_id,
        spun_out.time_zero,
        spun_out.time_zero as entered_on,
        coalesce(spun_out.precision, 'day') as start_precision
    from headline
    inner join spun_out on headline.org_id = spun_out.org_id
    where headline.basis = 'curated'
    union all
    select
        'cohort-lists' as population_id,
        listed_then.org_id,
        spun_out.time_zero,
        greatest(spun_out.time_zero, listed_then.listed_on) as entered_on,
        coalesce(spun_out.precision, 'day') as start_precision
    from listed_then
    inner join spun_out on listed_then.org_id = spun_out.org_id
    union all
    select
        'inferred-mutuals' as population_id,
        first_shown.org_id,
        registers.registered_on as time_zero,
        greatest(registers.registered_on, first_shown.met_on) as entered_on,
        'day' as start_precision
    from first_shown
    inner join registers on first_shown.org_id = registers.org_id
),

listed_by_coops_uk as (
    select
        'co-operatives' as population_id,
        stg_coops_uk_organisations.record_key as member,
        stg_coops_uk_organisations.incorporated_on as time_zero,
        stg_coops_uk_organisations.dissolved_on as register_ended_on,
        greatest(
            stg_coops_uk_organisations.incorporated_on, survival_populations.observed_from
        ) as entered_on,
        case
            when stg_coops_uk_organisations.status = 'active'
                then stg_coops_uk_organisations.last_seen_on
        end as seen_alive_on,
        coalesce(stg_coops_uk_organisations.legal_form, 'unknown') as legal_form,
        coalesce(sector_coops_uk.sector, 'unclassified') as sector
    from stg_coops_uk_organisations
    inner join survival_populations on survival_populations.population_id = 'co-operatives'
    left join sector_coops_uk
        on stg_coops_uk_organisations.sector_simplified = sector_coops_uk.published_sector
    where stg_coops_uk_organisations.incorporated_on is not null
),

searched as (
    select
        'companies-2024' as population_id,
        record_key as member,
        incorporated_on as time_zero,
        incorporated_on as entered_on,
        dissolved_on as register_ended_on,
        'unclassified' as sector,
        case when dissolved_on is null then last_seen_on end as seen_alive_on,
        coalesce(company_subtype, company_type, 'unknown') as legal_form
    from stg_companies_house_search
    where incorporated_on between date '2024-01-01' and date '2024-01-07'
),

final as (
    select
        mutuals.population_id,
        mutuals.org_id as member,
        mutuals.time_zero,
        mutuals.entered_on,
        mutuals.start_precision,
        greatest(registers.seen_alive_on, cited_alive.cited_alive_on) as seen_alive_on,
        null::date as register_ended_on,
        coalesce(registers.legal_form, 'unknown') as legal_form,
        coalesce(sectors_of.sector, 'unclassified') as sector
    from mutuals
    left join registers on mutuals.org_id = registers.org_id
    left join cited_alive on mutuals.org_id = cited_alive.org_id
    left join sectors_of on mutuals.org_id = sectors_of.org_id
    where mutuals.time_zero is not null
    union all
    select
        population_id,
        member,
        time_zero,
        entered_on,
        'day' as start_precision,
        seen_alive_on,
        register_ended_on,
        legal_form,
        sector
    from listed_by_coops_uk
    union all
    select
        population_id,
        member,
        time_zero,
        entered_on,
        'day' as start_precision,
        seen_alive_on,
        register_ended_on,
        legal_form,
        sector
    from searched
)

select
    population_id,
    member,
    time_zero,
    entered_on,
    start_precision,
    seen_alive_on,
    register_ended_on,
    legal_form,
    sector,
    (year(time_zero) // 5 * 5)::varchar || '-' || (year(time_zero) // 5 * 5 + 4)::varchar as cohort
from final
