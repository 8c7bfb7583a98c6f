-- What: stock, entries and exits at the end of each of the last forty quarters, the provisional ones marked.
-- Grain: one row a quarter, definition, verdict and sector of the top level that has any.
-- A start known to the year only falls into its first quarter and is counted apart, since it may have been
-- in any of the four.
with lives as (
    select
        spr_lives.*,
        sectors.top_sector
    from spr_lives
    inner join sectors on spr_lives.sector = sectors.sector
    where not spr_lives.is_undated
),

horizon as (
    select max(published_on) as newest_on
    from snapshots
),

complete as (
    select max(complete_to) as lives_to
    from reporting_lags
    where measure != 'return'
),

quarters_ago as (
    select
        newest_on,
        unnest(range(0, 40))::integer as ago
    from horizon
),

quarters as (
    select
        (date_trunc('quarter', newest_on) - to_months(3 * ago))::date as begins_on,
        ((date_trunc('quarter', newest_on) - to_months(3 * ago - 3))::date - 1) as ends_on
    from quarters_ago
),

present as (
    select
        quarters.ends_on,
        lives.definition_id,
        lives.verdict,
        lives.top_sector,
        lives.began_precision,
        lives.exit_on is null or lives.exit_on > quarters.ends_on as is_there,
        lives.entry_on >= quarters.begins_on as is_new,
        coalesce(lives.exit_on <= quarters.ends_on, false) as is_gone,
        lives.exit_on is null and coalesce(lives.settled_to < quarters.ends_on, true) as is_unsettled
    from quarters
    inner join lives
        on
            quarters.ends_on >= lives.entry_on
            and (lives.exit_on is null or quarters.begins_on <= lives.exit_on)
),

final as (
    select
        ends_on,
        definition_id,
        verdict,
        top_sector,
        count(*) filter (where is_there) as stock,
        count(*) filter (where is_new) as entries,
        count(*) filter (where is_new and began_precision = 'year') as entries_dated_to_year,
        count(*) filter (where is_gone) as exits,
        count(*) filter (where is_there and is_unsettled) as unsettled
    from present
    group by ends_on, definition_id, verdict, top_sector
)

select
    final.ends_on as quarter_ends_on,
    final.definition_id,
    final.verdict,
    final.top_sector,
    final.stock,
    final.entries,
    final.entries_dated_to_year,
    final.exits,
    final.unsettled,
    coalesce(final.ends_on > complete.lives_to, true) or final.unsettled * 10 > final.stock as is_provisional
from final
cross join complete
