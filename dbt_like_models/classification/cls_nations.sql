-- What: the nation of the United Kingdom in which each published organisation is registered.
-- Grain: one row a published organisation.
-- Told by the register that gave its number; where that is one for England and Wales, Co-operatives UK or the
-- postcode of its registered office tells which of the two. What nothing tells stays unknown.
with published as (
    select org_id
    from ent_published
),

organisations as (
    select
        org_id,
        uk_nation
    from ent_organisations
),

places as (
    select
        org_id,
        case
            when region in ('Wales', 'Scotland', 'Northern Ireland') then region
            else 'England'
        end as nation
    from ent_places
),

-- prefixes of Companies House and suffixes of the FCA register, as both publish them; an overseas company
-- (FC, SF, NF) or a society numbered since 2014 may be of any nation
numbers as (
    select
        ent_identifiers.org_id,
        ent_identifiers.scheme,
        ent_identifiers.identifier,
        ent_identifiers.basis = 'own id' as is_own,
        case
            when ent_identifiers.scheme = 'GB-SC' then 'Scotland'
            when ent_identifiers.scheme = 'GB-NIC' then 'Northern Ireland'
            when ent_identifiers.scheme = 'GB-CHC' then 'England or Wales'
            when ent_identifiers.scheme = 'GB-COH'
                then
                    case
                        when regexp_matches(ent_identifiers.identifier, '^(SC|SO|SL|CS|SP)') then 'Scotland'
                        when regexp_matches(ent_identifiers.identifier, '^(NI|NC|NL|NP|NO|R0)')
                            then 'Northern Ireland'
                        when regexp_matches(ent_identifiers.identifier, '^([0-9]|OC|LP|CE|IP)')
                            then 'England or Wales'
                    end
            when ent_identifiers.scheme = 'GB-MPR'
                then
                    case
                        when
                            regexp_matches(
                                ent_identifiers.identifier,
                                '^[0-9]+(ADS|AOFS|BENS|BS|COLS|CUS|FASM|FS|MUDS|MUS|RS|RSUS|SAS|SOO|WS)$'
                            )
                            then 'Scotland'
                        when regexp_matches(ent_identifiers.identifier, '^(CU|IP)[0-9]|^[0-9]+(CU|BNI)$')
                            then 'Northern Ireland'
                        when regexp_matches(ent_identifiers.identifier, '^[0-9]+(R|C)$')
                            then 'England or Wales'
                    end
        end as nation
    from ent_identifiers
    where ent_identifiers.confidence = 'exact'
),

registered as (
    select
        org_id,
        scheme,
        nation
    from numbers
    where nation is not null
    qualify
        row_number() over (
            partition by org_id
            order by
                is_own desc,
                list_position(['GB-COH', 'GB-MPR', 'GB-SC', 'GB-NIC', 'GB-CHC'], scheme) asc,
                identifier asc
        ) = 1
),

told as (
    select
        published.org_id,
        registered.nation as register_nation,
        organisations.uk_nation,
        places.nation as place_nation
    from published
    left join registered on published.org_id = registered.org_id
    left join organisations on published.org_id = organisations.org_id
    left join places on published.org_id = places.org_id
),

final as (
    select
        org_id,
        case
            when register_nation in ('Scotland', 'Northern Ireland') then register_nation
            when register_nation is null then coalesce(uk_nation, place_nation)
            when uk_nation in ('England', 'Wales') then uk_nation
            when place_nation in ('England', 'Wales') then place_nation
            else register_nation
        end as nation,
        case
            when register_nation in ('Scotland', 'Northern Ireland') then 'number'
            when uk_nation in ('England', 'Wales') or (register_nation is null and uk_nation is not null)
                then 'Co-operatives UK'
            when
                place_nation in ('England', 'Wales')
                or (register_nation is null and place_nation is not null)
                then 'postcode'
            when register_nation is not null then 'number'
        end as told_by
    from told
)

select
    org_id,
    nation,
    told_by
from final
