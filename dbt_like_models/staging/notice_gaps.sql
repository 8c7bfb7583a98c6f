-- What: which of Find a Tender's notice numbers have not landed, from any source.
-- Grain: one row a year and unbroken range of missing numbers.
-- Numbers run from 1 each year, so a range between two that landed is a loss or a notice that was never
-- published; what lies before the first that landed was most likely never asked for. Beyond the last one
-- nothing can be said. Numbers are read from release ids and the ids of notices within releases.
with notices as (
    select unnest(notice_ids) as notice_id
    from stg_notice_releases
    where ocid like 'ocds-h6vhtk-%'
),

landed as (
    select distinct
        notice_id[8:]::smallint as year,
        notice_id[:6]::integer as number
    from notices
),

neighbours as (
    select
        year,
        number as before_number,
        coalesce(lag(number) over (partition by year order by number), 0) as after_number
    from landed
),

final as (
    select
        year,
        after_number + 1 as first_number,
        before_number - 1 as last_number,
        before_number - after_number - 1 as n_missing,
        case when after_number = 0 then 'before the first that landed' else 'between two that landed' end
            as place
    from neighbours
    where before_number - after_number > 1
)

select
    year,
    first_number,
    last_number,
    n_missing,
    place
from final
