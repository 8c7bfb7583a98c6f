-- What: what the registered names of societies and companies say of them, by the rules of name_rules.
-- Grain: one row a signal, organisation and record.
-- Names are weak both ways; each rule's exceptions are the unit tests of this model.
with names as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        fetched_at,
        published_on,
        society_name as registered_name,
        plain_words(society_name) as words,
        legal_form,
        'https://mutuals.fca.org.uk/Search/Search?SearchTerm=' || record_key as url
    from stg_fca_societies
    union all
    select
        source,
        record_key,
        snapshot_id,
        locator,
        fetched_at,
        published_on,
        company_name as registered_name,
        plain_words(company_name) as words,
        legal_form,
        'https://find-and-update.company-information.service.gov.uk/company/' || record_key as url
    from stg_companies_house_basic
),

-- a fixed pattern first: the rules' own patterns vary by row and cost far more
worth_reading as (
    select *
    from names
    where regexp_matches(words, 'mutual|housing|club|credit union|cic|c i c|community interest|employee|eot')
),

kinds as (
    select
        legal_form,
        case legal_form
            when 'cic' then 'community interest company'
            when 'company-limited-by-guarantee' then 'company by guarantee'
            else family
        end as kind
    from legal_forms
),

rules as (
    select
        name_rules.name_rule,
        name_rules.matches,
        name_rules.unless,
        signals.signal_id,
        signals.source,
        string_split(name_rules.families, '|') as kinds
    from name_rules
    inner join signals on signals.reads = 'name=' || name_rules.name_rule
),

record_organisations as (
    select
        source,
        record_key,
        org_id
    from ent_record_organisations
    where source in ('fca_societies', 'companies_house_basic') and confidence = 'exact'
),

final as (
    select
        record_organisations.org_id,
        rules.signal_id,
        worth_reading.source,
        worth_reading.record_key,
        worth_reading.snapshot_id,
        worth_reading.locator,
        worth_reading.url,
        worth_reading.published_on as valid_from,
        null::date as valid_to,
        worth_reading.fetched_at as known_from,
        'name: ' || worth_reading.registered_name as value_seen
    from worth_reading
    inner join rules
        on
            worth_reading.source = rules.source
            and regexp_matches(worth_reading.words, rules.matches)
            and not coalesce(regexp_matches(worth_reading.words, rules.unless), false)
    left join kinds on worth_reading.legal_form = kinds.legal_form
    inner join record_organisations
        on
            worth_reading.source = record_organisations.source
            and worth_reading.record_key = record_organisations.record_key
    where list_contains(rules.kinds, 'any') or list_contains(rules.kinds, kinds.kind)
)

select
    org_id,
    signal_id,
    value_seen,
    source,
    record_key,
    snapshot_id,
    locator,
    url,
    valid_from,
    valid_to,
    known_from
from final
