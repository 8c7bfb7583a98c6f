-- What: the evidence on every published organisation, as it stands today.
-- Grain: one row a signal, organisation, source and record.
-- Snapshot and locator are those of the first publication that showed this version of the record.
with every_piece as (
    select
        evidence_id,
        org_id,
        signal_id,
        criterion_id,
        direction,
        strength,
        value_seen,
        source,
        record_key,
        snapshot_id,
        locator,
        url,
        valid_from,
        valid_to,
        known_from,
        correction_id
    from ev_upheld
),

published as (
    select org_id
    from ent_published
)

select
    every_piece.evidence_id,
    every_piece.org_id,
    every_piece.signal_id,
    every_piece.criterion_id,
    every_piece.direction,
    every_piece.strength,
    every_piece.value_seen,
    every_piece.source,
    every_piece.record_key,
    every_piece.snapshot_id,
    every_piece.locator,
    every_piece.url,
    every_piece.valid_from,
    every_piece.valid_to,
    every_piece.known_from,
    null::timestamp as known_to,
    every_piece.correction_id
from every_piece
inner join published on every_piece.org_id = published.org_id
