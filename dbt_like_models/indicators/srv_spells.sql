-- What: the spell of each member of a population until each of three ends, by three readings of its dates.
-- Grain: one row a population, member, end and dating.
-- A date known to the month or year stands at the middle of that interval, which is the reading that is
-- published; "shortest" takes the latest start and the earliest end, "longest" the reverse, and what they
-- give stands in survival_sensitivity. An end without a date is known to have come after the last day on
-- which the member was seen, and before we were told: the middle follows it until then and no further.
-- Whoever has another end first and no date for this one is followed until that: what was taken in-house is
-- no longer watched for its legal end. A spell without length was never at risk: is_at_risk is false.
with members as (
    select srv_members.*
    from srv_members
),

kinds as (
    select unnest(['legal end', 'end of the public service', 'end of mutual status']) as end_of
),

datings as (
    select unnest(['middle', 'shortest', 'longest']) as dating
),

asked as (
    select
        members.*,
        kinds.end_of,
        datings.dating,
        case datings.dating
            when 'shortest' then members.time_zero_to
            when 'longest' then members.time_zero_from
            else members.time_zero
        end as started_on,
        survival_populations.kind = 'mutuals' as is_mutual
    from members
    cross join kinds
    cross join datings
    inner join survival_populations on members.population_id = survival_populations.population_id
    -- a comparator's register tells of its legal end only
    where survival_populations.kind = 'mutuals' or kinds.end_of = 'legal end'
),

ended as (
    select
        ends.org_id,
        ends.end_of,
        ends.cause,
        ends.precision,
        datings.dating,
        case datings.dating
            when 'shortest' then ends.ended_from
            when 'longest' then ends.ended_to
            else (ends.ended_from + ((ends.ended_to - ends.ended_from) // 2)::integer)::date
        end as ended_on
    from ends
    cross join datings
),

-- the last day on which an end of any kind is dated: the member was there until then
last_known as (
    select
        org_id,
        dating,
        max(ended_on) as known_until
    from ended
    group by org_id, dating
),

joined as (
    select
        asked.*,
        greatest(asked.started_on, asked.followed_from) as enters_on,
        coalesce(asked.register_ended_on, ended.ended_on) as ended_on,
        case when asked.is_ended then 'left the register' else ended.cause end as cause,
        coalesce(ended.precision, 'day') as end_precision,
        greatest(asked.seen_alive_on, last_known.known_until) as seen_until
    from asked
    left join ended
        on
            asked.is_mutual
            and asked.org_id = ended.org_id
            and asked.end_of = ended.end_of
            and asked.dating = ended.dating
    left join last_known
        on asked.is_mutual and asked.org_id = last_known.org_id and asked.dating = last_known.dating
),

final as (
    select
        *,
        case
            when cause is null then seen_until
            when ended_on is not null then ended_on
            when dating = 'shortest' then greatest(seen_until, enters_on) + 1
            when dating = 'longest' then last_seen_on
            else seen_until
        end as left_on,
        cause is not null and (ended_on is not null or dating <> 'middle') as is_end
    from joined
)

select
    population_id,
    member,
    end_of,
    dating,
    started_on as time_zero,
    enters_on as entered_on,
    left_on,
    start_precision,
    end_precision,
    legal_form,
    sector,
    region,
    size_at_birth,
    route,
    governance,
    cohort,
    case when is_end then cause end as cause,
    (enters_on - started_on)::integer as entry_days,
    (left_on - started_on)::integer as exit_days,
    greatest(enters_on - started_on, sized_on - started_on, 0)::integer as sized_days,
    greatest(enters_on - started_on, governed_from - started_on, 0)::integer as governed_days,
    coalesce(left_on > enters_on, false) as is_at_risk
from final
