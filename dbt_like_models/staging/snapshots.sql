-- What: each landed version of each source.
-- Grain: one row a snapshot.
select
    snapshot_id,
    source,
    sha256,
    published_on,
    published_basis,
    fetched_at,
    scope,
    url,
    file_names,
    rows,
    quarantined,
    content_hash,
    same_as,
    reader_version
from lake.snapshots
