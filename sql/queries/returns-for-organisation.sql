-- Which figures did one organisation return, year by year, what is missing and what is doubtful?
-- $org_id: the organisation's org-id
select
    period_end_on,
    turnover_gbp,
    profit_before_tax_gbp,
    member_funds_gbp,
    members,
    employees,
    missing,
    doubts,
    source,
    locator
from returns
where org_id = $org_id
order by period_end_on desc, source asc
