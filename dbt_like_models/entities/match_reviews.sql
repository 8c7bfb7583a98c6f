-- What: the pairs that rest on a name or on a judgement, and the pairs that were left undecided.
-- Grain: one row a source, role, record and candidate.
-- For whoever reviews matches, and for whoever wants to see what a match rests on. A pair to review counts
-- nowhere. What may be a person's name is left out, and so are the payees of the NHS and the controllers,
-- whose records may not be republished. A candidate may be an organisation that is not listed.
with matches as (
    select
        source,
        role,
        record_key,
        name,
        org_id,
        basis,
        score,
        explanation,
        decision
    from ent_matches
),

organisations as (
    select
        org_id,
        name
    from ent_organisations
),

bodies as (
    select
        body_id,
        arg_max(name, (last_seen_on, name)) as name
    from stg_public_bodies
    group by body_id
),

final as (
    select
        matches.source,
        matches.role,
        matches.record_key,
        matches.name as asked_name,
        matches.org_id as candidate_id,
        matches.basis,
        matches.score,
        matches.explanation,
        matches.decision,
        coalesce(organisations.name, bodies.name) as candidate_name
    from matches
    left join organisations on matches.org_id = organisations.org_id
    left join bodies on matches.org_id = bodies.body_id
    where matches.role not in ('payee', 'controller') and not looks_like_person(matches.name)
)

select
    source,
    role,
    record_key,
    asked_name,
    candidate_id,
    candidate_name,
    basis,
    score,
    explanation,
    decision
from final
