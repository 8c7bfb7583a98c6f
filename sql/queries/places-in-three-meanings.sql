-- Where do mutuals come from, where is their office, and where are the buyers that pay them?
-- $definition: the definition's id (default: dcms-2018)
select
    p.meaning,
    p.region,
    count(distinct p.org_id) as organisations
from organisation_places as p
inner join classifications as c on p.org_id = c.org_id
where c.definition_id = $definition and c.verdict in ('mutual', 'probable', 'possible')
group by p.meaning, p.region
order by p.meaning asc, organisations desc, p.region asc
