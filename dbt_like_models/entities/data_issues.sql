-- What: every record that was repaired, set aside or could not be joined, and every word that nobody has
-- mapped.
-- Grain: one row a source, snapshot, place, kind, field and value.
-- The lake's own issues, and those that only show when records are put together: of these what repeats or
-- contradicts itself is in iss_repeated, and a number that joins nothing in iss_unjoined.
with lake_issues as (
    select
        source,
        snapshot_id,
        locator,
        kind,
        severity,
        field,
        value,
        detail,
        occurrences
    from lake.data_issues
),

-- a register row that a whole snapshot leaves out: is there a profile that says why, or a successor?
vanished as (
    select
        history.source,
        history.record_key as value,
        min(snapshots.snapshot_id) as snapshot_id,
        'record-left-out' as kind,
        'question' as severity,
        1 as occurrences,
        'in no whole version since ' || history.observed_to || ', which is no end: look for a profile, or a '
        || 'successor'
            as detail
    from organisations_history as history
    left join lake.snapshots as snapshots
        on
            history.source = snapshots.source
            and history.observed_to = snapshots.published_on
            and snapshots.scope = 'whole'
    where history.known_to is null and history.valid_to is null and history.observed_to is not null
    group by history.source, history.record_key, history.observed_to
),

words as (
    select
        source,
        snapshot_id,
        company_category as value,
        'company_category' as field
    from stg_companies_house_basic
    where legal_form is null
    union all by name
    select
        source,
        snapshot_id,
        registered_as as value,
        'registered_as' as field
    from stg_fca_societies
    -- the number's suffix may tell the form all the same
    where
        lower(registered_as) not in (
            select lower(legal_form_map.published_value)
            from legal_form_map
            where legal_form_map.source = 'fca_societies'
        )
    union all by name
    select
        source,
        snapshot_id,
        legal_form_words as value,
        'legal_form' as field
    from stg_coops_uk_organisations
    where legal_form is null
    union all by name
    select
        source,
        snapshot_id,
        society_status as value,
        'society_status' as field
    from stg_fca_societies
    where status = 'unknown'
    union all by name
    select
        source,
        snapshot_id,
        registered_status as value,
        'registered_status' as field
    from stg_coops_uk_organisations
    where status = 'unknown'
),

unmapped as (
    select
        source,
        field,
        value,
        min(snapshot_id) as snapshot_id,
        count(*) as occurrences,
        'unmapped-value' as kind,
        'unmapped' as severity,
        case when field in ('society_status', 'registered_status') then 'no status' else 'no legal form' end
        || ' is mapped to this word' as detail
    from words
    where value is not null
    group by source, field, value
),

issues as (
    select *
    from lake_issues
    union all by name
    select *
    from iss_repeated
    union all by name
    select
        source,
        snapshot_id,
        locator,
        kind,
        field,
        value,
        detail,
        occurrences,
        'quarantined' as severity
    from iss_unjoined
    union all by name
    select *
    from vanished
    union all by name
    select *
    from unmapped
),

final as (
    select
        source,
        kind,
        severity,
        coalesce(snapshot_id, '') as snapshot_id,
        coalesce(locator, '') as locator,
        coalesce(field, '') as field,
        coalesce(value, '') as value,
        min(detail) as detail,
        sum(occurrences)::bigint as occurrences
    from issues
    group by all
)

select
    source,
    snapshot_id,
    locator,
    kind,
    severity,
    field,
    value,
    detail,
    occurrences
from final
