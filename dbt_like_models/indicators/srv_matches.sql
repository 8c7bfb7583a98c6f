-- What: the mutuals of each population beside the comparators of the same form, cohort and place.
-- Grain: one row a population, comparator, way of matching, side and member.
-- Only the legal end can be compared: it is all that a comparator's register tells. Forms are matched as
-- community interest company, other company, credit union, other society, partnership or charity, since the
-- register itself does not tell one kind of older society from another. A member of a cell that has both
-- sides is kept; a comparator weighs as much as its cell has mutuals for each comparator, so that both sides
-- have the same mix of cells, and the weights add up to the number of comparators (coarsened exact matching:
-- Iacus, King and Porro 2012, Political Analysis 20:1).
with spells as (
    select
        srv_spells.population_id,
        srv_spells.member,
        srv_spells.entry_days,
        srv_spells.exit_days,
        srv_spells.cause,
        srv_spells.cohort,
        srv_spells.region,
        survival_populations.kind as side,
        case
            when srv_spells.legal_form in ('cic', 'credit-union') then srv_spells.legal_form
            else legal_forms.family
        end as form,
        count(*) over (partition by srv_spells.population_id) as followed
    from srv_spells
    inner join survival_populations on srv_spells.population_id = survival_populations.population_id
    inner join legal_forms on srv_spells.legal_form = legal_forms.legal_form
    where srv_spells.dating = 'middle' and srv_spells.end_of = 'legal end' and srv_spells.is_at_risk
),

ways as (
    select unnest(['legal form and cohort', 'legal form, cohort and region']) as matched_on
),

placed as (
    select
        spells.*,
        ways.matched_on,
        case when ways.matched_on like '%region' then spells.region else 'anywhere' end as place
    from spells
    cross join ways
    -- what is not known equals nothing
    where
        spells.form <> 'other'
        and (ways.matched_on not like '%region' or spells.region <> 'unknown')
),

counted as (
    select
        population_id,
        side,
        matched_on,
        form,
        cohort,
        place,
        count(*) as members
    from placed
    group by population_id, side, matched_on, form, cohort, place
),

cells as (
    select
        mutuals.population_id,
        others.population_id as comparator_id,
        mutuals.matched_on,
        mutuals.form,
        mutuals.cohort,
        mutuals.place,
        mutuals.members as mutuals,
        others.members as comparators,
        sum(mutuals.members) over whole as all_mutuals,
        sum(others.members) over whole as all_comparators
    from counted as mutuals
    inner join counted as others
        on
            mutuals.side = 'mutuals'
            and others.side = 'comparator'
            and mutuals.matched_on = others.matched_on
            and mutuals.form = others.form
            and mutuals.cohort = others.cohort
            and mutuals.place = others.place
    window whole as (partition by mutuals.population_id, others.population_id, mutuals.matched_on)
),

final as (
    select
        cells.population_id,
        cells.comparator_id,
        cells.matched_on,
        placed.side,
        placed.member,
        placed.form,
        placed.cohort,
        placed.place,
        placed.entry_days,
        placed.exit_days,
        placed.cause,
        placed.followed,
        case
            when placed.side = 'mutuals' then 1.0
            else
                (cells.mutuals / cells.comparators::double)
                * (cells.all_comparators / cells.all_mutuals::double)
        end as weight
    from cells
    inner join placed
        on
            cells.matched_on = placed.matched_on
            and cells.form = placed.form
            and cells.cohort = placed.cohort
            and cells.place = placed.place
            and placed.population_id
            = case when placed.side = 'mutuals' then cells.population_id else cells.comparator_id end
)

select
    population_id,
    comparator_id,
    matched_on,
    side,
    member,
    form,
    cohort,
    place,
    entry_days,
    exit_days,
    cause,
    followed,
    weight
from final
