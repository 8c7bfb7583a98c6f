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
    from (
        select * from ev_seen
        union all by name
        select * from ev_origins
    ) as pieces
),

rules as (
    select
        signal_id,
        criterion_id,
        direction,
        strength,
        publishes,
        makes_candidate
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
        rules.makes_candidate,
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
    makes_candidate,
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
