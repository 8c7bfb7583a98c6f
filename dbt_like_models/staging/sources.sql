-- What: how each source stands: who publishes it, on what terms, and how new what we hold is.
-- Grain: one row a source.
select
    source,
    title,
    publisher,
    homepage,
    licence,
    licence_url,
    attribution,
    republish,
    keeps,
    cadence,
    freshness_days,
    newest_published_on,
    newest_fetched_at,
    snapshots,
    failing_since
from lake.sources
