-- Which organisations does a register list no longer, without saying that they ended?
-- That is a question and no end: a profile may answer it, or a successor.
-- $rows: how many (default: 50)
select
    h.observed_to as left_out_since,
    h.org_id,
    h.name,
    h.source,
    h.status_words as last_status,
    s.successor_id
from organisations_history as h
left join successions as s on h.org_id = s.predecessor_id
where h.known_to is null and h.valid_to is null and h.observed_to is not null and h.ended_on is null
order by h.observed_to desc, h.org_id asc, h.source asc
limit cast($rows as integer)
