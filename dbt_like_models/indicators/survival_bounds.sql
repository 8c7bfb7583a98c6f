-- What: between which bounds the survival of the listed cohorts lies, whatever became of those that are not
-- traced or not followed.
-- Grain: one row a kind of end and year since the start.
-- They assume nothing (Manski 1989, J. Hum. Resour. 24:343): the lowest takes all of unknown
-- end for ended at once, the highest for still going on: with n followed and u unknown S n / (n + u)
-- and (S n + u) / (n + u). A line that is not traced may have come to nothing at all; then S itself stands.
with rates as (
    select
        end_of,
        years,
        at_risk,
        estimate,
        lower,
        upper,
        is_thin
    from survival_rates
    where population_id = 'cohort-lists' and stratum_by = 'all' and measure = 'survival'
),

coverage as (
    select
        end_of,
        followed,
        with_unknown_end
    from survival_coverage
    where list_id = 'all'
),

final as (
    select
        rates.*,
        coverage.followed,
        coverage.with_unknown_end,
        coverage.followed + coverage.with_unknown_end as in_all
    from rates
    inner join coverage on rates.end_of = coverage.end_of
    -- nothing is told beyond the last day that was observed
    where rates.estimate is not null
)

select
    end_of,
    years,
    followed,
    with_unknown_end,
    at_risk,
    is_thin,
    estimate,
    lower,
    upper,
    estimate * followed / in_all as lowest,
    (estimate * followed + with_unknown_end) / in_all as highest
from final
