-- What: who is named in a record without an identifier, and so has to be looked for by name.
-- Grain: one row a source, role and record; a buyer once a source and name.
-- Strings that researchers found to be no company are not asked again. A parent named together with another
-- ("A and B") is asked whole and in its parts: the parts of one name find nobody.
with told as (
    -- suppliers whose other identifier leads to an organisation
    select
        identifiers.source,
        identifiers.record_key
    from stg_supplier_identifiers as identifiers
    left join ent_party_links as links
        on identifiers.scheme = links.scheme and identifiers.identifier = links.identifier
    where identifiers.scheme = 'GB-MPR' or links.org_id is not null
),

suppliers as (
    select
        source,
        'supplier' as role,
        record_key,
        [supplier_name] as names,
        postcode,
        coalesce(awarded_on, first_released_at::date) as seen_from,
        coalesce(awarded_on, first_released_at::date) as seen_to,
        false as says_adverse
    from stg_award_suppliers
    where
        company_number is null
        and supplier_name is not null
        and (source, record_key) not in (select (told.source, told.record_key) from told)
),

listed as (
    select
        source,
        'listed' as role,
        record_key,
        list_filter([registered_name, trading_name], lambda name: name is not null) as names,
        postcode,
        incorporated_on as seen_from,
        null::date as seen_to,
        false as says_adverse
    from stg_coops_uk_organisations
    where society_number is null and company_number is null
),

-- the NHS's own list gives no number of another register
health as (
    select
        source,
        'listed' as role,
        record_key,
        [name] as names,
        postcode,
        null::date as seen_from,
        null::date as seen_to,
        false as says_adverse
    from stg_ods_organisations
    where kind != 'independent-provider-site' and postcode is not null and name is not null
),

payees as (
    select
        source,
        'payee' as role,
        record_key,
        [supplier_name] as names,
        null as postcode,
        date '2013-01-01' as seen_from,
        date '2020-12-31' as seen_to,
        false as says_adverse
    from stg_nhs_spend
    where match_level in ('possible', 'not told') and company_number is null
),

entries as (
    select
        source,
        'entry' as role,
        entry_id as record_key,
        list_sort(list_distinct(list(name) || coalesce(list(value) filter (where field = 'other_name'), [])))
            as names,
        null as postcode,
        min(try_cast(rpad(value, 10, '-12-31') as date)) filter (where field = 'spun_out_on') as seen_from,
        max(try_cast(value[:4] || '-12-31' as date)) filter (where field = 'status_date') as seen_to,
        coalesce(
            bool_or(
                (field = 'status' and value != 'active')
                or (field = 'label' and value = 'contested')
            ),
            false
        ) as says_adverse
    from stg_known_mutuals
    group by source, entry_id
    having count(*) filter (where field in ('company_number', 'society_number', 'charity_number')) = 0
),

parents_named as (
    select distinct
        source,
        entry_id,
        value
    from stg_known_mutuals
    where field = 'public_parent'
),

parts as (
    select
        source,
        entry_id,
        unnest(list_distinct(
            [value] || list_transform(
                regexp_split_to_array(regexp_replace(value, '\(.*', ''), ',| and | / '), lambda one: trim(one)
            )
        )) as part
    from parents_named
),

parents as (
    select distinct
        source,
        'parent' as role,
        entry_id || '|' || part as record_key,
        [part] as names,
        null as postcode,
        null::date as seen_from,
        null::date as seen_to,
        false as says_adverse
    from parts
    where part != ''
),

-- whoever took over: a public body or another organisation
successors as (
    select distinct
        source,
        'successor' as role,
        entry_id || '|' || value as record_key,
        [value] as names,
        null as postcode,
        null::date as seen_from,
        null::date as seen_to,
        false as says_adverse
    from stg_known_mutuals
    where field = 'successor'
),

buyers as (
    select
        source,
        'buyer' as role,
        buyer_name as record_key,
        [buyer_name] as names,
        null as postcode,
        min(released_at)::date as seen_from,
        max(released_at)::date as seen_to,
        false as says_adverse
    from stg_notice_releases
    where buyer_name is not null
    group by source, buyer_name
),

controllers as (
    select
        source,
        'controller' as role,
        record_key,
        [name] as names,
        null as postcode,
        notified_on as seen_from,
        coalesce(ceased_on, published_on) as seen_to,
        false as says_adverse
    from stg_companies_house_psc
    where controller_company_number is null and name is not null
),

final as (
    select * from suppliers
    union all
    select * from listed
    union all
    select * from health
    union all
    select * from payees
    union all
    select * from entries
    union all
    select * from parents
    union all
    select * from successors
    union all
    select * from buyers
    union all
    select * from controllers
)

select
    source,
    role,
    record_key,
    names,
    postcode,
    seen_from,
    seen_to,
    says_adverse
from final
where len(names) > 0
