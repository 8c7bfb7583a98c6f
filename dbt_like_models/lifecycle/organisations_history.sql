-- What: what each register said of the published organisations, from when to when, as we knew it from when
-- to when.
-- Grain: one row an organisation, register record, valid_from and known_from.
-- valid_from is the publication date of the first snapshot that says so (a fact may be older); neighbours
-- that say the same are one row. Where a whole snapshot leaves the record out, observed_to says since when:
-- that is a question (data_issues has it), and no end.
with intervals as (
    select
        subject,
        place,
        valid_from,
        valid_to,
        observed_to,
        known_from,
        known_to
    from his_intervals
    where history_of = 'organisations'
),

said as (
    select
        org_id,
        source,
        record_key,
        place,
        snapshot_id,
        locator,
        name,
        legal_form_words,
        status_words,
        registered_on,
        ended_on,
        postcode_district,
        source || '|' || record_key as subject
    from his_register_rows
)

select
    said.org_id,
    said.source,
    said.record_key,
    said.name,
    said.legal_form_words,
    said.status_words,
    said.registered_on,
    said.ended_on,
    said.postcode_district,
    intervals.valid_from::date as valid_from,
    intervals.valid_to::date as valid_to,
    intervals.observed_to::date as observed_to,
    intervals.known_from,
    intervals.known_to,
    said.snapshot_id,
    said.locator
from intervals
inner join said on intervals.subject = said.subject and intervals.place = said.place
