-- What: the sectors in which each published organisation works: one primary, others secondary, with evidence.
-- Grain: one row an organisation and sector.
-- Primary sectors add up to the organisations; secondary ones do not, and no count uses them.
with told as (
    select
        org_id,
        sector,
        basis,
        evidence,
        records,
        place
    from sec_ranked
),

published as (
    select org_id
    from ent_published
),

final as (
    select
        published.org_id,
        told.basis,
        told.evidence,
        coalesce(told.sector, 'unclassified') as sector,
        coalesce(told.place, 1) = 1 as is_primary,
        coalesce(told.place, 1) as place,
        coalesce(told.records, 0) as records
    from published
    left join told on published.org_id = told.org_id
)

select
    final.org_id,
    final.sector,
    sectors.top_sector,
    final.is_primary,
    final.place,
    final.basis,
    final.evidence,
    final.records
from final
inner join sectors on final.sector = sectors.sector
