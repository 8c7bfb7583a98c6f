-- What: registered providers of social housing (England).
-- Grain: one row a provider.
-- The regulator's list carries no company or society number: a provider is whom ent_record_organisations says
-- that it is, and speaks against only where that is sure.
with providers as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        fetched_at,
        registration_number,
        registered_on,
        designation,
        is_local_authority
    from stg_registered_providers
    where not coalesce(is_absent, false)
),

final as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        record_key as link_key,
        null::varchar as about,
        'https://www.gov.uk/government/publications/current-registered-providers-of-social-housing' as url,
        registered_on as valid_from,
        null::date as valid_to,
        fetched_at as known_from,
        true as may_speak_against,
        case when is_local_authority then 'housing=local-authority' else 'housing=registered-provider' end
            as reading,
        concat_ws(
            ', ', 'registered provider of social housing ' || registration_number, lower(designation)
        ) as value_seen
    from providers
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
