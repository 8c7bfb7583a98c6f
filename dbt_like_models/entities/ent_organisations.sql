-- What: every organisation that any record names, with what is known of it.
-- Grain: one row an organisation. Millions: names are matched against them; few are published.
-- For a society the FCA register comes first and its Companies House stub last; for a company the reverse.
-- A record that is gone from a later whole register makes the status unknown, never ended.
with record_organisations as (
    select
        source,
        record_key,
        org_id
    from ent_record_organisations
),

ids as (
    select
        org_id,
        case
            when org_id like 'GB-MPR-%' then ltrim(org_id[8:], '0123456789')
            -- Companies House keeps the letter of a credit union or friendly society (real: IP00480F)
            when org_id like 'GB-COH-IP%' then nullif(regexp_extract(org_id, '[0-9]([CF])$', 1), '')
        end as number_suffix,
        case when org_id like 'GB-COH-%' then org_id[8:9] end as number_prefix
    from record_organisations
    group by org_id
),

societies as (
    select
        record_organisations.org_id,
        records.society_name as name,
        records.legal_form,
        records.legal_form_basis,
        records.status,
        records.society_status as status_words,
        records.registered_on,
        records.deregistered_on as ended_on,
        records.postcode,
        records.sic_code,
        records.is_absent,
        records.first_seen_on,
        records.last_seen_on
    from stg_fca_societies as records
    inner join record_organisations
        on
            records.source = record_organisations.source
            and records.record_key = record_organisations.record_key
),

-- 44 societies have two company numbers: one stands for them
doubles as (
    select
        org_id,
        max(record_key) as record_key
    from record_organisations
    where source = 'companies_house_basic' and org_id not like 'GB-COH-%'
    group by org_id
),

companies as (
    select
        record_organisations.org_id,
        records.company_name as name,
        records.legal_form,
        records.company_status as status_words,
        records.incorporated_on as registered_on,
        records.dissolved_on as ended_on,
        records.postcode,
        records.sic_codes,
        records.is_absent,
        records.first_seen_on,
        records.last_seen_on
    from stg_companies_house_basic as records
    inner join record_organisations
        on
            records.source = record_organisations.source
            and records.record_key = record_organisations.record_key
    left join doubles on record_organisations.org_id = doubles.org_id
    where doubles.org_id is null or doubles.record_key = records.record_key
),

-- one organisation may have two entries there (real: SC445994): the live one, then the smaller id
co_operatives as (
    select
        record_organisations.org_id,
        records.registered_name as name,
        records.legal_form,
        records.status,
        records.registered_status as status_words,
        records.incorporated_on as registered_on,
        records.dissolved_on as ended_on,
        records.postcode,
        records.uk_nation,
        records.sic_code,
        records.is_absent,
        records.first_seen_on,
        records.last_seen_on
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

curated as (
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

suffix_forms as (
    select
        number_suffix,
        legal_form
    from number_suffix_forms
),

prefix_forms (number_prefix, legal_form) as (
    values
    ('OC', 'llp'), ('SO', 'llp'), ('NC', 'llp'),
    ('LP', 'limited-partnership'), ('SL', 'limited-partnership'), ('NL', 'limited-partnership'),
    ('CE', 'cio'), ('CS', 'scio'), ('RC', 'royal-charter'), ('SR', 'royal-charter'), ('NR', 'royal-charter'),
    ('RS', 'registered-society'), ('IP', 'registered-society'), ('SP', 'registered-society'),
    ('NP', 'registered-society'), ('NO', 'registered-society'), ('OE', 'overseas'), ('FC', 'overseas'),
    ('SF', 'overseas'), ('NF', 'overseas'), ('BR', 'overseas')
),

-- only Scottish and Northern Irish prefixes tell a nation; England and Wales share theirs
prefix_nations (number_prefix, uk_nation) as (
    values
    ('SC', 'Scotland'), ('SO', 'Scotland'), ('SL', 'Scotland'), ('CS', 'Scotland'), ('SP', 'Scotland'),
    ('NI', 'Northern Ireland'), ('R0', 'Northern Ireland'), ('NC', 'Northern Ireland'),
    ('NL', 'Northern Ireland'), ('NP', 'Northern Ireland'), ('NO', 'Northern Ireland')
),

joined as (
    select
        ids.org_id,
        companies.legal_form as company_form,
        co_operatives.legal_form as co_operative_form,
        curated.legal_form as curated_form,
        prefix_forms.legal_form as prefix_form,
        societies.status as fca_status,
        societies.status_words as fca_words,
        societies.ended_on as fca_ended_on,
        societies.is_absent as fca_absent,
        societies.last_seen_on as fca_seen_on,
        companies.status_words as company_words,
        companies.ended_on as company_ended_on,
        companies.is_absent as company_absent,
        companies.last_seen_on as company_seen_on,
        co_operatives.status as co_operative_status,
        co_operatives.status_words as co_operative_words,
        co_operatives.ended_on as co_operative_ended_on,
        co_operatives.last_seen_on as co_operative_seen_on,
        curated.status_words as curated_words,
        curated.ended_on as curated_ended_on,
        curated.status_date as curated_date,
        societies.registered_on as fca_registered_on,
        companies.registered_on as company_registered_on,
        co_operatives.registered_on as co_operative_registered_on,
        string_split(
            nullif(
                concat_ws(
                    '|',
                    case when companies.org_id is not null then 'companies_house_basic' end,
                    case when co_operatives.org_id is not null then 'coops_uk_organisations' end,
                    case when societies.org_id is not null then 'fca_societies' end
                ),
                ''
            ),
            '|'
        ) as registers,
        coalesce(payees.is_cic, false) as was_cic_when_paid,
        coalesce(
            co_operatives.org_id, co_operative_returns.org_id, curated.org_id, notices.org_id, payees.org_id
        ) is not null
            as is_named_elsewhere,
        ids.org_id like 'GB-MPR-%' as is_society,
        -- of either kind: digits alone, or one of the suffixes that both kinds share
        coalesce(ids.number_suffix in ('', 'R', 'RS', 'IP'), false) as is_registered_society,
        coalesce(
            societies.name, companies.name, co_operatives.name, curated.name, notices.name,
            co_operative_returns.name, payees.name
        ) as name,
        coalesce(suffix_forms.legal_form, societies.legal_form) as society_form,
        case when suffix_forms.legal_form is null then 'fca_societies' else 'number suffix' end
            as society_form_source,
        companies.org_id is not null as has_company,
        coalesce(societies.postcode, companies.postcode, co_operatives.postcode, notices.postcode)
            as postcode,
        coalesce(co_operatives.uk_nation, prefix_nations.uk_nation) as uk_nation,
        case
            when len(companies.sic_codes) > 0 then companies.sic_codes
            when societies.sic_code is not null then [societies.sic_code]
            when co_operatives.sic_code is not null then [co_operatives.sic_code]
            else []
        end as sic_codes,
        least(
            societies.first_seen_on, companies.first_seen_on, co_operatives.first_seen_on,
            curated.first_seen_on, notices.first_seen_on, co_operative_returns.first_seen_on, payees.seen_on
        ) as first_seen_on,
        greatest(
            societies.last_seen_on, companies.last_seen_on, co_operatives.last_seen_on,
            curated.last_seen_on, notices.last_seen_on, co_operative_returns.last_seen_on, payees.seen_on
        ) as last_seen_on
    from ids
    left join societies on ids.org_id = societies.org_id
    left join companies on ids.org_id = companies.org_id
    left join co_operatives on ids.org_id = co_operatives.org_id
    left join co_operative_returns on ids.org_id = co_operative_returns.org_id
    left join curated on ids.org_id = curated.org_id
    left join notices on ids.org_id = notices.org_id
    left join payees on ids.org_id = payees.org_id
    left join suffix_forms on ids.number_suffix = suffix_forms.number_suffix
    left join prefix_forms on ids.number_prefix = prefix_forms.number_prefix
    left join prefix_nations on ids.number_prefix = prefix_nations.number_prefix
),

-- the first source that tells a kind; else the first that tells anything
formed as (
    select
        *,
        case
            when society_form not in ('registered-society', 'other') then society_form_source
            when company_form not in ('registered-society', 'other', 'unknown') then 'companies_house_basic'
            when co_operative_form not in ('registered-society', 'company') then 'coops_uk_organisations'
            when curated_form != 'company' then 'known_mutuals'
            when prefix_form != 'registered-society' then 'number prefix'
            when society_form is not null then society_form_source
            when company_form is not null then 'companies_house_basic'
            when co_operative_form is not null then 'coops_uk_organisations'
            when curated_form is not null then 'known_mutuals'
            when prefix_form is not null then 'number prefix'
            when is_registered_society then 'number suffix'
            -- researchers looked its number up at Companies House
            when was_cic_when_paid then 'nhs_spend'
            -- only a community interest company may end its name so (its Act of 2004, section 33)
            when
                not is_society
                and regexp_matches(plain_words(name), '\b(cic|c i c|community interest company)$')
                then 'name'
        end as form_source
    from joined
),

-- the register's own statement, before any later statement of an end
stated as (
    select
        *,
        case
            when fca_status is not null then 'fca_societies'
            when has_company and not is_society then 'companies_house_basic'
            when co_operative_status is not null then 'coops_uk_organisations'
            when has_company then 'companies_house_basic'
            when curated_words is not null then 'known_mutuals'
        end as told_by
    from formed
),

told as (
    select
        *,
        case told_by
            when 'fca_societies' then case when fca_absent then 'unknown' else fca_status end
            when 'companies_house_basic'
                then case
                    when company_absent then 'unknown'
                    when company_ended_on is not null then 'ended'
                    when
                        lower(company_words) in ('dissolved', 'converted/closed', 'removed', 'closed')
                        then 'ended'
                    else 'active'
                end
            when 'coops_uk_organisations' then co_operative_status
            when 'known_mutuals'
                then
                    case curated_words
                        when 'active' then 'active' when 'dissolved' then 'ended' else 'unknown'
                    end
            else 'unknown'
        end as told_status,
        case told_by
            when 'fca_societies' then fca_words
            when 'companies_house_basic' then company_words
            when 'coops_uk_organisations' then co_operative_words
            when 'known_mutuals' then curated_words
        end as told_words,
        case told_by
            when 'fca_societies' then fca_ended_on
            when 'companies_house_basic' then company_ended_on
            when 'coops_uk_organisations' then co_operative_ended_on
            when 'known_mutuals' then case when curated_words = 'dissolved' then curated_ended_on end
        end as told_ended_on,
        case told_by
            when 'fca_societies' then fca_seen_on
            when 'companies_house_basic' then company_seen_on
            when 'coops_uk_organisations' then co_operative_seen_on
        end as told_on
    from stated
),

-- an end that another source states after the register was last seen to list the organisation
ended as (
    select
        *,
        case
            when told_status = 'ended' then null
            when
                co_operative_status = 'ended'
                and told_by in ('fca_societies', 'companies_house_basic')
                and coalesce(co_operative_ended_on, co_operative_seen_on) > told_on
                then 'coops_uk_organisations'
            when
                curated_words = 'dissolved'
                and told_by != 'known_mutuals'
                and coalesce(curated_ended_on, try_strptime(curated_date[:4], '%Y')::date) > told_on
                then 'known_mutuals'
        end as end_told_by
    from told
),

final as (
    select
        org_id,
        name,
        form_source as legal_form_source,
        is_named_elsewhere,
        postcode,
        uk_nation,
        sic_codes,
        first_seen_on,
        last_seen_on,
        case form_source
            when 'fca_societies' then society_form
            when 'number suffix' then coalesce(society_form, 'registered-society')
            when 'companies_house_basic' then company_form
            when 'coops_uk_organisations' then co_operative_form
            when 'known_mutuals' then curated_form
            when 'number prefix' then prefix_form
            when 'nhs_spend' then 'cic'
            when 'name' then 'cic'
            else 'unknown'
        end as legal_form,
        coalesce(registers, []) as registers,
        case when end_told_by is not null then 'ended' else told_status end as status,
        case end_told_by
            when 'coops_uk_organisations' then co_operative_words
            when 'known_mutuals' then curated_words
            else told_words
        end as status_detail,
        coalesce(end_told_by, told_by) as status_source,
        case coalesce(end_told_by, told_by)
            when 'fca_societies' then fca_seen_on::varchar
            when 'companies_house_basic' then company_seen_on::varchar
            when 'coops_uk_organisations' then co_operative_seen_on::varchar
            when 'known_mutuals' then curated_date
        end as status_as_of,
        case
            when
                is_society
                then coalesce(fca_registered_on, co_operative_registered_on, company_registered_on)
            else coalesce(company_registered_on, co_operative_registered_on)
        end as registered_on,
        case end_told_by
            when 'coops_uk_organisations' then co_operative_ended_on
            when 'known_mutuals' then curated_ended_on
            else case when told_status = 'ended' then told_ended_on end
        end as ended_on,
        case
            when org_id like 'GB-COH-%'
                then 'https://find-and-update.company-information.service.gov.uk/company/' || org_id[8:]
            when is_society then 'https://mutuals.fca.org.uk/Search/Search?SearchTerm=' || org_id[8:]
        end as register_url
    from ended
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
    postcode,
    uk_nation,
    sic_codes,
    register_url,
    first_seen_on,
    last_seen_on,
    split_part(postcode, ' ', 1) as postcode_district,
    org_id like 'GB-MPR-%'
    or legal_form = 'cic'
    or is_named_elsewhere as is_watched
from final
