-- What: every piece of evidence on every organisation, listed or not.
-- Grain: one row a signal, organisation, source and record.
with seen as (
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
    from ev_known_mutuals
    union all
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
    from ev_fca_societies
    union all
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
    from ev_companies_house_basic
    union all
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
    from ev_coops_uk_organisations
    union all
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
    from ev_notices
    union all
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
    from ev_name_forms
),

rules as (
    select
        signal_id,
        criterion_id,
        direction,
        strength,
        publishes
    from signals
),

final as (
    select
        seen.org_id,
        seen.signal_id,
        rules.criterion_id,
        rules.direction,
        rules.strength,
        rules.publishes,
        seen.value_seen,
        seen.source,
        seen.record_key,
        seen.snapshot_id,
        seen.locator,
        seen.url,
        seen.valid_from,
        seen.valid_to,
        seen.known_from,
        md5(concat_ws('|', seen.signal_id, seen.org_id, seen.source, seen.record_key))[:16] as evidence_id
    from seen
    inner join rules on seen.signal_id = rules.signal_id
)

select
    evidence_id,
    org_id,
    signal_id,
    criterion_id,
    direction,
    strength,
    publishes,
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
