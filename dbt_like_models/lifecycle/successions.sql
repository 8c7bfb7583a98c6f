-- What: who came from whom: public parent to mutual, and organisation to successor.
-- Grain: one row a predecessor, successor, kind and record.
-- A successor is another legal entity, always. Staff or services that came from a public body are told apart
-- from a spin-out, since they also come with an ordinary contract. An entry of the co-operatives' list that
-- no register identifies may bear a person's name, which is withheld.
with edges as (
    select
        predecessor_id,
        predecessor_name,
        'organisation' as predecessor_kind,
        successor_id,
        successor_name,
        case
            when successor_is_body then 'public body'
            when successor_id is not null then 'organisation'
            else 'unknown'
        end as successor_kind,
        kind,
        happened_on,
        precision,
        basis,
        confidence,
        detail,
        null::varchar as evidence_id,
        source,
        snapshot_id,
        locator,
        url
    from lin_edges
),

organisations as (
    select
        org_id,
        name
    from ent_organisations
),

parents as (
    select
        lin_parents.parent_id as predecessor_id,
        coalesce(predecessors.name, lin_parents.parent_name) as predecessor_name,
        case
            when lin_parents.parent_id is not null and not lin_parents.is_listed_body then 'organisation'
            else 'public body'
        end as predecessor_kind,
        lin_parents.org_id as successor_id,
        coalesce(organisations.name, lin_parents.org_id) as successor_name,
        'organisation' as successor_kind,
        case lin_parents.kind
            when 'cited parent' then 'spun out'
            when 'transfer' then 'staff or services transferred'
            else 'left public control'
        end as kind,
        lin_parents.happened_on,
        lin_parents.precision,
        case lin_parents.kind
            when 'cited parent' then 'citation' when 'transfer' then 'accounts' else 'identifier'
        end as basis,
        'exact' as confidence,
        lin_parents.detail,
        lin_parents.evidence_id,
        lin_parents.source,
        lin_parents.snapshot_id,
        lin_parents.locator,
        lin_parents.url
    from lin_parents
    left join organisations on lin_parents.org_id = organisations.org_id
    left join organisations as predecessors on lin_parents.parent_id = predecessors.org_id
    where lin_parents.kind != 'controller'
),

told as (
    select * from edges
    union all by name
    select * from parents
),

chains as (
    select
        org_id,
        final_successor_ids,
        steps
    from lin_chains
),

final as (
    select
        told.* replace (
            case
                when told.predecessor_id like 'GB-COOP-%' and looks_like_person(told.predecessor_name)
                    then '(name withheld)'
                else told.predecessor_name
            end as predecessor_name,
            case
                when told.successor_id like 'GB-COOP-%' and looks_like_person(told.successor_name)
                    then '(name withheld)'
                else told.successor_name
            end as successor_name
        ),
        case when told.predecessor_kind = 'organisation' then chains.final_successor_ids end
            as final_successor_ids,
        case when told.predecessor_kind = 'organisation' then chains.steps end as steps
    from told
    left join chains on told.predecessor_id = chains.org_id
    qualify
        row_number() over (
            partition by
                told.predecessor_id, told.predecessor_name, told.successor_id, told.successor_name, told.kind,
                told.happened_on, told.source, told.url, told.detail
            order by told.locator, told.evidence_id
        ) = 1
)

select
    predecessor_id,
    predecessor_name,
    predecessor_kind,
    successor_id,
    successor_name,
    successor_kind,
    kind,
    happened_on,
    precision,
    basis,
    confidence,
    final_successor_ids,
    steps,
    detail,
    evidence_id,
    source,
    snapshot_id,
    locator,
    url,
    md5(concat_ws(
        '|', coalesce(predecessor_id, predecessor_name), coalesce(successor_id, successor_name), kind,
        coalesce(happened_on::varchar, 'undated'), source, url, detail
    ))[:16] as succession_key
from final
