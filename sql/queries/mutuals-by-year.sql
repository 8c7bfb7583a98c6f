-- How many mutuals, probable and possible ones began and ended in each year, and how many were there then?
-- Counted by recorded dates only: `without_a_start` and `ended_without_a_date` are in no year, since it is
-- not known when they came, or how long they stayed. A year in which nothing is recorded has no row.
-- $definition: the definition's id (default: dcms-2018)
with cases as (
    select
        has_ended,
        year(valid_from) as began,
        year(valid_to) as ended
    from classifications
    where definition_id = $definition and verdict in ('mutual', 'probable', 'possible')
),

undated as (
    select
        count(*) filter (where began is null) as without_a_start,
        count(*) filter (where began is not null and has_ended and ended is null) as ended_without_a_date
    from cases
),

dated as (
    select
        began as of_year,
        1 as entries,
        0 as exits
    from cases
    where began is not null and (ended is not null or not has_ended)
    union all
    select
        ended as of_year,
        0 as entries,
        1 as exits
    from cases
    where began is not null and ended is not null
),

yearly as (
    select
        of_year,
        sum(entries)::bigint as entries,
        sum(exits)::bigint as exits
    from dated
    group by of_year
)

select
    yearly.of_year,
    yearly.entries,
    yearly.exits,
    undated.without_a_start,
    undated.ended_without_a_date,
    sum(yearly.entries - yearly.exits) over (order by yearly.of_year)::bigint as stock
from yearly
cross join undated
order by yearly.of_year
