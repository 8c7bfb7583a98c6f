-- How long do mutuals last beside others of their legal form, cohort and region?
with sides as (
    select
        population_id,
        comparator_id,
        matched_on,
        side,
        any_value(matched) as matched,
        any_value(followed) as followed,
        max(time_years) as last_year
    from survival_matched
    group by population_id, comparator_id, matched_on, side
),

years as (
    select unnest([1, 3, 5, 7, 10]) as years
),

-- nobody is told of beyond the last day that was observed; before the first end all go on
final as (
    select
        sides.*,
        years.years,
        coalesce(arg_max(c.estimate, c.time_days), 1.0) as estimate,
        arg_max(c.lower, c.time_days) as lower,
        arg_max(c.upper, c.time_days) as upper
    from sides
    inner join years on sides.last_year >= years.years
    left join survival_matched as c
        on
            sides.population_id = c.population_id
            and sides.comparator_id = c.comparator_id
            and sides.matched_on = c.matched_on
            and sides.side = c.side
            and years.years >= c.time_years
    group by all
)

select
    m.title as mutuals,
    o.title as others,
    o.lists_the_ended as others_list_the_ended,
    f.matched_on,
    f.years,
    f.side,
    f.matched,
    f.followed,
    round(100 * f.estimate, 1) as percent,
    round(100 * f.lower, 1) as from_percent,
    round(100 * f.upper, 1) as to_percent
from final as f
inner join survival_populations as m on f.population_id = m.population_id
inner join survival_populations as o on f.comparator_id = o.population_id
order by m.title asc, o.title asc, f.matched_on asc, f.years asc, f.side desc
