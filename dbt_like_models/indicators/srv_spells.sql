-- What: the spell of each member of a population until each of the three ends.
-- Grain: one row a population, member and end.
-- An end known to the month or year stands at the middle of that interval; precision says so, and
-- docs/methodology/survival.md tells what the interval's two ends would give. Whoever has another end first
-- and no date for this one is followed until that: what was taken in-house is no longer watched for its
-- legal end. A spell without length was never at risk: it stays in the table, and is_at_risk is false.
with members as (
    select srv_members.*
    from srv_members
),

kinds as (
    select unnest(['legal end', 'end of the public service', 'end of mutual status']) as end_of
),

asked as (
    select
        members.*,
        kinds.end_of
    from members
    cross join kinds
    inner join survival_populations on members.population_id = survival_populations.population_id
    -- a comparator's register tells of its legal end only
    where survival_populations.kind = 'mutuals' or kinds.end_of = 'legal end'
),

ended as (
    select
        org_id,
        end_of,
        cause,
        precision,
        (ended_from + ((ended_to - ended_from) // 2)::integer)::date as ended_on
    from ends
),

-- the last day on which an end of any kind is dated: the member was there until then
last_known as (
    select
        org_id,
        max(ended_on) as known_until
    from ended
    group by org_id
),

joined as (
    select
        asked.*,
        coalesce(asked.register_ended_on, ended.ended_on) as ended_on,
        case
            when asked.register_ended_on is not null then 'left the register' else ended.cause
        end as cause,
        coalesce(ended.precision, 'day') as end_precision,
        coalesce(ended.precision = 'unknown' or (ended.org_id is not null and ended.ended_on is null), false)
            as is_end_undated,
        greatest(asked.seen_alive_on, last_known.known_until) as seen_until
    from asked
    left join ended on asked.member = ended.org_id and asked.end_of = ended.end_of
    left join last_known on asked.member = last_known.org_id
),

final as (
    select
        population_id,
        member,
        end_of,
        time_zero,
        entered_on,
        start_precision,
        end_precision,
        legal_form,
        sector,
        cohort,
        -- an end without a date is known to have come after the last day on which it was seen
        case when is_end_undated then null else cause end as cause,
        case when ended_on is not null and not is_end_undated then ended_on else seen_until end as left_on
    from joined
)

select
    population_id,
    member,
    end_of,
    time_zero,
    entered_on,
    left_on,
    cause,
    start_precision,
    end_precision,
    legal_form,
    sector,
    cohort,
    (entered_on - time_zero)::integer as entry_days,
    (left_on - time_zero)::integer as exit_days,
    coalesce(left_on > entered_on, false) as is_at_risk
from final
