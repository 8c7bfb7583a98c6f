-- For which organisations do strong records speak both for and against one criterion?
-- $rows: how many (default: 50)
with both_sides as (
    select
        org_id,
        criterion_id
    from evidence
    where strength in ('strong', 'decisive')
    group by org_id, criterion_id
    having min(direction) != max(direction)
)

select
    o.org_id,
    o.name,
    e.criterion_id,
    list_sort(list(distinct e.source || ': ' || e.value_seen) filter (where e.direction = 'for'))
        as speaks_for,
    list_sort(list(distinct e.source || ': ' || e.value_seen) filter (where e.direction = 'against'))
        as speaks_against
from both_sides
inner join evidence as e
    on
        both_sides.org_id = e.org_id
        and both_sides.criterion_id = e.criterion_id
        and e.strength in ('strong', 'decisive')
inner join organisations as o on both_sides.org_id = o.org_id
group by o.org_id, o.name, e.criterion_id
order by o.org_id, e.criterion_id
limit cast($rows as integer)
