-- What did we say last month, and what changed since?
-- One that we did not yet speak of then, or no longer do, has a verdict on one side only. No row: nothing
-- changed, or nothing was said by then.
-- $definition: the definition's id (default: dcms-2018)
-- $day: the day with which to compare (default: a month before this release)
with compared as (
    select
        coalesce(
            try_cast($day as date), (select max(built_at) from releases)::date - interval 1 month
        )::date as on_day
),

said as (
    select
        org_id,
        verdict,
        rules_version
    from classifications_as_known_on((select on_day from compared))
    where definition_id = $definition
),

now_said as (
    select
        org_id,
        verdict,
        rules_version,
        reason
    from classifications
    where definition_id = $definition
)

select
    compared.on_day as said_on,
    o.name,
    said.verdict as said_then,
    now_said.verdict as say_now,
    now_said.reason,
    said.rules_version as rules_then,
    now_said.rules_version as rules_now,
    coalesce(now_said.org_id, said.org_id) as org_id
from said
full outer join now_said on said.org_id = now_said.org_id
cross join compared
left join organisations as o on coalesce(now_said.org_id, said.org_id) = o.org_id
where
    said.verdict is distinct from now_said.verdict
    and compared.on_day >= (select min(known_from)::date from classifications_history)
order by
    list_position(['mutual', 'probable', 'possible'], coalesce(now_said.verdict, said.verdict)) nulls last,
    org_id
