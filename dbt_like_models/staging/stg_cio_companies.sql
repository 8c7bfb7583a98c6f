-- What: the pairs of company record and charity of charitable incorporated organisations, as stated today.
-- Grain: one row a company record and charity. 95 charities of the list have two company records.
-- The list has the company on side a; both crosswalks of charities have it first here. The kinds must agree:
-- CE is of England and Wales, CS of Scotland. Real: 18 Scottish ones with numbers of England and Wales, which
-- the list's own reading by length explains.
with sequence as (
    select
        source,
        sequence,
        snapshot_id,
        first_published_on,
        last_published_on,
        fetched_at
    from stg_snapshot_sequence
    where source = 'cio_companies' and is_current
),

pairs as (
    select
        snapshot_id,
        locator,
        org_id_b as charity_org_id,
        normalise_company_number(replace(org_id_a, 'GB-COH-', '')) as company_number
    from lake.cio_companies
    where org_id_a like 'GB-COH-%' and relationship = 'sameas'
),

sightings as (
    select
        pairs.company_number,
        pairs.charity_org_id,
        pairs.locator,
        sequence.sequence,
        sequence.snapshot_id,
        sequence.first_published_on,
        sequence.last_published_on,
        sequence.fetched_at
    from pairs
    inner join sequence on pairs.snapshot_id = sequence.snapshot_id
    where
        pairs.company_number is not null
        -- the Scottish register alone registers a Scottish organisation
        and case pairs.company_number[:2]
            when 'CE' then pairs.charity_org_id like 'GB-CHC-%'
            when 'CS' then pairs.charity_org_id like 'GB-SC-%'
            else false
        end
),

final as (
    select
        company_number,
        charity_org_id,
        arg_min(snapshot_id, (sequence, length(locator), locator)) as snapshot_id,
        arg_min(locator, (sequence, length(locator), locator)) as locator,
        min(first_published_on) as first_seen_on,
        max(last_published_on) as last_seen_on,
        min(fetched_at) as fetched_at
    from sightings
    group by company_number, charity_org_id
)

select
    'cio_companies' as source,
    snapshot_id,
    locator,
    first_seen_on as published_on,
    fetched_at,
    snapshot_id as first_snapshot_id,
    first_seen_on,
    last_seen_on,
    company_number,
    charity_org_id,
    'GB-COH-' || company_number as company_org_id,
    identifier_of(charity_org_id) as charity_number,
    'GB-COH-' || company_number || '|' || charity_org_id as record_key
from final
