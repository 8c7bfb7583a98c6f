-- What: what each release said of each award and supplier, in each publication that brought the release.
-- Grain: one row an award with its supplier, and place (the order of releases in their own time, then of the
-- publications that brought one).
with releases as (
    select
        source,
        record_key,
        released_at,
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

sightings as (
    select
        source,
        record_key,
        place,
        fetched_at,
        snapshot_id,
        locator
    from his_sightings
    where version > 0
),

joined as (
    select
        mentions.award_key,
        mentions.award,
        mentions.place as release_place,
        sightings.place as publication_place,
        releases.released_at,
        releases.title,
        sightings.fetched_at,
        sightings.snapshot_id,
        sightings.locator,
        list_filter(releases.contracts, lambda one: one.award_id = mentions.award.id) as contracts
    from mentions
    inner join releases
        on mentions.source = releases.source and mentions.record_key = releases.record_key
    inner join sightings
        on mentions.source = sightings.source and mentions.record_key = sightings.record_key
),

final as (
    select
        award_key,
        released_at,
        fetched_at,
        snapshot_id,
        locator,
        title,
        award.status as award_status,
        row_number() over (
            partition by award_key order by released_at, release_place, publication_place
        ) as place,
        coalesce(award.awarded_on, contracts[1].signed_on) as awarded_on,
        coalesce(contracts[1].start_on, award.start_on) as start_on,
        coalesce(contracts[1].end_on, award.end_on) as end_on,
        coalesce(
            list_sum(list_transform(contracts, lambda one: one.amount)),
            case when isfinite(award.amount) then award.amount end
        ) as amount,
        coalesce(contracts[1].currency, award.currency) as currency
    from joined
)

select
    award_key,
    place,
    released_at,
    fetched_at,
    snapshot_id,
    locator,
    title,
    award_status,
    amount,
    currency,
    awarded_on,
    start_on,
    end_on
from final
