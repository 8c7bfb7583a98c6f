-- What: the pairs of company and charity that the list made from names states today, the company first.
-- Grain: one row a company and charity. Many-to-many: 25 companies of the list have two charities.
-- A pair was made by name: it ranks below a number that a register gives. One that is gone from a later
-- whole list is no longer stated.
with sequence as (
    select
        source,
        sequence,
        snapshot_id,
        first_published_on,
        last_published_on,
        fetched_at
    from stg_snapshot_sequence
    where source = 'charity_companies' and is_current
),

pairs as (
    select
        org_name,
        snapshot_id,
        locator,
        org_id_a as charity_org_id,
        normalise_company_number(replace(org_id_b, 'GB-COH-', '')) as company_number
    from lake.charity_companies
    where org_id_b like 'GB-COH-%' and relationship = 'sameas'
),

sightings as (
    select
        pairs.company_number,
        pairs.charity_org_id,
        pairs.org_name,
        pairs.locator,
        sequence.sequence,
        sequence.snapshot_id,
        sequence.first_published_on,
        sequence.last_published_on,
        sequence.fetched_at
    from pairs
    inner join sequence on pairs.snapshot_id = sequence.snapshot_id
    where pairs.company_number is not null
),

final as (
    select
        company_number,
        charity_org_id,
        arg_min(snapshot_id, (sequence, length(locator), locator)) as snapshot_id,
        arg_min(locator, (sequence, length(locator), locator)) as locator,
        arg_max(org_name, (sequence, org_name)) as org_name,
        min(first_published_on) as first_seen_on,
        max(last_published_on) as last_seen_on,
        min(fetched_at) as fetched_at
    from sightings
    group by company_number, charity_org_id
)

select
    'charity_companies' as source,
    snapshot_id,
    locator,
    first_seen_on as published_on,
    fetched_at,
    snapshot_id as first_snapshot_id,
    first_seen_on,
    last_seen_on,
    company_number,
    charity_org_id,
    org_name,
    'GB-COH-' || company_number as company_org_id,
    identifier_of(charity_org_id) as charity_number,
    'GB-COH-' || company_number || '|' || charity_org_id as record_key
from final
