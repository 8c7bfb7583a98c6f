-- What: companies by cohort of incorporation, dissolved ones included: what survival is measured against.
-- Grain: one row a company number. Status and dissolution are those of the day of the search.
-- The address, which may be a home, stays in the lake.
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
    where source = 'companies_house_search' and is_present
),

records as (
    select
        snapshot_id,
        locator,
        company_number,
        company_name,
        company_status,
        company_type,
        company_subtype,
        incorporated_on,
        dissolved_on,
        registered_on,
        removed_on,
        sic_codes
    from lake.companies_house_search
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
        records.company_number,
        records.company_name,
        records.company_status,
        records.company_type,
        records.company_subtype,
        records.incorporated_on,
        records.dissolved_on,
        records.registered_on,
        records.removed_on,
        records.sic_codes
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
    company_number,
    company_name,
    company_status,
    company_type,
    company_subtype,
    incorporated_on,
    dissolved_on,
    registered_on,
    removed_on,
    sic_codes
from final
