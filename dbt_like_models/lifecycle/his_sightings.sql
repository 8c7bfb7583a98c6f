-- What: every publication that told something about a record whose history is published.
-- Grain: one row a source, record and place in the source's sequence of publications.
-- The order is the publisher's (publication date, then snapshot id), never that of arrival. A publication
-- that repeats what the one before it said, and was received no earlier, tells nothing at any time and is
-- left out. Where a later whole snapshot of a register leaves the record out, that is told: version 0.
with wanted as (
    select
        links.source,
        links.record_key
    from ent_record_organisations as links
    inner join ent_published on links.org_id = ent_published.org_id
    where
        links.confidence = 'exact'
        and links.source in ('fca_societies', 'companies_house_basic', 'coops_uk_organisations')
    union
    select
        unnest(
            -- the two parts of a charity's return bear one key
            case
                when source = 'charity_commission_part_a' then [source, 'charity_commission_part_b']
                else [source]
            end
        ) as source,
        record_key
    from ret_filings
    where source != 'companies_house_accounts'
    union
    select
        source,
        record_key
    from stg_award_mentions
),

appeared as (
    select
        source,
        snapshot_id,
        published_on,
        fetched_at,
        coalesce(same_as, snapshot_id) as held_in,
        scope = 'whole' and source in ('fca_societies', 'companies_house_basic', 'coops_uk_organisations')
            as can_leave_out,
        row_number() over (partition by source order by published_on, snapshot_id) as place
    from lake.snapshots
),

publications as (
    select *
    from appeared
    window in_order as (partition by source order by place)
    qualify
        not coalesce(
            lag(held_in) over in_order = held_in and lag(fetched_at) over in_order <= fetched_at, false
        )
),

seen as (
    select
        records.source,
        records.record_key,
        publications.place,
        publications.published_on,
        publications.fetched_at,
        publications.snapshot_id,
        publications.held_in,
        records.locator,
        greatest(records.version, 1) as version
    from lake.records as records
    inner join wanted on records.source = wanted.source and records.record_key = wanted.record_key
    inner join publications
        on records.source = publications.source and records.snapshot_id = publications.held_in
    -- published twice in one snapshot: the first place counts
    qualify
        row_number() over (
            partition by records.source, records.record_key, publications.place
            order by length(records.locator), records.locator
        ) = 1
),

first_seen as (
    select
        source,
        record_key,
        min(place) as place
    from seen
    group by source, record_key
),

left_out as (
    select
        first_seen.source,
        first_seen.record_key,
        publications.place,
        publications.published_on,
        publications.fetched_at,
        publications.snapshot_id,
        publications.held_in,
        null::varchar as locator,
        0::ubigint as version
    from first_seen
    inner join publications
        on
            first_seen.source = publications.source
            and publications.can_leave_out
            and first_seen.place < publications.place
    anti join seen
        on
            first_seen.source = seen.source
            and first_seen.record_key = seen.record_key
            and publications.place = seen.place
),

final as (
    select *
    from seen
    union all
    select *
    from left_out
)

select
    source,
    record_key,
    place,
    published_on,
    fetched_at,
    snapshot_id,
    held_in,
    locator,
    version
from final
window in_order as (partition by source, record_key order by place)
qualify
    not coalesce(
        lag(version) over in_order = version and lag(fetched_at) over in_order <= fetched_at, false
    )
