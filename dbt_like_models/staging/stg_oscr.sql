-- What: the present record of each Scottish charity, on the register or gone from it.
-- Grain: one row a charity number. Two downloads tell of one charity: the list of those that have left counts
-- when the register no longer has it, or was last seen to have it before it left.
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
    where source in ('oscr', 'oscr_former') and is_present
),

records as (
    select
        'oscr' as source,
        snapshot_id,
        locator,
        charity_name,
        registered_on,
        known_as,
        charity_status,
        postcode,
        constitutional_form,
        geographical_spread,
        main_operating_location,
        website,
        parent_charity_number,
        regulatory_type,
        period_end_on,
        income,
        expenditure,
        null::date as ceased_on
    from lake.oscr
    union all
    select
        'oscr_former' as source,
        snapshot_id,
        locator,
        charity_name,
        registered_on,
        known_as,
        charity_status,
        postcode,
        constitutional_form,
        geographical_spread,
        main_operating_location,
        website,
        parent_charity_number,
        regulatory_type,
        period_end_on,
        income,
        expenditure,
        ceased_on
    from lake.oscr_former
),

registered as (
    select
        record_key,
        last_seen_on,
        is_absent
    from versions
    where source = 'oscr'
),

told as (
    select
        versions.*,
        records.* exclude (source, snapshot_id, locator)
    from versions
    inner join records
        on
            versions.source = records.source
            and versions.snapshot_id = records.snapshot_id
            and versions.locator = records.locator
    left join registered on versions.record_key = registered.record_key
    qualify
        row_number() over (
            partition by versions.record_key
            order by
                case
                    when versions.source = 'oscr' then 2
                    when
                        registered.record_key is null
                        or registered.is_absent
                        or records.ceased_on > registered.last_seen_on
                        then 1
                    else 3
                end
        ) = 1
),

final as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        valid_from as published_on,
        known_from as fetched_at,
        first_snapshot_id,
        first_seen_on,
        last_seen_on,
        is_absent,
        record_key as charity_number,
        charity_name,
        known_as,
        charity_status,
        registered_on,
        ceased_on,
        constitutional_form,
        geographical_spread,
        main_operating_location,
        website,
        parent_charity_number,
        regulatory_type,
        period_end_on as latest_period_end_on,
        income as latest_income,
        expenditure as latest_expenditure,
        case
            when source = 'oscr_former' then 'ended'
            when lower(charity_status) = 'active' then 'active'
            when lower(charity_status) = 'removed' then 'ended'
            else 'unknown'
        end as status,
        case
            when constitutional_form ilike 'scio%' then 'scio'
            when constitutional_form ilike 'company%' then 'company'
        end as legal_form,
        normalise_postcode(postcode) as postcode
    from told
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
    charity_name,
    known_as,
    charity_status,
    status,
    registered_on,
    ceased_on,
    constitutional_form,
    legal_form,
    postcode,
    geographical_spread,
    main_operating_location,
    website,
    parent_charity_number,
    regulatory_type,
    latest_period_end_on,
    latest_income,
    latest_expenditure
from final
