-- Where did one organisation come from, and what followed it?
-- $organisation: an org-id, an alias of it, or a register's number
with asked as (
    select org_id
    from organisations
    where org_id = upper($organisation)
    union
    select org_id
    from identifiers
    where upper($organisation) in (upper(identifier), upper(scheme || '-' || identifier))
)

select
    s.happened_on,
    s.precision,
    s.predecessor_name,
    s.kind,
    s.successor_name,
    s.basis,
    s.confidence,
    s.final_successor_ids,
    s.source,
    s.url
from successions as s
where
    s.predecessor_id in (select a.org_id from asked as a)
    or s.successor_id in (select a.org_id from asked as a)
order by s.happened_on nulls last, s.succession_key
