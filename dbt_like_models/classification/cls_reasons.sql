-- What: why each verdict is what it is, and what would change it, in words.
-- Grain: one row an organisation and definition.
-- The criterion texts come from cls_criteria_told; a reason of the records quotes no citation.
with joined as (
    select
        verdicts.org_id,
        verdicts.definition_id,
        verdicts.verdict,
        verdicts.basis,
        verdicts.decided_by,
        verdicts.is_look_alike,
        verdicts.n_labels,
        verdicts.kind,
        verdicts.nation,
        verdicts.is_out_of_force,
        told.is_refuted,
        told.met,
        told.met_by_records,
        told.not_shown,
        told.not_shown_by_records,
        told.hinted_against,
        told.not_met,
        told.not_met_by_records,
        told.to_meet,
        told.to_strengthen,
        told.to_reverse,
        closings.closed_on,
        closings.end_kind,
        closings.ended_precision,
        disputes.open_ids,
        disputes.acting_ids,
        definitions.territory,
        case verdicts.n_label_citations
            when 1 then 'one cited source' else verdicts.n_label_citations || ' cited sources'
        end as citations
    from cls_verdicts as verdicts
    inner join definitions on verdicts.definition_id = definitions.definition_id
    left join cls_criteria_told as told
        on verdicts.org_id = told.org_id and verdicts.definition_id = told.definition_id
    left join cls_closings as closings
        on verdicts.org_id = closings.org_id and verdicts.definition_id = closings.definition_id
    left join cls_disputes as disputes on verdicts.org_id = disputes.org_id
),

worded as (
    select
        *,
        case
            when is_out_of_force
                then 'The definition was not in force in the time on record for it, so it is not tested.'
            when decided_by = 'not tested'
                then
                    'The definition is one of ' || territory || ' and the organisation is registered in '
                    || nation || ', so it is not tested.'
            when decided_by = 'control'
                then
                    'Does not meet: ' || coalesce(not_met_by_records, not_met)
                    || '. The curated list cites it otherwise; what a record shows of public control is '
                    || 'final.'
            when decided_by = 'label' and is_look_alike
                then
                    'The curated list cites sources both ways: for a public service mutual, and for '
                    || 'something that is taken for one.'
            when decided_by = 'label' and verdict = 'mutual'
                then 'The curated list holds it as a public service mutual, on ' || citations || '.'
            when decided_by = 'label' and verdict = 'probable'
                then
                    'The curated list holds it as probably a public service mutual, on ' || citations
                    || '; not every limb of the definition is documented.'
            when decided_by = 'label'
                then
                    'The curated list holds it as a contested case, on ' || citations
                    || ': whether it meets every limb of the definition is disputed.'
            -- an inferred verdict leans on no citation, and its reason quotes none
            when verdict = 'not_mutual' and basis = 'inferred'
                then 'Does not meet: ' || not_met_by_records || '.'
            when verdict = 'not_mutual'
                then 'Does not meet: ' || not_met || '.'
            when verdict in ('mutual', 'probable')
                then 'Meets every criterion on the records held: ' || met_by_records || '.'
            when verdict = 'possible'
                then
                    'Meets: ' || met_by_records || '. Not shown to meet, on the records held: '
                    || not_shown_by_records || '.'
            else
                'Not shown to meet, on the records held: ' || coalesce(not_shown, 'nothing') || '.'
                || coalesce(' Meets: ' || met || '.', '')
                || ' No record shows that it fails.'
                || coalesce(
                    ' Something speaks against these, too weakly to decide: ' || hinted_against || '.', ''
                )
        end as decided,
        case
            when
                verdict = 'not_mutual' and basis = 'inferred' and is_look_alike and kind = 'policy'
                then ' The curated list cites it as a look-alike, too.'
            else ''
        end
        || case
            when decided_by = 'label' and n_labels > 1
                then ' Citations differ in how sure they are; the surest stands.'
            else ''
        end
        || case
            when decided_by = 'label' and not is_look_alike and is_refuted
                then ' Against it stands: ' || not_met || '.'
            when verdict = 'possible' and decided_by = 'label' and not is_look_alike
                then ' No record held here shows a limb unmet.'
            else ''
        end as added,
        case
            when end_kind is null or decided_by = 'not tested' then ''
            when closed_on is null
                then ' It has since ended (' || end_kind || '); the date is not known.'
            else
                case
                    when verdict in ('mutual', 'probable') then ' It was so until ' else ' Its record ends '
                end
                || case ended_precision
                    when 'year' then year(closed_on)::varchar
                    when 'month' then strftime(closed_on, '%B %Y')
                    else strftime(closed_on, '%-d %B %Y')
                end
                || ' (' || end_kind || ').'
        end as ended,
        coalesce(' Somebody objects to what is said of it (' || open_ids || '); it is not answered yet.', '')
        || coalesce(' Evidence was corrected after an objection (' || acting_ids || ').', '') as disputed
    from joined
),

final as (
    select
        org_id,
        definition_id,
        decided || added || ended || disputed as reason,
        case
            when is_out_of_force then 'Nothing: the definition was in force at another time.'
            when decided_by = 'not tested' then 'A register that places it in ' || territory || '.'
            when verdict = 'mutual' then null
            when verdict = 'not_mutual' then to_reverse || '.'
            when decided_by = 'label' and verdict = 'probable'
                then 'A citation that documents every limb of the definition.'
            when decided_by = 'label' then 'Citations that settle what is disputed.'
            when verdict = 'probable' then to_strengthen || '.'
            else to_meet || '.'
        end as what_would_change_it
    from worded
)

select
    org_id,
    definition_id,
    reason,
    what_would_change_it
from final
