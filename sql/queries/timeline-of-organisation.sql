-- What happened to one organisation, when, how exactly is that known, and what says so?
-- $org_id: the organisation's org-id
select
    event_on,
    precision,
    event_from,
    event_to,
    event,
    cause,
    detail,
    source,
    url
from events
where org_id = $org_id
order by event_on asc nulls last, event asc, detail asc
