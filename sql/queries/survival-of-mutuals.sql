-- How long do public service mutuals last, by each of the three ends, and what does the curve not say?
select
    p.title as population,
    r.end_of,
    r.measure,
    r.years,
    r.members,
    r.followed,
    r.events,
    r.at_risk,
    p.caveat,
    round(r.estimate, 3) as estimate,
    round(r.lower, 3) as lower,
    round(r.upper, 3) as upper
from survival_rates as r
inner join survival_populations as p on r.population_id = p.population_id
where p.kind = 'mutuals' and r.stratum_by = 'all'
order by population asc, r.end_of asc, r.measure desc, r.years asc
