-- What did we know, on a day, of what the registers say of one organisation?
-- $org_id: the organisation's org-id
-- $day: the day (default: 2026-11-23)
select
    source,
    name,
    legal_form_words,
    status_words,
    registered_on,
    ended_on,
    postcode_district,
    valid_from,
    valid_to,
    observed_to,
    known_from
from organisations_as_known_on($day)
where org_id = $org_id
order by source asc, valid_from asc, record_key asc
