-- What do the records alone say of the organisations that the curated list decides?
-- $definition: the definition's id (default: dcms-2018)
select
    verdict,
    inferred_verdict,
    count(*) as organisations
from classifications
where definition_id = $definition and basis = 'curated'
group by verdict, inferred_verdict
order by
    list_position(['mutual', 'probable', 'possible', 'undetermined', 'not_mutual'], verdict),
    list_position(['mutual', 'probable', 'possible', 'undetermined', 'not_mutual'], inferred_verdict)
