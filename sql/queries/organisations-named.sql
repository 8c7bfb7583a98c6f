-- Which published organisations have, or had, a name with these words in it?
-- $organisation: part of its name, in any letter case
-- $rows: how many (default: 20)
select
    o.org_id,
    o.name,
    n.name as found_as,
    n.name_type,
    n.valid_to as used_until,
    o.legal_form,
    o.status
from names as n
inner join organisations as o on n.org_id = o.org_id
where lower(n.name) like '%' || lower($organisation) || '%'
order by length(n.name), o.org_id, n.name_type, n.name
limit cast($rows as integer)
