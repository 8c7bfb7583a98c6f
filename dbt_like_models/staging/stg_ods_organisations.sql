-- What: the present record of each organisation that the NHS's Organisation Data Service lists.
-- Grain: one row an organisation code. One that stands in several reports is told by one where it is open,
-- then by the report that says most of its kind.
-- No number of another register is in it: names lead nowhere by themselves.
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
    where source = 'ods_organisations' and is_present
),

records as (
    select
        snapshot_id,
        locator,
        report,
        organisation_code,
        name,
        health_geography,
        town,
        postcode,
        opened_on,
        closed_on,
        sub_type_code,
        parent_code,
        left_parent_on
    from lake.ods_organisations
),

kinds (report, kind, is_public_body, rank) as (
    values
    ('etr', 'nhs-trust', true, 1),
    ('ect', 'care-trust', true, 2),
    ('eccg', 'nhs-commissioning-group', true, 3),
    ('ephp', 'independent-provider', false, 4),
    ('enonnhs', 'other-organisation', null, 5),
    ('ephpsite', 'independent-provider-site', false, 6)
),

reports as (
    select
        organisation_code,
        list(distinct report order by report) as reports
    from records
    where report is not null
    group by organisation_code
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
        records.organisation_code,
        records.name,
        kinds.is_public_body,
        records.town,
        records.health_geography,
        records.opened_on,
        records.closed_on,
        records.sub_type_code,
        coalesce(reports.reports, []) as reports,
        coalesce(kinds.kind, 'unknown') as kind,
        normalise_postcode(records.postcode) as postcode,
        case when records.left_parent_on is null then records.parent_code end as parent_code
    from versions
    inner join records
        on versions.snapshot_id = records.snapshot_id and versions.locator = records.locator
    left join kinds on records.report = kinds.report
    left join reports on records.organisation_code = reports.organisation_code
    qualify
        row_number() over (
            partition by records.organisation_code
            order by
                coalesce(versions.is_absent, false) asc,
                records.closed_on is not null asc,
                kinds.rank asc nulls last,
                versions.last_seen_on desc,
                versions.record_key asc
        ) = 1
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
    organisation_code,
    name,
    reports,
    kind,
    is_public_body,
    postcode,
    town,
    health_geography,
    opened_on,
    closed_on,
    sub_type_code,
    parent_code
from final
