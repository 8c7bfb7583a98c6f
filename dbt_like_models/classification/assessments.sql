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

weighed as (
    select
        org_id,
        criterion_id,
        list_sort(list(evidence_id)) as evidence_ids,
        list_sort(list(evidence_id) filter (where not is_curated)) as recorded_ids,
        max(strength_rank) filter (where speaks_for) as for_rank,
        max(strength_rank) filter (where not speaks_for) as against_rank,
        max(strength_rank) filter (where speaks_for and not is_curated) as recorded_for_rank,
        max(strength_rank) filter (where not speaks_for and not is_curated) as recorded_against_rank
    from ranked
    group by org_id, criterion_id
),

held as (
    select
        published.org_id,
        requirements.definition_id,
        requirements.criterion_id,
        requirements.role,
        requirements.met_rank,
        requirements.refuted_rank,
        requirements.refutation_is_final,
        coalesce(
            case when requirements.admits_curated then weighed.evidence_ids else weighed.recorded_ids end, []
        ) as evidence_ids,
        coalesce(
            case when requirements.admits_curated then weighed.for_rank else weighed.recorded_for_rank end, 0
        ) as for_rank,
        coalesce(
            case
                when requirements.admits_curated then weighed.against_rank else weighed.recorded_against_rank
            end,
            0
        ) as against_rank,
        coalesce(weighed.recorded_for_rank, 0) as recorded_for_rank,
        coalesce(weighed.recorded_against_rank, 0) as recorded_against_rank
    from published
    cross join requirements
    left join weighed
        on published.org_id = weighed.org_id and requirements.criterion_id = weighed.criterion_id
),

final as (
    select
        org_id,
        definition_id,
        criterion_id,
        role,
        evidence_ids,
        case
            when against_rank >= refuted_rank and (refutation_is_final or against_rank > for_rank)
                then 'not met'
            when for_rank >= met_rank and for_rank > against_rank
                then 'met'
            else 'unknown'
        end as state,
        (for_rank - against_rank)::tinyint as score,
        ['weak', 'moderate', 'strong', 'decisive'][nullif(for_rank, 0)] as strongest_for,
        ['weak', 'moderate', 'strong', 'decisive'][nullif(against_rank, 0)] as strongest_against,
        case
            when
                recorded_against_rank >= refuted_rank
                and (refutation_is_final or recorded_against_rank > recorded_for_rank)
                then 'not met'
            when recorded_for_rank >= met_rank and recorded_for_rank > recorded_against_rank
                then 'met'
            else 'unknown'
        end as inferred_state,
        (recorded_for_rank - recorded_against_rank)::tinyint as inferred_score,
        ['weak', 'moderate', 'strong', 'decisive'][nullif(recorded_for_rank, 0)] as inferred_strongest_for,
        ['weak', 'moderate', 'strong', 'decisive'][nullif(recorded_against_rank, 0)]
            as inferred_strongest_against
    from held
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
