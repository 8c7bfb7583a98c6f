-- What: each distinct release of Contracts Finder, as last published.
-- Grain: one row a release (ocid and release id). The same release comes in many packages.
-- A release whose own date cannot be read (it is in data_issues) is taken to be of the day on which it
-- was first published to us: without a time it would have no place in any history.
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
        last_seen_on
    from stg_record_versions
    where source = 'contracts_finder' and is_present
),

releases as (
    select
        snapshot_id,
        locator,
        ocid,
        release_id,
        released_at,
        tags,
        title,
        cpv_codes,
        procurement_method,
        procurement_method_details,
        buyer_id,
        buyer_name,
        suitability_vcse,
        reserved_participation,
        contract_start_on,
        contract_end_on,
        parties,
        awards
    from lake.contracts_finder
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
        releases.ocid,
        releases.release_id,
        releases.tags,
        releases.title,
        releases.cpv_codes,
        releases.procurement_method,
        releases.procurement_method_details,
        releases.buyer_id,
        releases.buyer_name,
        releases.suitability_vcse,
        releases.reserved_participation,
        releases.contract_start_on,
        releases.contract_end_on,
        releases.parties,
        releases.awards,
        coalesce(releases.released_at, versions.first_seen_on::timestamp) as released_at
    from versions
    inner join releases
        on versions.snapshot_id = releases.snapshot_id and versions.locator = releases.locator
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
    ocid,
    release_id,
    released_at,
    tags,
    title,
    cpv_codes,
    procurement_method,
    procurement_method_details,
    buyer_id,
    buyer_name,
    suitability_vcse,
    reserved_participation,
    contract_start_on,
    contract_end_on,
    parties,
    awards
from final
