-- What: what records tell of one organisation following another: a conversion, a merger, a service or its
-- assets handed on.
-- Grain: one row a record, predecessor and successor.
-- Two legal entities always. What the curated list cites, what lin_conversions found, and what the register
-- of charities tells of another charity: of a transfer in, the other one is the giver. Either side is
-- published, or there is no row.
with ids as (
    select
        scheme,
        identifier,
        min(org_id) as org_id
    from ent_identifiers
    where confidence = 'exact'
    group by scheme, identifier
    having count(distinct org_id) = 1
),

record_organisations as (
    select
        source,
        record_key,
        org_id
    from ent_record_organisations
),

organisations as (
    select
        org_id,
        name
    from ent_organisations
),

published as (
    select org_id
    from ent_published
),

facts as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        entry_id,
        name,
        field,
        value,
        source_url
    from stg_known_mutuals
),

matches as (
    select
        source,
        record_key,
        org_id
    from ent_matches
    where decision = 'match' and role = 'successor'
),

bodies as (
    select
        body_id,
        arg_min(name, (ended_on is not null, name)) as name
    from stg_public_bodies
    group by body_id
),

entry_names as (
    select
        normalise_name(case when facts.field = 'other_name' then facts.value else facts.name end)
            as name_normalised,
        min(record_organisations.org_id) as org_id
    from facts
    inner join record_organisations
        on facts.source = record_organisations.source and facts.entry_id = record_organisations.record_key
    group by name_normalised
    having count(distinct record_organisations.org_id) = 1
),

ended as (
    select
        org_id,
        end_kind,
        ended_precision,
        case ended_precision
            when 'year' then date_trunc('year', ended_on)::date
            when 'month' then date_trunc('month', ended_on)::date
            else ended_on
        end as ended_on
    from cls_ends
    where end_kind in ('taken in-house', 'contract lost', 'closed', 'merged', 'acquired', 'dissolved')
),

cited as (
    select
        facts.source,
        facts.snapshot_id,
        facts.locator,
        facts.source_url as url,
        record_organisations.org_id as predecessor_id,
        coalesce(matches.org_id, entry_names.org_id) as successor_id,
        facts.value as successor_name,
        case when ended.end_kind = 'merged' then 'merged' else 'service passed on' end as kind,
        ended.ended_on as happened_on,
        case when ended.ended_on is null then 'unknown' else ended.ended_precision end as precision,
        'citation' as basis,
        'exact' as confidence,
        'successor: ' || facts.value as detail
    from facts
    inner join record_organisations
        on facts.source = record_organisations.source and facts.entry_id = record_organisations.record_key
    left join matches
        on facts.source = matches.source and facts.entry_id || '|' || facts.value = matches.record_key
    left join entry_names on normalise_name(facts.value) = entry_names.name_normalised
    left join ended on record_organisations.org_id = ended.org_id
    where facts.field = 'successor'
),

converted as (
    select
        source,
        snapshot_id,
        locator,
        predecessor_id,
        successor_id,
        null::varchar as successor_name,
        'converted' as kind,
        closed_on as happened_on,
        case when closed_on is null then 'unknown' else 'day' end as precision,
        case when is_numbered then 'identifier' else 'name and day' end as basis,
        case when is_numbered then 'exact' else 'probable' end as confidence,
        case
            when is_numbered then 'converted or closed; number in another register: ' || other_register_number
            else 'converted or closed; another of the name was registered in the sixty days before'
        end as detail,
        'https://find-and-update.company-information.service.gov.uk/company/' || company_number as url
    from lin_conversions
),

charity_events as (
    select
        source,
        snapshot_id,
        locator,
        charity_number,
        other_charity_number,
        event_on,
        lower(concat_ws(' ', event_type, reason)) as words,
        concat_ws(', ', event_type, reason) as said
    from stg_charity_commission_events
    where other_charity_number is not null and other_charity_number != charity_number
),

-- of a transfer in the other charity is the one that gave
handed_on as (
    select
        *,
        case when contains(words, 'transfer in') then other_charity_number else charity_number end as giver,
        case when contains(words, 'transfer in') then charity_number else other_charity_number end as taker
    from charity_events
    where contains(words, 'transfer') or contains(words, 'amalgamat') or contains(words, 'merge')
),

charities as (
    select
        handed_on.source,
        handed_on.snapshot_id,
        handed_on.locator,
        coalesce(givers.org_id, 'GB-CHC-' || handed_on.giver) as predecessor_id,
        coalesce(takers.org_id, 'GB-CHC-' || handed_on.taker) as successor_id,
        null::varchar as successor_name,
        case
            when contains(handed_on.words, 'amalgamat') or contains(handed_on.words, 'merge') then 'merged'
            else 'assets passed on'
        end as kind,
        handed_on.event_on as happened_on,
        case when handed_on.event_on is null then 'unknown' else 'day' end as precision,
        'identifier' as basis,
        'exact' as confidence,
        handed_on.said as detail,
        null::varchar as url
    from handed_on
    left join ids as givers on givers.scheme = 'GB-CHC' and handed_on.giver = givers.identifier
    left join ids as takers on takers.scheme = 'GB-CHC' and handed_on.taker = takers.identifier
),

told as (
    select * from cited
    union all by name
    select * from converted
    union all by name
    select * from charities
),

final as (
    select
        told.*,
        coalesce(successor_bodies.name, successors.name, told.successor_name, told.successor_id) as named,
        coalesce(predecessors.name, told.predecessor_id) as predecessor_name,
        successor_bodies.body_id is not null as successor_is_body
    from told
    left join organisations as predecessors on told.predecessor_id = predecessors.org_id
    left join organisations as successors on told.successor_id = successors.org_id
    left join bodies as successor_bodies on told.successor_id = successor_bodies.body_id
    where
        told.successor_id is distinct from told.predecessor_id
        and (
            told.predecessor_id in (select published.org_id from published)
            or told.successor_id in (select published.org_id from published)
        )
)

select
    predecessor_id,
    predecessor_name,
    successor_id,
    named as successor_name,
    successor_is_body,
    kind,
    happened_on,
    precision,
    basis,
    confidence,
    detail,
    source,
    snapshot_id,
    locator,
    url,
    coalesce(successor_id, named) as successor_key
from final
