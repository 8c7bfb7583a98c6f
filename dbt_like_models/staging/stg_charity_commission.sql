-- What: the present record of each main charity in the register of England and Wales.
-- Grain: one row a charity number. Charities linked to a main one share its number and are left out.
-- The company number is what the reader believes of what somebody typed; that two charities have the same
-- one is not decided here.
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
    where source = 'charity_commission' and is_present
),

records as (
    select
        snapshot_id,
        locator,
        organisation_number,
        charity_name,
        charity_type,
        is_cio,
        registration_status,
        registered_on,
        removed_on,
        reporting_status,
        latest_period_end_on,
        latest_income,
        latest_expenditure,
        postcode,
        website,
        company_number,
        is_insolvent,
        is_in_administration
    from lake.charity_commission
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
        records.organisation_number,
        records.charity_name,
        records.charity_type,
        records.is_cio,
        records.registration_status,
        records.registered_on,
        records.removed_on,
        records.reporting_status,
        records.latest_period_end_on,
        records.latest_income,
        records.latest_expenditure,
        records.website,
        records.company_number,
        records.is_insolvent,
        records.is_in_administration,
        versions.record_key as charity_number,
        case lower(records.registration_status)
            when 'registered' then 'active'
            when 'removed' then 'ended'
            else 'unknown'
        end as status,
        normalise_postcode(records.postcode) as postcode
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
    charity_number,
    organisation_number,
    charity_name,
    charity_type,
    is_cio,
    registration_status,
    status,
    registered_on,
    removed_on,
    reporting_status,
    latest_period_end_on,
    latest_income,
    latest_expenditure,
    postcode,
    website,
    company_number,
    is_insolvent,
    is_in_administration
from final
