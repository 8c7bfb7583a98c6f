-- What: every name that a record gives, with the form in which names are compared.
-- Grain: one row a source, record, name type and place in that record.
-- Names come before identity: organisations are joined by them (with postcode) where no identifier is
-- given.
with companies as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        company_name,
        postcode,
        previous_names
    from stg_companies_house_basic
),

previous as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        postcode,
        previous_names,
        unnest(previous_names) as previous_name,
        unnest(range(1, len(previous_names) + 1)) as place
    from companies
    where len(previous_names) > 0
),

names as (
    select
        source,
        record_key,
        'current' as name_type,
        1 as place,
        company_name as name,
        postcode,
        previous_names[1].until as valid_from,
        null::date as valid_to,
        snapshot_id,
        locator
    from companies
    where company_name is not null
    union all
    select
        source,
        record_key,
        'previous' as name_type,
        place::integer,
        previous_name.name,
        postcode,
        -- names are listed newest first: the next one's end is this one's beginning
        previous_names[place + 1].until as valid_from,
        previous_name.until as valid_to,
        snapshot_id,
        locator
    from previous
    union all
    select
        source,
        record_key,
        'current' as name_type,
        1 as place,
        society_name as name,
        postcode,
        null::date as valid_from,
        null::date as valid_to,
        snapshot_id,
        locator
    from stg_fca_societies
    where society_name is not null
    union all
    select
        source,
        record_key,
        'current' as name_type,
        1 as place,
        registered_name as name,
        postcode,
        null::date as valid_from,
        null::date as valid_to,
        snapshot_id,
        locator
    from stg_coops_uk_organisations
    where registered_name is not null
    union all
    select
        source,
        record_key,
        'trading' as name_type,
        1 as place,
        trading_name as name,
        postcode,
        null::date as valid_from,
        null::date as valid_to,
        snapshot_id,
        locator
    from stg_coops_uk_organisations
    where trading_name is not null
    union all
    select
        source,
        record_key,
        'notice' as name_type,
        1 as place,
        supplier_name as name,
        postcode,
        null::date as valid_from,
        null::date as valid_to,
        snapshot_id,
        locator
    from stg_award_suppliers
    where supplier_name is not null
    union all
    select
        source,
        entry_id as record_key,
        'curated' as name_type,
        row_number() over (partition by entry_id order by field = 'other_name', name, record_key)::integer
            as place,
        case when field = 'other_name' then value else name end as name,
        null as postcode,
        null::date as valid_from,
        null::date as valid_to,
        snapshot_id,
        locator
    from stg_known_mutuals
    where field in ('label', 'other_name')
    union all
    -- who is known from payments alone is found by the name that researchers found at its number
    select
        source,
        record_key,
        'payment' as name_type,
        1 as place,
        company_name as name,
        null as postcode,
        null::date as valid_from,
        null::date as valid_to,
        snapshot_id,
        locator
    from stg_nhs_spend
    where match_level = 'found' and company_name is not null
),

final as (
    select
        source,
        record_key,
        name_type,
        place,
        name,
        postcode,
        valid_from,
        valid_to,
        snapshot_id,
        locator,
        normalise_name(name) as name_normalised
    from names
)

select
    source,
    record_key,
    name_type,
    place,
    name,
    name_normalised,
    postcode,
    valid_from,
    valid_to,
    snapshot_id,
    locator
from final
