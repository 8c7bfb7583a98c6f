-- What: the societies of the register as it stands.
-- Grain: one row a society.
with societies as (
    select
        society_number,
        society_name,
        status,
        registered_on,
        deregistered_on,
        is_absent
    from stg_fca_societies
),

final as (
    select
        society_name as name,
        status,
        registered_on,
        deregistered_on,
        is_absent,
        'GB-MPR-' || society_number as org_id
    from societies
)

select
    org_id,
    name,
    status,
    registered_on,
    deregistered_on,
    is_absent
from final
