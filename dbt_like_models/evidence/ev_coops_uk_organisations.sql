-- What: who owns an organisation, as Co-operatives UK classes it, and its coded activity.
-- Grain: one row a record and reading.
-- Two entries of one organisation that class it differently (real: SC445994) may support, and neither speaks
-- against it: one of them is wrong.
with organisations as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        published_on,
        fetched_at,
        ownership_classification,
        sic_code,
        dissolved_on
    from stg_coops_uk_organisations
),

record_organisations as (
    select
        record_key,
        org_id
    from ent_record_organisations
    where source = 'coops_uk_organisations'
),

disputed as (
    select record_organisations.org_id
    from organisations
    inner join record_organisations on organisations.record_key = record_organisations.record_key
    group by record_organisations.org_id
    having count(distinct organisations.ownership_classification) > 1
),

disputed_records as (
    select record_organisations.record_key
    from record_organisations
    inner join disputed on record_organisations.org_id = disputed.org_id
),

readings as (
    select
        organisations.record_key,
        'ownership=' || organisations.ownership_classification as reading,
        'ownership classification: ' || organisations.ownership_classification as value_seen,
        disputed_records.record_key is null as may_speak_against
    from organisations
    left join disputed_records on organisations.record_key = disputed_records.record_key
    where organisations.ownership_classification is not null
    union all
    select
        record_key,
        'sic=' || sic_code as reading,
        'activity code: ' || sic_code as value_seen,
        true as may_speak_against
    from organisations
    where sic_code is not null
),

final as (
    select
        organisations.source,
        organisations.record_key,
        organisations.snapshot_id,
        organisations.locator,
        organisations.record_key as link_key,
        null::varchar as about,
        readings.reading,
        readings.value_seen,
        'https://www.uk.coop/resources/open-data' as url,
        organisations.dissolved_on as valid_to,
        organisations.fetched_at as known_from,
        readings.may_speak_against,
        -- an entry published after the end tells nothing of the day on which it became true
        case
            when organisations.dissolved_on <= organisations.published_on then null
            else organisations.published_on
        end as valid_from
    from readings
    inner join organisations on readings.record_key = organisations.record_key
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
