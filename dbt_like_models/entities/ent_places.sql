-- What: where the published organisations have their registered postcode.
-- Grain: one row an organisation whose postcode is in the directory.
-- An office may stand far from where the work is done. Of Northern Ireland the region alone is known.
with published as (
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

postcodes as (
    select
        postcode,
        lad_code,
        region_code
    from stg_postcodes
),

districts as (
    select
        lad_code,
        lad_name,
        region_code,
        region_name
    from stg_local_authorities
),

regions as (
    select
        region_code,
        min(region_name) as region_name
    from districts
    group by region_code
),

final as (
    select
        organisations.org_id,
        districts.lad_name as local_authority,
        coalesce(districts.region_name, regions.region_name) as region
    from published
    inner join organisations on published.org_id = organisations.org_id
    inner join postcodes on organisations.postcode = postcodes.postcode
    left join districts on postcodes.lad_code = districts.lad_code
    left join regions on postcodes.region_code = regions.region_code
)

select
    org_id,
    region,
    local_authority
from final
where region is not null
