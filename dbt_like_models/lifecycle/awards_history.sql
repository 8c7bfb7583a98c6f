-- What: what each release said of each award and supplier, from when to when, as we knew it from when to
-- when.
-- Grain: one row an award with its supplier, valid_from (the release's own time) and known_from.
-- Neighbouring releases that say the same are one row; a release that leaves the supplier out changes
-- nothing.
with intervals as (
    select
        subject as award_key,
        place,
        valid_from,
        valid_to,
        known_from,
        known_to
    from his_intervals
    where history_of = 'awards'
),

said as (
    select
        award_key,
        place,
        snapshot_id,
        locator,
        title,
        award_status,
        amount,
        currency,
        awarded_on,
        start_on,
        end_on
    from his_award_rows
)

select
    said.award_key,
    awards.org_id,
    said.title,
    said.award_status,
    said.amount,
    said.currency,
    said.awarded_on,
    said.start_on,
    said.end_on,
    intervals.valid_from,
    intervals.valid_to,
    intervals.known_from,
    awards.source,
    said.snapshot_id,
    said.locator,
    intervals.known_to
from intervals
inner join said on intervals.award_key = said.award_key and intervals.place = said.place
inner join awards on intervals.award_key = awards.award_key
