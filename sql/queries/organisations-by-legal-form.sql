-- Which legal forms do the published organisations have, and how many of each are candidates?
select
    legal_form,
    status,
    count(*) as organisations,
    count(*) filter (where is_candidate) as candidates
from organisations
group by legal_form, status
order by organisations desc, legal_form asc, status asc
