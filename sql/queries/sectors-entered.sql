-- When did mutuals first enter each sector, and how many have no date?
-- $definition: the definition's id (default: dcms-2018)
select
    n.sector,
    s.title,
    n.top_sector,
    n.first_entry_on,
    n.first_entry_precision,
    o.name as first_one,
    n.first_begun_by,
    n.organisations,
    n.undated,
    case n.first_entry_precision
        when 'year' then strftime(n.first_entry_on, '%Y')
        when 'month' then strftime(n.first_entry_on, '%Y-%m')
        else strftime(n.first_entry_on, '%Y-%m-%d')
    end as first_entry,
    year(n.last_entry_on) as last_entry_year
from new_sectors as n
left join organisations as o on n.first_org_id = o.org_id
left join sectors as s on n.sector = s.sector
where n.definition_id = $definition
order by n.first_entry_on asc nulls last, n.sector asc
