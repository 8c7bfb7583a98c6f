-- What: the kind of society that the FCA's page of it states.
-- Grain: one row a society.
-- The bulk list calls a society that registered before August 2014 a registered society; its page may tell
-- which kind. The lists of documents tell what was filed and when, which speaks to no criterion.
with pages as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        fetched_at,
        society_number,
        society_id,
        registered_as,
        registered_on,
        deregistered_on
    from stg_fca_society_pages
    where is_known
),

words as (
    select
        lower(published_value) as published_value,
        min(legal_form) as legal_form
    from legal_form_map
    where source = 'fca_societies'
    group by lower(published_value)
),

final as (
    select
        pages.source,
        pages.record_key,
        pages.snapshot_id,
        pages.locator,
        pages.record_key as link_key,
        pages.deregistered_on as valid_to,
        pages.fetched_at as known_from,
        true as may_speak_against,
        'GB-MPR-' || pages.society_number as about,
        'form=' || words.legal_form as reading,
        'its page: registered as ' || pages.registered_as as value_seen,
        'https://mutuals.fca.org.uk/Search/Society/' || pages.society_id as url,
        case when pages.deregistered_on < pages.registered_on then null else pages.registered_on end
            as valid_from
    from pages
    inner join words on lower(trim(pages.registered_as)) = words.published_value
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
