-- What: which groups hold which rights in a published organisation, and when, as far as records tell.
-- Grain: one row an organisation, group, right, extent, way of holding, source and interval.
-- A right that no record tells has no row: it is unknown, not absent. Groups only: individuals who control a
-- company are counted by its register and never named here. Records of one source that tell the same of
-- overlapping days, or of days that follow each other, are one interval with all their evidence. The register
-- of controllers tells each right by its codes, so one notification may be several rows.
with pieces as (
    select
        evidence_id,
        org_id,
        signal_id,
        value_seen,
        source,
        record_key,
        url,
        valid_from,
        valid_to
    from evidence
),

reads as (
    select
        signal_id,
        reads as reading
    from signals
),

rights as (
    select
        reading,
        holder_group,
        held_right,
        held_through
    from governance_readings
),

origins_of_dates as (
    select
        source,
        dates_are
    from evidence_sources
),

controllers as (
    select
        source,
        record_key,
        unnest(natures_of_control) as nature
    from ent_controllers
),

natures as (
    select distinct
        source,
        record_key,
        case
            when starts_with(nature, 'ownership-of-shares') or contains(nature, 'surplus-assets') then 'share'
            when starts_with(nature, 'right-to-appoint-and-remove') then 'seats'
            when starts_with(nature, 'voting-rights') or starts_with(nature, 'significant-influence')
                then 'control'
        end as held_right,
        case
            when contains(nature, '75-to-100-percent') then '75 to 100%'
            when contains(nature, '50-to-75-percent') then '50 to 75%'
            when contains(nature, '25-to-50-percent') then '25 to 50%'
            when contains(nature, 'more-than-25-percent') then 'more than 25%'
            when starts_with(nature, 'right-to-appoint-and-remove') then 'a majority of the board'
            when starts_with(nature, 'significant-influence') then 'significant influence'
        end as extent
    from controllers
),

told as (
    select
        pieces.evidence_id,
        pieces.org_id,
        pieces.value_seen,
        pieces.source,
        pieces.record_key,
        pieces.url,
        pieces.valid_from,
        pieces.valid_to,
        rights.holder_group,
        rights.held_right,
        rights.held_through
    from pieces
    inner join reads on pieces.signal_id = reads.signal_id
    inner join rights on reads.reading = rights.reading
),

held as (
    select
        *,
        null::varchar as extent
    from told
    where held_right is not null
    union all
    select
        told.* replace (natures.held_right as held_right),
        natures.extent
    from told
    inner join natures on told.source = natures.source and told.record_key = natures.record_key
    where told.held_right is null and natures.held_right is not null
),

-- a new interval where no earlier one of the same kind reaches the day before
starts as (
    select
        *,
        coalesce(
            valid_from
            > max(coalesce(valid_to, date '9999-12-30')) over (
                partition by org_id, holder_group, held_right, extent, held_through, source
                order by coalesce(valid_from, date '0001-01-01'), valid_to nulls last, evidence_id
                rows between unbounded preceding and 1 preceding
            ) + 1,
            false
        ) as begins_anew
    from held
),

intervals as (
    select
        *,
        sum(begins_anew::integer) over (
            partition by org_id, holder_group, held_right, extent, held_through, source
            order by coalesce(valid_from, date '0001-01-01'), valid_to nulls last, evidence_id
        ) as interval_number
    from starts
),

final as (
    select
        intervals.org_id,
        intervals.holder_group,
        intervals.held_right,
        intervals.extent,
        intervals.held_through,
        intervals.source,
        origins_of_dates.dates_are,
        intervals.interval_number,
        case when bool_or(intervals.valid_from is null) then null else min(intervals.valid_from) end
            as valid_from,
        case when bool_or(intervals.valid_to is null) then null else max(intervals.valid_to) end as valid_to,
        arg_max(
            intervals.value_seen, (coalesce(intervals.valid_to, date '9999-12-31'), intervals.evidence_id)
        )
            as detail,
        arg_max(intervals.url, (coalesce(intervals.valid_to, date '9999-12-31'), intervals.evidence_id))
            as url,
        list_sort(list_distinct(list(intervals.evidence_id))) as evidence_ids
    from intervals
    left join origins_of_dates on intervals.source = origins_of_dates.source
    group by all
)

select
    org_id,
    holder_group,
    held_right,
    extent,
    held_through,
    valid_from,
    valid_to,
    dates_are,
    detail,
    source,
    url,
    evidence_ids,
    concat_ws(
        '|', org_id, holder_group, held_right, extent, held_through, source,
        coalesce(valid_from::varchar, 'undated')
    ) as governance_key
from final
