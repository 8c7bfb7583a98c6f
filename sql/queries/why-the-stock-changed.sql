-- Why did the stock of mutuals and probable ones change from year to year: entries, exits, coverage or rules?
-- $definition: the definition's id (default: dcms-2018)
select
    year,
    coalesce(sum(change) filter (where cause = 'entries'), 0) as entries,
    coalesce(sum(change) filter (where cause = 'exits'), 0) as exits,
    coalesce(sum(change) filter (where cause = 'coverage'), 0) as coverage,
    coalesce(sum(change) filter (where cause = 'rules'), 0) as rules,
    sum(change) as change
from spread_changes
where definition_id = $definition and verdict in ('mutual', 'probable')
group by year
order by year desc
