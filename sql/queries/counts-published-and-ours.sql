-- How many mutuals did others count from 2010 to 2019, how many do we show, and why not the same?
-- $definition: the definition's id (default: dcms-2018)
select
    as_of,
    what,
    territory,
    counted,
    mutual,
    mutual_or_probable,
    mutual_to_possible,
    undated,
    differs_because,
    source_url
from counts_compared
where definition_id = $definition
order by as_of asc, count_id asc
