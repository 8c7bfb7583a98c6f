-- What: each provider that CQC registers, put together from its locations.
-- Grain: one row a provider. Counts, services and ratings are of the locations that the newest whole
-- directory still lists; a provider of which it lists none has no counts left,
-- keeps its number, and is absent.
-- A rating given under an earlier provider is no result of this one and is not counted.
with locations as (
    select
        source,
        snapshot_id,
        locator,
        published_on,
        fetched_at,
        first_snapshot_id,
        first_seen_on,
        last_seen_on,
        location_id,
        provider_id,
        location_sector,
        is_dormant,
        is_care_home,
        care_home_beds,
        overall_rating,
        rating_rank,
        rating_published_on,
        service_types,
        regulated_activities,
        is_primary,
        provider_name,
        provider_company_number,
        provider_charity_number,
        provider_ownership_type,
        provider_sector,
        provider_started_on,
        provider_postcode,
        provider_region,
        provider_local_authority,
        coalesce(is_absent, false) as is_absent,
        coalesce(is_rating_inherited, false) as is_rating_inherited
    from stg_cqc_active_locations
),

-- what its rows repeat: by the one seen last
described as (
    select *
    from locations
    qualify
        row_number() over (
            partition by provider_id
            order by is_absent asc, last_seen_on desc, location_id asc
        ) = 1
),

seen as (
    select
        provider_id,
        min(first_seen_on) as first_seen_on,
        arg_min(first_snapshot_id, (first_seen_on, first_snapshot_id)) as first_snapshot_id,
        max(last_seen_on) as last_seen_on
    from locations
    group by provider_id
),

listed as (
    select
        provider_id,
        count(*)::integer as locations,
        (count(*) filter (where is_primary))::integer as primary_locations,
        (count(*) filter (where is_dormant))::integer as dormant_locations,
        (count(*) filter (where is_care_home))::integer as care_homes,
        (sum(care_home_beds) filter (where is_primary))::integer as care_home_beds,
        (count(*) filter (where is_rating_inherited and rating_rank is not null))::integer
            as inherited_ratings,
        list_sort(list_distinct(flatten(list(service_types)))) as service_types,
        list_sort(list_distinct(flatten(list(regulated_activities)))) as regulated_activities,
        list_sort(list_distinct(list(location_sector) filter (where location_sector is not null)))
            as location_sectors
    from locations
    where not is_absent
    group by provider_id
),

-- rows of one provider with different numbers: which is its own is not told
numbered as (
    select
        locations.provider_id,
        case
            when count(distinct locations.provider_company_number) = 1
                then min(locations.provider_company_number)
        end as company_number,
        case
            when count(distinct locations.provider_charity_number) = 1
                then min(locations.provider_charity_number)
        end as charity_number,
        count(distinct locations.provider_company_number)::integer as company_numbers
    from locations
    inner join described
        on locations.provider_id = described.provider_id and locations.is_absent = described.is_absent
    group by locations.provider_id
),

ratings as (
    select
        provider_id,
        overall_rating,
        rating_rank,
        count(*) as n,
        max(rating_published_on) as published_on
    from locations
    where not is_absent and not is_rating_inherited and rating_rank is not null
    group by provider_id, overall_rating, rating_rank
),

-- of two that are as common the worse one
rated as (
    select
        provider_id,
        sum(n)::integer as rated_locations,
        arg_min(overall_rating, rating_rank) as worst_rating,
        arg_max(overall_rating, rating_rank) as best_rating,
        arg_min(overall_rating, (-n, rating_rank)) as most_common_rating,
        max(published_on) as last_rated_on
    from ratings
    group by provider_id
),

final as (
    select
        described.source,
        described.provider_id as record_key,
        described.snapshot_id,
        described.locator,
        described.published_on,
        described.fetched_at,
        seen.first_snapshot_id,
        seen.first_seen_on,
        seen.last_seen_on,
        described.is_absent,
        described.provider_id,
        described.provider_name,
        numbered.company_number,
        numbered.company_numbers,
        numbered.charity_number,
        described.provider_ownership_type as ownership_type,
        described.provider_sector as sector,
        described.provider_started_on as started_on,
        described.provider_postcode as postcode,
        described.provider_region as region,
        described.provider_local_authority as local_authority,
        rated.worst_rating,
        rated.best_rating,
        rated.most_common_rating,
        rated.last_rated_on,
        listed.care_home_beds,
        coalesce(listed.location_sectors, []) as location_sectors,
        coalesce(listed.locations, 0) as locations,
        coalesce(listed.primary_locations, 0) as primary_locations,
        coalesce(listed.dormant_locations, 0) as dormant_locations,
        coalesce(listed.care_homes, 0) as care_homes,
        coalesce(rated.rated_locations, 0) as rated_locations,
        coalesce(listed.inherited_ratings, 0) as inherited_ratings,
        coalesce(listed.service_types, []) as service_types,
        coalesce(listed.regulated_activities, []) as regulated_activities
    from described
    inner join seen on described.provider_id = seen.provider_id
    inner join numbered on described.provider_id = numbered.provider_id
    left join listed on described.provider_id = listed.provider_id
    left join rated on described.provider_id = rated.provider_id
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
    provider_id,
    provider_name,
    company_number,
    company_numbers,
    charity_number,
    ownership_type,
    sector,
    location_sectors,
    started_on,
    postcode,
    region,
    local_authority,
    locations,
    primary_locations,
    dormant_locations,
    care_homes,
    care_home_beds,
    rated_locations,
    inherited_ratings,
    worst_rating,
    best_rating,
    most_common_rating,
    last_rated_on,
    service_types,
    regulated_activities
from final
