-- What: where each postcode lies, by the newest directory.
-- Grain: one row a postcode, live or ended: the directory does not tell them apart.
-- A directory replaces the one before as a whole. No version is kept of 2.7 million rows.
with newest as (
    select arg_max(snapshot_id, sequence) as snapshot_id
    from stg_snapshot_sequence
    where source = 'postcodes' and is_whole
),

postcodes as (
    select
        snapshot_id,
        postcode,
        lad_code,
        region_code
    from lake.postcodes
),

final as (
    select
        postcodes.postcode,
        min(postcodes.lad_code) as lad_code,
        min(postcodes.region_code) as region_code
    from postcodes
    inner join newest on postcodes.snapshot_id = newest.snapshot_id
    group by postcodes.postcode
)

select
    postcode,
    lad_code,
    region_code
from final
