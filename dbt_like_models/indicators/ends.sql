-- What: how organisations ended, three ends kept apart: the legal end, the end of the public service, and
-- the end of mutual status under the headline definition.
-- Grain: one row an organisation and end.
-- A legal end is a register's. Without an earlier date the service and the mutual status end with it, and
-- the cause says so. A service taken in-house, or a body wound up after its service moved, ends the service
-- on the cited day whatever the register says; a merger ends the mutual, not the service, which the
-- successor goes on with. A conversion is no end. A date known to the month or year stands for an interval.
with headline as (
    select classifications.*
    from classifications
    inner join definitions on classifications.definition_id = definitions.definition_id
    where definitions.is_headline
),

registers as (
    select
        org_id,
        ended_on
    from ent_organisations
    where status = 'ended'
),

lives as (
    select
        cls_ends.org_id,
        cls_ends.end_kind,
        cls_ends.ended_on,
        cls_ends.ended_precision,
        registers.ended_on as register_ended_on,
        registers.org_id is not null as is_off_the_register
    from cls_ends
    left join registers on cls_ends.org_id = registers.org_id
),

told as (
    select
        org_id,
        'legal end' as end_of,
        'left the register' as cause,
        register_ended_on as ended_on,
        case when register_ended_on is null then 'unknown' else 'day' end as precision,
        1 as precedence
    from lives
    where is_off_the_register
    union all
    select
        org_id,
        unnest(['legal end', 'end of the public service', 'end of mutual status']) as end_of,
        end_kind as cause,
        ended_on,
        ended_precision as precision,
        2 as precedence
    from lives
    where end_kind = 'dissolved'
    union all
    select
        org_id,
        unnest(['end of the public service', 'end of mutual status']) as end_of,
        end_kind as cause,
        ended_on,
        ended_precision as precision,
        2 as precedence
    from lives
    where end_kind = 'taken in-house'
    union all
    select
        org_id,
        'end of mutual status' as end_of,
        end_kind as cause,
        ended_on,
        ended_precision as precision,
        2 as precedence
    from lives
    where end_kind = 'merged'
    union all
    select
        org_id,
        'end of mutual status' as end_of,
        end_kind as cause,
        valid_to as ended_on,
        ended_precision as precision,
        2 as precedence
    from headline
    where
        verdict in ('mutual', 'probable')
        and end_kind in ('public control began', 'staff control ended', 'a criterion ended')
    union all
    -- what is off the register serves nobody and has no staff
    select
        org_id,
        unnest(['end of the public service', 'end of mutual status']) as end_of,
        'left the register' as cause,
        register_ended_on as ended_on,
        case when register_ended_on is null then 'unknown' else 'day' end as precision,
        3 as precedence
    from lives
    where is_off_the_register
),

-- the earliest dated one; of one day, the one whose cause says more
final as (
    select *
    from told
    qualify row_number() over (
        partition by org_id, end_of
        order by
            ended_on is null,
            case when precedence = 3 and ended_on is null then 1 else 0 end,
            ended_on,
            precedence,
            cause
    ) = 1
)

select
    org_id,
    end_of,
    cause,
    precision,
    ended_on as ended_to,
    case precision
        when 'year' then date_trunc('year', ended_on)::date
        when 'month' then date_trunc('month', ended_on)::date
        else ended_on
    end as ended_from
from final
