-- What: every organisation that any record names, with what is known of it.
-- Grain: one row an organisation. Millions: names are matched against them; few are published.
-- For a society the FCA register comes first and its Companies House stub last; for a company the reverse.
-- A record that is gone from a later whole register makes the status unknown, never ended. What a source says
-- of the status goes through here as one value, so that its words are never told with another one's date.
with record_organisations as (
    select
        source,
        record_key,
        org_id
    from ent_record_organisations
),

ids as (
    select distinct org_id
    from record_organisations
),

number_letters as (
    select
        org_id,
        suffix_form,
        prefix_form,
        uk_nation,
        is_registered_society
    from ent_number_letters
),

elsewhere as (
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
    from ent_named_elsewhere
),

societies as (
    select
        record_organisations.org_id,
        records.society_name as name,
        records.legal_form,
        records.registered_on,
        records.postcode,
        records.sic_code,
        records.first_seen_on,
        records.last_seen_on,
        case
            when records.status is not null
                then {
                    'source': 'fca_societies',
                    'status': case when records.is_absent then 'unknown' else records.status end,
                    'words': records.society_status,
                    'ended_on': records.deregistered_on,
                    'seen_on': records.last_seen_on,
                    'as_of': records.last_seen_on::varchar
                }
        end as statement
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
        records.incorporated_on as registered_on,
        records.postcode,
        records.sic_codes,
        records.first_seen_on,
        records.last_seen_on,
        {
            'source': 'companies_house_basic',
            'status': case
                when records.is_absent then 'unknown'
                when records.dissolved_on is not null then 'ended'
                when
                    lower(records.company_status) in ('dissolved', 'converted/closed', 'removed', 'closed')
                    then 'ended'
                else 'active'
            end,
            'words': records.company_status,
            'ended_on': records.dissolved_on,
            'seen_on': records.last_seen_on,
            'as_of': records.last_seen_on::varchar
        } as statement
    from stg_companies_house_basic as records
    inner join record_organisations
        on
            records.source = record_organisations.source
            and records.record_key = record_organisations.record_key
    left join doubles on record_organisations.org_id = doubles.org_id
    where doubles.org_id is null or doubles.record_key = records.record_key
),

joined as (
    select
        ids.org_id,
        companies.legal_form as company_form,
        elsewhere.co_operative_form,
        elsewhere.curated_form,
        number_letters.prefix_form,
        societies.statement as society_statement,
        companies.statement as company_statement,
        elsewhere.co_operative_statement,
        elsewhere.curated_statement,
        list_filter(
            [
                case when companies.org_id is not null then 'companies_house_basic' end,
                case when elsewhere.is_in_coops_uk then 'coops_uk_organisations' end,
                case when societies.org_id is not null then 'fca_societies' end
            ],
            lambda register: register is not null
        ) as registers,
        coalesce(elsewhere.was_cic_when_paid, false) as was_cic_when_paid,
        elsewhere.org_id is not null as is_named_elsewhere,
        ids.org_id like 'GB-MPR-%' as is_society,
        coalesce(number_letters.is_registered_society, false) as is_registered_society,
        coalesce(societies.name, companies.name, elsewhere.name) as name,
        coalesce(number_letters.suffix_form, societies.legal_form) as society_form,
        case when number_letters.suffix_form is null then 'fca_societies' else 'number suffix' end
            as society_form_source,
        case
            when ids.org_id like 'GB-MPR-%'
                then coalesce(societies.registered_on, elsewhere.registered_on, companies.registered_on)
            else coalesce(companies.registered_on, elsewhere.registered_on)
        end as registered_on,
        coalesce(societies.postcode, companies.postcode, elsewhere.postcode) as postcode,
        coalesce(elsewhere.uk_nation, number_letters.uk_nation) as uk_nation,
        case
            when len(companies.sic_codes) > 0 then companies.sic_codes
            when societies.sic_code is not null then [societies.sic_code]
            when elsewhere.sic_code is not null then [elsewhere.sic_code]
            else []
        end as sic_codes,
        least(societies.first_seen_on, companies.first_seen_on, elsewhere.first_seen_on) as first_seen_on,
        greatest(societies.last_seen_on, companies.last_seen_on, elsewhere.last_seen_on) as last_seen_on
    from ids
    left join societies on ids.org_id = societies.org_id
    left join companies on ids.org_id = companies.org_id
    left join elsewhere on ids.org_id = elsewhere.org_id
    left join number_letters on ids.org_id = number_letters.org_id
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
told as (
    select
        *,
        case
            when society_statement is not null then society_statement
            when not is_society and company_statement is not null then company_statement
            else coalesce(co_operative_statement, company_statement, curated_statement)
        end as told
    from formed
),

-- an end that another source states after the register was last seen to list the organisation
ended as (
    select
        *,
        case
            when told.status = 'ended' then told
            when
                co_operative_statement.status = 'ended'
                and told.source in ('fca_societies', 'companies_house_basic')
                and coalesce(co_operative_statement.ended_on, co_operative_statement.seen_on) > told.seen_on
                then co_operative_statement
            when
                curated_statement.status = 'ended'
                and told.source != 'known_mutuals'
                and coalesce(curated_statement.ended_on, curated_statement.seen_on) > told.seen_on
                then curated_statement
            else told
        end as said
    from told
),

final as (
    select
        org_id,
        name,
        registers,
        form_source as legal_form_source,
        is_named_elsewhere,
        registered_on,
        postcode,
        uk_nation,
        sic_codes,
        first_seen_on,
        last_seen_on,
        said.words as status_detail,
        said.source as status_source,
        said.as_of as status_as_of,
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
        coalesce(said.status, 'unknown') as status,
        case when said.status = 'ended' then said.ended_on end as ended_on,
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
