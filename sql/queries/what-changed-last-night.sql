-- What changed last night, and why?
-- The latest release against the one before it; what is behind each cause names snapshots, seeds or code.
select
    table_name,
    cause,
    count(*) filter (where column_name = '*' and kind = 'added') as rows_added,
    count(*) filter (where column_name = '*' and kind = 'removed') as rows_removed,
    count(*) filter (where kind = 'changed') as cells_changed,
    list_sort(list_distinct(flatten(list(behind)))) as behind
from changes
group by table_name, cause
order by table_name, cause
