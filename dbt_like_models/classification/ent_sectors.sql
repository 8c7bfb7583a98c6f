-- What: the primary sector of each published organisation, and which record told it.
-- Grain: one row an organisation; one whose records tell no sector has no row.
-- The order is that of sec_ranked; organisation_sectors has the sectors beside the primary one.
with ranked as (
    select
        org_id,
        sector,
        basis,
        place
    from sec_ranked
),

final as (
    select
        org_id,
        sector,
        basis
    from ranked
    where place = 1
)

select
    org_id,
    sector,
    basis
from final
