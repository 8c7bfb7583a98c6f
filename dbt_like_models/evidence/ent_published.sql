-- What: the organisations that a release lists.
-- Grain: one row an organisation.
-- Listed: there is evidence by a signal that publishes: not of what a legal form alone brings with it, nor
-- of what a great many organisations have in common. Candidate: such evidence speaks for a criterion, by a
-- signal that makes candidates; only candidates have a page.
with listed as (
    select
        org_id,
        direction = 'for' and makes_candidate as speaks_for_it
    from ev_upheld
    where publishes
),

final as (
    select
        org_id,
        bool_or(speaks_for_it) as is_candidate
    from listed
    group by org_id
)

select
    org_id,
    is_candidate
from final
