-- What: the figures returned for each year, from when to when each version was published.
-- Grain: one row an organisation's entry, period end and valid_from.
with versions as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        valid_from,
        valid_to,
        known_from,
        known_to
    from stg_record_versions
    where source = 'coops_uk_economic'
),

published as (
    select
        record_organisations.org_id,
        record_organisations.record_key
    from ent_record_organisations as record_organisations
    inner join ent_published on record_organisations.org_id = ent_published.org_id
    where
        record_organisations.source in ('coops_uk_organisations', 'coops_uk_economic')
        and record_organisations.confidence = 'exact'
),

final as (
    select
        published.org_id,
        figures.year_end_on as period_end_on,
        figures.turnover as turnover_gbp,
        figures.profit_before_tax as profit_before_tax_gbp,
        figures.member_funds as member_funds_gbp,
        figures.memberships as members,
        figures.employees,
        versions.valid_from,
        versions.valid_to,
        versions.known_from,
        versions.known_to,
        versions.source,
        versions.record_key,
        versions.snapshot_id,
        versions.locator
    from versions
    inner join lake.coops_uk_economic as figures
        on versions.snapshot_id = figures.snapshot_id and versions.locator = figures.locator
    inner join published on figures.cuk_organisation_id = published.record_key
)

select
    org_id,
    record_key,
    period_end_on,
    turnover_gbp,
    profit_before_tax_gbp,
    member_funds_gbp,
    members,
    employees,
    valid_from,
    valid_to,
    known_from,
    known_to,
    source,
    snapshot_id,
    locator
from final
