-- What: why the stock of each sector changed from one year's end to the next: entries, exits and the like.
-- Grain: one row a year, definition, verdict, sector and cause that moved it.
-- Coverage and rules change what we count, not what there is: who begins on the day of a source's first
-- version, and who begins or ends with a law. The causes of a year add up to the change of its stock. What
-- changed between two releases for one year is told by the table of changes.
with spread as (
    select
        year,
        definition_id,
        verdict,
        sector,
        top_sector,
        sum(entries - entries_by_coverage - entries_by_rules)::bigint as entries,
        -sum(exits - exits_by_rules)::bigint as exits,
        sum(entries_by_coverage)::bigint as coverage,
        sum(entries_by_rules - exits_by_rules)::bigint as rules
    from sector_spread
    group by year, definition_id, verdict, sector, top_sector
),

final as (
    select
        year,
        definition_id,
        verdict,
        sector,
        top_sector,
        unnest(['entries', 'exits', 'coverage', 'rules']) as cause,
        unnest([entries, exits, coverage, rules]) as change
    from spread
)

select
    year,
    definition_id,
    verdict,
    sector,
    top_sector,
    cause,
    change
from final
where change != 0
