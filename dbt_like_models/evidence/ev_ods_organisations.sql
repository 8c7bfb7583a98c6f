-- What: listings of the NHS Organisation Data Service that the care register leads to by a site's code.
-- Grain: one row a listing and provider.
-- The service's own rows carry no company number: a name and postcode would join them, a code that the care
-- register states for a provider's location does it exactly.
with listings as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        fetched_at,
        organisation_code,
        name,
        kind,
        is_public_body,
        opened_on,
        closed_on
    from stg_ods_organisations
),

locations as (
    select distinct
        location_ods_code,
        provider_company_number
    from stg_cqc_active_locations
    where
        location_ods_code is not null
        and provider_company_number is not null
        and not coalesce(is_absent, false)
),

final as (
    select
        listings.source,
        listings.record_key,
        listings.snapshot_id,
        listings.locator,
        'https://www.odsdatasearchandexport.nhs.uk/' as url,
        listings.closed_on as valid_to,
        listings.fetched_at as known_from,
        listings.record_key || '|' || locations.provider_company_number as link_key,
        'GB-COH-' || locations.provider_company_number as about,
        case when listings.is_public_body then 'ods=nhs-body' else 'ods=' || listings.kind end as reading,
        concat(
            'listed with the NHS as ', replace(listings.kind, '-', ' '), ', code ', listings.organisation_code
        ) as value_seen,
        case when listings.closed_on < listings.opened_on then null else listings.opened_on end as valid_from,
        -- a site of one body may serve another's clinic
        not coalesce(listings.is_public_body, false) as may_speak_against
    from listings
    inner join locations on listings.organisation_code = locations.location_ods_code
)

select
    source,
    record_key,
    snapshot_id,
    locator,
    link_key,
    about,
    reading,
    value_seen,
    url,
    valid_from,
    valid_to,
    known_from,
    may_speak_against
from final
