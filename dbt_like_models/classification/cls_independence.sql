-- What: on what each published organisation's independence of public bodies rests, whichever way it is
-- decided.
-- Grain: one row a published organisation.
-- Societies and charitable incorporated organisations file no controllers, so nothing is missing where
-- theirs are not held; how often we find them is reported apart.
with published as (
    select
        ent_published.org_id,
        ent_organisations.legal_form
    from ent_published
    left join ent_organisations on ent_published.org_id = ent_organisations.org_id
),

held as (
    select
        org_id,
        list(distinct source) as sources
    from evidence
    where criterion_id = 'independent-of-parent'
    group by org_id
),

final as (
    select
        published.org_id,
        case
            when list_contains(held.sources, 'companies_house_psc') then 'register of controllers'
            when len(list_filter(held.sources, lambda one: one <> 'known_mutuals')) > 0 then 'other records'
            when held.sources is not null then 'citations'
            when
                published.legal_form in (
                    'registered-society', 'co-operative-society', 'community-benefit-society', 'credit-union',
                    'friendly-society', 'building-society', 'working-mens-club', 'cio', 'scio'
                )
                then 'no register of controllers for its form'
            else 'nothing held'
        end as independence_basis
    from published
    left join held on published.org_id = held.org_id
)

select
    org_id,
    independence_basis
from final
