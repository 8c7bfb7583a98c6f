-- Which records were set aside or repaired, of which source, and why?
select
    source,
    severity,
    kind,
    field,
    cast(sum(occurrences) as bigint) as occurrences,
    min(value) as example,
    min(detail) as why
from data_issues
group by source, severity, kind, field
order by occurrences desc, source asc, kind asc, field asc, severity asc
