-- What: the version of the rule, with a fingerprint of the lines by which this build judged.
-- Grain: one row.
with lines as (
    select 'definitions|' || to_json(definitions)::varchar as line
    from definitions
    union all
    select 'definition_criteria|' || to_json(definition_criteria)::varchar as line
    from definition_criteria
    union all
    select 'signals|' || to_json(signals)::varchar as line
    from signals
    union all
    select 'evidence_sources|' || to_json(evidence_sources)::varchar as line
    from evidence_sources
),

final as (
    select '2-' || md5(string_agg(line, ';' order by line))[:8] as rules_version
    from lines
)

select rules_version
from final
