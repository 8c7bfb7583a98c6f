-- What: how the newest extract of the Charity Commission classifies each main charity.
-- Grain: one row a charity and code. An extract replaces the one before as a whole.
with newest as (
    select arg_max(snapshot_id, (published_on, snapshot_id)) as snapshot_id
    from snapshots
    where source = 'charity_commission_classifications'
),

records as (
    select
        snapshot_id,
        locator,
        charity_number,
        linked_charity_number,
        code,
        description
    from lake.charity_commission_classifications
),

final as (
    select
        'charity_commission_classifications' as source,
        records.charity_number,
        records.code,
        min(records.description) as description,
        min(records.snapshot_id) as snapshot_id,
        min(records.locator) as locator
    from records
    inner join newest on records.snapshot_id = newest.snapshot_id
    where records.linked_charity_number = 0
    group by records.charity_number, records.code
)

select
    source,
    charity_number,
    code,
    description,
    snapshot_id,
    locator
from final
