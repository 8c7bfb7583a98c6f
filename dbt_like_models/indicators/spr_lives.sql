-- What: the days from when to when each organisation was a mutual under each definition, what began and what
-- ended that, and until when we know it.
-- Grain: one row an organisation and definition, of those that are at least possible.
-- An organisation counts on a day that its interval covers. One whose start is not known is in no year: it is
-- counted apart, as undated. An interval that begins with a law begins by the rules; one that begins on the
-- day of a source's first version begins by coverage: before it nobody could have told. settled_to is the day
-- for which its status was last told, less what that source is late. Sector, region and form are today's.
with lives as (
    select
        org_id,
        definition_id,
        verdict,
        basis,
        valid_from,
        valid_to,
        has_ended,
        began_precision
    from classifications
    where verdict in ('mutual', 'probable', 'possible')
),

laws as (
    select
        definition_id,
        in_force_from,
        in_force_to
    from definitions
),

described as (
    select
        organisations.org_id,
        organisations.sector,
        organisations.legal_form,
        organisations.registered_on,
        organisations.status_source,
        coalesce(
            stated_to(organisations.status_as_of),
            stated_to(regexp_extract(organisations.status_as_of, '^[0-9]{4}'))
        ) as told_for,
        coalesce(organisations.region, organisations.uk_nation) as region
    from organisations
),

lags as (
    select
        source,
        lag_p90_days
    from reporting_lags
    where measure = 'end'
),

-- the day on which each source begins here
first_versions as (
    select min(published_on) as begins_on
    from snapshots
    group by source
),

final as (
    select
        lives.org_id,
        lives.definition_id,
        lives.verdict,
        lives.valid_from as entry_on,
        lives.valid_to as exit_on,
        coalesce(lives.began_precision, 'day') as began_precision,
        year(lives.valid_from)::integer as entry_year,
        year(lives.valid_to)::integer as exit_year,
        lives.valid_from is null or (lives.has_ended and lives.valid_to is null) as is_undated,
        case
            when lives.valid_from is null then null
            when lives.basis = 'curated' or lives.valid_from = described.registered_on then 'entry'
            when lives.valid_from = laws.in_force_from then 'rules'
            when lives.valid_from in (select first_versions.begins_on from first_versions) then 'coverage'
            else 'entry'
        end as begun_by,
        case
            when lives.valid_to is null then null
            when lives.basis != 'curated' and lives.valid_to = laws.in_force_to then 'rules'
            else 'exit'
        end as ended_by,
        case
            when lives.valid_to is null then (described.told_for - coalesce(lags.lag_p90_days, 0)::integer)
        end as settled_to,
        coalesce(described.sector, 'unclassified') as sector,
        coalesce(described.region, 'unknown') as region,
        coalesce(described.legal_form, 'unknown') as legal_form
    from lives
    inner join laws on lives.definition_id = laws.definition_id
    left join described on lives.org_id = described.org_id
    left join lags on described.status_source = lags.source
)

select
    org_id,
    definition_id,
    verdict,
    entry_on,
    exit_on,
    began_precision,
    entry_year,
    exit_year,
    is_undated,
    begun_by,
    ended_by,
    settled_to,
    sector,
    region,
    legal_form
from final
