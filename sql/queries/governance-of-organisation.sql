-- Which groups hold which rights in one organisation, and since when?
-- $organisation: an org-id, an alias of it, or a register's number
select
    g.org_id,
    g.holder_group,
    g.held_right,
    g.extent,
    g.held_through,
    g.valid_from,
    g.valid_to,
    g.dates_are,
    g.detail,
    g.url
from governance as g
where
    g.org_id = upper($organisation)
    or g.org_id in (
        select i.org_id
        from identifiers as i
        where upper($organisation) in (upper(i.identifier), upper(i.scheme || '-' || i.identifier))
    )
order by g.org_id, g.holder_group, g.held_right, g.valid_from
