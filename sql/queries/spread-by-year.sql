-- How many mutuals and probable ones were there at each year's end, who came and went, and is it settled?
-- $definition: the definition's id (default: dcms-2018)
with complete as (
    select max(complete_to) as complete_to
    from reporting_lags
    where measure != 'return'
)

select
    s.year,
    sum(s.stock) as stock,
    sum(s.entries) as entries,
    sum(s.exits) as exits,
    sum(s.unsettled) as unsettled,
    sum(s.unsettled) * 10 > sum(s.stock) or make_date(s.year, 12, 31) > any_value(c.complete_to)
        as is_provisional,
    count(distinct s.sector) filter (where s.stock > 0) as sectors
from sector_spread as s
cross join complete as c
where s.definition_id = $definition and s.verdict in ('mutual', 'probable')
group by s.year
order by s.year desc
