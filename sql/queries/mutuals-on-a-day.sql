-- How many mutuals were there in social care on 1 April 2015, as we know it now?
-- Of any sector, on any day. Sector is today's. One whose beginning has no date, or that ended on no known
-- day, is on no day and counted beside: `undated`.
-- $definition: the definition's id (default: dcms-2018)
-- $sector: the sector's id (default: social-care)
-- $day: the day (default: 2015-04-01)
with in_sector as (
    select org_id
    from organisations
    where sector = $sector
),

on_the_day as (
    select
        org_id,
        definition_id
    from classifications_as_true_on($day)
)

select
    c.basis,
    count(*) filter (where c.verdict = 'mutual' and d.org_id is not null) as mutual,
    count(*) filter (where c.verdict = 'probable' and d.org_id is not null) as probable,
    count(*) filter (where c.verdict = 'possible' and d.org_id is not null) as possible,
    count(*) filter (where c.valid_from is null or (c.has_ended and c.valid_to is null)) as undated
from classifications as c
inner join in_sector as s on c.org_id = s.org_id
left join on_the_day as d on c.org_id = d.org_id and c.definition_id = d.definition_id
where c.definition_id = $definition and c.verdict in ('mutual', 'probable', 'possible')
group by c.basis
order by c.basis
