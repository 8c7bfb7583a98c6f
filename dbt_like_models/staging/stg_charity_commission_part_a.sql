-- What: what charities of England and Wales returned for a financial period, part A: income from government.
-- Grain: one row a charity and period. The register shows five years; older periods stay as last seen.
-- Null is no "no": the questions belong to recent cycles and larger charities.
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
    where source = 'charity_commission_part_a' and is_present
),

records as (
    select
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
        volunteers
    from lake.charity_commission_part_a
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
        records.volunteers
    from versions
    inner join records
        on versions.snapshot_id = records.snapshot_id and versions.locator = records.locator
    -- filed again for one period: what the register still shows counts, then what came last
    qualify
        row_number() over (
            partition by records.organisation_number, records.period_end_on
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
    volunteers
from final
