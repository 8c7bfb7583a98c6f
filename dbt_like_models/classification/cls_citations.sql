-- What: what the curated list's labels say of each organisation that it cites.
-- Grain: one row an organisation with a cited fact.
-- A label decides under the policy definitions only: psm is mutual, psm-probable probable, contested
-- possible.
with labels as (
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

final as (
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
)

select
    org_id,
    n_citations,
    n_label_citations,
    label_verdict,
    n_labels,
    is_look_alike
from final
