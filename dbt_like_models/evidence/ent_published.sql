-- What: the organisations that a release lists.
-- Grain: one row an organisation.
-- Listed: there is evidence on something other than what its legal form alone brings with it. Candidate: such
-- evidence speaks for a criterion; only candidates have a page.
with listed as (
    select
        org_id,
        direction
    from ev_upheld
    where publishes
),

final as (
    select
        org_id,
        bool_or(direction = 'for') as is_candidate
    from listed
    group by org_id
)

select
    org_id,
    is_candidate
from final
