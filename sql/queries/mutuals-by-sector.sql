-- In which sectors are the mutuals, probable and possible ones, under one definition?
-- $definition: the definition's id (default: dcms-2018)
select
    s.title as sector,
    count(*) filter (where c.verdict = 'mutual') as mutual,
    count(*) filter (where c.verdict = 'probable') as probable,
    count(*) filter (where c.verdict = 'possible') as possible,
    count(*) filter (where c.has_ended) as of_these_ended
from classifications as c
inner join organisations as o on c.org_id = o.org_id
left join sectors as s on o.sector = s.sector
where c.definition_id = $definition and c.verdict in ('mutual', 'probable', 'possible')
group by s.title
order by mutual desc, probable desc, possible desc, sector asc
