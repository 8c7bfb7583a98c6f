-- What: the organisations that a record of a charity, care or health register may be about, the surest first.
-- Grain: one row a record, organisation and way in which it is known.
-- Apart from ent_record_organisations, because these registers speak of organisations that other records
-- name: which candidate counts is decided there, once it is known who else is named.
with charities as (
    select
        source,
        record_key,
        'GB-CHC' as scheme,
        charity_number as identifier
    from stg_charity_commission
    union all
    select
        source,
        record_key,
        'GB-SC' as scheme,
        charity_number as identifier
    from stg_oscr
),

-- the NHS's own list gives no number of another register: the name decides there, or a judgement does
health_matches as (
    select
        source,
        record_key,
        org_id,
        basis,
        case when basis = 'judgement' then 'exact' else 'probable' end as confidence
    from ent_matches
    where
        source = 'ods_organisations'
        and decision = 'match'
        and role in ('supplier', 'listed', 'entry')
),

final as (
    select
        source,
        record_key,
        org_id,
        basis,
        confidence,
        1 as rank
    from ent_register_links
    where rank = 1 and confidence in ('exact', 'probable')
    union all
    select
        charities.source,
        charities.record_key,
        links.org_id,
        links.basis,
        links.confidence,
        links.rank + 1 as rank
    from charities
    inner join ent_register_links as links
        on charities.scheme = links.scheme and charities.identifier = links.identifier
    where links.confidence in ('exact', 'probable')
    union all
    select
        source,
        record_key,
        scheme || '-' || identifier as org_id,
        'identifier' as basis,
        'exact' as confidence,
        9 as rank
    from charities
    union all
    select
        source,
        record_key,
        org_id,
        basis,
        confidence,
        1 as rank
    from health_matches
    union all
    select
        source,
        record_key,
        'GB-NHS-' || organisation_code as org_id,
        'identifier' as basis,
        'exact' as confidence,
        9 as rank
    from stg_ods_organisations
    where kind != 'independent-provider-site' and postcode is not null
)

select
    source,
    record_key,
    org_id,
    basis,
    confidence,
    rank
from final
