-- What: what is said of an organisation outside the two great registers: by Co-operatives UK, the curated
-- list, notices and payments.
-- Grain: one row an organisation that one of them names.
-- Apart from ent_organisations, because these are thousands of rows with rules of their own, and companies
-- are millions. What a source says of the status is one value, so that nobody puts it together from two.
with record_organisations as (
    select
        source,
        record_key,
        org_id
    from ent_record_organisations
    where source not in ('fca_societies', 'companies_house_basic')
),

-- one organisation may have two entries there (real: SC445994): the live one, then the smaller id
co_operatives as (
    select
        record_organisations.org_id,
        records.registered_name as name,
        records.legal_form,
        records.incorporated_on as registered_on,
        records.postcode,
        records.uk_nation,
        records.sic_code,
        records.first_seen_on,
        records.last_seen_on,
        case
            when records.status is not null
                then {
                    'source': 'coops_uk_organisations',
                    'status': records.status,
                    'words': records.registered_status,
                    'ended_on': records.dissolved_on,
                    'seen_on': records.last_seen_on,
                    'as_of': records.last_seen_on::varchar
                }
        end as statement
    from stg_coops_uk_organisations as records
    inner join record_organisations
        on
            records.source = record_organisations.source
            and records.record_key = record_organisations.record_key
    qualify
        row_number() over (
            partition by record_organisations.org_id
            order by records.status = 'active' desc, records.record_key
        ) = 1
),

co_operative_returns as (
    select
        record_organisations.org_id,
        arg_max(records.registered_name, (records.year_end_on, records.record_key)) as name,
        min(records.first_seen_on) as first_seen_on,
        max(records.last_seen_on) as last_seen_on
    from stg_coops_uk_economic as records
    inner join record_organisations
        on
            records.source = record_organisations.source
            and records.cuk_organisation_id = record_organisations.record_key
    group by record_organisations.org_id
),

-- a citation tells a form in its own words; one that tells two, or tells a change, tells none
curated_forms as (
    select
        entry_id,
        min(
            case
                when regexp_matches(value, '(?i)\b(later|then|or)\b') then null
                when regexp_matches(value, '(?i)^(cic|community interest company)\b') then 'cic'
                when
                    regexp_matches(value, '(?i)^community benefit society\b')
                    then 'community-benefit-society'
                when regexp_matches(value, '(?i)^co-operative society\b') then 'co-operative-society'
                when regexp_matches(value, '(?i)^(clg|company limited by guarantee)\b')
                    then 'company-limited-by-guarantee'
                when regexp_matches(value, '(?i)^llp\b') then 'llp'
                when regexp_matches(value, '(?i)^cio\b') then 'cio'
                when regexp_matches(value, '(?i)^(ltd|limited company)\b') then 'company'
            end
        ) as legal_form
    from stg_known_mutuals
    where field = 'legal_form'
    group by entry_id
    having count(distinct lower(value)) = 1
),

entries as (
    select
        record_organisations.org_id,
        arg_min(records.name, records.entry_id) as name,
        min(curated_forms.legal_form) as legal_form,
        min(records.value) filter (where records.field = 'status') as status_words,
        min(try_cast(records.value as date)) filter (where records.field = 'status_date') as ended_on,
        max(records.value) filter (where records.field = 'status_date') as status_date,
        min(records.first_seen_on) as first_seen_on,
        max(records.last_seen_on) as last_seen_on
    from stg_known_mutuals as records
    inner join record_organisations
        on records.source = record_organisations.source and records.entry_id = record_organisations.record_key
    left join curated_forms on records.entry_id = curated_forms.entry_id
    group by record_organisations.org_id
),

curated as (
    select
        org_id,
        name,
        legal_form,
        first_seen_on,
        last_seen_on,
        case
            when status_words is not null
                then {
                    'source': 'known_mutuals',
                    'status': case status_words
                        when 'active' then 'active' when 'dissolved' then 'ended' else 'unknown'
                    end,
                    'words': status_words,
                    'ended_on': ended_on,
                    -- a citation that gives but a year is of its first day
                    'seen_on': coalesce(ended_on, try_strptime(status_date[:4], '%Y')::date),
                    'as_of': status_date
                }
        end as statement
    from entries
),

notices as (
    select
        record_organisations.org_id,
        arg_max(records.supplier_name, (records.first_released_at, records.record_key)) as name,
        arg_max(records.postcode, (records.first_released_at, records.record_key)) as postcode,
        min(records.first_seen_on) as first_seen_on,
        max(records.last_seen_on) as last_seen_on
    from stg_award_suppliers as records
    inner join record_organisations
        on
            records.source = record_organisations.source
            and records.record_key = record_organisations.record_key
    group by record_organisations.org_id
),

payees as (
    select
        record_organisations.org_id,
        min(records.company_name) as name,
        bool_or(coalesce(records.is_cic, false)) as is_cic,
        min(records.published_on) as seen_on
    from stg_nhs_spend as records
    inner join record_organisations
        on
            records.source = record_organisations.source
            and records.record_key = record_organisations.record_key
    group by record_organisations.org_id
),

ids as (
    select org_id from co_operatives
    union
    select org_id from co_operative_returns
    union
    select org_id from curated
    union
    select org_id from notices
    union
    select org_id from payees
),

final as (
    select
        ids.org_id,
        co_operatives.legal_form as co_operative_form,
        co_operatives.statement as co_operative_statement,
        co_operatives.registered_on,
        co_operatives.uk_nation,
        co_operatives.sic_code,
        curated.legal_form as curated_form,
        curated.statement as curated_statement,
        coalesce(
            co_operatives.name, curated.name, notices.name, co_operative_returns.name, payees.name
        ) as name,
        co_operatives.org_id is not null as is_in_coops_uk,
        coalesce(payees.is_cic, false) as was_cic_when_paid,
        coalesce(co_operatives.postcode, notices.postcode) as postcode,
        least(
            co_operatives.first_seen_on, curated.first_seen_on, notices.first_seen_on,
            co_operative_returns.first_seen_on, payees.seen_on
        ) as first_seen_on,
        greatest(
            co_operatives.last_seen_on, curated.last_seen_on, notices.last_seen_on,
            co_operative_returns.last_seen_on, payees.seen_on
        ) as last_seen_on
    from ids
    left join co_operatives on ids.org_id = co_operatives.org_id
    left join co_operative_returns on ids.org_id = co_operative_returns.org_id
    left join curated on ids.org_id = curated.org_id
    left join notices on ids.org_id = notices.org_id
    left join payees on ids.org_id = payees.org_id
)

select
    org_id,
    name,
    co_operative_form,
    co_operative_statement,
    curated_form,
    curated_statement,
    is_in_coops_uk,
    was_cic_when_paid,
    registered_on,
    postcode,
    uk_nation,
    sic_code,
    first_seen_on,
    last_seen_on
from final
