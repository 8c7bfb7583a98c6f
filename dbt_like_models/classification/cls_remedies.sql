-- What: what a record would have to show for a criterion of a definition to change, in words.
-- Grain: one row a definition and criterion.
-- Made of the definition's own line and of the signals that can reach its bar; the curated list is no record.
with lines as (
    select
        definition_criteria.definition_id,
        definition_criteria.criterion_id,
        definition_criteria.met_at,
        definition_criteria.corroborated_by,
        definition_criteria.refutation_is_final,
        criteria.title,
        list_position(['weak', 'moderate', 'strong', 'decisive'], definition_criteria.met_at) as met_rank
    from definition_criteria
    inner join criteria on definition_criteria.criterion_id = criteria.criterion_id
),

-- a signal that several sources raise names them all
read_by as (
    select
        signals.criterion_id,
        unnest(string_split(signals.source, '|')) as source,
        list_position(['weak', 'moderate', 'strong', 'decisive'], signals.strength) as strength_rank
    from signals
    where signals.direction = 'for'
),

readable as (
    select
        lines.definition_id,
        lines.criterion_id,
        string_agg(distinct read_by.source, ', ' order by read_by.source) as sources
    from lines
    inner join read_by on lines.criterion_id = read_by.criterion_id
    where read_by.source <> 'known_mutuals' and read_by.strength_rank >= lines.met_rank
    group by lines.definition_id, lines.criterion_id
),

final as (
    select
        lines.definition_id,
        lines.criterion_id,
        lines.title || ': ' || lines.met_at || ' evidence for it'
        || case
            when lines.met_rank = 3 and lines.corroborated_by is not null
                then ', or moderate evidence of ' || lines.corroborated_by || ' independent origins'
            else ''
        end
        || coalesce(' (read from ' || readable.sources || ')', ' (no source read so far can show it)')
            as to_meet,
        lines.title || ': strong evidence for it'
        || coalesce(', or moderate evidence of ' || lines.corroborated_by || ' independent origins', '')
            as to_strengthen,
        lines.title
        || case
            when lines.refutation_is_final
                then
                    ': nothing outweighs this record; only its correction, or its end, which would open a '
                    || 'new interval'
            else ': a correction of that record, or evidence for it that is stronger'
        end as to_reverse
    from lines
    left join readable
        on lines.definition_id = readable.definition_id and lines.criterion_id = readable.criterion_id
)

select
    definition_id,
    criterion_id,
    to_meet,
    to_strengthen,
    to_reverse
from final
