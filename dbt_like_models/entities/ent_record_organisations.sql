-- What: which organisation each record is about, and how that is known.
-- Grain: one row a source and record. A record that cannot be told apart (an award to a supplier without a
-- usable number or a unique name and postcode) has no row. Identifier first; then the published crosswalk;
-- then the exact normalised name together with the postcode, where that pair is one organisation's only.
-- Never the name alone.
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
        min(normalise_company_number(value)) filter (where field = 'company_number') as company_number,
        min(squeeze(value)) filter (where field = 'charity_number') as charity_number
    from stg_known_mutuals
    group by source, entry_id
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
        source,
        record_key,
        null as society_number,
        company_number,
        null as other_id
    from stg_award_suppliers
    union all
    select
        source,
        record_key,
        society_number,
        company_number,
        case
            when charity_number like 'SC%' then 'GB-SC-' || charity_number
            when charity_number like 'NIC%' then 'GB-NIC-' || charity_number[4:]
            else coalesce('GB-CHC-' || charity_number, record_key)
        end as other_id
    from curated
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
            when stated.society_number is null and crosswalk.society_number is not null then 'crosswalk'
            when
                stated.society_number is null and stated.company_number is null
                and stated.other_id = stated.record_key
                then 'own id'
            else 'identifier'
        end as basis
    from stated
    left join crosswalk on stated.company_number = crosswalk.company_number
),

unidentified as (
    select distinct
        identified.source,
        identified.record_key,
        names.name_normalised,
        names.postcode
    from identified
    inner join ent_record_names as names
        on identified.source = names.source and identified.record_key = names.record_key
    where
        identified.org_id is null
        and names.name_type in ('current', 'notice')
        and names.name_normalised is not null
        and names.postcode is not null
),

-- registers have millions of names: only those that are asked for are looked at
candidates as (
    select distinct
        names.name_normalised,
        names.postcode,
        identified.org_id
    from ent_record_names as names
    inner join identified
        on names.source = identified.source and names.record_key = identified.record_key
    where
        identified.org_id is not null
        and names.name_type in ('current', 'trading', 'notice')
        and names.postcode is not null
        and names.name_normalised in (select unidentified.name_normalised from unidentified)
),

unique_candidates as (
    select
        name_normalised,
        postcode,
        min(org_id) as org_id
    from candidates
    group by name_normalised, postcode
    having count(*) = 1
),

notice_sources as (
    select distinct source
    from stg_award_suppliers
),

-- the other side: two register entries of one name and postcode are two organisations, or a doubt; one
-- supplier's many profiles in notices are not
askers as (
    select
        name_normalised,
        postcode
    from unidentified
    group by name_normalised, postcode
    having count(distinct record_key) filter (
        where source not in (select notices.source from notice_sources as notices)
    ) <= 1
),

matched as (
    select
        unidentified.source,
        unidentified.record_key,
        unique_candidates.org_id
    from unidentified
    inner join unique_candidates
        on
            unidentified.name_normalised = unique_candidates.name_normalised
            and unidentified.postcode = unique_candidates.postcode
    inner join askers
        on
            unidentified.name_normalised = askers.name_normalised
            and unidentified.postcode = askers.postcode
),

joined as (
    select
        source,
        record_key,
        org_id,
        basis,
        'exact' as confidence
    from identified
    where org_id is not null
    union all
    select
        source,
        record_key,
        org_id,
        'name and postcode' as basis,
        'probable' as confidence
    from matched
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

-- records of charity and care registers, of organisations that another record names: by themselves those
-- registers would bring in every charity
registers as (
    select
        links.source,
        links.record_key,
        links.org_id,
        links.basis,
        links.confidence
    from ent_register_links as links
    where
        links.rank = 1
        and links.confidence in ('exact', 'probable')
        and links.org_id in (select joined.org_id from joined)
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
