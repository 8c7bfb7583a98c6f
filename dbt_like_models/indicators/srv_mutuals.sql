-- What: the mutuals whose survival is told, when their time begins and from when they are followed.
-- Grain: one row a population and organisation.
-- Time zero is the day on which a service left its public parent, where a citation tells it; by records
-- alone, the day of registration. A start known to the month or year stands at the middle of that interval,
-- and both bounds are kept. Who was listed, or met the definition, later is followed from then on only.
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
        last_seen_on,
        -- as old as the register that says it; a citation counts for the day that it states
        case
            when status = 'active' and coalesce(status_source, '') <> 'known_mutuals'
                then try_cast(status_as_of as date)
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

spun_out as (
    select
        org_id,
        spun_out_on as time_zero_from,
        coalesce(spun_out_precision, 'day') as precision,
        case spun_out_precision
            when 'year' then spun_out_on + 182
            when 'month' then spun_out_on + 14
            else spun_out_on
        end as time_zero,
        case spun_out_precision
            when 'year' then (spun_out_on + interval 1 year)::date - 1
            when 'month' then (spun_out_on + interval 1 month)::date - 1
            else spun_out_on
        end as time_zero_to
    from cls_ends
    where spun_out_on is not null
),

-- whatever became of the others of its list: survival_bounds tells what those that are not traced may change
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

found as (
    select
        'curated-mutuals' as population_id,
        headline.org_id,
        null::date as followed_from
    from headline
    where headline.basis = 'curated'
    union all
    select
        'cohort-lists' as population_id,
        listed_then.org_id,
        listed_then.listed_on as followed_from
    from listed_then
),

started as (
    select
        found.population_id,
        found.org_id,
        found.followed_from,
        spun_out.time_zero,
        spun_out.time_zero_from,
        spun_out.time_zero_to,
        spun_out.precision as start_precision
    from found
    inner join spun_out on found.org_id = spun_out.org_id
    union all
    select
        'inferred-mutuals' as population_id,
        first_shown.org_id,
        first_shown.met_on as followed_from,
        registers.registered_on as time_zero,
        registers.registered_on as time_zero_from,
        registers.registered_on as time_zero_to,
        'day' as start_precision
    from first_shown
    inner join registers on first_shown.org_id = registers.org_id
    where registers.registered_on is not null
),

final as (
    select
        started.*,
        registers.last_seen_on,
        coalesce(registers.legal_form, 'unknown') as legal_form,
        coalesce(ent_sectors.sector, 'unclassified') as sector,
        greatest(registers.seen_alive_on, cited_alive.cited_alive_on) as seen_alive_on
    from started
    left join registers on started.org_id = registers.org_id
    left join cited_alive on started.org_id = cited_alive.org_id
    left join ent_sectors on started.org_id = ent_sectors.org_id
)

select
    population_id,
    org_id,
    time_zero,
    time_zero_from,
    time_zero_to,
    start_precision,
    followed_from,
    seen_alive_on,
    last_seen_on,
    legal_form,
    sector
from final
