-- What: what charities of England and Wales returned for a financial period: part A with the income from
-- government, and part B, asked above 500,000 pounds only.
-- Grain: one row a source (which tells the part), charity and period. The register shows five years; older
-- periods stay as last seen. A column of the other part is null, as is a question that was not asked: null is
-- no "no". Head count and money of part B are of the charity alone or of its group, as the two flags say.
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
    where source in ('charity_commission_part_a', 'charity_commission_part_b') and is_present
),

records as (
    select
        source,
        snapshot_id,
        locator,
        organisation_number,
        charity_number,
        return_cycle,
        period_start_on,
        period_end_on,
        return_received_on,
        total_gross_income,
        total_gross_expenditure,
        has_government_contracts,
        government_contracts,
        income_from_government_contracts,
        has_government_grants,
        government_grants,
        income_from_government_grants,
        has_trading_subsidiary,
        volunteers,
        income_charitable_activities,
        income_total_income_and_endowments,
        expenditure_total,
        reserves,
        assets_total_assets_and_liabilities,
        assets_cash,
        funds_total,
        employees,
        is_charity_only,
        is_consolidated
    from lake.charity_returns
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
        records.organisation_number,
        records.charity_number,
        records.return_cycle,
        records.period_start_on,
        records.period_end_on,
        records.return_received_on,
        records.total_gross_income,
        records.total_gross_expenditure,
        records.has_government_contracts,
        records.government_contracts,
        records.income_from_government_contracts,
        records.has_government_grants,
        records.government_grants,
        records.income_from_government_grants,
        records.has_trading_subsidiary,
        records.volunteers,
        records.income_charitable_activities,
        records.expenditure_total,
        records.reserves,
        records.funds_total,
        records.employees,
        records.is_charity_only,
        records.is_consolidated,
        records.income_total_income_and_endowments as income_total,
        records.assets_total_assets_and_liabilities as net_assets,
        records.assets_cash as cash
    from versions
    inner join records
        on
            versions.source = records.source
            and versions.snapshot_id = records.snapshot_id
            and versions.locator = records.locator
    -- filed again for one period: what the register still shows counts, then what came last
    qualify
        row_number() over (
            partition by versions.source, records.organisation_number, records.period_end_on
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
    organisation_number,
    charity_number,
    return_cycle,
    period_start_on,
    period_end_on,
    return_received_on,
    total_gross_income,
    total_gross_expenditure,
    has_government_contracts,
    government_contracts,
    income_from_government_contracts,
    has_government_grants,
    government_grants,
    income_from_government_grants,
    has_trading_subsidiary,
    volunteers,
    income_charitable_activities,
    income_total,
    expenditure_total,
    reserves,
    net_assets,
    cash,
    funds_total,
    employees,
    is_charity_only,
    is_consolidated
from final
