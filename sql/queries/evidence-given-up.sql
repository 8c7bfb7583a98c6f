-- Which evidence did we once hold and hold no longer, or otherwise, and since when?
-- $rows: how many (default: 50)
select
    h.known_to as until,
    h.org_id,
    o.name,
    h.signal_id,
    h.value_seen,
    e.value_seen as value_seen_now,
    h.source,
    h.url
from evidence_history as h
left join evidence as e on h.evidence_id = e.evidence_id
left join organisations as o on h.org_id = o.org_id
where h.known_to is not null
order by h.known_to desc, h.evidence_id asc, h.said_in asc
limit cast($rows as integer)
