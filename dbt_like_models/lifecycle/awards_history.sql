-- What: what each release said of each award and supplier, from when to when.
-- Grain: one row an award with its supplier and valid_from (the release's own time).
-- Neighbouring releases that say the same are one row; a release that leaves the supplier out changes
-- nothing.
with releases as (
    select
        source,
        record_key,
        released_at,
        release_id,
        fetched_at,
        snapshot_id,
        locator,
        title,
        contracts
    from stg_notice_releases
    where len(awards) > 0
),

mentions as (
    select
        source,
        record_key,
        award_key,
        award,
        place
    from stg_award_mentions
),

joined as (
    select
        mentions.award_key,
        mentions.award,
        mentions.place,
        releases.released_at,
        releases.fetched_at,
        releases.snapshot_id,
        releases.locator,
        releases.title,
        list_filter(releases.contracts, lambda one: one.award_id = mentions.award.id) as contracts
    from mentions
    inner join releases
        on mentions.source = releases.source and mentions.record_key = releases.record_key
),

-- two releases of one second: the later place counts
said as (
    select
        award_key,
        released_at,
        fetched_at,
        snapshot_id,
        locator,
        title,
        award.status as award_status,
        coalesce(award.awarded_on, contracts[1].signed_on) as awarded_on,
        coalesce(contracts[1].start_on, award.start_on) as start_on,
        coalesce(contracts[1].end_on, award.end_on) as end_on,
        coalesce(
            list_sum(list_transform(contracts, lambda one: one.amount)),
            case when isfinite(award.amount) then award.amount end
        ) as amount,
        coalesce(contracts[1].currency, award.currency) as currency
    from joined
    qualify row_number() over (partition by award_key, released_at order by place desc) = 1
),

hashed as (
    select
        *,
        hash(title, award_status, amount, currency, awarded_on, start_on, end_on) as said_hash
    from said
),

changed as (
    select
        *,
        coalesce(said_hash != lag(said_hash) over (partition by award_key order by released_at), true)
            as is_new
    from hashed
),

grouped as (
    select
        *,
        sum(is_new::integer) over (
            partition by award_key order by released_at rows between unbounded preceding and current row
        ) as run
    from changed
),

runs as (
    select
        award_key,
        run,
        min(released_at) as valid_from,
        min(fetched_at) as known_from,
        arg_min(snapshot_id, released_at) as snapshot_id,
        arg_min(locator, released_at) as locator,
        any_value(title) as title,
        any_value(award_status) as award_status,
        any_value(amount) as amount,
        any_value(currency) as currency,
        any_value(awarded_on) as awarded_on,
        any_value(start_on) as start_on,
        any_value(end_on) as end_on
    from grouped
    group by award_key, run
),

final as (
    select
        *,
        lead(valid_from) over (partition by award_key order by run) as valid_to,
        min(known_from) over (
            partition by award_key order by run rows between 1 following and unbounded following
        ) as later_known_from
    from runs
)

select
    final.award_key,
    awards.org_id,
    final.title,
    final.award_status,
    final.amount,
    final.currency,
    final.awarded_on,
    final.start_on,
    final.end_on,
    final.valid_from,
    final.valid_to,
    final.known_from,
    awards.source,
    final.snapshot_id,
    final.locator,
    case when final.later_known_from is not null then greatest(final.known_from, final.later_known_from) end
        as known_to
from final
inner join awards on final.award_key = awards.award_key
