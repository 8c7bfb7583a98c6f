-- What: the present figures of each organisation and financial year in Co-operatives UK's economic data.
-- Grain: one row a Co-operatives UK organisation id and year end.
-- The publisher repeats a year's figures for years it has none for, so the economic year is no key. Rows
-- whose organisation id reads "N/a" belong to nobody and are reported in data_issues.
with versions as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        valid_from,
        known_from,
        first_snapshot_id,
        first_seen_on,
        last_seen_on
    from stg_record_versions
    where source = 'coops_uk_economic' and is_present
),

figures as (
    select
        snapshot_id,
        locator,
        cuk_organisation_id,
        registered_name,
        turnover,
        profit_before_tax,
        member_funds,
        memberships,
        employees,
        year_end_on
    from lake.coops_uk_economic
),

final as (
    select
        versions.source,
        versions.record_key,
        versions.snapshot_id,
        versions.locator,
        versions.valid_from as published_on,
        versions.known_from as fetched_at,
        versions.first_snapshot_id,
        versions.first_seen_on,
        versions.last_seen_on,
        figures.cuk_organisation_id,
        figures.registered_name,
        figures.turnover,
        figures.profit_before_tax,
        figures.member_funds,
        figures.memberships,
        figures.employees,
        figures.year_end_on
    from versions
    inner join figures
        on versions.snapshot_id = figures.snapshot_id and versions.locator = figures.locator
)

select
    source,
    record_key,
    snapshot_id,
    locator,
    published_on,
    fetched_at,
    first_snapshot_id,
    first_seen_on,
    last_seen_on,
    cuk_organisation_id,
    registered_name,
    turnover,
    profit_before_tax,
    member_funds,
    memberships,
    employees,
    year_end_on
from final
