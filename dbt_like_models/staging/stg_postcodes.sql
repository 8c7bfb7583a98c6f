-- What: where the postcodes of the published organisations lie, by the newest directory.
-- Grain: one row a postcode, live or ended: the directory does not tell them apart.
-- A directory replaces the one before as a whole; an extract of one, such as the sample's, tells only where
-- no whole one has landed. Of its 2.7 million rows only those are taken that something
-- asks for, which is why a staging model reads entities here.
with newest as (
    select arg_max(snapshot_id, (is_whole, sequence)) as snapshot_id
    from stg_snapshot_sequence
    where source = 'postcodes'
),

published as (
    select org_id
    from ent_published
),

organisations as (
    select
        org_id,
        postcode
    from ent_organisations
    where postcode is not null
),

wanted as (
    select distinct organisations.postcode
    from published
    inner join organisations on published.org_id = organisations.org_id
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
    inner join wanted on postcodes.postcode = wanted.postcode
    group by postcodes.postcode
)

select
    postcode,
    lad_code,
    region_code
from final
