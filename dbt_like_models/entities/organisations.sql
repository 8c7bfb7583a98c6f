-- What: the published organisations, as known today.
-- Grain: one row an organisation.
-- An address may be a home: no more of its postcode than the outward code, the district and the region is
-- published. The name of an entry that no register identifies is withheld where it may be a person's own.
with published as (
    select
        org_id,
        is_candidate
    from ent_published
),

known as (
    select
        org_id,
        name,
        legal_form,
        legal_form_source,
        registers,
        status,
        status_detail,
        status_source,
        status_as_of,
        registered_on,
        ended_on,
        postcode_district,
        uk_nation,
        register_url,
        first_seen_on,
        last_seen_on
    from ent_organisations
),

sectors as (
    select
        org_id,
        sector,
        basis as sector_basis
    from ent_sectors
),

places as (
    select
        org_id,
        region,
        local_authority
    from ent_places
),

final as (
    select
        known.org_id,
        known.legal_form,
        known.legal_form_source,
        known.registers,
        known.status,
        known.status_detail,
        known.status_source,
        known.status_as_of,
        known.registered_on,
        known.ended_on,
        known.uk_nation,
        known.postcode_district,
        published.is_candidate,
        known.register_url,
        known.first_seen_on,
        known.last_seen_on,
        sectors.sector_basis,
        places.region,
        places.local_authority,
        case
            when known.org_id like 'GB-COOP-%' and looks_like_person(known.name) then '(name withheld)'
            else known.name
        end as name,
        coalesce(sectors.sector, 'unclassified') as sector
    from published
    inner join known on published.org_id = known.org_id
    left join sectors on published.org_id = sectors.org_id
    left join places on published.org_id = places.org_id
)

select
    org_id,
    name,
    legal_form,
    legal_form_source,
    registers,
    status,
    status_detail,
    status_source,
    status_as_of,
    registered_on,
    ended_on,
    sector,
    sector_basis,
    region,
    local_authority,
    uk_nation,
    postcode_district,
    is_candidate,
    register_url,
    first_seen_on,
    last_seen_on
from final
