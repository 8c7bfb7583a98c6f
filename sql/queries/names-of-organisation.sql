-- Which names did one organisation bear, from when to when, and when did we learn of each?
-- $org_id: the organisation's org-id
select
    name,
    name_type,
    source,
    valid_from,
    valid_to,
    observed_to,
    known_from
from names_history
where org_id = $org_id and known_to is null
order by valid_from desc nulls last, name_type asc, name asc, source asc
