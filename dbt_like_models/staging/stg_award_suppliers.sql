-- What: who won what, over all releases of all sources: a later release that leaves a supplier out takes no
-- award away (notices that change one carry only what changed).
-- Grain: one row a distinct ocid, award id and supplier.
-- Each value is the latest that a release naming the supplier states; where none does, the latest that any
-- release of the process states (a reservation stands in the tender). Snapshot and locator are of the first
-- release, a publisher's own before the registry's compiled one.
with releases as (
    select
        source,
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
        notice_types,
        cpv_codes,
        main_category,
        legal_basis,
        special_regime,
        procurement_method,
        procurement_method_details,
        has_framework,
        has_dynamic_purchasing,
        buyer_id,
        buyer_name,
        reserved_participation,
        contract_start_on,
        contract_end_on,
        place
    from stg_notice_releases
),

award_mentions as (
    select
        source,
        record_key,
        award_key,
        ocid,
        award_id,
        supplier_id,
        supplier_name,
        award,
        party
    from stg_award_mentions
),

contracts as (
    select
        ocid,
        award_id,
        n_contracts,
        amount,
        currency,
        signed_on,
        start_on,
        end_on,
        cpv_codes,
        notice_url
    from stg_award_contracts
),

-- what any release of the process says of it as a whole
processes as (
    select
        ocid,
        arg_max(title, place) as title,
        arg_max(case when len(cpv_codes) > 0 then cpv_codes end, place) as cpv_codes,
        arg_max(main_category, place) as main_category,
        arg_max(legal_basis, place) as legal_basis,
        arg_max(special_regime, place) as special_regime,
        arg_max(procurement_method, place) as procurement_method,
        arg_max(procurement_method_details, place) as procurement_method_details,
        coalesce(bool_or(has_framework), false) or coalesce(bool_or(has_dynamic_purchasing), false)
            as is_framework,
        arg_max(case when len(reserved_participation) > 0 then reserved_participation end, place)
            as reserved_participation,
        arg_max(contract_start_on, place) as contract_start_on,
        arg_max(contract_end_on, place) as contract_end_on
    from releases
    where ocid in (select award_mentions.ocid from award_mentions)
    group by ocid
),

mentions as (
    select
        award_mentions.award_key,
        award_mentions.ocid,
        award_mentions.award_id,
        award_mentions.supplier_id,
        award_mentions.supplier_name,
        award_mentions.award,
        award_mentions.party,
        releases.source,
        releases.snapshot_id,
        releases.locator,
        releases.published_on,
        releases.fetched_at,
        releases.last_seen_on,
        releases.release_id,
        releases.released_at,
        releases.title,
        releases.notice_types,
        releases.procurement_method,
        releases.procurement_method_details,
        releases.buyer_id,
        releases.buyer_name,
        releases.contract_start_on,
        releases.contract_end_on,
        releases.place,
        case when len(releases.cpv_codes) > 0 then releases.cpv_codes end as cpv_codes,
        case when len(releases.reserved_participation) > 0 then releases.reserved_participation end
            as reserved_participation,
        -- the first release, a publisher's own before a compiled one
        (case when releases.source = 'ocp_registry' then 1 else 0 end, releases.place) as citing_place
    from award_mentions
    inner join releases
        on award_mentions.source = releases.source and award_mentions.record_key = releases.record_key
),

collected as (
    select
        award_key,
        ocid,
        award_id,
        supplier_id,
        arg_min(source, citing_place) as source,
        arg_min(snapshot_id, citing_place) as snapshot_id,
        arg_min(locator, citing_place) as locator,
        min(published_on) as published_on,
        min(fetched_at) as fetched_at,
        max(last_seen_on) as last_seen_on,
        min(released_at) as first_released_at,
        count(distinct release_id) as n_releases,
        list_sort(list_distinct(flatten(list(notice_types)))) as notice_types,
        arg_max(supplier_name, place) as supplier_name,
        arg_max(party.scheme, place) as supplier_scheme,
        arg_max(party.identifier, place) as supplier_identifier,
        arg_max(party.additional_identifiers, place) as additional_identifiers,
        arg_max(coalesce(normalise_postcode(party.postal_code), find_postcode(party.street_address)), place)
            as postcode,
        arg_max(party.scale, place) as scale,
        bool_or(party.vcse) as vcse,
        bool_or(party.public_service_mutual) as public_service_mutual,
        case
            when bool_or(party.mutual_declared = 'true') then 'true'
            when bool_or(party.mutual_declared = 'false') then 'false'
            when bool_or(party.mutual_declared = 'null') then 'null'
            when bool_or(party.mutual_declared = 'unreadable') then 'unreadable'
            else 'absent'
        end as mutual_declared,
        arg_max(award.status, place) as award_status,
        arg_max(award.amount, place) as award_amount,
        arg_max(award.currency, place) as award_currency,
        arg_max(award.awarded_on, place) as awarded_on,
        arg_max(coalesce(award.start_on, contract_start_on), place) as start_on,
        arg_max(coalesce(award.end_on, contract_end_on), place) as end_on,
        arg_max(award.notice_url, place) as notice_url,
        arg_max(award.cpv_codes, place) as award_cpv_codes,
        arg_max(title, place) as title,
        arg_max(cpv_codes, place) as cpv_codes,
        arg_max(procurement_method, place) as procurement_method,
        arg_max(procurement_method_details, place) as procurement_method_details,
        arg_max(buyer_id, place) as buyer_id,
        arg_max(buyer_name, place) as buyer_name,
        arg_max(reserved_participation, place) as reserved_participation
    from mentions
    group by award_key, ocid, award_id, supplier_id
),

final as (
    select
        collected.*,
        contracts.n_contracts,
        processes.main_category,
        processes.legal_basis,
        processes.special_regime,
        processes.is_framework,
        coalesce(contracts.amount, collected.award_amount) as amount,
        case when contracts.amount is not null then contracts.currency else collected.award_currency end
            as currency,
        case
            when contracts.amount is not null then 'contract'
            when collected.award_amount is not null then 'award'
        end as amount_basis,
        coalesce(contracts.start_on, collected.start_on, processes.contract_start_on) as first_day_on,
        coalesce(contracts.end_on, collected.end_on, processes.contract_end_on) as last_day_on,
        coalesce(collected.awarded_on, contracts.signed_on) as decided_on,
        coalesce(collected.notice_url, contracts.notice_url) as url,
        coalesce(collected.title, processes.title) as process_title,
        coalesce(
            collected.award_cpv_codes, contracts.cpv_codes, collected.cpv_codes, processes.cpv_codes
        ) as codes,
        coalesce(collected.procurement_method, processes.procurement_method) as method,
        coalesce(collected.procurement_method_details, processes.procurement_method_details)
            as method_details,
        coalesce(collected.reserved_participation, processes.reserved_participation) as reserved,
        case
            when collected.supplier_scheme = 'GB-COH' then collected.supplier_identifier
            when collected.supplier_id like 'GB-COH-%' then replace(collected.supplier_id, 'GB-COH-', '')
            else list_filter(collected.additional_identifiers, lambda one: one.scheme = 'GB-COH')[1].id
        end as stated_company_number,
        count(*) over (partition by collected.ocid, collected.award_id) as n_suppliers
    from collected
    left join processes on collected.ocid = processes.ocid
    left join contracts on collected.ocid = contracts.ocid and collected.award_id = contracts.award_id
)

select
    source,
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
    additional_identifiers,
    stated_company_number,
    postcode,
    scale,
    vcse,
    public_service_mutual,
    mutual_declared,
    award_status,
    amount,
    currency,
    amount_basis,
    n_contracts,
    decided_on as awarded_on,
    first_day_on as start_on,
    last_day_on as end_on,
    url as notice_url,
    notice_types,
    process_title as title,
    codes as cpv_codes,
    main_category,
    legal_basis,
    special_regime,
    method as procurement_method,
    method_details as procurement_method_details,
    is_framework,
    buyer_id,
    buyer_name,
    reserved as reserved_participation,
    n_suppliers,
    first_released_at,
    n_releases,
    award_key as record_key,
    normalise_company_number(stated_company_number) as company_number
from final
