-- What: by which route organisations left the public sector, and who began it, as far as records say.
-- Grain: one row a record and fact about an organisation.
-- What the curated list cites counts first, then membership of a published list of pathfinders, then the
-- organisation's own words in its accounts.
with facts as (
    select
        source,
        record_key,
        entry_id,
        field,
        value,
        source_url
    from stg_known_mutuals
),

entries as (
    select
        record_key as entry_id,
        org_id
    from ent_record_organisations
    where source = 'known_mutuals'
),

pathfinders as (
    select
        entry_id,
        list_title,
        source_url
    from cohort_members
    where contains(lower(list_title), 'pathfinder')
),

final as (
    select
        entries.org_id,
        facts.field as fact,
        facts.value,
        'citation' as basis,
        1 as precedence,
        facts.source_url as url
    from facts
    inner join entries on facts.entry_id = entries.entry_id
    where facts.field in ('route', 'began_by')
    union all
    select
        entries.org_id,
        'route' as fact,
        'pathfinder' as value,
        'published list' as basis,
        2 as precedence,
        pathfinders.source_url as url
    from pathfinders
    inner join entries on pathfinders.entry_id = entries.entry_id
)

select
    org_id,
    fact,
    value,
    basis,
    precedence,
    url
from final
