-- What: every piece of evidence, listed organisations or not, after the corrections that were upheld.
-- Grain: one row a signal, organisation, source and record.
-- A piece set aside is left out; one replaced has the strength, the value and the link of the
-- correction. Both acts stand in the table corrections, which explain shows beside the verdict.
with every_piece as (
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
    from ev_all
),

upheld as (
    select
        correction_id,
        org_id,
        effect,
        evidence_id,
        source,
        record_key,
        replacement_strength,
        replacement_value,
        replacement_url
    from corrections
    where status = 'upheld'
),

replacements as (
    select
        org_id,
        evidence_id,
        correction_id,
        replacement_strength,
        replacement_value,
        replacement_url
    from upheld
    where effect = 'replace evidence'
    -- of two about one piece the later stands
    qualify row_number() over (partition by org_id, evidence_id order by correction_id desc) = 1
),

final as (
    select
        every_piece.evidence_id,
        every_piece.org_id,
        every_piece.signal_id,
        every_piece.criterion_id,
        every_piece.direction,
        every_piece.publishes,
        every_piece.makes_candidate,
        every_piece.source,
        every_piece.record_key,
        every_piece.snapshot_id,
        every_piece.locator,
        every_piece.valid_from,
        every_piece.valid_to,
        every_piece.known_from,
        replacements.correction_id,
        coalesce(replacements.replacement_strength, every_piece.strength) as strength,
        coalesce(replacements.replacement_value, every_piece.value_seen) as value_seen,
        coalesce(replacements.replacement_url, every_piece.url) as url
    from every_piece
    left join replacements
        on every_piece.org_id = replacements.org_id and every_piece.evidence_id = replacements.evidence_id
    where not exists (
        select 1
        from upheld
        where
            upheld.org_id = every_piece.org_id
            and (
                (upheld.effect = 'set aside evidence' and upheld.evidence_id = every_piece.evidence_id)
                or (
                    upheld.effect = 'set aside record'
                    and upheld.source = every_piece.source
                    and upheld.record_key = every_piece.record_key
                )
            )
    )
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
    known_from,
    correction_id
from final
