-- What: over which days a criterion kept the state that the verdict is told by, where evidence came or went.
-- Grain: one row an organisation with more than one stretch, definition, criterion and view.
with changing as (
    select org_id
    from cls_spans
    group by org_id
    having count(*) > 1
),

states as (
    select
        cls_states.org_id,
        cls_states.span_from,
        cls_states.span_to,
        cls_states.definition_id,
        cls_states.criterion_id,
        cls_states.is_records_alone,
        cls_states.state
    from cls_states
    inner join changing on cls_states.org_id = changing.org_id
),

numbered as (
    select
        *,
        row_number() over (
            partition by org_id, definition_id, criterion_id, is_records_alone order by span_from
        ) - row_number() over (
            partition by org_id, definition_id, criterion_id, is_records_alone, state order by span_from
        ) as run
    from states
),

runs as (
    select
        org_id,
        definition_id,
        criterion_id,
        is_records_alone,
        min(span_from) as run_from,
        max(span_to) as run_to
    from numbered
    group by org_id, definition_id, criterion_id, is_records_alone, state, run
),

told as (
    select
        org_id,
        definition_id,
        is_records_alone,
        told_from
    from cls_intervals
),

final as (
    select
        runs.org_id,
        runs.definition_id,
        runs.criterion_id,
        runs.is_records_alone,
        nullif(runs.run_from, date '0001-01-01') as state_from,
        nullif(runs.run_to, date '9999-12-31') as state_to
    from runs
    inner join told
        on
            runs.org_id = told.org_id
            and runs.definition_id = told.definition_id
            and runs.is_records_alone = told.is_records_alone
            and told.told_from between runs.run_from and runs.run_to
)

select
    org_id,
    definition_id,
    criterion_id,
    is_records_alone,
    state_from,
    state_to
from final
