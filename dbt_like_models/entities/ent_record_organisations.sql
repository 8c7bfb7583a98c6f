-- What: which organisation each record is about, and how that is known.
-- Grain: one row a source and record. A record that cannot be told apart (an award to a supplier without a
-- usable number, whose name is nobody's or several's) has no row. Identifier first: company and society
-- numbers, else one that a register or a notice shows beside them; then what ent_matches decided by name or
-- judgement; last an identifier that leads to no other register.
-- may_carry_adverse is decided here, once: an adverse statement (insolvent, overdue, controlled by a council,
-- contract lost, declaration unsupported) rests on an identifier or on a recorded judgement, never on a name.
with crosswalk as (
    select
        company_number,
        society_number
    from ent_crosswalk
),

curated as (
    select
        source,
        entry_id as record_key,
        -- two different numbers in one entry would be a fault of the list; the smaller is taken, always
        min(normalise_society_number(value)) filter (where field = 'society_number') as society_number,
        min(normalise_company_number(value)) filter (where field = 'company_number') as company_number
    from stg_known_mutuals
    group by source, entry_id
),

leads as (
    select
        source,
        record_key,
        led_id,
        own_id
    from ent_identifier_leads
),

supplier_societies as (
    select
        source,
        record_key,
        min(identifier) as society_number
    from stg_supplier_identifiers
    where scheme = 'GB-MPR'
    group by source, record_key
    having count(*) = 1
),

economic as (
    select distinct
        figures.source,
        figures.cuk_organisation_id as record_key
    from stg_coops_uk_economic as figures
    left join stg_coops_uk_organisations as organisations
        on figures.cuk_organisation_id = organisations.cuk_organisation_id
    where organisations.cuk_organisation_id is null
),

stated as (
    select
        source,
        record_key,
        society_number,
        null as company_number,
        null as other_id
    from stg_fca_societies
    union all
    select
        source,
        record_key,
        null as society_number,
        company_number,
        null as other_id
    from stg_companies_house_basic
    union all
    select
        source,
        record_key,
        society_number,
        company_number,
        null as other_id
    from stg_coops_uk_organisations
    union all
    select
        suppliers.source,
        suppliers.record_key,
        supplier_societies.society_number,
        suppliers.company_number,
        leads.led_id as other_id
    from stg_award_suppliers as suppliers
    left join supplier_societies
        on
            suppliers.source = supplier_societies.source
            and suppliers.record_key = supplier_societies.record_key
    left join leads on suppliers.source = leads.source and suppliers.record_key = leads.record_key
    union all
    select
        curated.source,
        curated.record_key,
        curated.society_number,
        curated.company_number,
        coalesce(leads.led_id, leads.own_id, curated.record_key) as other_id
    from curated
    left join leads on curated.source = leads.source and curated.record_key = leads.record_key
    union all
    -- a number that researchers found by hand is as good as one in the record; a lead of theirs joins nothing
    select
        source,
        record_key,
        null as society_number,
        company_number,
        null as other_id
    from stg_nhs_spend
    where match_level = 'found' and company_number is not null
),

identified as (
    select
        stated.source,
        stated.record_key,
        case
            when stated.society_number is not null then 'GB-MPR-' || stated.society_number
            when crosswalk.society_number is not null then 'GB-MPR-' || crosswalk.society_number
            when stated.company_number is not null then 'GB-COH-' || stated.company_number
            else stated.other_id
        end as org_id,
        case
            when stated.source = 'nhs_spend' then 'checked by researchers'
            when stated.society_number is null and crosswalk.society_number is not null then 'crosswalk'
            when
                stated.society_number is null and stated.company_number is null
                and stated.other_id = stated.record_key
                then 'own id'
            when stated.society_number is null and stated.company_number is null and leads.led_id is not null
                then 'crosswalk'
            else 'identifier'
        end as basis
    from stated
    left join crosswalk on stated.company_number = crosswalk.company_number
    left join leads on stated.source = leads.source and stated.record_key = leads.record_key
),

-- the NHS's own list of organisations gives no number of another register
health as (
    select
        source,
        record_key,
        postcode,
        normalise_name(name) as name_normalised,
        'GB-NHS-' || organisation_code as own_id
    from stg_ods_organisations
    where kind != 'independent-provider-site' and postcode is not null
),

-- no identifier: the name decides, where one organisation alone answers to it, or a judgement does
matched as (
    select
        matches.source,
        matches.record_key,
        matches.org_id,
        matches.basis,
        case when matches.basis = 'judgement' then 'exact' else 'probable' end as confidence
    from ent_matches as matches
    left join identified
        on matches.source = identified.source and matches.record_key = identified.record_key
    where
        matches.decision = 'match'
        and matches.role in ('supplier', 'listed', 'entry')
        and (identified.org_id is null or identified.basis = 'own id')
),

-- a supplier that no register of companies knows by that name and place may be the NHS's list's
matched_health as (
    select
        suppliers.source,
        suppliers.record_key,
        min(health.own_id) as org_id
    from stg_award_suppliers as suppliers
    inner join health
        on
            normalise_name(suppliers.supplier_name) = health.name_normalised
            and suppliers.postcode = health.postcode
    inner join identified
        on suppliers.source = identified.source and suppliers.record_key = identified.record_key
    left join matched
        on suppliers.source = matched.source and suppliers.record_key = matched.record_key
    where identified.org_id is null and matched.org_id is null
    group by suppliers.source, suppliers.record_key
    having count(distinct health.own_id) = 1
),

joined as (
    select
        identified.source,
        identified.record_key,
        coalesce(matched.org_id, identified.org_id) as org_id,
        coalesce(matched.basis, identified.basis) as basis,
        coalesce(matched.confidence, 'exact') as confidence
    from identified
    left join matched
        on identified.source = matched.source and identified.record_key = matched.record_key
    where identified.org_id is not null or matched.org_id is not null
    union all
    select
        source,
        record_key,
        org_id,
        'name and postcode' as basis,
        'probable' as confidence
    from matched_health
    union all
    -- an identifier that leads to no other register is the organisation's own
    select
        leads.source,
        leads.record_key,
        leads.own_id as org_id,
        'identifier' as basis,
        'exact' as confidence
    from leads
    inner join identified on leads.source = identified.source and leads.record_key = identified.record_key
    left join matched on leads.source = matched.source and leads.record_key = matched.record_key
    left join matched_health
        on leads.source = matched_health.source and leads.record_key = matched_health.record_key
    where
        leads.own_id is not null
        and identified.org_id is null
        and matched.org_id is null
        and matched_health.org_id is null
    union all
    select
        identified.source,
        identified.record_key,
        'GB-COOP-' || identified.record_key as org_id,
        'own id' as basis,
        'exact' as confidence
    from identified
    left join matched
        on identified.source = matched.source and identified.record_key = matched.record_key
    where
        identified.source = 'coops_uk_organisations'
        and identified.org_id is null
        and matched.org_id is null
    union all
    select
        source,
        record_key,
        'GB-COOP-' || record_key as org_id,
        'own id' as basis,
        'exact' as confidence
    from economic
),

-- only of organisations that another record names: by themselves those registers would bring in every charity
registers as (
    select
        source,
        record_key,
        org_id,
        basis,
        confidence
    from ent_register_candidates
    where org_id in (select joined.org_id from joined)
    qualify row_number() over (partition by source, record_key order by rank, confidence, org_id) = 1
),

final as (
    select
        source,
        record_key,
        org_id,
        basis,
        confidence
    from joined
    union all
    select
        source,
        record_key,
        org_id,
        basis,
        confidence
    from registers
)

select
    source,
    record_key,
    org_id,
    basis,
    confidence,
    confidence = 'exact' and basis in ('identifier', 'crosswalk', 'own id', 'judgement') as may_carry_adverse
from final
