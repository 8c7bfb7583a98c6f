-- How long do organisations of each legal form last, in shares after 1, 3, 5, 7 and 10 years?
select
    p.title as population,
    r.end_of,
    r.stratum as legal_form,
    r.years,
    r.followed,
    r.at_risk,
    r.is_thin,
    p.caveat,
    round(100 * r.estimate, 1) as percent,
    round(100 * r.lower, 1) as from_percent,
    round(100 * r.upper, 1) as to_percent
from survival_rates as r
inner join survival_populations as p on r.population_id = p.population_id
where r.stratum_by = 'legal_form' and r.measure = 'survival' and r.estimate is not null
order by p.kind desc, population asc, r.end_of asc, legal_form asc, r.years asc
