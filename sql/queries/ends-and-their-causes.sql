-- How did mutuals end, of what cause, by each of the three ends?
-- $definition: the definition's id (default: dcms-2018)
select
    e.end_of,
    e.cause,
    count(*) as organisations,
    min(e.ended_to) as first_one,
    max(e.ended_to) as last_one
from ends as e
inner join classifications as c on e.org_id = c.org_id
where c.definition_id = $definition and c.verdict in ('mutual', 'probable', 'possible')
group by e.end_of, e.cause
order by e.end_of asc, organisations desc, e.cause asc
