-- What: where published organisations came from: public parent, route, who began it, first contract held.
-- Grain: one row an organisation.
-- Nothing is guessed: without a record a field says unknown, or is null. Of several records of parents the
-- citations count, then what accounts say, then who the register of controllers tells of. Records of the best
-- kind that contradict each other on the route or on who began it leave it unknown. The first contract is the
-- earliest award held, which need not be the first that there was: notices begin in 2014.
with published as (
    select org_id
    from ent_published
),

parents as (
    select
        org_id,
        kind,
        parent_id,
        written_as,
        evidence_id,
        url,
        case kind when 'cited parent' then 1 when 'transfer' then 2 else 3 end as precedence
    from lin_parents
),

best_parents as (
    select *
    from parents
    qualify precedence = min(precedence) over (partition by org_id)
),

bodies as (
    select
        body_id,
        min(gss_code) as gss_code
    from stg_public_bodies
    where gss_code is not null
    group by body_id
    having count(distinct gss_code) = 1
),

districts as (
    select
        lad_code,
        lad_name,
        region_name
    from stg_local_authorities
),

told_parents as (
    select
        best_parents.org_id,
        string_agg(distinct best_parents.written_as, '; ' order by best_parents.written_as) as public_parent,
        coalesce(
            list_sort(list_distinct(
                list(best_parents.parent_id) filter (where best_parents.parent_id is not null)
            )),
            []
        ) as public_parent_ids,
        case min(best_parents.precedence)
            when 1 then 'citation' when 2 then 'accounts' else 'register of controllers'
        end as public_parent_basis,
        list_sort(list_distinct(list(best_parents.evidence_id))) as public_parent_evidence_ids,
        min(best_parents.url) as public_parent_url,
        case when count(distinct districts.lad_name) = 1 then min(districts.lad_name) end
            as public_parent_local_authority,
        case when count(distinct districts.region_name) = 1 then min(districts.region_name) end
            as public_parent_region
    from best_parents
    left join bodies on best_parents.parent_id = bodies.body_id
    left join districts on bodies.gss_code = districts.lad_code
    group by best_parents.org_id
),

best_told as (
    select *
    from lin_routes
    qualify precedence = min(precedence) over (partition by org_id, fact)
),

told as (
    select
        org_id,
        fact,
        case when count(distinct value) = 1 then min(value) else 'unknown' end as value,
        case when count(distinct value) = 1 then min(basis) else 'records disagree' end as basis,
        min(url) as url
    from best_told
    group by org_id, fact
),

left_on as (
    select
        org_id,
        spun_out_on,
        spun_out_precision
    from cls_ends
),

first_awards as (
    select
        org_id,
        awarded_on,
        buyer_name,
        award_key,
        notice_url,
        match_confidence
    from awards
    where org_id is not null and awarded_on is not null and duplicate_of is null
    qualify row_number() over (partition by org_id order by awarded_on, award_key) = 1
),

final as (
    select
        published.org_id,
        told_parents.public_parent,
        told_parents.public_parent_url,
        told_parents.public_parent_local_authority,
        told_parents.public_parent_region,
        routes.url as route_url,
        beginners.url as began_by_url,
        left_on.spun_out_on,
        left_on.spun_out_precision,
        first_awards.awarded_on as first_contract_on,
        first_awards.buyer_name as first_contract_buyer,
        first_awards.award_key as first_contract_award_key,
        first_awards.match_confidence as first_contract_match,
        first_awards.notice_url as first_contract_url,
        coalesce(told_parents.public_parent_ids, []) as public_parent_ids,
        coalesce(told_parents.public_parent_basis, 'unknown') as public_parent_basis,
        coalesce(told_parents.public_parent_evidence_ids, []) as public_parent_evidence_ids,
        coalesce(routes.value, 'unknown') as route,
        coalesce(routes.basis, 'unknown') as route_basis,
        coalesce(beginners.value, 'unknown') as began_by,
        coalesce(beginners.basis, 'unknown') as began_by_basis
    from published
    left join told_parents on published.org_id = told_parents.org_id
    left join told as routes on published.org_id = routes.org_id and routes.fact = 'route'
    left join told as beginners on published.org_id = beginners.org_id and beginners.fact = 'began_by'
    left join left_on on published.org_id = left_on.org_id
    left join first_awards on published.org_id = first_awards.org_id
)

select
    org_id,
    public_parent,
    public_parent_ids,
    public_parent_basis,
    public_parent_evidence_ids,
    public_parent_url,
    public_parent_local_authority,
    public_parent_region,
    route,
    route_basis,
    route_url,
    began_by,
    began_by_basis,
    began_by_url,
    spun_out_on,
    spun_out_precision,
    first_contract_on,
    first_contract_buyer,
    first_contract_award_key,
    first_contract_match,
    first_contract_url
from final
