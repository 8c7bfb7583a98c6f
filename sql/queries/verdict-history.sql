-- How did our verdict on one organisation change, since when, and under which rules?
-- $org_id: the organisation's org-id
-- $definition: the definition's id (default: dcms-2018)
select
    h.known_from as said_from,
    h.known_to as said_to,
    h.verdict,
    h.basis,
    h.band,
    h.reason,
    h.rules_version,
    h.said_in as release
from classifications_history as h
where h.org_id = $org_id and h.definition_id = $definition
order by h.known_from, h.said_in
