-- In which sectors does one organisation work, which one is it counted under, and what says so?
-- $org_id: the organisation's org-id
select
    place,
    is_primary,
    sector,
    top_sector,
    basis,
    evidence,
    records
from organisation_sectors
where org_id = $org_id
order by place asc
