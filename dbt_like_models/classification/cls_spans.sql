-- What: the stretches of each published organisation's life in which the same evidence speaks.
-- Grain: one row an organisation and stretch.
-- They begin where evidence begins and on the day after it ends; most organisations have one. Stretches
-- wholly before the registration or after the end are left out.
with published as (
    select org_id
    from ent_published
),

lives as (
    select
        org_id,
        ended_on,
        -- a register that dates an end before the beginning bounds nothing
        case when ended_on < registered_on then date '0001-01-01' else registered_on end as registered_on
    from cls_ends
),

starts as (
    select
        org_id,
        date '0001-01-01' as span_from
    from published
    union
    select
        org_id,
        holds_from as span_from
    from cls_evidence
    where holds_from > date '0001-01-01'
    union
    select
        org_id,
        holds_to + 1 as span_from
    from cls_evidence
    where holds_to < date '9999-12-31'
),

spans as (
    select
        org_id,
        span_from,
        coalesce(lead(span_from) over (partition by org_id order by span_from) - 1, date '9999-12-31')
            as span_to
    from starts
),

final as (
    select
        spans.org_id,
        spans.span_from,
        spans.span_to
    from spans
    inner join published on spans.org_id = published.org_id
    left join lives on spans.org_id = lives.org_id
    where
        spans.span_to >= coalesce(lives.registered_on, date '0001-01-01')
        and spans.span_from <= coalesce(lives.ended_on, date '9999-12-31')
)

select
    org_id,
    span_from,
    span_to
from final
