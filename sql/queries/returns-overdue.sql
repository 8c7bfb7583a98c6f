-- Whose returns does a register show as overdue, by which rule, and on what basis?
select
    r.org_id,
    o.name,
    r.obligation,
    r.due_on,
    r.state_basis,
    r.as_of,
    f.source_url as rule,
    r.url
from returns_due as r
inner join organisations as o on r.org_id = o.org_id
inner join filing_rules as f on r.rule_id = f.rule_id
where r.state = 'overdue'
order by r.due_on asc, r.org_id asc, r.obligation asc
