-- Which returned figures were stated otherwise in a later publication, and by how much?
-- $rows: how many (default: 50)
with versions as (
    select
        org_id,
        source,
        record_key,
        period_end_on,
        valid_to,
        turnover_gbp,
        employees,
        lead(turnover_gbp) over in_order as turnover_later_gbp,
        lead(employees) over in_order as employees_later
    from returns_history
    where known_to is null
    window in_order as (partition by org_id, source, period_end_on order by valid_from)
)

select
    v.org_id,
    o.name,
    v.period_end_on,
    v.valid_to as restated_on,
    v.turnover_gbp,
    v.turnover_later_gbp,
    v.employees,
    v.employees_later,
    v.source
from versions as v
inner join organisations as o on v.org_id = o.org_id
where
    v.valid_to is not null
    and (v.turnover_gbp != v.turnover_later_gbp or v.employees != v.employees_later)
order by abs(v.turnover_later_gbp - v.turnover_gbp) desc nulls last, v.org_id asc, v.period_end_on asc
limit cast($rows as integer)
