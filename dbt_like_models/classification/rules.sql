-- What: the version of the rules by which this release judged.
-- Grain: one row. Releases record it, so that what was said on a day is told with the rules of that day.
with versions as (
    select rules_version
    from cls_rules_version
)

select rules_version
from versions
