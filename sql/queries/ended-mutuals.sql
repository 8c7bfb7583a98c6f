-- Which mutuals, probable and possible ones have ended, when and how?
-- An end closes the interval of a verdict; it is not a verdict.
-- $definition: the definition's id (default: dcms-2018)
select
    o.org_id,
    o.name,
    c.verdict,
    c.end_kind,
    c.valid_to as ended_on,
    c.ended_precision,
    c.reason
from classifications as c
inner join organisations as o on c.org_id = o.org_id
where
    c.definition_id = $definition
    and c.has_ended
    and c.verdict in ('mutual', 'probable', 'possible')
order by c.valid_to desc nulls last, o.org_id asc
