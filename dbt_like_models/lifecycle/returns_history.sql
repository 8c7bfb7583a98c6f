-- What: the figures of every filing, from when to when each version of it was published, as we knew it from
-- when to when.
-- Grain: one row an organisation, source, record, valid_from and known_from.
-- A filing of accounts never changes: it stands until an amendment for the same date is published. The two
-- parts of a charity's return are two records. A figure that is missing says why in returns_by_source.
with intervals as (
    select
        subject,
        place,
        valid_from::date as valid_from,
        valid_to::date as valid_to,
        known_from,
        known_to
    from his_intervals
    where history_of = 'returns'
),

said as (
    select *
    from his_return_rows
)

select
    said.org_id,
    said.record_key,
    said.period_start_on,
    said.period_end_on,
    said.turnover_gbp,
    said.income_gbp,
    said.expenditure_gbp,
    said.profit_before_tax_gbp,
    said.profit_after_tax_gbp,
    said.net_assets_gbp,
    said.member_funds_gbp,
    said.staff_costs_gbp,
    said.members,
    said.employees,
    said.government_contracts_gbp,
    said.government_grants_gbp,
    said.filed_on,
    intervals.valid_from,
    intervals.valid_to,
    intervals.known_from,
    intervals.known_to,
    said.source,
    said.snapshot_id,
    said.locator,
    said.url
from intervals
inner join said on intervals.subject = said.subject and intervals.place = said.place
