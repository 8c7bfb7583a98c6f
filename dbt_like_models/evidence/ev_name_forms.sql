-- What: what the registered names of societies and companies say of them, by the rules of name_rules.
-- Grain: one row a record and rule.
-- Names are weak both ways; each rule's exceptions are the unit tests of ent_name_rules.
with names as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        fetched_at,
        published_on,
        society_name as registered_name,
        'https://mutuals.fca.org.uk/Search/Search?SearchTerm=' || record_key as url
    from stg_fca_societies
    union all
    select
        source,
        record_key,
        snapshot_id,
        locator,
        fetched_at,
        published_on,
        company_name as registered_name,
        'https://find-and-update.company-information.service.gov.uk/company/' || record_key as url
    from stg_companies_house_basic
),

hits as (
    select
        source,
        record_key,
        name_rule
    from ent_name_rules
),

final as (
    select
        names.source,
        names.record_key,
        names.snapshot_id,
        names.locator,
        names.record_key as link_key,
        null::varchar as about,
        names.url,
        names.published_on as valid_from,
        null::date as valid_to,
        names.fetched_at as known_from,
        true as may_speak_against,
        'name=' || hits.name_rule as reading,
        'name: ' || names.registered_name as value_seen
    from hits
    inner join names on hits.source = names.source and hits.record_key = names.record_key
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
