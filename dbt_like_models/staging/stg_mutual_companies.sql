-- What: the pairs of society number and company number that the published crosswalk states today.
-- Grain: one row a society and company. Many-to-many: 44 societies have two company numbers, and two
-- company numbers have two societies. A pair that is gone from a later whole crosswalk is no longer
-- stated.
with sequence as (
    select
        source,
        sequence,
        snapshot_id,
        first_published_on,
        last_published_on,
        fetched_at
    from stg_snapshot_sequence
    where source = 'mutual_companies' and is_current
),

pairs as (
    select
        org_name,
        snapshot_id,
        locator,
        normalise_society_number(replace(org_id_a, 'GB-MPR-', '')) as society_number,
        normalise_company_number(replace(org_id_b, 'GB-COH-', '')) as company_number
    from lake.mutual_companies
    where org_id_a like 'GB-MPR-%' and org_id_b like 'GB-COH-%'
),

sightings as (
    select
        pairs.society_number,
        pairs.company_number,
        pairs.org_name,
        pairs.locator,
        sequence.sequence,
        sequence.snapshot_id,
        sequence.first_published_on,
        sequence.last_published_on,
        sequence.fetched_at
    from pairs
    inner join sequence on pairs.snapshot_id = sequence.snapshot_id
    where
        pairs.society_number is not null
        and pairs.company_number is not null
),

final as (
    select
        society_number,
        company_number,
        arg_min(snapshot_id, (sequence, length(locator), locator)) as snapshot_id,
        arg_min(locator, (sequence, length(locator), locator)) as locator,
        arg_max(org_name, (sequence, org_name)) as org_name,
        min(first_published_on) as first_seen_on,
        max(last_published_on) as last_seen_on,
        min(fetched_at) as fetched_at
    from sightings
    group by society_number, company_number
)

select
    'mutual_companies' as source,
    snapshot_id,
    locator,
    first_seen_on as published_on,
    fetched_at,
    snapshot_id as first_snapshot_id,
    first_seen_on,
    last_seen_on,
    society_number,
    company_number,
    org_name,
    society_number || '|' || company_number as record_key
from final
