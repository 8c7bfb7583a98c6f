-- How many mutuals and probable ones were there at each year's end, who came and who went?
-- $definition: the definition's id (default: dcms-2018)
select
    year,
    is_provisional,
    sum(stock) as stock,
    sum(entries) as entries,
    sum(exits) as exits,
    count(distinct sector) filter (where stock > 0) as sectors
from sector_spread
where definition_id = $definition and verdict in ('mutual', 'probable')
group by year, is_provisional
order by year desc
