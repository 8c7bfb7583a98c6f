-- What: the verdict on each published organisation under each definition, over an interval.
-- Grain: one row an organisation and definition.
-- Verdicts are ordered not_mutual < undetermined < possible < probable < mutual; support never lowers one.
-- A curated label decides under policy definitions only; an inferred verdict never leans on the curated list;
-- an end closes the interval and never changes the verdict. docs/methodology/classification.md has the rule.
with rules as (
    select
        '1-' || md5(
            (
                select
                    string_agg(
                        concat_ws(
                            '|',
                            definition_id,
                            criterion_id,
                            role,
                            is_key,
                            met_at,
                            refuted_at,
                            refutation_is_final
                        ),
                        ';' order by definition_id, criterion_id
                    )
                from definition_criteria
            )
            || (
                select
                    string_agg(
                        concat_ws(
                            '|', signal_id, criterion_id, direction, strength, source, reads, publishes
                        ),
                        ';' order by signal_id
                    )
                from signals
            )
        )[:8] as rules_version
),

policies as (
    select
        definition_id,
        kind,
        in_force_from,
        in_force_to
    from definitions
),

criteria_titles as (
    select
        criterion_id,
        title
    from criteria
),

assessed as (
    select
        assessments.org_id,
        assessments.definition_id,
        definition_criteria.is_key,
        criteria_titles.title,
        assessments.criterion_id,
        assessments.state,
        assessments.inferred_state,
        assessments.strongest_against,
        assessments.role = 'required' as is_required,
        assessments.inferred_strongest_for in ('strong', 'decisive') as is_strongly_inferred
    from assessments
    inner join definition_criteria
        on
            assessments.definition_id = definition_criteria.definition_id
            and assessments.criterion_id = definition_criteria.criterion_id
    inner join criteria_titles on assessments.criterion_id = criteria_titles.criterion_id
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
        -- the piece that decides: a hint in a register does not stand for a citation that refutes
        case
            when assessed.inferred_state = 'not met' then recorded.why else coalesce(cited.why, recorded.why)
        end as why_against
    from assessed
    left join objections as recorded
        on
            assessed.org_id = recorded.org_id
            and assessed.criterion_id = recorded.criterion_id
            and not recorded.is_curated
    left join objections as cited
        on assessed.org_id = cited.org_id and assessed.criterion_id = cited.criterion_id and cited.is_curated
),

counted as (
    select
        org_id,
        definition_id,
        count(*) filter (where is_required) as n_required,
        count(*) filter (where is_required and inferred_state = 'met') as n_met,
        count(*) filter (where is_required and inferred_state = 'met' and is_strongly_inferred)
            as n_strongly_met,
        count(*) filter (where is_required and is_key) as n_key,
        count(*) filter (where is_required and is_key and inferred_state = 'met') as n_key_met,
        bool_or(inferred_state = 'not met') as is_refuted_by_records,
        bool_or(state = 'not met') as is_refuted,
        bool_or(state = 'not met' and strongest_against = 'decisive') as is_decisively_refuted,
        string_agg(title, '; ' order by title) filter (where is_required and state = 'met') as met,
        string_agg(title, '; ' order by title) filter (where is_required and state = 'unknown') as not_shown,
        string_agg(title, '; ' order by title)
        filter (where is_required and state = 'unknown' and strongest_against is not null) as hinted_against,
        string_agg(title || coalesce(' (' || rtrim(why_against, '.') || ')', ''), '; ' order by title)
        filter (where state = 'not met') as not_met,
        string_agg(title || coalesce(' (' || rtrim(recorded_why, '.') || ')', ''), '; ' order by title)
        filter (where inferred_state = 'not met') as not_met_by_records
    from explained
    group by org_id, definition_id
),

labels as (
    select
        evidence.org_id,
        list_distinct(list(signals.reads)) as readings,
        count(distinct evidence.url) filter (where signals.reads = 'label=psm') as n_citations,
        count(distinct evidence.url) filter (where signals.reads like 'label=%') as n_label_citations
    from evidence
    inner join signals on evidence.signal_id = signals.signal_id
    where evidence.source = 'known_mutuals'
    group by evidence.org_id
),

cited as (
    select
        org_id,
        n_citations,
        n_label_citations,
        case
            when list_contains(readings, 'label=psm') then 'mutual'
            when list_contains(readings, 'label=psm-probable') then 'probable'
            when list_contains(readings, 'label=contested') then 'possible'
        end as label_verdict,
        len(list_filter(readings, lambda one: one like 'label=%')) as n_labels,
        len(list_filter(readings, lambda one: one like 'look_alike_reason=%')) > 0 as is_look_alike
    from labels
),

ends as (
    select
        org_id,
        registered_on,
        spun_out_on,
        spun_out_precision,
        ended_on,
        ended_precision,
        end_kind
    from cls_ends
),

judged as (
    select
        counted.*,
        policies.kind,
        policies.in_force_from,
        policies.in_force_to,
        ends.registered_on,
        ends.spun_out_on,
        ends.spun_out_precision,
        ends.ended_on,
        ends.ended_precision,
        ends.end_kind,
        case when policies.kind = 'policy' then cited.label_verdict end as label_verdict,
        coalesce(cited.is_look_alike, false) as is_look_alike,
        coalesce(cited.n_citations, 0) as n_citations,
        case cited.n_label_citations
            when 1 then 'one cited source' else cited.n_label_citations || ' cited sources'
        end as citations,
        coalesce(cited.n_labels, 0) as n_labels,
        -- a law tests only what lived while it was in force; a policy's words are a yardstick for any time
        policies.kind = 'statutory' and coalesce(
            ends.ended_on < policies.in_force_from or ends.registered_on > policies.in_force_to, false
        ) as is_out_of_force,
        case
            when counted.is_refuted_by_records then 'not_mutual'
            when counted.n_strongly_met = counted.n_required then 'mutual'
            when counted.n_met = counted.n_required then 'probable'
            when counted.n_key_met = counted.n_key then 'possible'
            else 'undetermined'
        end as inferred_verdict
    from counted
    inner join policies on counted.definition_id = policies.definition_id
    left join cited on counted.org_id = cited.org_id
    left join ends on counted.org_id = ends.org_id
),

decided as (
    select
        *,
        case
            when is_out_of_force then 'undetermined'
            when label_verdict is not null and is_look_alike then 'possible'
            when label_verdict is not null then label_verdict
            when is_refuted then 'not_mutual'
            else inferred_verdict
        end as verdict,
        case
            when is_out_of_force then 'inferred'
            when label_verdict is not null then 'curated'
            when is_refuted and not is_refuted_by_records then 'curated'
            else 'inferred'
        end as basis
    from judged
),

worded as (
    select
        *,
        case
            when is_out_of_force
                then 'The definition was not in force while the organisation existed, so it is not tested.'
            when label_verdict is not null and is_look_alike
                then
                    'The curated list cites sources both ways: for a public service mutual, and for '
                    || 'something that is taken for one.'
            when label_verdict = 'mutual'
                then 'The curated list holds it as a public service mutual, on ' || citations || '.'
            when label_verdict = 'probable'
                then
                    'The curated list holds it as probably a public service mutual, on ' || citations
                    || '; not every limb of the definition is documented.'
            when label_verdict = 'possible'
                then
                    'The curated list holds it as a contested case, on ' || citations
                    || ': whether it meets every limb of the definition is disputed.'
            -- an inferred verdict leans on no citation, and its reason quotes none
            when verdict = 'not_mutual' and basis = 'inferred'
                then 'Does not meet: ' || not_met_by_records || '.'
            when verdict = 'not_mutual'
                then 'Does not meet: ' || not_met || '.'
            when verdict in ('mutual', 'probable')
                then 'Meets every criterion on the records held: ' || met || '.'
            when verdict = 'possible'
                then 'Meets: ' || met || '. Not shown to meet, on the records held: ' || not_shown || '.'
            else
                'Not shown to meet, on the records held: ' || coalesce(not_shown, 'nothing') || '.'
                || coalesce(' Meets: ' || met || '.', '')
                || ' No record shows that it fails.'
                || coalesce(
                    ' Something speaks against these, too weakly to decide: ' || hinted_against || '.', ''
                )
        end
        || case
            when
                verdict = 'not_mutual' and basis = 'inferred' and is_look_alike and kind = 'policy'
                then ' The curated list cites it as a look-alike, too.'
            else ''
        end
        || case
            when label_verdict is not null and n_labels > 1
                then ' Citations differ in how sure they are; the surest stands.'
            else ''
        end
        || case
            when label_verdict is not null and not is_look_alike and is_refuted
                then ' Against it stands: ' || not_met || '.'
            when verdict = 'possible' and label_verdict is not null and not is_look_alike
                then ' No record held here shows a limb unmet.'
            else ''
        end
        || case
            when end_kind is null or is_out_of_force then ''
            when ended_on is null
                then ' It has since ended (' || end_kind || '); the date is not known.'
            else
                case
                    when verdict in ('mutual', 'probable') then ' It was so until ' else
                        ' Its record ends '
                end
                || case ended_precision
                    when 'year' then year(ended_on)::varchar
                    when 'month' then strftime(ended_on, '%B %Y')
                    else strftime(ended_on, '%-d %B %Y')
                end
                || ' (' || end_kind || ').'
        end as reason
    from decided
),

final as (
    select
        worded.org_id,
        worded.definition_id,
        worded.verdict,
        worded.basis,
        worded.reason,
        rules.rules_version,
        worded.end_kind,
        worded.ended_precision,
        case
            when worded.basis = 'curated' and worded.verdict = 'mutual' and worded.n_citations > 1 then 'high'
            when worded.basis = 'inferred' and worded.verdict = 'mutual' then 'high'
            when worded.verdict = 'not_mutual' and worded.is_decisively_refuted then 'high'
            when worded.verdict in ('mutual', 'probable', 'not_mutual') then 'medium'
            else 'low'
        end as band,
        case when worded.is_out_of_force then 'undetermined' else worded.inferred_verdict end
            as inferred_verdict,
        case
            when worded.is_out_of_force then null
            -- the day of registration is not the day on which a service became a mutual
            when worded.basis = 'curated' then worded.spun_out_on
            when worded.kind = 'statutory' then greatest(worded.registered_on, worded.in_force_from)
            else worded.registered_on
        end as valid_from,
        case
            -- no interval under that law; the end is still a known day
            when worded.is_out_of_force then worded.ended_on
            when worded.kind = 'statutory' then least(worded.ended_on, worded.in_force_to)
            else worded.ended_on
        end as valid_to,
        worded.end_kind is not null as has_ended,
        case when worded.basis = 'curated' then worded.spun_out_precision end as began_precision
    from worded
    cross join rules
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
    began_precision
from final
