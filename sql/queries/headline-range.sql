-- Between which numbers does the count of public service mutuals lie, by citation and by inference?
-- The range runs from the sure cases to all that may be one. Curated and inferred are never added up.
-- $definition: the definition's id (default: dcms-2018)
select
    basis,
    count(*) filter (where verdict = 'mutual') as at_least,
    count(*) filter (where verdict in ('mutual', 'probable')) as with_probable,
    count(*) filter (where verdict in ('mutual', 'probable', 'possible')) as at_most,
    count(*) filter (where verdict = 'mutual' and not has_ended) as at_least_no_end_recorded,
    count(*) filter (where verdict in ('mutual', 'probable', 'possible') and not has_ended)
        as at_most_no_end_recorded,
    count(*) filter (where verdict = 'undetermined') as undetermined
from classifications
where definition_id = $definition
group by basis
order by basis
