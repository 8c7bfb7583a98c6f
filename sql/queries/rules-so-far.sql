-- By which rules did we judge, from when to when, and how many verdicts came with each?
select
    r.rules_version,
    r.known_from as from_release_at,
    r.known_to as to_release_at,
    r.said_in as first_release,
    (
        select count(*)
        from classifications_history as h
        where h.said_in = r.said_in
    ) as verdicts_first_said_with_it
from rules_history as r
order by r.known_from, r.said_in
