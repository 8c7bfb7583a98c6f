-- What: how many organisations were mutuals at the end of each year, who came and who went, and why.
-- Grain: one row a year, definition, verdict, sector, region and legal form that has any.
-- Stock is dated by when facts were true, not by when we learned them. Turnover and staff are sums over
-- those that reported a period ending in the year, with the median and the largest one's share, so that
-- one giant is not read as a sector. A year is provisional until the sources have had the time that they
-- were measured to need (reporting_lags), and while more than a tenth of its stock rests on older tellings.
with lives as (
    select *
    from spr_lives
    where not is_undated
),

horizon as (
    select max(year(published_on))::integer as this_year
    from snapshots
),

complete as (
    select
        max(complete_to) filter (where measure != 'return') as lives_to,
        max(complete_to) filter (where measure = 'return') as returns_to
    from reporting_lags
),

years as (
    select unnest(range(
        (select min(lives.entry_year) from lives), (select horizon.this_year + 1 from horizon)
    ))::integer as year
),

reported as (
    select
        org_id,
        year(period_end_on)::integer as year,
        -- a turnover below nothing is an error of entry: it would make one share more than the whole
        max(turnover_gbp) filter (where turnover_gbp >= 0) as turnover_gbp,
        max(employees) filter (where employees >= 0) as employees
    from returns
    group by org_id, year(period_end_on)
),

present as (
    select
        years.year,
        lives.definition_id,
        lives.verdict,
        lives.sector,
        lives.region,
        lives.legal_form,
        lives.org_id,
        lives.begun_by,
        lives.ended_by,
        lives.exit_year is null or lives.exit_year > years.year as is_there,
        lives.entry_year = years.year as is_new,
        coalesce(lives.exit_year = years.year, false) as is_gone,
        lives.exit_on is null
        and coalesce(lives.settled_to < make_date(years.year, 12, 31), true) as is_unsettled
    from years
    inner join lives
        on
            years.year >= lives.entry_year
            and (lives.exit_year is null or years.year <= lives.exit_year)
),

final as (
    select
        present.year,
        present.definition_id,
        present.verdict,
        present.sector,
        present.region,
        present.legal_form,
        count(*) filter (where present.is_there) as stock,
        count(*) filter (where present.is_new) as entries,
        count(*) filter (where present.is_new and present.begun_by = 'coverage') as entries_by_coverage,
        count(*) filter (where present.is_new and present.begun_by = 'rules') as entries_by_rules,
        count(*) filter (where present.is_gone) as exits,
        count(*) filter (where present.is_gone and present.ended_by = 'rules') as exits_by_rules,
        count(*) filter (where present.is_there and present.is_unsettled) as unsettled,
        count(reported.turnover_gbp) filter (where present.is_there) as turnover_reported_by,
        sum(reported.turnover_gbp) filter (where present.is_there) as turnover_gbp,
        median(reported.turnover_gbp) filter (where present.is_there) as turnover_median_gbp,
        max(reported.turnover_gbp) filter (where present.is_there)
        / nullif(sum(reported.turnover_gbp) filter (where present.is_there), 0) as turnover_largest_share,
        count(reported.employees) filter (where present.is_there) as employees_reported_by,
        (sum(reported.employees) filter (where present.is_there))::bigint as employees,
        median(reported.employees) filter (where present.is_there) as employees_median,
        max(reported.employees) filter (where present.is_there)
        / nullif(sum(reported.employees) filter (where present.is_there), 0) as employees_largest_share
    from present
    left join reported on present.org_id = reported.org_id and present.year = reported.year
    group by
        present.year,
        present.definition_id,
        present.verdict,
        present.sector,
        present.region,
        present.legal_form
)

select
    final.year,
    final.definition_id,
    final.verdict,
    final.sector,
    sectors.top_sector,
    final.region,
    final.legal_form,
    final.stock,
    final.entries,
    final.entries_by_coverage,
    final.entries_by_rules,
    final.exits,
    final.exits_by_rules,
    final.unsettled,
    final.turnover_reported_by,
    final.turnover_gbp,
    final.turnover_median_gbp,
    final.turnover_largest_share,
    final.employees_reported_by,
    final.employees,
    final.employees_median,
    final.employees_largest_share,
    coalesce(make_date(final.year, 12, 31) > complete.lives_to, true) or final.unsettled * 10 > final.stock
        as is_provisional,
    coalesce(make_date(final.year, 12, 31) > complete.returns_to, true) as is_figures_provisional
from final
inner join sectors on final.sector = sectors.sector
cross join complete
