-- What: when mutuals first entered each sector, and how many did since.
-- Grain: one row a definition and sector, over mutuals and probable ones whose start is dated.
-- The first is the first that we can date: of an undated one nobody can say that it was not earlier, and
-- their number is told beside it.
with lives as (
    select
        spr_lives.*,
        sectors.top_sector
    from spr_lives
    inner join sectors on spr_lives.sector = sectors.sector
    where spr_lives.verdict in ('mutual', 'probable') and spr_lives.sector != 'unclassified'
),

final as (
    select
        definition_id,
        sector,
        top_sector,
        min(entry_on) as first_entry_on,
        arg_min(began_precision, (entry_on, org_id)) filter (where entry_on is not null)
            as first_entry_precision,
        arg_min(org_id, (entry_on, org_id)) filter (where entry_on is not null) as first_org_id,
        arg_min(begun_by, (entry_on, org_id)) filter (where entry_on is not null) as first_begun_by,
        max(entry_on) as last_entry_on,
        count(*) as organisations,
        count(*) filter (where entry_on is null) as undated
    from lives
    group by definition_id, sector, top_sector
)

select
    definition_id,
    sector,
    top_sector,
    first_entry_on,
    first_entry_precision,
    first_org_id,
    first_begun_by,
    last_entry_on,
    organisations,
    undated
from final
