-- What have others published on survival, beside the five-year shares of our populations?
select
    'observatory' as told_by,
    p.title || ' (' || r.end_of || ')' as population,
    r.years,
    round(100 * r.estimate, 1) as percent,
    p.caveat as note
from survival_rates as r
inner join survival_populations as p on r.population_id = p.population_id
where r.stratum_by = 'all' and r.measure = 'survival' and r.estimate is not null
union all
select
    source_url as told_by,
    population || ', ' || birth_cohort as population,
    years,
    survived_percent as percent,
    'The end is: ' || event as note
from published_survival
order by years, population, told_by
