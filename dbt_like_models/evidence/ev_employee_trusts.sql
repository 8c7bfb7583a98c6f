-- What: firms after which an employee trust's trustee company is named.
-- Grain: one row a trustee company.
-- "X EOT Trustees Limited" beside exactly one live "X Limited": the trust is most likely that firm's. It is a
-- name, so it may support and never speaks against. Of millions of names only those of trustees are
-- normalised here (hence materialized: else every name is, before the cheap test); the others' are in
-- ent_record_names.
with companies as materialized (
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
    where regexp_matches(lower(company_name), 'e\.?o\.?t\b|ebt|employee')
),

registered_names as (
    select
        record_key as company_number,
        name_normalised as name
    from ent_record_names
    where source = 'companies_house_basic' and name_type = 'current'
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
        registered_names.name,
        min(registered_names.company_number) as company_number
    from registered_names
    where registered_names.name in (select named.firm_name from named)
    group by registered_names.name
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
