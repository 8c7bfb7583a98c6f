-- What: the counts that others published from 2010 to 2019, and ours for the same day, territory and sectors.
-- Grain: one row a published count and definition of a policy.
-- Ours is a range, from those that a citation or record shows as mutuals to those that may be, with those
-- whose start nobody dates beside it: they are in no day's stock. One whose nation is not known stays in:
-- ours is not made smaller by what no record says.
with counts as (
    select * from published_counts
),

policies as (
    select definition_id
    from definitions
    where kind = 'policy'
),

lives as (
    select
        spr_lives.*,
        sectors.top_sector
    from spr_lives
    inner join sectors on spr_lives.sector = sectors.sector
),

held as (
    select
        counts.count_id,
        lives.definition_id,
        lives.verdict,
        lives.is_undated,
        lives.entry_on <= counts.as_of and (lives.exit_on is null or lives.exit_on > counts.as_of)
            as is_there
    from counts
    inner join lives
        on
            (counts.sectors is null or list_contains(string_split(counts.sectors, '|'), lives.top_sector))
            and lives.region not in ('Scotland', 'Northern Ireland')
            and (lives.region != 'Wales' or counts.territory = 'England and Wales')
),

summed as (
    select
        count_id,
        definition_id,
        count(*) filter (where is_there and not is_undated and verdict = 'mutual') as mutual,
        count(*) filter (where is_there and not is_undated and verdict in ('mutual', 'probable'))
            as mutual_or_probable,
        count(*) filter (where is_there and not is_undated) as mutual_to_possible,
        count(*) filter (where is_undated) as undated
    from held
    group by count_id, definition_id
),

final as (
    select
        counts.*,
        policies.definition_id,
        coalesce(summed.mutual, 0) as mutual,
        coalesce(summed.mutual_or_probable, 0) as mutual_or_probable,
        coalesce(summed.mutual_to_possible, 0) as mutual_to_possible,
        coalesce(summed.undated, 0) as undated
    from counts
    cross join policies
    left join summed
        on counts.count_id = summed.count_id and policies.definition_id = summed.definition_id
)

select
    count_id,
    definition_id,
    as_of,
    what,
    territory,
    sectors,
    counted,
    count_is,
    mutual,
    mutual_or_probable,
    mutual_to_possible,
    undated,
    differs_because,
    counted_by,
    source_url,
    mutual_or_probable - counted as difference
from final
