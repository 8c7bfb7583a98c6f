-- What: where the chains of successors lead: from each organisation that has one, to who comes last.
-- Grain: one row an organisation with a successor.
-- A chain is followed through identified organisations, at most twenty steps, and never through one that it
-- has passed: where records lead in a circle, the last one before the circle closes is the end.
with recursive edges as (
    select distinct
        predecessor_id,
        successor_id
    from lin_edges
    where successor_id is not null
),

walks as (
    select
        predecessor_id as org_id,
        successor_id as reached,
        [predecessor_id, successor_id] as passed
    from edges
    union all
    select
        walks.org_id,
        edges.successor_id as reached,
        list_append(walks.passed, edges.successor_id) as passed
    from walks
    inner join edges on walks.reached = edges.predecessor_id
    where not list_contains(walks.passed, edges.successor_id) and len(walks.passed) <= 20
),

last_ones as (
    select
        walks.org_id,
        walks.reached,
        len(walks.passed) - 1 as steps
    from walks
    where not exists (
        select 1
        from edges
        where walks.reached = edges.predecessor_id and not list_contains(walks.passed, edges.successor_id)
    )
)

select
    org_id,
    list_sort(list_distinct(list(reached))) as final_successor_ids,
    max(steps) as steps
from last_ones
group by org_id
