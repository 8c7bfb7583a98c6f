-- What: what a company states of its control in place of a controller, and its exemptions.
-- Grain: one row a company and statement, or span of an exemption.
-- The publisher's spelling of codes is kept ("signficant"). That there is no controller fits employee
-- control, and does not prove it.
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
        record_id,
        kind,
        statement,
        notified_on,
        ceased_on
    from lake.companies_house_psc_statements
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
        records.record_id,
        records.kind,
        records.statement,
        records.notified_on,
        records.ceased_on
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
    record_id,
    kind,
    statement,
    notified_on,
    ceased_on
from final
