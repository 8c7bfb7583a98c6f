-- What: the criteria of each verdict, gathered into the words that its reason and remedy quote.
-- Grain: one row an organisation and definition.
with assessed as (
    select
        assessments.org_id,
        assessments.definition_id,
        assessments.criterion_id,
        criteria.title,
        assessments.state,
        assessments.inferred_state,
        assessments.strongest_for,
        assessments.strongest_against,
        assessments.role = 'required' as is_required
    from assessments
    inner join criteria on assessments.criterion_id = criteria.criterion_id
),

remedies as (
    select
        definition_id,
        criterion_id,
        to_meet,
        to_strengthen,
        to_reverse
    from cls_remedies
),

-- the piece of evidence that says most against a criterion, for the reason
objections as (
    select
        evidence.org_id,
        evidence.criterion_id,
        evidence.source = 'known_mutuals' as is_curated,
        max_by(signals.why, (
            list_position(['weak', 'moderate', 'strong', 'decisive'], evidence.strength), evidence.evidence_id
        )) as why
    from evidence
    inner join signals on evidence.signal_id = signals.signal_id
    where evidence.direction = 'against'
    group by evidence.org_id, evidence.criterion_id, evidence.source = 'known_mutuals'
),

explained as (
    select
        assessed.*,
        recorded.why as recorded_why,
        remedies.to_meet,
        remedies.to_strengthen,
        remedies.to_reverse,
        -- the piece that decides: a hint in a register does not stand for a citation that refutes
        case
            when assessed.inferred_state = 'not met' then recorded.why else coalesce(cited.why, recorded.why)
        end as why_against
    from assessed
    left join remedies
        on assessed.definition_id = remedies.definition_id and assessed.criterion_id = remedies.criterion_id
    left join objections as recorded
        on
            assessed.org_id = recorded.org_id
            and assessed.criterion_id = recorded.criterion_id
            and not recorded.is_curated
    left join objections as cited
        on assessed.org_id = cited.org_id and assessed.criterion_id = cited.criterion_id and cited.is_curated
),

final as (
    select
        org_id,
        definition_id,
        bool_or(state = 'not met') as is_refuted,
        bool_or(state = 'not met' and strongest_against = 'decisive') as is_decisively_refuted,
        string_agg(title, '; ' order by title) filter (where is_required and state = 'met') as met,
        string_agg(title, '; ' order by title) filter (where is_required and inferred_state = 'met')
            as met_by_records,
        string_agg(title, '; ' order by title) filter (where is_required and state = 'unknown') as not_shown,
        string_agg(title, '; ' order by title) filter (where is_required and inferred_state = 'unknown')
            as not_shown_by_records,
        string_agg(title, '; ' order by title)
        filter (where is_required and state = 'unknown' and strongest_against is not null) as hinted_against,
        string_agg(title || coalesce(' (' || rtrim(why_against, '.') || ')', ''), '; ' order by title)
        filter (where state = 'not met') as not_met,
        string_agg(title || coalesce(' (' || rtrim(recorded_why, '.') || ')', ''), '; ' order by title)
        filter (where inferred_state = 'not met') as not_met_by_records,
        string_agg(to_meet, '; ' order by title) filter (where is_required and state <> 'met') as to_meet,
        string_agg(to_strengthen, '; ' order by title)
        filter (where is_required and state = 'met' and strongest_for = 'moderate') as to_strengthen,
        string_agg(to_reverse, '; ' order by title)
        filter (where state = 'not met' or inferred_state = 'not met') as to_reverse
    from explained
    group by org_id, definition_id
)

select
    org_id,
    definition_id,
    is_refuted,
    is_decisively_refuted,
    met,
    met_by_records,
    not_shown,
    not_shown_by_records,
    hinted_against,
    not_met,
    not_met_by_records,
    to_meet,
    to_strengthen,
    to_reverse
from final
