-- How many organisations get each verdict under each definition?
select
    d.definition_id,
    d.title,
    d.is_headline,
    count(*) filter (where c.verdict = 'mutual') as mutual,
    count(*) filter (where c.verdict = 'probable') as probable,
    count(*) filter (where c.verdict = 'possible') as possible,
    count(*) filter (where c.verdict = 'undetermined') as undetermined,
    count(*) filter (where c.verdict = 'not_mutual') as not_mutual
from definitions as d
left join classifications as c on d.definition_id = c.definition_id
group by d.definition_id, d.title, d.is_headline
order by d.is_headline desc, d.definition_id asc
