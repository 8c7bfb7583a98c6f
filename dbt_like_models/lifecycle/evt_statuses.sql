-- What: every status that a register has shown of a published organisation, when it was first seen and when
-- the one before it was last seen.
-- Grain: one row a source, record and change of status.
-- A register that gives no day for a change was seen with the old word, then with the new one: the change
-- lies between. A snapshot that comes late moves the bounds closer and changes nothing else.
with links as (
    select
        source,
        link_key,
        org_id,
        may_carry_adverse
    from evt_links
),

published_statuses as (
    select
        'fca_societies' as source,
        snapshot_id,
        locator,
        society_status as words,
        registered_on as began_on,
        deregistered_on as ended_on
    from lake.fca_societies
    union all by name
    select
        'fca_society_pages' as source,
        snapshot_id,
        locator,
        society_status as words,
        registered_on as began_on,
        deregistered_on as ended_on
    from lake.fca_society_pages
    union all by name
    select
        'companies_house_basic' as source,
        snapshot_id,
        locator,
        company_status as words,
        incorporated_on as began_on,
        dissolved_on as ended_on
    from lake.companies_house_basic
    union all by name
    select
        'companies_house_profile' as source,
        snapshot_id,
        locator,
        concat_ws(': ', company_status, company_status_detail) as words,
        incorporated_on as began_on,
        ceased_on as ended_on
    from lake.companies_house_profile
    where is_known
    union all by name
    select
        'companies_house_search' as source,
        snapshot_id,
        locator,
        company_status as words,
        incorporated_on as began_on,
        dissolved_on as ended_on
    from lake.companies_house_search
    union all by name
    select
        'coops_uk_organisations' as source,
        snapshot_id,
        locator,
        registered_status as words,
        incorporated_on as began_on,
        dissolved_on as ended_on
    from lake.coops_uk_organisations
),

seen as (
    select
        links.org_id,
        links.may_carry_adverse,
        versions.source,
        versions.record_key,
        versions.snapshot_id,
        versions.locator,
        versions.valid_from,
        published_statuses.words,
        published_statuses.began_on,
        published_statuses.ended_on,
        lag(published_statuses.words) over in_order as words_before,
        lag(versions.last_seen_on) over in_order as last_seen_before
    from stg_record_versions as versions
    inner join links on versions.source = links.source and versions.record_key = links.link_key
    inner join published_statuses
        on
            versions.source = published_statuses.source
            and versions.snapshot_id = published_statuses.snapshot_id
            and versions.locator = published_statuses.locator
    window in_order as (
        partition by versions.source, versions.record_key order by versions.version_number
    )
)

select
    org_id,
    source,
    record_key,
    snapshot_id,
    locator,
    may_carry_adverse,
    words,
    words_before,
    began_on,
    ended_on,
    last_seen_before,
    valid_from as first_seen_on
from seen
where words is not null and words is distinct from words_before
