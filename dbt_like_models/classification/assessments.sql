-- What: each criterion of each definition, held against the evidence on each published organisation.
-- Grain: one row an organisation, definition and criterion.
-- As of the stretch of its life by which the verdict is told (cls_intervals). Facts of the curated list
-- are admitted under the policy definitions only; the inferred columns leave them out everywhere.
with told as (
    select
        states.org_id,
        states.definition_id,
        states.criterion_id,
        states.role,
        states.is_records_alone,
        states.state,
        states.for_rank,
        states.against_rank
    from cls_states as states
    inner join cls_intervals as intervals
        on
            states.org_id = intervals.org_id
            and states.definition_id = intervals.definition_id
            and states.is_records_alone = intervals.is_records_alone
            and states.span_from = intervals.told_from
),

weighed as (
    select
        cls_evidence.org_id,
        cls_evidence.criterion_id,
        list_sort(list(cls_evidence.evidence_id)) as evidence_ids,
        list_sort(list(cls_evidence.evidence_id) filter (where not cls_evidence.is_curated)) as recorded_ids,
        max(cls_evidence.strength_rank) filter (where cls_evidence.speaks_for) as for_rank
    from cls_evidence
    group by cls_evidence.org_id, cls_evidence.criterion_id
),

kinds as (
    select
        definition_id,
        kind = 'policy' as admits_curated
    from definitions
),

dated as (
    select
        org_id,
        definition_id,
        criterion_id,
        state_from,
        state_to
    from cls_state_runs
    where not is_records_alone
),

final as (
    select
        admitted.org_id,
        admitted.definition_id,
        admitted.criterion_id,
        admitted.role,
        admitted.state,
        alone.state as inferred_state,
        dated.state_from,
        dated.state_to,
        coalesce(case when kinds.admits_curated then weighed.evidence_ids else weighed.recorded_ids end, [])
            as evidence_ids,
        (admitted.for_rank - admitted.against_rank)::tinyint as score,
        (alone.for_rank - alone.against_rank)::tinyint as inferred_score,
        ['weak', 'moderate', 'strong', 'decisive'][nullif(admitted.for_rank, 0)] as strongest_for,
        ['weak', 'moderate', 'strong', 'decisive'][nullif(admitted.against_rank, 0)] as strongest_against,
        ['weak', 'moderate', 'strong', 'decisive'][nullif(alone.for_rank, 0)] as inferred_strongest_for,
        ['weak', 'moderate', 'strong', 'decisive'][nullif(alone.against_rank, 0)]
            as inferred_strongest_against,
        admitted.for_rank > coalesce(weighed.for_rank, 0) as is_corroborated
    from told as admitted
    inner join told as alone
        on
            admitted.org_id = alone.org_id
            and admitted.definition_id = alone.definition_id
            and admitted.criterion_id = alone.criterion_id
            and not admitted.is_records_alone
            and alone.is_records_alone
    inner join kinds on admitted.definition_id = kinds.definition_id
    left join weighed on admitted.org_id = weighed.org_id and admitted.criterion_id = weighed.criterion_id
    left join dated
        on
            admitted.org_id = dated.org_id
            and admitted.definition_id = dated.definition_id
            and admitted.criterion_id = dated.criterion_id
)

select
    org_id,
    definition_id,
    criterion_id,
    role,
    state,
    score,
    strongest_for,
    strongest_against,
    evidence_ids,
    inferred_state,
    inferred_score,
    inferred_strongest_for,
    inferred_strongest_against,
    is_corroborated,
    state_from,
    state_to
from final
