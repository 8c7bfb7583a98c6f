-- What: how many mutuals and probable ones each sector had at the end of each year, in the United Kingdom
-- and, by two meanings of place, in England; and how many of them are of unknown place.
-- Grain: one row a year, definition, territory and sector, of the sectors that had any.
-- An office tells where a body is registered, a parent where its service came from: neither stands in for the
-- other. Of several parents one in England is enough. The unclassified are no sector and left out.
with lives as (
    select
        org_id,
        definition_id,
        sector,
        entry_year,
        exit_year
    from spr_lives
    where not is_undated and sector != 'unclassified' and verdict in ('mutual', 'probable')
),

years as (
    select distinct year
    from sector_spread
),

asked (territory, place) as (
    values
    ('United Kingdom', 'anywhere'),
    ('England', 'registered office'),
    ('England, by public parent', 'public parent')
),

places as (
    select
        org_id,
        meaning,
        bool_or(nation = 'England') as is_english,
        bool_or(nation != 'unknown') as is_known
    from organisation_places
    group by org_id, meaning
),

final as (
    select
        years.year,
        lives.definition_id,
        asked.territory,
        lives.sector,
        count(*) filter (where asked.place = 'anywhere' or places.is_english) as stock,
        count(*) filter (where asked.place != 'anywhere' and not coalesce(places.is_known, false)) as unplaced
    from years
    inner join lives
        on years.year >= lives.entry_year and (lives.exit_year is null or years.year < lives.exit_year)
    cross join asked
    left join places on lives.org_id = places.org_id and asked.place = places.meaning
    group by years.year, lives.definition_id, asked.territory, lives.sector
)

select
    year,
    definition_id,
    territory,
    sector,
    stock,
    unplaced
from final
