-- What: who owns an organisation, as Co-operatives UK classes it, and its coded activity.
-- Grain: one row a signal, organisation and record.
-- A record that was joined by name and postcode may support; it never speaks against an organisation. Nor do
-- two entries of one organisation that class it differently (real: SC445994): one of them is wrong.
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
        org_id,
        confidence
    from ent_record_organisations
    where source = 'coops_uk_organisations'
),

classed as (
    select
        record_organisations.org_id,
        count(distinct organisations.ownership_classification) as n_classes
    from organisations
    inner join record_organisations on organisations.record_key = record_organisations.record_key
    group by record_organisations.org_id
),

own_signals as (
    select
        signal_id,
        direction,
        reads
    from signals
    where source = 'coops_uk_organisations'
),

readings as (
    select
        record_key,
        'ownership=' || ownership_classification as reading,
        'ownership classification: ' || ownership_classification as value_seen
    from organisations
    where ownership_classification is not null
    union all
    select
        record_key,
        'sic=' || sic_code as reading,
        'activity code: ' || sic_code as value_seen
    from organisations
    where sic_code is not null
),

final as (
    select
        record_organisations.org_id,
        own_signals.signal_id,
        readings.value_seen,
        organisations.source,
        organisations.record_key,
        organisations.snapshot_id,
        organisations.locator,
        'https://www.uk.coop/resources/open-data' as url,
        organisations.dissolved_on as valid_to,
        organisations.fetched_at as known_from,
        -- an entry published after the end tells nothing of the day on which it became true
        case
            when organisations.dissolved_on <= organisations.published_on then null
            else organisations.published_on
        end as valid_from
    from readings
    inner join own_signals on readings.reading = own_signals.reads
    inner join organisations on readings.record_key = organisations.record_key
    inner join record_organisations
        on
            organisations.record_key = record_organisations.record_key
            and (own_signals.direction = 'for' or record_organisations.confidence = 'exact')
    inner join classed
        on
            record_organisations.org_id = classed.org_id
            and (
                own_signals.direction = 'for'
                or classed.n_classes < 2
                or not starts_with(own_signals.reads, 'ownership=')
            )
)

select
    org_id,
    signal_id,
    value_seen,
    source,
    record_key,
    snapshot_id,
    locator,
    url,
    valid_from,
    valid_to,
    known_from
from final
