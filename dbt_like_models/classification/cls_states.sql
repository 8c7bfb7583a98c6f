-- What: the state of each criterion of each definition in each stretch of an organisation's life.
-- Grain: one row an organisation, stretch, definition, criterion and view (records alone, or all that is
-- admitted).
-- The rule, once for both views. Evidence counts by its strongest piece on each side; where the
-- definition says so, moderate evidence of several origins counts as strong. More support never lowers a
-- state (not met < unknown < met), and a final refutation wins over anything.
with spans as (
    select
        org_id,
        span_from,
        span_to
    from cls_spans
),

pieces as (
    select
        org_id,
        criterion_id,
        speaks_for,
        is_curated,
        origin,
        strength_rank,
        holds_from,
        holds_to
    from cls_evidence
),

views as (
    select unnest([false, true]) as is_records_alone
),

requirements as (
    select
        definition_criteria.definition_id,
        definition_criteria.criterion_id,
        definition_criteria.role,
        definition_criteria.is_key,
        definition_criteria.corroborated_by,
        definition_criteria.refutation_is_final,
        views.is_records_alone,
        -- the curated list is admitted under the policy definitions only
        definitions.kind = 'policy' and not views.is_records_alone as admits_curated,
        list_position(['weak', 'moderate', 'strong', 'decisive'], definition_criteria.met_at) as met_rank,
        list_position(['weak', 'moderate', 'strong', 'decisive'], definition_criteria.refuted_at)
            as refuted_rank
    from definition_criteria
    inner join definitions on definition_criteria.definition_id = definitions.definition_id
    cross join views
),

weighed as (
    select
        spans.org_id,
        spans.span_from,
        pieces.criterion_id,
        views.is_records_alone as leaves_out_curated,
        max(pieces.strength_rank) filter (where pieces.speaks_for) as for_rank,
        max(pieces.strength_rank) filter (where not pieces.speaks_for) as against_rank,
        count(distinct pieces.origin) filter (where pieces.speaks_for and pieces.strength_rank >= 2)
            as for_origins
    from spans
    inner join pieces
        on
            spans.org_id = pieces.org_id
            and spans.span_from >= pieces.holds_from
            and spans.span_to <= pieces.holds_to
    inner join views on not (views.is_records_alone and pieces.is_curated)
    group by spans.org_id, spans.span_from, pieces.criterion_id, views.is_records_alone
),

held as (
    select
        spans.org_id,
        spans.span_from,
        spans.span_to,
        requirements.definition_id,
        requirements.criterion_id,
        requirements.role,
        requirements.is_key,
        requirements.is_records_alone,
        requirements.refutation_is_final,
        requirements.met_rank,
        requirements.refuted_rank,
        coalesce(weighed.against_rank, 0) as against_rank,
        coalesce(
            case
                when weighed.for_rank = 2 and weighed.for_origins >= requirements.corroborated_by then 3
                else weighed.for_rank
            end,
            0
        ) as for_rank
    from spans
    cross join requirements
    left join weighed
        on
            spans.org_id = weighed.org_id
            and spans.span_from = weighed.span_from
            and requirements.criterion_id = weighed.criterion_id
            and requirements.admits_curated <> weighed.leaves_out_curated
),

final as (
    select
        org_id,
        span_from,
        span_to,
        definition_id,
        criterion_id,
        is_records_alone,
        role,
        is_key,
        for_rank::tinyint as for_rank,
        against_rank::tinyint as against_rank,
        case
            when against_rank >= refuted_rank and (refutation_is_final or against_rank > for_rank)
                then 'not met'
            when for_rank >= met_rank and for_rank > against_rank
                then 'met'
            else 'unknown'
        end as state,
        against_rank >= refuted_rank and refutation_is_final as is_finally_refuted
    from held
)

select
    org_id,
    span_from,
    span_to,
    definition_id,
    criterion_id,
    is_records_alone,
    role,
    is_key,
    for_rank,
    against_rank,
    state,
    is_finally_refuted
from final
