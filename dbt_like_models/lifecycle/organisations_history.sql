-- What: what each register said of the published organisations, from when to when.
-- Grain: one row an organisation, register record and valid_from.
-- valid_from is the publication date of the first snapshot that says so (a fact may be older); neighbours
-- that say the same are one row. known_from and known_to are when we received it, and what replaced it.
with versions as (
    select
        source,
        record_key,
        version_number,
        snapshot_id,
        locator,
        valid_from,
        valid_to,
        known_from,
        known_to
    from stg_record_versions
    where source in ('fca_societies', 'companies_house_basic', 'coops_uk_organisations')
),

published as (
    select
        record_organisations.org_id,
        record_organisations.source,
        record_organisations.record_key
    from ent_record_organisations as record_organisations
    inner join ent_published on record_organisations.org_id = ent_published.org_id
    where record_organisations.confidence = 'exact'
),

wanted as (
    select
        published.org_id,
        versions.source,
        versions.record_key,
        versions.version_number,
        versions.snapshot_id,
        versions.locator,
        versions.valid_from,
        versions.valid_to,
        versions.known_from,
        versions.known_to
    from versions
    inner join published
        on versions.source = published.source and versions.record_key = published.record_key
),

said as (
    select
        wanted.*,
        records.society_name as name,
        records.registered_as as legal_form_words,
        records.society_status as status_words,
        records.registered_on,
        records.deregistered_on as ended_on,
        find_postcode(records.society_address) as postcode
    from wanted
    inner join lake.fca_societies as records
        on wanted.snapshot_id = records.snapshot_id and wanted.locator = records.locator
    where wanted.source = 'fca_societies'
    union all
    select
        wanted.*,
        records.company_name as name,
        records.company_category as legal_form_words,
        records.company_status as status_words,
        records.incorporated_on as registered_on,
        records.dissolved_on as ended_on,
        normalise_postcode(records.postcode) as postcode
    from wanted
    inner join lake.companies_house_basic as records
        on wanted.snapshot_id = records.snapshot_id and wanted.locator = records.locator
    where wanted.source = 'companies_house_basic'
    union all
    select
        wanted.*,
        records.registered_name as name,
        records.legal_form as legal_form_words,
        records.registered_status as status_words,
        records.incorporated_on as registered_on,
        records.dissolved_on as ended_on,
        normalise_postcode(records.registered_postcode) as postcode
    from wanted
    inner join lake.coops_uk_organisations as records
        on wanted.snapshot_id = records.snapshot_id and wanted.locator = records.locator
    where wanted.source = 'coops_uk_organisations'
),

-- a version may differ only in what is not told here
marked as (
    select
        org_id,
        source,
        record_key,
        version_number,
        snapshot_id,
        locator,
        valid_from,
        known_from,
        known_to,
        legal_form_words,
        status_words,
        registered_on,
        ended_on,
        valid_to,
        case
            when org_id like 'GB-COOP-%' and looks_like_person(name) then '(name withheld)'
            else name
        end as name,
        split_part(postcode, ' ', 1) as postcode_district,
        hash(name, legal_form_words, status_words, registered_on, ended_on, split_part(postcode, ' ', 1))
            as said_hash
    from said
),

changed as (
    select
        *,
        coalesce(
            said_hash
            != lag(said_hash) over (partition by org_id, source, record_key order by version_number),
            true
        ) as is_new
    from marked
),

grouped as (
    select
        *,
        sum(is_new::integer) over (
            partition by org_id, source, record_key order by version_number
            rows between unbounded preceding and current row
        ) as run
    from changed
),

final as (
    select
        org_id,
        source,
        record_key,
        any_value(name) as name,
        any_value(legal_form_words) as legal_form_words,
        any_value(status_words) as status_words,
        any_value(registered_on) as registered_on,
        any_value(ended_on) as ended_on,
        any_value(postcode_district) as postcode_district,
        min(valid_from) as valid_from,
        arg_max_null(valid_to, version_number) as valid_to,
        min(known_from) as known_from,
        arg_max_null(known_to, version_number) as known_to,
        arg_min(snapshot_id, version_number) as snapshot_id,
        arg_min(locator, version_number) as locator
    from grouped
    group by org_id, source, record_key, run
)

select
    org_id,
    source,
    record_key,
    name,
    legal_form_words,
    status_words,
    registered_on,
    ended_on,
    postcode_district,
    valid_from,
    valid_to,
    known_from,
    known_to,
    snapshot_id,
    locator
from final
