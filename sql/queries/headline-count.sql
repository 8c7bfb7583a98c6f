-- How many organisations are public service mutuals under the headline definition, and how sure is that?
-- A verdict holds over an interval: `still_there` counts those for which no end is recorded.
select
    c.verdict,
    c.basis,
    c.band,
    count(*) as organisations,
    count(*) filter (where not c.has_ended) as still_there
from classifications as c
inner join definitions as d on c.definition_id = d.definition_id
where d.is_headline
group by c.verdict, c.basis, c.band
order by
    list_position(['mutual', 'probable', 'possible', 'undetermined', 'not_mutual'], c.verdict),
    c.basis,
    list_position(['high', 'medium', 'low'], c.band)
