-- What: firms after which an employee trust's trustee company is named.
-- Grain: one row a trustee company.
-- "X EOT Trustees Limited" beside exactly one live "X Limited": the trust is most likely that firm's. It is a
-- name, so it may support and never speaks against.
with companies as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        published_on,
        fetched_at,
        company_number,
        company_name,
        normalise_name(company_name) as name
    from stg_companies_house_basic
),

trustees as (
    select
        *,
        trim(regexp_replace(
            regexp_replace(
                name,
                '\b(eot|ebt|e o t|(employees? )?((ownership|owned|benefit) )?trust(ees?)?)\b',
                ' ',
                'g'
            ),
            '\s+',
            ' ',
            'g'
        )) as stem
    from companies
    where
        regexp_matches(
            name, '\b(eot|ebt|e o t|employees? (ownership|owned|benefit) trust|employees? trust(ee)?s?)\b'
        )
),

named as (
    select
        *,
        regexp_replace(stem, ' (limited|plc|llp)$', '') || ' limited' as firm_name
    from trustees
    -- one short word is no name to go by
    where length(regexp_replace(stem, ' (limited|plc|llp)$', '')) > 3
),

firms as (
    select
        companies.name,
        min(companies.company_number) as company_number
    from companies
    where companies.name in (select named.firm_name from named)
    group by companies.name
    having count(*) = 1
),

final as (
    select
        named.source,
        named.record_key,
        named.snapshot_id,
        named.locator,
        named.record_key as link_key,
        'trust-named-after-it' as reading,
        named.published_on as valid_from,
        null::date as valid_to,
        named.fetched_at as known_from,
        false as may_speak_against,
        'GB-COH-' || firms.company_number as about,
        'a trustee company is named ' || named.company_name as value_seen,
        'https://find-and-update.company-information.service.gov.uk/company/' || named.company_number as url
    from named
    inner join firms on named.firm_name = firms.name and named.company_number != firms.company_number
)

select
    source,
    record_key,
    snapshot_id,
    locator,
    link_key,
    about,
    reading,
    value_seen,
    url,
    valid_from,
    valid_to,
    known_from,
    may_speak_against
from final
