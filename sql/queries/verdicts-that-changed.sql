-- Whose verdict changed in this release, and why?
-- Joining or leaving the table counts as undetermined; a verdict that only got other words is left out.
select
    changes.org_id,
    organisations.name,
    definitions.definition_id,
    changes.old_value as verdict_before,
    changes.new_value as verdict_now,
    changes.cause,
    changes.behind
from changes
inner join definitions on json_extract_string(changes.key, '$.definition_id') = definitions.definition_id
left join organisations on changes.org_id = organisations.org_id
where
    changes.table_name = 'classifications'
    and changes.column_name = 'verdict'
    and coalesce(changes.old_value, 'undetermined') != coalesce(changes.new_value, 'undetermined')
order by definitions.is_headline desc, definitions.definition_id asc, changes.org_id asc
