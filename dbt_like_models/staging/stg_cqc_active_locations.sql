-- What: the present record of each location of a registered provider of care in England.
-- Grain: one row a location. A place that two providers have registered has two: totals over providers count
-- the primary one. One that a later whole directory leaves out is no longer active.
with versions as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        valid_from,
        known_from,
        first_snapshot_id,
        first_seen_on,
        last_seen_on,
        is_absent
    from stg_record_versions
    where source = 'cqc_active_locations' and is_present
),

records as (
    select
        snapshot_id,
        locator,
        provider_id,
        location_name,
        location_ods_code,
        location_sector,
        inspection_category,
        location_started_on,
        is_dormant,
        is_care_home,
        care_home_beds,
        overall_rating,
        rating_published_on,
        is_rating_inherited,
        location_region,
        location_local_authority,
        location_postcode,
        brand_id,
        brand_name,
        service_types,
        regulated_activities,
        service_user_bands,
        dual_primary_id,
        provider_name,
        provider_company_number,
        provider_charity_number,
        provider_ownership_type,
        provider_sector,
        provider_started_on,
        provider_postcode,
        provider_region,
        provider_local_authority
    from lake.cqc_active_locations
),

final as (
    select
        versions.source,
        versions.record_key,
        versions.snapshot_id,
        versions.locator,
        versions.valid_from as published_on,
        versions.known_from as fetched_at,
        versions.first_snapshot_id,
        versions.first_seen_on,
        versions.last_seen_on,
        versions.is_absent,
        records.provider_id,
        records.location_name,
        records.location_ods_code,
        records.location_sector,
        records.inspection_category,
        records.location_started_on,
        records.is_dormant,
        records.is_care_home,
        records.care_home_beds,
        records.overall_rating,
        records.rating_published_on,
        records.is_rating_inherited,
        records.location_region,
        records.location_local_authority,
        records.brand_id,
        records.brand_name,
        records.service_types,
        records.regulated_activities,
        records.service_user_bands,
        records.provider_name,
        records.provider_company_number,
        records.provider_charity_number,
        records.provider_ownership_type,
        records.provider_sector,
        records.provider_started_on,
        records.provider_region,
        records.provider_local_authority,
        versions.record_key as location_id,
        case lower(records.overall_rating)
            when 'inadequate' then 1
            when 'requires improvement' then 2
            when 'good' then 3
            when 'outstanding' then 4
        end::tinyint as rating_rank,
        normalise_postcode(records.location_postcode) as location_postcode,
        coalesce(records.dual_primary_id, versions.record_key) = versions.record_key as is_primary,
        normalise_postcode(records.provider_postcode) as provider_postcode
    from versions
    inner join records
        on versions.snapshot_id = records.snapshot_id and versions.locator = records.locator
)

select
    source,
    record_key,
    snapshot_id,
    locator,
    published_on,
    fetched_at,
    first_snapshot_id,
    first_seen_on,
    last_seen_on,
    is_absent,
    location_id,
    provider_id,
    location_name,
    location_ods_code,
    location_sector,
    inspection_category,
    location_started_on,
    is_dormant,
    is_care_home,
    care_home_beds,
    overall_rating,
    rating_rank,
    rating_published_on,
    is_rating_inherited,
    location_region,
    location_local_authority,
    location_postcode,
    brand_id,
    brand_name,
    service_types,
    regulated_activities,
    service_user_bands,
    is_primary,
    provider_name,
    provider_company_number,
    provider_charity_number,
    provider_ownership_type,
    provider_sector,
    provider_started_on,
    provider_postcode,
    provider_region,
    provider_local_authority
from final
