-- What: the present record of each registered provider of social housing in England.
-- Grain: one row a registration number of the regulator (GB-SHPE).
-- That number is of no other register, though some look like a society's: nothing here leads to a company or
-- a society, and a name alone is not read as one.
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
    where source = 'registered_providers' and is_present
),

records as (
    select
        snapshot_id,
        locator,
        provider_name,
        registered_on,
        designation,
        corporate_form
    from lake.registered_providers
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
        records.provider_name,
        records.registered_on,
        records.designation,
        records.corporate_form,
        versions.record_key as registration_number,
        coalesce(
            lower(records.designation) = 'local authority'
            or lower(records.corporate_form) = 'registered local authority',
            false
        ) as is_local_authority,
        case lower(records.corporate_form)
            when 'registered society' then 'registered-society'
            when 'charitable company' then 'company'
            when 'company' then 'company'
            when 'cio' then 'cio'
            when 'charitable incorporated organisation' then 'cio'
            when 'cio-charitable incorporated organisation' then 'cio'
            when 'llp' then 'llp'
            when 'limited liability partnership' then 'llp'
        end as legal_form
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
    registration_number,
    provider_name,
    registered_on,
    designation,
    corporate_form,
    is_local_authority,
    legal_form
from final
