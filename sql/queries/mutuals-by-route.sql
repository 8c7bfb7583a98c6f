-- By which routes did mutuals leave the public sector, and who began them?
-- $definition: the definition's id (default: dcms-2018)
select
    o.route,
    o.began_by,
    count(*) as organisations,
    count(o.public_parent) as with_a_known_parent,
    year(min(o.spun_out_on)) as first_year,
    year(max(o.spun_out_on)) as last_year
from origins as o
inner join classifications as c on o.org_id = c.org_id
where c.definition_id = $definition and c.verdict in ('mutual', 'probable', 'possible')
group by o.route, o.began_by
order by organisations desc, o.route asc, o.began_by asc
