-- Why did the stock of mutuals and probable ones change from year to year: entries, exits, coverage or rules?
-- $definition: the definition's id (default: dcms-2018)
select
    year,
    sum(change) filter (where cause = 'entries') as entries,
    sum(change) filter (where cause = 'exits') as exits,
    sum(change) filter (where cause = 'coverage') as coverage,
    sum(change) filter (where cause = 'rules') as rules,
    sum(change) as change
from spread_changes
where definition_id = $definition and verdict in ('mutual', 'probable')
group by year
order by year desc
