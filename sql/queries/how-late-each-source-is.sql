-- How late does each source tell what happened, from when have we read it, and to which day is it complete?
select
    source,
    measure,
    begins_on,
    newest_published_on,
    lag_basis,
    records,
    lag_median_days,
    lag_p90_days,
    complete_to
from reporting_lags
order by source asc, measure asc
