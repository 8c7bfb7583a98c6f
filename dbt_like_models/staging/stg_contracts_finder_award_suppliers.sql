-- What: who won what, over all releases of Contracts Finder: a later release that leaves a supplier out
-- takes no award away (notices that change one carry only what changed).
-- Grain: one row a distinct ocid, award id and supplier id.
-- Each value is the latest that a release states; snapshot_id and locator are of the first release.
with releases as (
    select
        record_key,
        snapshot_id,
        locator,
        published_on,
        fetched_at,
        last_seen_on,
        ocid,
        release_id,
        released_at,
        title,
        cpv_codes,
        procurement_method,
        procurement_method_details,
        buyer_id,
        buyer_name,
        reserved_participation,
        contract_start_on,
        contract_end_on,
        parties,
        awards
    from stg_contracts_finder_releases
),

awards as (
    select
        record_key,
        ocid,
        unnest(awards) as award
    from releases
    where len(awards) > 0
),

suppliers as (
    select
        record_key,
        ocid,
        award,
        unnest(award.suppliers) as supplier
    from awards
    where len(award.suppliers) > 0
),

parties as (
    select
        record_key,
        unnest(parties) as party
    from releases
    where len(awards) > 0
),

-- a party may be listed twice in one release (real: GB-COH-03794455)
supplier_parties as (
    select
        record_key,
        party.id as party_id,
        max(party) as party
    from parties
    where list_contains(party.roles, 'supplier')
    group by record_key, party.id
),

mentions as (
    select
        suppliers.ocid,
        suppliers.award,
        suppliers.supplier,
        supplier_parties.party,
        releases.snapshot_id,
        releases.locator,
        releases.published_on,
        releases.fetched_at,
        releases.last_seen_on,
        releases.release_id,
        releases.released_at,
        releases.title,
        releases.cpv_codes,
        releases.procurement_method,
        releases.procurement_method_details,
        releases.buyer_id,
        releases.buyer_name,
        releases.reserved_participation,
        releases.contract_start_on,
        releases.contract_end_on,
        coalesce(suppliers.award.id, suppliers.ocid) as award_id,
        coalesce(suppliers.supplier.id, 'name:' || normalise_name(suppliers.supplier.name)) as supplier_id,
        row_number() over (order by releases.released_at, releases.release_id, releases.record_key) as place
    from suppliers
    inner join releases on suppliers.record_key = releases.record_key
    left join supplier_parties
        on
            suppliers.record_key = supplier_parties.record_key
            and suppliers.supplier.id = supplier_parties.party_id
),

collected as (
    select
        ocid,
        award_id,
        supplier_id,
        arg_min(snapshot_id, place) as snapshot_id,
        arg_min(locator, place) as locator,
        min(published_on) as published_on,
        min(fetched_at) as fetched_at,
        max(last_seen_on) as last_seen_on,
        min(released_at) as first_released_at,
        count(distinct release_id) as n_releases,
        arg_max(coalesce(supplier.name, party.name), place) as supplier_name,
        arg_max(party.scheme, place) as supplier_scheme,
        arg_max(party.identifier, place) as supplier_identifier,
        arg_max(coalesce(normalise_postcode(party.postal_code), find_postcode(party.street_address)), place)
            as postcode,
        arg_max(party.scale, place) as scale,
        bool_or(party.vcse) as vcse,
        bool_or(party.public_service_mutual) as public_service_mutual,
        arg_max(award.status, place) as award_status,
        arg_max(award.amount, place) as amount,
        arg_max(award.currency, place) as currency,
        arg_max(award.awarded_on, place) as awarded_on,
        arg_max(coalesce(award.start_on, contract_start_on), place) as start_on,
        arg_max(coalesce(award.end_on, contract_end_on), place) as end_on,
        arg_max(award.notice_url, place) as notice_url,
        arg_max(title, place) as title,
        arg_max(case when len(cpv_codes) > 0 then cpv_codes end, place) as cpv_codes,
        arg_max(procurement_method, place) as procurement_method,
        arg_max(procurement_method_details, place) as procurement_method_details,
        arg_max(buyer_id, place) as buyer_id,
        arg_max(buyer_name, place) as buyer_name,
        arg_max(case when len(reserved_participation) > 0 then reserved_participation end, place)
            as reserved_participation
    from mentions
    where supplier_id is not null
    group by ocid, award_id, supplier_id
),

final as (
    select
        *,
        case
            when supplier_scheme = 'GB-COH' then supplier_identifier
            when supplier_id like 'GB-COH-%' then replace(supplier_id, 'GB-COH-', '')
        end as stated_company_number,
        count(*) over (partition by ocid, award_id) as n_suppliers
    from collected
)

select
    'contracts_finder' as source,
    snapshot_id,
    locator,
    published_on,
    fetched_at,
    snapshot_id as first_snapshot_id,
    published_on as first_seen_on,
    last_seen_on,
    ocid,
    award_id,
    supplier_id,
    supplier_name,
    supplier_scheme,
    supplier_identifier,
    stated_company_number,
    postcode,
    scale,
    vcse,
    public_service_mutual,
    award_status,
    amount,
    currency,
    awarded_on,
    start_on,
    end_on,
    notice_url,
    title,
    cpv_codes,
    procurement_method,
    procurement_method_details,
    buyer_id,
    buyer_name,
    reserved_participation,
    n_suppliers,
    first_released_at,
    n_releases,
    ocid || '|' || award_id || '|' || supplier_id as record_key,
    normalise_company_number(stated_company_number) as company_number
from final
