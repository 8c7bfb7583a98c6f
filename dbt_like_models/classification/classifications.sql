-- What: the verdict on each published organisation under each definition, over an interval.
-- Grain: one row an organisation and definition.
-- Verdicts are ordered not_mutual < undetermined < possible < probable < mutual; support never lowers one.
-- A curated label decides under policy definitions only; an inferred verdict never leans on the curated list;
-- an end closes the interval and never changes the verdict. docs/methodology/classification.md has the rule.
with verdicts as (
    select
        org_id,
        definition_id,
        verdict,
        basis,
        inferred_verdict,
        decided_by,
        n_citations
    from cls_verdicts
),

told as (
    select
        org_id,
        definition_id,
        is_decisively_refuted
    from cls_criteria_told
),

reasons as (
    select
        org_id,
        definition_id,
        reason,
        what_would_change_it
    from cls_reasons
),

closings as (
    select
        org_id,
        definition_id,
        valid_from,
        valid_to,
        end_kind,
        ended_precision,
        began_precision
    from cls_closings
),

independence as (
    select
        org_id,
        independence_basis
    from cls_independence
),

disputes as (
    select
        org_id,
        is_disputed,
        correction_ids
    from cls_disputes
),

seats as (
    select
        org_id,
        nation
    from cls_nations
),

final as (
    select
        verdicts.org_id,
        verdicts.definition_id,
        verdicts.verdict,
        verdicts.basis,
        reasons.reason,
        verdicts.inferred_verdict,
        cls_rules_version.rules_version,
        closings.valid_from,
        closings.valid_to,
        closings.end_kind,
        closings.ended_precision,
        closings.began_precision,
        reasons.what_would_change_it,
        independence.independence_basis,
        seats.nation,
        verdicts.decided_by,
        closings.end_kind is not null as has_ended,
        coalesce(disputes.is_disputed, false) as is_disputed,
        coalesce(disputes.correction_ids, []) as correction_ids,
        case
            when verdicts.basis = 'curated' and verdicts.verdict = 'mutual' and verdicts.n_citations > 1
                then 'high'
            when verdicts.basis = 'inferred' and verdicts.verdict = 'mutual' then 'high'
            when verdicts.verdict = 'not_mutual' and told.is_decisively_refuted then 'high'
            when verdicts.verdict in ('mutual', 'probable', 'not_mutual') then 'medium'
            else 'low'
        end as band
    from verdicts
    cross join cls_rules_version
    left join told on verdicts.org_id = told.org_id and verdicts.definition_id = told.definition_id
    left join reasons on verdicts.org_id = reasons.org_id and verdicts.definition_id = reasons.definition_id
    left join closings
        on verdicts.org_id = closings.org_id and verdicts.definition_id = closings.definition_id
    left join independence on verdicts.org_id = independence.org_id
    left join disputes on verdicts.org_id = disputes.org_id
    left join seats on verdicts.org_id = seats.org_id
)

select
    org_id,
    definition_id,
    verdict,
    basis,
    band,
    reason,
    inferred_verdict,
    rules_version,
    valid_from,
    valid_to,
    has_ended,
    end_kind,
    ended_precision,
    began_precision,
    decided_by,
    what_would_change_it,
    independence_basis,
    nation,
    is_disputed,
    correction_ids
from final
