-- What: identifiers that one party of a notice bears together: the crosswalk that notices carry in
-- themselves. Most suppliers of Find a Tender are told by their PPON alone; others state it beside their
-- company number.
-- Grain: one row an anchor (the register that makes the party a legal entity: company or society, else
-- charity) and another identifier. Snapshot and locator are of the first release that shows the pair.
with releases as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        release_id,
        notice_ids,
        place,
        unnest(parties) as party
    from stg_notice_releases
),

stated as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        release_id,
        notice_ids,
        place,
        party.id as party_id,
        party.name as party_name,
        unnest(
            [{ 'scheme': party.scheme, 'id': party.identifier }] || party.additional_identifiers
        ) as one
    from releases
    where len(party.additional_identifiers) > 0
),

identifiers as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        place,
        party_id,
        party_name,
        one.scheme,
        coalesce(notice_ids[1], release_id) as notice_id,
        normalise_identifier(one.scheme, one.id) as identifier,
        case when one.scheme in ('GB-COH', 'GB-MPR') then 1 else 2 end as anchor_rank
    from stated
),

known as (
    select
        *,
        min(anchor_rank) over (partition by source, record_key, party_id) as best_anchor_rank
    from identifiers
    where identifier is not null
),

anchors as (
    select *
    from known
    where anchor_rank = best_anchor_rank and scheme in ('GB-COH', 'GB-MPR', 'GB-CHC', 'GB-SC', 'GB-NIC')
),

final as (
    select
        anchors.scheme as anchor_scheme,
        anchors.identifier as anchor_identifier,
        known.scheme,
        known.identifier,
        count(distinct known.record_key) as n_releases,
        arg_min(known.source, known.place) as source,
        arg_min(known.snapshot_id, known.place) as snapshot_id,
        arg_min(known.locator, known.place) as locator,
        arg_min(known.notice_id, known.place) as notice_id,
        arg_min(known.party_name, known.place) as party_name
    from known
    inner join anchors
        on
            known.source = anchors.source
            and known.record_key = anchors.record_key
            and known.party_id is not distinct from anchors.party_id
            and known.scheme != anchors.scheme
    where known.scheme not in ('GB-COH', 'GB-MPR')
    group by anchors.scheme, anchors.identifier, known.scheme, known.identifier
)

select
    anchor_scheme,
    anchor_identifier,
    scheme,
    identifier,
    n_releases,
    source,
    snapshot_id,
    locator,
    notice_id,
    party_name
from final
