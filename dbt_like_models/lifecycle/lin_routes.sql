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

-- evidence is the gate, so that a correction of a piece reaches the route too
own_words as (
    select
        evidence.org_id,
        evidence.url,
        case signals.reads
            when 'wording=right-to-request' then 'Right to Request' else 'Right to Provide'
        end as value
    from evidence
    inner join signals on evidence.signal_id = signals.signal_id
    where signals.reads in ('wording=right-to-request', 'wording=right-to-provide')
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
    union
    select
        entries.org_id,
        'route' as fact,
        'pathfinder' as value,
        'published list' as basis,
        2 as precedence,
        pathfinders.source_url as url
    from pathfinders
    inner join entries on pathfinders.entry_id = entries.entry_id
    union
    select
        org_id,
        'route' as fact,
        value,
        'accounts' as basis,
        3 as precedence,
        url
    from own_words
)

select
    org_id,
    fact,
    value,
    basis,
    precedence,
    url
from final
