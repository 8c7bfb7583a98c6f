-- What: the objections to what is said of each organisation.
-- Grain: one row an organisation that somebody objected about.
with received as (
    select
        org_id,
        correction_id,
        status,
        effect
    from corrections
),

final as (
    select
        org_id,
        bool_or(status = 'open') as is_disputed,
        list_sort(list(correction_id)) as correction_ids,
        string_agg(correction_id, ', ' order by correction_id) filter (where status = 'open') as open_ids,
        string_agg(correction_id, ', ' order by correction_id)
        filter (where status = 'upheld' and effect <> 'note') as acting_ids
    from received
    group by org_id
)

select
    org_id,
    is_disputed,
    correction_ids,
    open_ids,
    acting_ids
from final
