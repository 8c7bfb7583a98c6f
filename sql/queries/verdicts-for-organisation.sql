-- What is the verdict on one organisation under each definition, and why?
-- $organisation: an org-id, an alias of it, or a register's number
select
    o.org_id,
    o.name,
    c.definition_id,
    c.verdict,
    c.basis,
    c.band,
    c.valid_from,
    c.valid_to,
    c.reason
from classifications as c
inner join organisations as o on c.org_id = o.org_id
where
    o.org_id = upper($organisation)
    or o.org_id in (
        select i.org_id
        from identifiers as i
        where upper($organisation) in (upper(i.identifier), upper(i.scheme || '-' || i.identifier))
    )
order by o.org_id, c.definition_id
