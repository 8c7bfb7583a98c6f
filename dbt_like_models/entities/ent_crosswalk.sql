-- What: which society a company number of the published crosswalk belongs to.
-- Grain: one row a company number. A number that the crosswalk gives to two societies belongs to neither
-- here.
with pairs as (
    select
        society_number,
        company_number,
        snapshot_id,
        locator
    from stg_mutual_companies
),

final as (
    select
        company_number,
        count(distinct society_number) as n_societies,
        list(distinct society_number order by society_number) as society_numbers,
        min(snapshot_id) as snapshot_id,
        min(locator) as locator
    from pairs
    group by company_number
)

select
    company_number,
    society_numbers,
    snapshot_id,
    locator,
    case when n_societies = 1 then society_numbers[1] end as society_number,
    n_societies > 1 as is_ambiguous
from final
