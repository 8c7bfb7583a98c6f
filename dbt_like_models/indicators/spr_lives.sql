-- What: the years in which each organisation was a mutual under each definition.
-- Grain: one row an organisation and definition, of those that are at least possible.
-- An organisation counts in a year when its interval covers the year's last day. One whose start is not
-- known is in no year: it is counted apart, as undated. Sector, region and form are those of today.
with lives as (
    select
        org_id,
        definition_id,
        verdict,
        valid_from,
        valid_to,
        has_ended
    from classifications
    where verdict in ('mutual', 'probable', 'possible')
),

described as (
    select
        org_id,
        sector,
        region,
        uk_nation,
        legal_form
    from organisations
),

final as (
    select
        lives.org_id,
        lives.definition_id,
        lives.verdict,
        year(lives.valid_from)::integer as entry_year,
        year(lives.valid_to)::integer as exit_year,
        lives.valid_from is null or (lives.has_ended and lives.valid_to is null) as is_undated,
        coalesce(described.sector, 'unclassified') as sector,
        coalesce(described.region, described.uk_nation, 'unknown') as region,
        coalesce(described.legal_form, 'unknown') as legal_form
    from lives
    left join described on lives.org_id = described.org_id
)

select
    org_id,
    definition_id,
    verdict,
    entry_year,
    exit_year,
    is_undated,
    sector,
    region,
    legal_form
from final
