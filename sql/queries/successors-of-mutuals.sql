-- Who followed the mutuals that have a successor, and who comes last?
-- $definition: the definition's id (default: dcms-2018)
select
    s.predecessor_id,
    s.predecessor_name,
    s.kind,
    s.happened_on,
    s.precision,
    s.successor_id,
    s.successor_name,
    s.successor_kind,
    s.final_successor_ids,
    s.url
from successions as s
inner join classifications as c on s.predecessor_id = c.org_id
where c.definition_id = $definition and c.verdict in ('mutual', 'probable', 'possible')
order by s.happened_on nulls last, s.predecessor_name, s.succession_key
