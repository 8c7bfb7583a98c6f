-- What: from when to when each published record stood unchanged, over all snapshots of its source.
-- Grain: one row a source, record and version (equal neighbours are one version).
-- Only the columns that a model reads make a version: a due date that moves every year is no new fact.
-- A record that is not in a later snapshot keeps its last version: a vanished row is not a change; where
-- that snapshot was whole, is_absent says so. known_to is when a later version was first received.
with sequence as (
    select
        source,
        sequence,
        snapshot_id,
        first_published_on,
        last_published_on,
        fetched_at,
        is_whole
    from stg_snapshot_sequence
),

records as (
    select
        'fca_societies' as source,
        coalesce(
            normalise_society_number(full_registration_number), squeeze(full_registration_number)
        ) as record_key,
        snapshot_id,
        locator,
        hash(
            full_registration_number, society_name, registered_as, society_address, registered_on,
            deregistered_on, registration_act, sic_code, reporting_classification, society_status
        ) as version
    from lake.fca_societies
    union all
    select
        'companies_house_basic' as source,
        company_number as record_key,
        snapshot_id,
        locator,
        hash(
            company_name, company_category, company_status, country_of_origin, dissolved_on,
            incorporated_on, postcode, sic_1, sic_2, sic_3, sic_4, previous_name_1, previous_name_1_until
        ) as version
    from lake.companies_house_basic
    union all
    select
        'coops_uk_organisations' as source,
        cuk_organisation_id as record_key,
        snapshot_id,
        locator,
        hash(
            registered_number, registrar, registered_name, trading_name, legal_form, registered_postcode,
            uk_nation, sic_code, sic_section, sector_simplified, fca_reporting_classification,
            ownership_classification, registered_status, incorporated_on, dissolved_on
        ) as version
    from lake.coops_uk_organisations
    union all
    select
        'coops_uk_economic' as source,
        cuk_organisation_id || '|' || year_end_on as record_key,
        snapshot_id,
        locator,
        hash(
            registered_name, turnover, profit_before_tax, member_funds, memberships, employees
        ) as version
    from lake.coops_uk_economic
    where cuk_organisation_id != 'N/a'
    union all
    select
        'companies_house_psc' as source,
        company_number || '|' || record_id as record_key,
        snapshot_id,
        locator,
        hash(
            kind, name, is_name_withheld, legal_form, legal_authority, country_registered,
            place_registered, registration_number, natures_of_control, notified_on, ceased_on, is_ceased
        ) as version
    from lake.companies_house_psc
    union all
    select
        'companies_house_psc' as source,
        concat_ws('|', company_number, coalesce(record_id, concat_ws('|', kind, statement, notified_on)))
            as record_key,
        snapshot_id,
        locator,
        hash(kind, statement, notified_on, ceased_on) as version
    from lake.companies_house_psc_statements
    union all
    select
        'companies_house_psc' as source,
        company_number || '|individuals' as record_key,
        snapshot_id,
        locator,
        hash(individuals, active, active_over_half, active_appointing, active_as_trust) as version
    from lake.companies_house_psc_individuals
    union all
    select
        'companies_house_profile' as source,
        company_number as record_key,
        snapshot_id,
        locator,
        hash(
            is_known, company_name, company_status, company_status_detail, company_type, company_subtype,
            is_community_interest_company, incorporated_on, ceased_on, jurisdiction, sic_codes,
            previous_names, postcode, accounts_made_up_to, accounts_type, is_accounts_overdue,
            confirmation_made_up_to, is_confirmation_overdue, has_been_liquidated, has_insolvency_history,
            has_super_secure_pscs, is_office_disputed, other_register_number, partial_data
        ) as version
    from lake.companies_house_profile
    union all
    select
        'companies_house_search' as source,
        company_number as record_key,
        snapshot_id,
        locator,
        hash(
            company_name, company_status, company_type, company_subtype, dissolved_on, incorporated_on,
            removed_on, registered_on, sic_codes
        ) as version
    from lake.companies_house_search
    union all
    select
        'fca_society_pages' as source,
        society_number as record_key,
        snapshot_id,
        locator,
        hash(
            is_known, society_id, society_name, society_status, registered_as, registered_on,
            registration_act, deregistered_on, year_end, documents
        ) as version
    from lake.fca_society_pages
    union all
    select
        'fca_society_pages' as source,
        society_number || '|' || document_id as record_key,
        snapshot_id,
        locator,
        hash(filed_on, file_name, is_file_name_withheld, category, category_detail, document_kind) as version
    from lake.fca_society_documents
    union all
    select
        'contracts_finder' as source,
        ocid || '|' || release_id as record_key,
        snapshot_id,
        locator,
        hash(
            released_at, tags, notice_types, notice_ids, title, cpv_codes, main_category, legal_basis,
            special_regime, procurement_method, procurement_method_details, has_framework,
            has_dynamic_purchasing, buyer_id, buyer_name, reserved_participation, contract_start_on,
            contract_end_on, lots, parties, awards, contracts
        ) as version
    from lake.contracts_finder
    union all
    select
        'find_a_tender' as source,
        ocid || '|' || release_id as record_key,
        snapshot_id,
        locator,
        hash(
            released_at, tags, notice_types, notice_ids, title, cpv_codes, main_category, legal_basis,
            special_regime, procurement_method, procurement_method_details, has_framework,
            has_dynamic_purchasing, buyer_id, buyer_name, reserved_participation, contract_start_on,
            contract_end_on, lots, parties, awards, contracts
        ) as version
    from lake.find_a_tender
    union all
    select
        'ocp_registry' as source,
        ocid || '|' || release_id as record_key,
        snapshot_id,
        locator,
        hash(
            released_at, tags, notice_types, notice_ids, title, cpv_codes, main_category, legal_basis,
            special_regime, procurement_method, procurement_method_details, has_framework,
            has_dynamic_purchasing, buyer_id, buyer_name, reserved_participation, contract_start_on,
            contract_end_on, lots, parties, awards, contracts
        ) as version
    from lake.ocp_registry
    union all
    select
        'public_contracts_scotland' as source,
        ocid || '|' || release_id as record_key,
        snapshot_id,
        locator,
        hash(
            released_at, tags, notice_types, notice_ids, title, cpv_codes, main_category, legal_basis,
            special_regime, procurement_method, procurement_method_details, has_framework,
            has_dynamic_purchasing, buyer_id, buyer_name, reserved_participation, contract_start_on,
            contract_end_on, lots, parties, awards, contracts
        ) as version
    from lake.public_contracts_scotland
    union all
    select
        'sell2wales' as source,
        ocid || '|' || release_id as record_key,
        snapshot_id,
        locator,
        hash(
            released_at, tags, notice_types, notice_ids, title, cpv_codes, main_category, legal_basis,
            special_regime, procurement_method, procurement_method_details, has_framework,
            has_dynamic_purchasing, buyer_id, buyer_name, reserved_participation, contract_start_on,
            contract_end_on, lots, parties, awards, contracts
        ) as version
    from lake.sell2wales
    union all
    select
        'charity_commission' as source,
        charity_number as record_key,
        snapshot_id,
        locator,
        hash(
            organisation_number, charity_name, charity_type, registration_status, registered_on,
            removed_on, reporting_status, latest_period_end_on, latest_income, latest_expenditure,
            postcode, website, company_number, is_insolvent, is_in_administration, is_cio
        ) as version
    from lake.charity_commission
    where linked_charity_number = 0
    union all
    select
        'charity_commission_part_a' as source,
        organisation_number || '|' || period_end_on
        || '|' || coalesce(return_received_on::varchar, '') as record_key,
        snapshot_id,
        locator,
        hash(
            charity_number, return_cycle, period_start_on, total_gross_income, total_gross_expenditure,
            has_government_contracts, government_contracts, income_from_government_contracts,
            has_government_grants, government_grants, income_from_government_grants,
            has_trading_subsidiary, volunteers
        ) as version
    from lake.charity_commission_part_a
    union all
    select
        'charity_commission_part_b' as source,
        organisation_number || '|' || period_end_on
        || '|' || coalesce(return_received_on::varchar, '') as record_key,
        snapshot_id,
        locator,
        hash(
            charity_number, return_cycle, period_start_on, income_charitable_activities,
            income_total_income_and_endowments, expenditure_total, reserves,
            assets_total_assets_and_liabilities, assets_cash, funds_total, employees, is_charity_only,
            is_consolidated
        ) as version
    from lake.charity_commission_part_b
    union all
    select
        'charity_commission_events' as source,
        charity_number || '|' || event_order as record_key,
        snapshot_id,
        locator,
        hash(
            event_type, event_on, reason, other_charity_number, other_charity_name
        ) as version
    from lake.charity_commission_events
    where linked_charity_number = 0
    union all
    select
        'charity_commission_other_names' as source,
        charity_number || '|' || coalesce(name_id, name) as record_key,
        snapshot_id,
        locator,
        hash(
            name, name_type
        ) as version
    from lake.charity_commission_other_names
    where linked_charity_number = 0
    union all
    select
        'oscr' as source,
        charity_number as record_key,
        snapshot_id,
        locator,
        hash(
            charity_name, registered_on, known_as, charity_status, postcode, constitutional_form,
            geographical_spread, main_operating_location, website, parent_charity_number,
            regulatory_type, period_end_on, income, expenditure
        ) as version
    from lake.oscr
    union all
    select
        'oscr_former' as source,
        charity_number as record_key,
        snapshot_id,
        locator,
        hash(
            charity_name, registered_on, known_as, charity_status, postcode, constitutional_form,
            geographical_spread, main_operating_location, website, parent_charity_number,
            regulatory_type, period_end_on, income, expenditure, ceased_on
        ) as version
    from lake.oscr_former
    union all
    select
        'oscr_returns' as source,
        charity_number || '|' || period_end_on
        || '|' || coalesce(return_received_on::varchar, '') as record_key,
        snapshot_id,
        locator,
        hash(
            income, expenditure, income_donations_and_legacies, income_charitable_activities,
            income_other_trading, income_investments, income_other, employees
        ) as version
    from lake.oscr_returns
    union all
    select
        'cqc_active_locations' as source,
        location_id as record_key,
        snapshot_id,
        locator,
        hash(
            provider_id, location_name, location_ods_code, location_sector, inspection_category,
            location_started_on, is_dormant, is_care_home, care_home_beds, overall_rating,
            rating_published_on, is_rating_inherited, location_region, location_local_authority,
            location_postcode, brand_id, brand_name, service_types, regulated_activities,
            service_user_bands, dual_primary_id, provider_name, provider_company_number,
            provider_charity_number, provider_ownership_type, provider_sector, provider_started_on,
            provider_postcode, provider_region, provider_local_authority
        ) as version
    from lake.cqc_active_locations
    union all
    select
        'ods_organisations' as source,
        coalesce(report, '') || '|' || organisation_code as record_key,
        snapshot_id,
        locator,
        hash(
            name, health_geography, town, postcode, opened_on, closed_on, sub_type_code, parent_code,
            left_parent_on
        ) as version
    from lake.ods_organisations
    union all
    select
        'registered_providers' as source,
        registration_number as record_key,
        snapshot_id,
        locator,
        hash(
            provider_name, registered_on, designation, corporate_form
        ) as version
    from lake.registered_providers
    union all
    select
        'public_bodies' as source,
        body_id || '|' || name as record_key,
        snapshot_id,
        locator,
        hash(
            kind, gss_code, ods_code, started_on, ended_on, source_url, source_note
        ) as version
    from lake.public_bodies
    union all
    select
        'local_authorities' as source,
        lad_code as record_key,
        snapshot_id,
        locator,
        hash(
            lad_name, region_code, region_name
        ) as version
    from lake.local_authorities
),

sightings as (
    select
        records.source,
        records.record_key,
        sequence.sequence,
        sequence.snapshot_id,
        records.locator,
        records.version,
        sequence.first_published_on,
        sequence.last_published_on,
        sequence.fetched_at
    from records
    inner join sequence
        on records.source = sequence.source and records.snapshot_id = sequence.snapshot_id
    where records.record_key is not null
),

-- nearly all records never change, and need none of the ordering that costs time with millions of them;
-- a place sorts as text by sequence, then by the number in the locator
seen as (
    select
        source,
        record_key,
        version,
        min(lpad(sequence::varchar, 8, '0') || lpad(length(locator)::varchar, 4, '0') || locator)
            as first_place,
        min(sequence) as first_sequence,
        max(sequence) as last_sequence,
        min(first_published_on) as valid_from,
        max(last_published_on) as last_seen_on,
        min(fetched_at) as known_from
    from sightings
    group by source, record_key, version
),

changing as (
    select
        source,
        record_key
    from seen
    group by source, record_key
    having count(*) > 1
),

constant as (
    select
        seen.source,
        seen.record_key,
        1 as version_number,
        sequence.snapshot_id,
        seen.last_sequence,
        seen.valid_from,
        seen.last_seen_on,
        seen.known_from,
        seen.first_place[13:] as locator
    from seen
    inner join sequence on seen.source = sequence.source and seen.first_sequence = sequence.sequence
    left join changing on seen.source = changing.source and seen.record_key = changing.record_key
    where changing.record_key is null
),

-- a record published twice in one snapshot: its first place counts, and data_issues says so;
-- two snapshots of one date: the later in the sequence counts
distinct_sightings as (
    select sightings.*
    from sightings
    inner join changing
        on sightings.source = changing.source and sightings.record_key = changing.record_key
    qualify row_number() over (
        partition by sightings.source, sightings.record_key, sightings.first_published_on
        order by sightings.sequence desc, length(sightings.locator), sightings.locator asc
    ) = 1
),

marked as (
    select
        *,
        coalesce(version != lag(version) over (partition by source, record_key order by sequence), true)
            as is_new
    from distinct_sightings
),

numbered as (
    select
        *,
        sum(is_new::integer) over (
            partition by source, record_key order by sequence
            rows between unbounded preceding and current row
        )::integer as version_number
    from marked
),

versions as (
    select
        source,
        record_key,
        version_number,
        arg_min(snapshot_id, sequence) as snapshot_id,
        arg_min(locator, sequence) as locator,
        max(sequence) as last_sequence,
        min(first_published_on) as valid_from,
        max(last_published_on) as last_seen_on,
        min(fetched_at) as known_from
    from numbered
    group by source, record_key, version_number
),

last_whole as (
    select
        source,
        max(sequence) as sequence
    from sequence
    where is_whole
    group by source
),

changed as (
    select
        *,
        lead(valid_from) over in_order as valid_to,
        min(known_from) over (
            partition by source, record_key order by version_number
            rows between 1 following and unbounded following
        ) as later_known_from,
        first_value(snapshot_id) over in_order as first_snapshot_id,
        first_value(valid_from) over in_order as first_seen_on
    from versions
    window in_order as (partition by source, record_key order by version_number)
),

related as (
    select
        source,
        record_key,
        version_number,
        snapshot_id,
        locator,
        last_sequence,
        valid_from,
        valid_to,
        known_from,
        greatest(known_from, later_known_from) as known_to,
        first_snapshot_id,
        first_seen_on,
        last_seen_on
    from changed
    union all
    select
        source,
        record_key,
        version_number,
        snapshot_id,
        locator,
        last_sequence,
        valid_from,
        null as valid_to,
        known_from,
        null as known_to,
        snapshot_id as first_snapshot_id,
        valid_from as first_seen_on,
        last_seen_on
    from constant
),

final as (
    select
        related.source,
        related.record_key,
        related.version_number,
        related.snapshot_id,
        related.locator,
        related.valid_from,
        related.valid_to,
        related.known_from,
        related.first_snapshot_id,
        related.first_seen_on,
        related.last_seen_on,
        related.valid_to is null as is_present,
        case when related.valid_to is not null then related.known_to end as known_to,
        related.valid_to is null and related.last_sequence < coalesce(last_whole.sequence, 0) as is_absent
    from related
    left join last_whole on related.source = last_whole.source
)

select
    source,
    record_key,
    version_number,
    is_present,
    snapshot_id,
    locator,
    valid_from,
    valid_to,
    known_from,
    known_to,
    first_snapshot_id,
    first_seen_on,
    last_seen_on,
    is_absent
from final
