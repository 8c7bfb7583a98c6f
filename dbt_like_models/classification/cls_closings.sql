-- What: where each verdict's interval begins and ends, and what ended it.
-- Grain: one row an organisation and definition.
-- The interval is the organisation's own life (for a cited mutual from the day on which it left its
-- parent), cut to the days over which the evidence carries the verdict and, under a law, to the days of
-- that law.
with verdicts as (
    select
        org_id,
        definition_id,
        verdict,
        basis,
        decided_by,
        is_out_of_force,
        is_out_of_territory,
        in_force_from,
        in_force_to,
        registered_on,
        evidence_from,
        evidence_to
    from cls_verdicts
),

ends as (
    select
        org_id,
        spun_out_on,
        spun_out_precision,
        ended_on,
        ended_precision,
        end_kind
    from cls_ends
),

-- what the stretch after the last one that carries the verdict says
afterwards as (
    select
        states.org_id,
        states.definition_id,
        states.span_from,
        bool_or(states.is_finally_refuted) as is_controlled,
        bool_or(states.criterion_id in ('staff-influence', 'staff-control') and states.state <> 'met')
            as has_no_staff
    from cls_states as states
    where states.is_records_alone and states.span_from > date '0001-01-01'
    group by states.org_id, states.definition_id, states.span_from
),

joined as (
    select
        verdicts.*,
        ends.spun_out_on,
        ends.spun_out_precision,
        ends.ended_on,
        ends.ended_precision,
        ends.end_kind,
        afterwards.is_controlled,
        afterwards.has_no_staff,
        -- of the two ends the earlier; evidence that outlives the organisation ends nothing
        coalesce(
            verdicts.verdict in ('mutual', 'probable', 'possible')
            and verdicts.evidence_to < coalesce(ends.ended_on, date '9999-12-31'),
            false
        ) as is_closed_by_evidence
    from verdicts
    left join ends on verdicts.org_id = ends.org_id
    left join afterwards
        on
            verdicts.org_id = afterwards.org_id
            and verdicts.definition_id = afterwards.definition_id
            and verdicts.evidence_to + 1 = afterwards.span_from
),

final as (
    select
        org_id,
        definition_id,
        ended_on as life_ended_on,
        end_kind as life_end_kind,
        case
            when is_out_of_force or is_out_of_territory then null
            -- the day of registration is not the day on which a service became a mutual
            when basis = 'curated' then spun_out_on
            else greatest(registered_on, in_force_from, evidence_from)
        end as valid_from,
        case
            -- no interval under that law; the end is still a known day
            when is_out_of_force or is_out_of_territory then ended_on
            when is_closed_by_evidence then least(evidence_to, in_force_to)
            else least(ended_on, in_force_to)
        end as valid_to,
        case when is_closed_by_evidence then evidence_to else ended_on end as closed_on,
        case
            when not is_closed_by_evidence then end_kind
            when is_controlled then 'public control began'
            when has_no_staff then 'staff control ended'
            else 'a criterion ended'
        end as end_kind,
        case when is_closed_by_evidence then 'day' else ended_precision end as ended_precision,
        case when basis = 'curated' then spun_out_precision end as began_precision
    from joined
)

select
    org_id,
    definition_id,
    valid_from,
    valid_to,
    closed_on,
    end_kind,
    ended_precision,
    began_precision,
    life_ended_on,
    life_end_kind
from final
