-- What: from when to when something was so (valid), as we knew it from when to when (known).
-- Grain: one row a history, subject, valid_from and known_from. The one place where both times are reckoned.
-- At each moment at which something was received, the history is told anew from all that had been received
-- by then, in the publisher's order; what is told alike at neighbouring moments is one row. So building from
-- what had landed by a day gives the rows that were known on that day, whatever came later or out of turn.
-- valid_to is when something else is said, observed_to when a whole snapshot leaves it out: no end by itself.
-- Where two things are said for one day, the later place counts.
with said as (
    select
        history_of,
        subject,
        place,
        valid_at,
        fetched_at,
        said_hash
    from his_said
    window in_order as (partition by history_of, subject order by valid_at, place)
    -- repeats what was said before it, and came no earlier: it changes nothing at any moment
    qualify
        not coalesce(
            lag(said_hash) over in_order = said_hash and lag(fetched_at) over in_order <= fetched_at, false
        )
),

moments as (
    select
        history_of,
        subject,
        fetched_at as known_at,
        row_number() over (partition by history_of, subject order by fetched_at) as moment,
        lead(fetched_at) over (partition by history_of, subject order by fetched_at) as next_at
    from said
    group by history_of, subject, fetched_at
),

known as (
    select
        moments.history_of,
        moments.subject,
        moments.moment,
        moments.known_at,
        moments.next_at,
        said.valid_at,
        arg_max(said.said_hash, said.place) as said_hash,
        list({ 'place': said.place, 'said_hash': said.said_hash }) as told
    from moments
    inner join said
        on
            moments.history_of = said.history_of
            and moments.subject = said.subject
            and moments.known_at >= said.fetched_at
    group by all
),

begun as (
    select
        history_of,
        subject,
        moment,
        known_at,
        next_at,
        valid_at,
        said_hash,
        list_min([one.place for one in told if one.said_hash = known.said_hash]) as place
    from known
    qualify
        lag(said_hash, 1, 0) over (partition by history_of, subject, moment order by valid_at) != said_hash
),

told as (
    select
        history_of,
        subject,
        moment,
        known_at,
        next_at,
        place,
        said_hash,
        valid_at as valid_from,
        lead(case when said_hash != 0 then valid_at end ignore nulls) over in_order as valid_to,
        case when lead(said_hash) over in_order = 0 then lead(valid_at) over in_order end as observed_to
    from begun
    window in_order as (partition by history_of, subject, moment order by valid_at)
),

runs as (
    select
        *,
        moment - row_number() over (
            partition by history_of, subject, place, said_hash, valid_from, valid_to, observed_to
            order by moment
        ) as run
    from told
    where said_hash != 0
),

final as (
    select
        history_of,
        subject,
        place,
        valid_from,
        valid_to,
        observed_to,
        min(known_at) as known_from,
        arg_max_null(next_at, moment) as known_to
    from runs
    group by history_of, subject, place, said_hash, valid_from, valid_to, observed_to, run
)

select
    history_of,
    subject,
    place,
    valid_from,
    valid_to,
    observed_to,
    known_from,
    known_to
from final
