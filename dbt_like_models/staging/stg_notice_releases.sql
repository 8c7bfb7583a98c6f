-- What: each distinct release of every source of public contract notices, as last published.
-- Grain: one row a source and release (ocid and release id). The same release comes in many packages; the
-- registry's compiled records stand beside the releases they were made from, under ids of their own.
-- place orders the releases of a process in time: of two of one moment the compiled one is the earlier, so
-- that what a publisher's own release says counts; then the greater id is the later one.
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
    where is_present
),

releases as (
    select
        source,
        snapshot_id,
        locator,
        ocid,
        release_id,
        released_at,
        tags,
        notice_types,
        notice_ids,
        title,
        cpv_codes,
        main_category,
        legal_basis,
        special_regime,
        procurement_method,
        procurement_method_details,
        has_framework,
        has_dynamic_purchasing,
        buyer_id,
        buyer_name,
        suitability_vcse,
        reserved_participation,
        contract_start_on,
        contract_end_on,
        lots,
        parties,
        awards,
        contracts
    from lake.notices
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
        releases.notice_types,
        releases.notice_ids,
        releases.title,
        releases.cpv_codes,
        releases.main_category,
        releases.legal_basis,
        releases.special_regime,
        releases.procurement_method,
        releases.procurement_method_details,
        releases.has_framework,
        releases.has_dynamic_purchasing,
        releases.buyer_id,
        releases.buyer_name,
        releases.suitability_vcse,
        releases.reserved_participation,
        releases.contract_start_on,
        releases.contract_end_on,
        releases.lots,
        releases.parties,
        releases.awards,
        releases.contracts,
        -- A release whose own date cannot be read (it is in data_issues) is taken to be of the day on
        -- which it was first seen: without a time it would have no place in any history.
        coalesce(releases.released_at, versions.first_seen_on::timestamp) as released_at,
        row_number() over (
            order by
                coalesce(releases.released_at, versions.first_seen_on::timestamp),
                releases.source != 'ocp_registry', releases.release_id,
                versions.record_key, releases.source
        ) as place
    from versions
    inner join releases
        on
            versions.source = releases.source
            and versions.snapshot_id = releases.snapshot_id
            and versions.locator = releases.locator
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
    notice_types,
    notice_ids,
    title,
    cpv_codes,
    main_category,
    legal_basis,
    special_regime,
    procurement_method,
    procurement_method_details,
    has_framework,
    has_dynamic_purchasing,
    buyer_id,
    buyer_name,
    suitability_vcse,
    reserved_participation,
    contract_start_on,
    contract_end_on,
    lots,
    parties,
    awards,
    contracts,
    place
from final
