-- What: every version of every record, with the snapshot that showed it.
-- Grain: one row a source, record and version.
select
    source,
    record_key,
    version_number,
    snapshot_id,
    locator,
    valid_from,
    valid_to,
    is_absent
from stg_record_versions
