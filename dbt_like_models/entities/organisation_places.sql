-- What: where a published organisation belongs, in three meanings that are kept apart: the public parent that
-- it came from, its registered office, and the buyers that pay it.
-- Grain: one row an organisation, meaning and body; the office has one row, without a body.
-- None stands in for another: an office may be far from the work, a parent long abolished. A council of one
-- district leads to its region; of counties, the NHS and departments the region is unknown. The nation is
-- told by the first letter of an area code, and by the kind of body: primary care trusts, clinical
-- commissioning groups and NHS foundation trusts there were in England alone (NHS Act 2006).
with offices as (
    select
        org_id,
        region,
        local_authority,
        uk_nation
    from organisations
),

parents as (
    select
        org_id,
        parent_id as body_id,
        parent_name as body_name,
        kind as basis,
        url
    from lin_parents
    -- who the register of controllers names controls it; that it came from there is not told
    where kind in ('cited parent', 'transfer')
),

buyers as (
    select
        awards.org_id,
        ent_matches.org_id as body_id,
        awards.buyer_name as body_name,
        count(distinct awards.ocid) as processes,
        max(awards.awarded_on) as last_awarded_on,
        arg_max(awards.notice_url, (awards.awarded_on, awards.award_key)) as url
    from awards
    left join ent_matches
        on
            ent_matches.role = 'buyer'
            and ent_matches.decision = 'match'
            and awards.source = ent_matches.source
            and awards.buyer_name = ent_matches.record_key
    where
        awards.org_id is not null
        and awards.match_confidence = 'exact'
        and awards.duplicate_of is null
        and awards.buyer_name is not null
    group by awards.org_id, ent_matches.org_id, awards.buyer_name
),

-- a body with one area code, and that of a district
bodies as (
    select
        stg_public_bodies.body_id,
        min(stg_local_authorities.lad_name) as local_authority,
        min(stg_local_authorities.region_name) as region
    from stg_public_bodies
    inner join stg_local_authorities on stg_public_bodies.gss_code = stg_local_authorities.lad_code
    group by stg_public_bodies.body_id
    having count(distinct stg_public_bodies.gss_code) = 1
),

body_nations as (
    select
        body_id,
        case min(gss_code[:1])
            when 'E' then 'England'
            when 'W' then 'Wales'
            when 'S' then 'Scotland'
            when 'N' then 'Northern Ireland'
        end as uk_nation
    from stg_public_bodies
    where gss_code is not null
    group by body_id
    having count(distinct gss_code[:1]) = 1
),

told as (
    select
        org_id,
        'registered office' as meaning,
        region,
        local_authority,
        uk_nation,
        case
            when region is not null then 'postcode of the register'
            when uk_nation is not null then 'nation in a register'
            else 'unknown'
        end as basis
    from offices
    union all by name
    select
        parents.org_id,
        'public parent' as meaning,
        parents.body_id,
        parents.body_name,
        bodies.region,
        bodies.local_authority,
        parents.basis,
        parents.url,
        case
            when body_nations.uk_nation is not null then body_nations.uk_nation
            when regexp_matches(parents.body_name, '\b(PCT|Primary Care Trust|NHS FT|NHS Foundation Trust)\b')
                then 'England'
            when regexp_matches(parents.body_name, '\b(CCG|Clinical Commissioning Group)\b') then 'England'
        end as uk_nation
    from parents
    left join bodies on parents.body_id = bodies.body_id
    left join body_nations on parents.body_id = body_nations.body_id
    union all by name
    select
        buyers.org_id,
        'buyer that pays' as meaning,
        buyers.body_id,
        buyers.body_name,
        bodies.region,
        bodies.local_authority,
        'award' as basis,
        buyers.url,
        buyers.processes,
        buyers.last_awarded_on,
        body_nations.uk_nation
    from buyers
    left join bodies on buyers.body_id = bodies.body_id
    left join body_nations on buyers.body_id = body_nations.body_id
),

final as (
    select
        *,
        case
            when region in ('Wales', 'Scotland', 'Northern Ireland') then region
            when region is not null then 'England'
            when uk_nation in ('England', 'Wales', 'Scotland', 'Northern Ireland') then uk_nation
            else 'unknown'
        end as nation
    from told
    -- two records may name one parent; the one that says most of where, then the first in order
    qualify
        row_number() over (
            partition by org_id, meaning, coalesce(body_id, ''), coalesce(body_name, '')
            order by basis asc, url asc nulls last
        ) = 1
)

select
    org_id,
    meaning,
    body_id,
    body_name,
    local_authority,
    nation,
    basis,
    processes,
    last_awarded_on,
    url,
    coalesce(region, 'unknown') as region,
    concat_ws('|', org_id, meaning, body_id, body_name) as place_key
from final
