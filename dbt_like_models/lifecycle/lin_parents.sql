-- What: the parents of published organisations that records name: public bodies, and in a few cases an
-- organisation that had itself left one.
-- Grain: one row an organisation, kind of record, parent and piece of evidence.
-- Evidence is the gate, so that a correction of a piece reaches its parent too; the name stands in the record
-- behind it. A parent is identified where ent_matches found one public body for the cited name or a part of
-- it, where the list of public bodies has exactly one of that name, or where another entry of the curated
-- list has it; otherwise it has its cited name and no id.
with pieces as (
    select
        evidence.evidence_id,
        evidence.org_id,
        evidence.value_seen,
        evidence.source,
        evidence.record_key,
        evidence.snapshot_id,
        evidence.locator,
        evidence.url,
        evidence.correction_id,
        signals.reads as reading
    from evidence
    inner join signals on evidence.signal_id = signals.signal_id
    where
        signals.reads in ('public_parent', 'transfer=listed-public-body', 'transfer=public-body')
        or starts_with(signals.reads, 'controller=public-body:')
),

facts as (
    select
        source,
        record_key,
        entry_id,
        name,
        field,
        value
    from stg_known_mutuals
),

filings as (
    select
        source,
        record_key,
        unnest(transferred_from) as name
    from stg_companies_house_accounts
),

controllers as (
    select
        source,
        record_key,
        name,
        ceased_on,
        is_ceased
    from ent_controllers
    where controller_kind = 'public-body'
),

matches as (
    select
        source,
        role,
        record_key,
        org_id
    from ent_matches
    where decision = 'match' and role in ('parent', 'controller')
),

-- one name stands for a body: of several the present one
bodies as (
    select
        body_id,
        arg_min(name, (ended_on is not null, name)) as name
    from stg_public_bodies
    group by body_id
),

sole_bodies as (
    select
        name_normalised,
        min(body_id) as body_id
    from stg_public_bodies
    where name_normalised is not null and not coalesce(is_absent, false)
    group by name_normalised
    having count(distinct body_id) = 1
),

-- as the evidence tells a listed body from another
body_names as (
    select distinct name_normalised
    from stg_public_bodies
    where name_normalised is not null
),

entry_names as (
    select
        entry_id,
        normalise_name(case when field = 'other_name' then value else name end) as name_normalised
    from facts
),

-- a name that two entries have is nobody's
sole_entries as (
    select
        entry_names.name_normalised,
        min(record_organisations.org_id) as org_id
    from entry_names
    inner join ent_record_organisations as record_organisations
        on
            record_organisations.source = 'known_mutuals'
            and entry_names.entry_id = record_organisations.record_key
    where entry_names.name_normalised is not null
    group by entry_names.name_normalised
    having count(distinct record_organisations.org_id) = 1
),

left_on as (
    select
        org_id,
        spun_out_on,
        spun_out_precision
    from cls_ends
),

cited as (
    select
        pieces.*,
        facts.entry_id,
        coalesce(
            case when pieces.correction_id is null then facts.value end,
            regexp_replace(pieces.value_seen, '^public_parent: ', '')
        ) as name
    from pieces
    inner join facts on pieces.source = facts.source and pieces.record_key = facts.record_key
    where pieces.reading = 'public_parent'
),

cited_bodies as (
    select distinct
        cited.evidence_id,
        matches.org_id as parent_id
    from cited
    inner join matches
        on
            cited.source = matches.source
            and matches.role = 'parent'
            and starts_with(matches.record_key, cited.entry_id || '|')
            and contains(cited.name, matches.record_key[length(cited.entry_id) + 2:])
    union
    select
        cited.evidence_id,
        sole_entries.org_id as parent_id
    from cited
    inner join sole_entries
        on normalise_name(regexp_replace(cited.name, '\s*\(.*', '')) = sole_entries.name_normalised
    where sole_entries.org_id != cited.org_id
),

named as (
    select
        cited.*,
        cited_bodies.parent_id,
        'cited parent' as kind,
        left_on.spun_out_on as happened_on,
        coalesce(left_on.spun_out_precision, 'unknown') as precision
    from cited
    left join cited_bodies on cited.evidence_id = cited_bodies.evidence_id
    left join left_on on cited.org_id = left_on.org_id
    union all by name
    select
        pieces.*,
        filings.name,
        sole_bodies.body_id as parent_id,
        'transfer' as kind,
        null::date as happened_on,
        'unknown' as precision
    from pieces
    inner join filings on pieces.source = filings.source and pieces.record_key = filings.record_key
    left join sole_bodies on normalise_name(filings.name) = sole_bodies.name_normalised
    left join body_names on normalise_name(filings.name) = body_names.name_normalised
    where
        pieces.reading
        = case
            when body_names.name_normalised is null then 'transfer=public-body' else
                'transfer=listed-public-body'
        end
    union all by name
    select
        pieces.*,
        controllers.name,
        coalesce(matches.org_id, sole_bodies.body_id) as parent_id,
        case when pieces.reading = 'controller=public-body:past' then 'past controller' else 'controller' end
            as kind,
        case when pieces.reading = 'controller=public-body:past' then controllers.ceased_on end
            as happened_on,
        case
            when pieces.reading = 'controller=public-body:past' and controllers.ceased_on is not null
                then 'day'
            else 'unknown'
        end as precision
    from pieces
    inner join controllers
        on pieces.source = controllers.source and pieces.record_key = controllers.record_key
    left join matches
        on
            controllers.source = matches.source
            and matches.role = 'controller'
            and controllers.record_key = matches.record_key
            -- a public body's id, never a company that bears its name
            and matches.org_id in (select bodies.body_id from bodies)
    left join sole_bodies on normalise_name(controllers.name) = sole_bodies.name_normalised
    where
        starts_with(pieces.reading, 'controller=public-body:')
        and pieces.reading != 'controller=public-body:through-a-company'
        -- a control that has ceased is told once, as a past one
        and (not coalesce(controllers.is_ceased, false) or pieces.reading = 'controller=public-body:past')
),

final as (
    select
        named.org_id,
        named.kind,
        named.parent_id,
        named.evidence_id,
        named.happened_on,
        named.precision,
        named.value_seen as detail,
        named.source,
        named.snapshot_id,
        named.locator,
        named.url,
        coalesce(named.name, 'a body whose name is not kept') as written_as,
        coalesce(bodies.name, named.name, 'a body whose name is not kept') as parent_name,
        bodies.body_id is not null as is_listed_body
    from named
    left join bodies on named.parent_id = bodies.body_id
    -- one filing may write a body's name in several ways
    qualify
        row_number() over (
            partition by
                named.org_id, named.kind, named.parent_id, named.evidence_id,
                case when named.parent_id is null then named.name end
            order by named.name
        ) = 1
)

select
    org_id,
    kind,
    parent_id,
    parent_name,
    written_as,
    is_listed_body,
    happened_on,
    precision,
    detail,
    evidence_id,
    source,
    snapshot_id,
    locator,
    url,
    coalesce(parent_id, parent_name) as parent_key
from final
