-- Which evidence is held on one organisation, and where is each piece published?
-- $org_id: the organisation's org-id
select
    e.criterion_id,
    e.direction,
    e.strength,
    s.why,
    e.value_seen,
    e.source,
    e.url,
    e.snapshot_id,
    e.locator,
    e.valid_from,
    e.valid_to
from evidence as e
inner join signals as s on e.signal_id = s.signal_id
where e.org_id = $org_id
order by
    e.criterion_id asc,
    e.direction desc,
    list_position(['decisive', 'strong', 'moderate', 'weak'], e.strength) asc,
    e.evidence_id asc
