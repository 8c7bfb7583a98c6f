-- On which citation does each listed mutual, probable or contested case rest?
-- $rows: how many (default: 200)
select
    o.org_id,
    o.name,
    s.reads as held_as,
    e.url,
    e.locator as line_of_the_list
from evidence as e
inner join signals as s on e.signal_id = s.signal_id
inner join organisations as o on e.org_id = o.org_id
where e.source = 'known_mutuals' and s.reads like 'label=%' and e.criterion_id = 'delivers-public-services'
order by o.name, o.org_id, e.url
limit cast($rows as integer)
