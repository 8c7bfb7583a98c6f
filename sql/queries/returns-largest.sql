-- Which published organisations return the largest turnover in their newest period?
-- A figure that is not stated is missing, never zero.
-- $rows: how many (default: 20)
with newest as (
    select
        org_id,
        period_end_on,
        turnover_gbp,
        employees,
        members,
        source
    from returns
    where turnover_gbp is not null
    qualify row_number() over (partition by org_id order by period_end_on desc, source asc) = 1
)

select
    newest.org_id,
    o.name,
    o.legal_form,
    newest.period_end_on,
    newest.turnover_gbp,
    newest.employees,
    newest.members,
    newest.source
from newest
inner join organisations as o on newest.org_id = o.org_id
order by newest.turnover_gbp desc, newest.org_id asc
limit cast($rows as integer)
