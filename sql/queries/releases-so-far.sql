-- Which versions were published up to this one, and how much did each hold?
select
    version,
    built_at,
    fact_rows,
    organisations,
    facts_hash,
    organisations - lag(organisations) over (order by built_at) as organisations_more
from releases
order by built_at
