-- What: who belongs to which population of survival, from when it is followed and until when, and its strata.
-- Grain: one row a population and member.
-- A member is followed until the last day on which a record shows it alive; one that no record shows alive or
-- ended is not followed. Every stratum is what the member was at the beginning, where a record tells that:
-- its size is that of the first period that ended within two years of time zero. Region, legal form and the
-- groups that hold rights in it are those that records tell at any time. Who is known by such a record lived
-- to that day, so it stands in those strata from then on only; a list that keeps the ended classes the living
-- and the dead alike, and delays nobody. Trustees have a duty in every charity: they count where no other
-- group does.
with members as (
    select
        population_id,
        org_id as member,
        org_id,
        time_zero,
        time_zero_from,
        time_zero_to,
        start_precision,
        followed_from,
        seen_alive_on,
        last_seen_on,
        false as is_ended,
        null::date as register_ended_on,
        legal_form,
        sector,
        null as uk_nation
    from srv_mutuals
    union all
    select
        population_id,
        member,
        org_id,
        time_zero,
        time_zero as time_zero_from,
        time_zero as time_zero_to,
        'day' as start_precision,
        followed_from,
        seen_alive_on,
        last_seen_on,
        is_ended,
        ended_on as register_ended_on,
        legal_form,
        sector,
        uk_nation
    from srv_comparators
),

places as (
    select
        org_id,
        coalesce(region, uk_nation) as region
    from organisations
),

first_sizes as (
    select
        members.population_id,
        members.member,
        arg_min(returns.employees, returns.period_end_on) as employees,
        min(returns.period_end_on) as sized_on
    from members
    inner join returns on members.org_id = returns.org_id
    where
        returns.employees is not null
        and returns.period_end_on between members.time_zero_from and members.time_zero_to + interval 2 years
    group by members.population_id, members.member
),

-- sources that tell the same of those that ended as of those that go on
keepers as (
    select distinct source
    from survival_populations
    where lists_the_ended
),

held as (
    select
        governance.org_id,
        governance.holder_group,
        min(
            case
                when keepers.source is null then coalesce(governance.valid_from, date '0001-01-01')
                else date '0001-01-01'
            end
        ) as held_from
    from governance
    left join keepers on governance.source = keepers.source
    group by governance.org_id, governance.holder_group
),

governed as (
    select
        org_id,
        coalesce(
            string_agg(holder_group, ' and ' order by holder_group) filter (where holder_group <> 'trustees'),
            'trustees'
        ) as governance,
        coalesce(max(held_from) filter (where holder_group <> 'trustees'), min(held_from)) as governed_from
    from held
    group by org_id
),

routes as (
    select
        org_id,
        route
    from origins
),

final as (
    select
        members.*,
        first_sizes.sized_on,
        governed.governed_from,
        coalesce(governed.governance, 'unknown') as governance,
        coalesce(routes.route, 'unknown') as route,
        coalesce(places.region, members.uk_nation, 'unknown') as region,
        case
            when first_sizes.employees is null then 'unknown'
            when first_sizes.employees < 10 then 'fewer than 10 staff'
            when first_sizes.employees < 50 then '10 to 49 staff'
            when first_sizes.employees < 250 then '50 to 249 staff'
            else '250 staff or more'
        end as size_at_birth
    from members
    left join places on members.org_id = places.org_id
    left join governed on members.org_id = governed.org_id
    left join routes on members.org_id = routes.org_id
    left join first_sizes
        on members.population_id = first_sizes.population_id and members.member = first_sizes.member
)

select
    population_id,
    member,
    org_id,
    time_zero,
    time_zero_from,
    time_zero_to,
    start_precision,
    followed_from,
    seen_alive_on,
    last_seen_on,
    is_ended,
    register_ended_on,
    legal_form,
    sector,
    region,
    size_at_birth,
    sized_on,
    route,
    governance,
    governed_from,
    greatest(time_zero, followed_from) as entered_on,
    (year(time_zero) // 5 * 5)::varchar || '-' || (year(time_zero) // 5 * 5 + 4)::varchar as cohort
from final
