-- Without which rule would the count of public service mutuals change most?
-- Each signal and each line of a definition is left out once; the sign says which way the count would go.
-- $definition: the definition's id (default: dcms-2018)
select
    rule_kind,
    rule_id,
    mutual_moves_by,
    probable_moves_by,
    possible_moves_by,
    organisations_moved
from rule_sensitivity
where definition_id = $definition
order by
    greatest(abs(possible_moves_by), abs(probable_moves_by), abs(mutual_moves_by)) desc,
    rule_kind asc,
    rule_id asc
