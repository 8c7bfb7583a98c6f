-- Which groups hold rights in the mutuals of today, as far as records tell?
-- $definition: the definition's id (default: dcms-2018)
select
    coalesce(g.holder_group, 'unknown') as holder_group,
    coalesce(g.held_right, 'unknown') as held_right,
    count(distinct c.org_id) as mutuals
from classifications as c
left join governance as g on c.org_id = g.org_id and g.valid_to is null
where
    c.definition_id = $definition
    and c.verdict in ('mutual', 'probable', 'possible')
    and not c.has_ended
group by g.holder_group, g.held_right
order by mutuals desc, holder_group asc, held_right asc
