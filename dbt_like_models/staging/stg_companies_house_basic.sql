-- What: the present record of each company in the Companies House basic company data.
-- Grain: one row a company number. The product holds live companies only, and mere stubs of societies.
-- Fields that nothing reads yet (addresses, accounts and return dates) stay in the lake.
with versions as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        valid_from,
        known_from,
        first_snapshot_id,
        first_seen_on,
        last_seen_on,
        is_absent
    from stg_record_versions
    where source = 'companies_house_basic' and is_present
),

companies as (
    select
        snapshot_id,
        locator,
        company_name,
        company_category,
        company_status,
        country_of_origin,
        dissolved_on,
        incorporated_on,
        postcode,
        sic_1,
        sic_2,
        sic_3,
        sic_4,
        uri,
        previous_name_1,
        previous_name_1_until,
        previous_name_2,
        previous_name_2_until,
        previous_name_3,
        previous_name_3_until,
        previous_name_4,
        previous_name_4_until,
        previous_name_5,
        previous_name_5_until,
        previous_name_6,
        previous_name_6_until,
        previous_name_7,
        previous_name_7_until,
        previous_name_8,
        previous_name_8_until,
        previous_name_9,
        previous_name_9_until,
        previous_name_10,
        previous_name_10_until
    from lake.companies_house_basic
),

form_words as (
    select
        lower(published_value) as words,
        min(legal_form) as legal_form
    from legal_form_map
    where source = 'companies_house_basic'
    group by lower(published_value)
),

final as (
    select
        versions.source,
        versions.record_key,
        versions.snapshot_id,
        versions.locator,
        versions.valid_from as published_on,
        versions.known_from as fetched_at,
        versions.first_snapshot_id,
        versions.first_seen_on,
        versions.last_seen_on,
        versions.is_absent,
        versions.record_key as company_number,
        companies.company_name,
        companies.company_category,
        form_words.legal_form,
        companies.company_status,
        companies.country_of_origin,
        companies.dissolved_on,
        -- societies carry 1 January 1981 where the date was not known
        case
            when
                form_words.legal_form = 'registered-society' and companies.incorporated_on = date '1981-01-01'
                then null
            else companies.incorporated_on
        end as incorporated_on,
        normalise_postcode(companies.postcode) as postcode,
        list_filter(
            [
                nullif(regexp_extract(companies.sic_1, '^\d{4,5}'), ''),
                nullif(regexp_extract(companies.sic_2, '^\d{4,5}'), ''),
                nullif(regexp_extract(companies.sic_3, '^\d{4,5}'), ''),
                nullif(regexp_extract(companies.sic_4, '^\d{4,5}'), '')
            ],
            lambda code: code is not null
        ) as sic_codes,
        -- newest first, as published; most companies have none, and lists cost time
        case
            when companies.previous_name_1 is null then []
            else
                list_filter(
                    [
                        { 'name': companies.previous_name_1, 'until': companies.previous_name_1_until },
                        { 'name': companies.previous_name_2, 'until': companies.previous_name_2_until },
                        { 'name': companies.previous_name_3, 'until': companies.previous_name_3_until },
                        { 'name': companies.previous_name_4, 'until': companies.previous_name_4_until },
                        { 'name': companies.previous_name_5, 'until': companies.previous_name_5_until },
                        { 'name': companies.previous_name_6, 'until': companies.previous_name_6_until },
                        { 'name': companies.previous_name_7, 'until': companies.previous_name_7_until },
                        { 'name': companies.previous_name_8, 'until': companies.previous_name_8_until },
                        { 'name': companies.previous_name_9, 'until': companies.previous_name_9_until },
                        { 'name': companies.previous_name_10, 'until': companies.previous_name_10_until }
                    ],
                    lambda one: one.name is not null
                )
        end as previous_names
    from versions
    inner join companies
        on versions.snapshot_id = companies.snapshot_id and versions.locator = companies.locator
    left join form_words on lower(companies.company_category) = form_words.words
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
    company_number,
    company_name,
    company_category,
    legal_form,
    company_status,
    country_of_origin,
    dissolved_on,
    incorporated_on,
    postcode,
    sic_codes,
    previous_names
from final
