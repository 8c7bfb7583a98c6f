-- What: how many individuals a company has notified as its controllers. None of them is kept.
-- Grain: one row a company with individuals on file. In a whole snapshot a company without a row has none.
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
    where source = 'companies_house_psc' and is_present
),

records as (
    select
        snapshot_id,
        locator,
        company_number,
        individuals,
        active,
        active_over_half,
        active_appointing,
        active_as_trust
    from lake.companies_house_psc_individuals
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
        records.individuals,
        records.active,
        records.active_over_half,
        records.active_appointing,
        records.active_as_trust
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
    individuals,
    active,
    active_over_half,
    active_appointing,
    active_as_trust
from final
