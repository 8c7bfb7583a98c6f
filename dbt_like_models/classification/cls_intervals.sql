-- What: the level that the evidence carries under each definition, and the stretch of life over which it
-- does.
-- Grain: one row an organisation, definition and view (records alone, or all that is admitted).
-- A level that was once at least possible stands, with the interval over which it lasted: control that
-- passed to a public body later closes the interval and never turns it into not_mutual. Where it was
-- never even possible, the latest stretch speaks. Both rules keep the whole monotone: no support for any
-- stretch lowers the result.
with levels as (
    select
        cls_span_verdicts.org_id,
        cls_span_verdicts.span_from,
        cls_span_verdicts.span_to,
        cls_span_verdicts.definition_id,
        cls_span_verdicts.is_records_alone,
        cls_span_verdicts.level,
        cls_span_verdicts.is_finally_refuted,
        cls_span_verdicts.level >= 2 as is_possible
    from cls_span_verdicts
    inner join definitions on cls_span_verdicts.definition_id = definitions.definition_id
    -- a law says nothing of the days before and after it
    where
        not definitions.dates_bind
        or (
            cls_span_verdicts.span_to >= coalesce(definitions.in_force_from, date '0001-01-01')
            and cls_span_verdicts.span_from <= coalesce(definitions.in_force_to, date '9999-12-31')
        )
),

-- neighbours that are alike in being possible or not make one run
numbered as (
    select
        *,
        row_number() over (
            partition by org_id, definition_id, is_records_alone order by span_from
        ) - row_number() over (
            partition by org_id, definition_id, is_records_alone, is_possible order by span_from
        ) as run
    from levels
),

runs as (
    select
        org_id,
        definition_id,
        is_records_alone,
        is_possible,
        run,
        max(level) as level,
        arg_max(level, span_from) as last_level,
        max(span_from) as last_from,
        -- the latest stretch that attains the best level
        arg_max(span_from, (level, span_from)) as best_from,
        min(span_from) as run_from,
        max(span_to) as run_to
    from numbered
    group by org_id, definition_id, is_records_alone, is_possible, run
),

-- the best run, the latest of equals; of runs that are not even possible, the latest
chosen as (
    select
        org_id,
        definition_id,
        is_records_alone,
        run_from,
        run_to,
        case when is_possible then level else last_level end as level,
        case when is_possible then best_from else last_from end as told_from
    from runs
    qualify
        row_number() over (
            partition by org_id, definition_id, is_records_alone
            order by case when is_possible then level else 0 end desc, run_from desc
        ) = 1
),

-- the days on which no final refutation stands, the latest run of them
freedom as (
    select
        org_id,
        definition_id,
        is_records_alone,
        bool_and(is_finally_refuted) as is_never_free,
        max(span_to) filter (where not is_finally_refuted) as free_to
    from levels
    group by org_id, definition_id, is_records_alone
),

final as (
    select
        chosen.org_id,
        chosen.definition_id,
        chosen.is_records_alone,
        chosen.level,
        chosen.run_from,
        chosen.run_to,
        chosen.told_from,
        freedom.is_never_free,
        freedom.free_to
    from chosen
    inner join freedom
        on
            chosen.org_id = freedom.org_id
            and chosen.definition_id = freedom.definition_id
            and chosen.is_records_alone = freedom.is_records_alone
)

select
    org_id,
    definition_id,
    is_records_alone,
    level,
    run_from,
    run_to,
    told_from,
    is_never_free,
    free_to
from final
