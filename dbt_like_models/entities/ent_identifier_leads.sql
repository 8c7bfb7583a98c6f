-- What: where the other identifiers of a record lead: a charity number, an NHS code or a PPON, beside or
-- without a company's or society's number.
-- Grain: one row a record of a notice's supplier or of the curated list that gives any.
-- Apart from ent_record_organisations, which decides when such a lead counts: where no company's or society's
-- number does.
with curated as (
    select
        source,
        entry_id as record_key,
        -- two different numbers in one entry would be a fault of the list; the smaller is taken, always
        min(squeeze(value)) filter (where field = 'charity_number') as charity_number
    from stg_known_mutuals
    group by source, entry_id
),

register_links as (
    select
        scheme,
        identifier,
        min(org_id) as org_id
    from ent_register_links
    where confidence = 'exact'
    group by scheme, identifier
),

party_links as (
    select
        scheme,
        identifier,
        org_id
    from ent_party_links
),

-- identifiers that are no company's or society's number, the surest scheme first
other_identifiers as (
    select
        source,
        record_key,
        scheme,
        identifier,
        case scheme
            when 'GB-CHC' then 1 when 'GB-SC' then 2 when 'GB-NIC' then 3 when 'GB-NHS' then 4 else 5
        end as rank,
        -- a PPON may be a sole trader's: one is an organisation of its own only if it does not bear what may
        -- be a person's name
        scheme != 'GB-PPON' or not looks_like_person(supplier_name) as may_stand
    from stg_supplier_identifiers
    where scheme not in ('GB-COH', 'GB-MPR')
    union all
    select
        source,
        record_key,
        case
            when charity_number like 'SC%' then 'GB-SC'
            when charity_number like 'NIC%' then 'GB-NIC'
            else 'GB-CHC'
        end as scheme,
        case when charity_number like 'NIC%' then charity_number[4:] else charity_number end as identifier,
        1 as rank,
        true as may_stand
    from curated
    where charity_number is not null
),

led as (
    select
        other_identifiers.source,
        other_identifiers.record_key,
        other_identifiers.rank,
        coalesce(register_links.org_id, party_links.org_id) as led_id,
        case
            when other_identifiers.may_stand and party_links.identifier is null
                then other_identifiers.scheme || '-' || other_identifiers.identifier
        end as own_id
    from other_identifiers
    left join register_links
        on
            other_identifiers.scheme = register_links.scheme
            and other_identifiers.identifier = register_links.identifier
    left join party_links
        on
            other_identifiers.scheme = party_links.scheme
            and other_identifiers.identifier = party_links.identifier
),

-- two that lead to two organisations lead to none
final as (
    select
        source,
        record_key,
        case when count(distinct led_id) = 1 then min(led_id) end as led_id,
        case when count(led_id) = 0 then arg_min(own_id, rank) end as own_id
    from led
    group by source, record_key
)

select
    source,
    record_key,
    led_id,
    own_id
from final
