-- How many organisations qualify under which definitions at once?
-- Qualifies: mutual or probable, over whatever interval.
select
    array_to_string(qualifies_under, ', ') as qualifies_under,
    count(*) as organisations
from definition_matrix
where len(qualifies_under) > 0
group by qualifies_under
order by organisations desc, qualifies_under asc
