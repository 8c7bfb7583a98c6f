-- What: each criterion of each definition, held against the evidence on each published organisation.
-- Grain: one row an organisation, definition and criterion.
-- The rule is ordinal. Evidence counts by its strongest piece on each side; more support never lowers a
-- state (not met < unknown < met). Facts of the curated list are admitted under the policy definitions only;
-- inferred_state leaves them out everywhere, so that a verdict can be had that does not lean on the list.
with published as (
    select org_id
    from ent_published
),

requirements as (
    select
        definition_criteria.definition_id,
        definition_criteria.criterion_id,
        definition_criteria.role,
        definition_criteria.refutation_is_final,
        definitions.kind = 'policy' as admits_curated,
        list_position(['weak', 'moderate', 'strong', 'decisive'], definition_criteria.met_at) as met_rank,
        list_position(['weak', 'moderate', 'strong', 'decisive'], definition_criteria.refuted_at)
            as refuted_rank
    from definition_criteria
    inner join definitions on definition_criteria.definition_id = definitions.definition_id
),

ranked as (
    select
        org_id,
        criterion_id,
        evidence_id,
        direction = 'for' as speaks_for,
        source = 'known_mutuals' as is_curated,
        list_position(['weak', 'moderate', 'strong', 'decisive'], strength) as strength_rank
    from evidence
),

bases as (
    select unnest([false, true]) as is_inferred
),

weighed as (
    select
        published.org_id,
        requirements.definition_id,
        requirements.criterion_id,
        requirements.role,
        requirements.met_rank,
        requirements.refuted_rank,
        requirements.refutation_is_final,
        bases.is_inferred,
        coalesce(max(ranked.strength_rank) filter (where ranked.speaks_for), 0) as for_rank,
        coalesce(max(ranked.strength_rank) filter (where not ranked.speaks_for), 0) as against_rank,
        coalesce(
            list_sort(list(ranked.evidence_id) filter (where ranked.evidence_id is not null)), []
        ) as evidence_ids
    from published
    cross join requirements
    cross join bases
    left join ranked
        on
            published.org_id = ranked.org_id
            and requirements.criterion_id = ranked.criterion_id
            and (not ranked.is_curated or (requirements.admits_curated and not bases.is_inferred))
    group by all
),

judged as (
    select
        *,
        case
            when against_rank >= refuted_rank and (refutation_is_final or against_rank > for_rank)
                then 'not met'
            when for_rank >= met_rank and for_rank > against_rank
                then 'met'
            else 'unknown'
        end as state
    from weighed
),

final as (
    select
        admitted.org_id,
        admitted.definition_id,
        admitted.criterion_id,
        admitted.role,
        admitted.state,
        admitted.evidence_ids,
        inferred.state as inferred_state,
        (admitted.for_rank - admitted.against_rank)::tinyint as score,
        ['weak', 'moderate', 'strong', 'decisive'][nullif(admitted.for_rank, 0)] as strongest_for,
        ['weak', 'moderate', 'strong', 'decisive'][nullif(admitted.against_rank, 0)] as strongest_against,
        (inferred.for_rank - inferred.against_rank)::tinyint as inferred_score,
        ['weak', 'moderate', 'strong', 'decisive'][nullif(inferred.for_rank, 0)] as inferred_strongest_for,
        ['weak', 'moderate', 'strong', 'decisive'][nullif(inferred.against_rank, 0)]
            as inferred_strongest_against
    from judged as admitted
    inner join judged as inferred
        on
            admitted.org_id = inferred.org_id
            and admitted.definition_id = inferred.definition_id
            and admitted.criterion_id = inferred.criterion_id
    where not admitted.is_inferred and inferred.is_inferred
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
    inferred_strongest_against
from final
