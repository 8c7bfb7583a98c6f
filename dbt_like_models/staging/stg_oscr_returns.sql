-- What: what Scottish charities returned for a financial year, with staff since March 2026.
-- Grain: one row a charity and year end. The register shows five years; older ones stay as last seen.
-- Null staff is not none: older files did not publish it.
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
        last_seen_on,
        is_absent
    from stg_record_versions
    where source = 'oscr_returns' and is_present
),

records as (
    select
        snapshot_id,
        locator,
        charity_number,
        period_end_on,
        return_received_on,
        income,
        expenditure,
        income_donations_and_legacies,
        income_charitable_activities,
        income_other_trading,
        income_investments,
        income_other,
        employees
    from lake.oscr_returns
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
        versions.is_absent,
        records.charity_number,
        records.period_end_on,
        records.return_received_on,
        records.income,
        records.expenditure,
        records.employees,
        case
            when
                records.income > 0
                and coalesce(records.income_donations_and_legacies, 0) = 0
                and coalesce(records.income_charitable_activities, 0) = 0
                and coalesce(records.income_other_trading, 0) = 0
                and coalesce(records.income_investments, 0) = 0
                and coalesce(records.income_other, 0) = 0
                then null
            else records.income_charitable_activities
        end as income_charitable_activities
    from versions
    inner join records
        on versions.snapshot_id = records.snapshot_id and versions.locator = records.locator
    -- filed again for one period: what the register still shows counts, then what came last
    qualify
        row_number() over (
            partition by records.charity_number, records.period_end_on
            order by
                coalesce(versions.is_absent, false) asc,
                records.return_received_on desc nulls last,
                versions.valid_from desc,
                versions.snapshot_id desc,
                versions.record_key asc
        ) = 1
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
    is_absent,
    charity_number,
    period_end_on,
    return_received_on,
    income,
    expenditure,
    income_charitable_activities,
    employees
from final
