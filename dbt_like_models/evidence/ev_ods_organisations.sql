-- What: listings of the NHS Organisation Data Service.
-- Grain: one row a listing, and one more for each provider that the care register leads to it from.
-- The service's own rows carry no company number: by name and postcode a listing is whose
-- ent_record_organisations says that it is; the code that the care register states for a provider's location
-- tells it by a number.
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

told as (
    select
        organisation_code,
        null::varchar as provider_company_number
    from listings
    union all
    select
        location_ods_code as organisation_code,
        provider_company_number
    from locations
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
        'GB-COH-' || told.provider_company_number as about,
        concat_ws('|', listings.record_key, told.provider_company_number) as link_key,
        case when listings.is_public_body then 'ods=nhs-body' else 'ods=' || listings.kind end as reading,
        concat(
            'listed with the NHS as ', replace(listings.kind, '-', ' '), ', code ', listings.organisation_code
        ) as value_seen,
        case when listings.closed_on < listings.opened_on then null else listings.opened_on end as valid_from,
        -- a site of one body may serve another's clinic
        not coalesce(listings.is_public_body and told.provider_company_number is not null, false)
            as may_speak_against
    from listings
    inner join told on listings.organisation_code = told.organisation_code
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
