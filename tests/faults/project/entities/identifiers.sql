-- What: the company numbers that the crosswalk gives for societies today.
-- Grain: one row a society and company.
select
    society_number,
    company_number
from stg_mutual_companies
