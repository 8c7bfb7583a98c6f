-- Which organisations are mutuals, probable or possible ones, since when and until when?
-- $definition: the definition's id (default: dcms-2018)
-- $rows: how many (default: 200)
select
    o.org_id,
    o.name,
    c.verdict,
    c.basis,
    c.band,
    o.legal_form,
    o.sector,
    c.valid_from,
    c.began_precision,
    c.valid_to,
    c.end_kind,
    o.status,
    o.status_as_of,
    c.reason
from classifications as c
inner join organisations as o on c.org_id = o.org_id
where c.definition_id = $definition and c.verdict in ('mutual', 'probable', 'possible')
order by list_position(['mutual', 'probable', 'possible'], c.verdict), o.name, o.org_id
limit cast($rows as integer)
