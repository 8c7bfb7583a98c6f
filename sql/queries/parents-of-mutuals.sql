-- Which bodies did most mutuals come from?
-- $definition: the definition's id (default: dcms-2018)
select
    s.predecessor_id,
    s.predecessor_name,
    count(distinct s.successor_id) as mutuals,
    list(distinct s.successor_name order by s.successor_name) as names
from successions as s
inner join classifications as c on s.successor_id = c.org_id
where
    s.kind = 'spun out'
    and c.definition_id = $definition
    and c.verdict in ('mutual', 'probable', 'possible')
group by s.predecessor_id, s.predecessor_name
order by mutuals desc, s.predecessor_name asc
