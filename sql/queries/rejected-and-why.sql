-- Which candidates were rejected under one definition, and which record shows it?
-- $definition: the definition's id (default: dcms-2018)
-- $rows: how many (default: 50)
select
    o.org_id,
    o.name,
    o.legal_form,
    c.band,
    c.reason
from classifications as c
inner join organisations as o on c.org_id = o.org_id
where c.definition_id = $definition and c.verdict = 'not_mutual' and o.is_candidate
order by list_position(['high', 'medium', 'low'], c.band), o.org_id
limit cast($rows as integer)
