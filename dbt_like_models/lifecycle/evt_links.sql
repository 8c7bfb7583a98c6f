-- What: which published organisation a record of each source is about, where that is exact.
-- Grain: one row a source and key. The key is the record's; for sources that are asked by number, the number.
-- A link by name tells no event. may_carry_adverse says where even a statement against somebody may rest.
with published as (
    select org_id
    from ent_published
),

records as (
    select
        record_organisations.source,
        record_organisations.record_key as link_key,
        record_organisations.org_id,
        record_organisations.may_carry_adverse
    from ent_record_organisations as record_organisations
    inner join published on record_organisations.org_id = published.org_id
    where record_organisations.confidence = 'exact'
),

asked (source, scheme) as (
    values
    ('companies_house_profile', 'GB-COH'),
    ('companies_house_search', 'GB-COH'),
    ('fca_society_pages', 'GB-MPR'),
    ('charity_commission_events', 'GB-CHC')
),

final as (
    select
        source,
        link_key,
        org_id,
        may_carry_adverse
    from records
    union all
    select
        asked.source,
        ent_filers.identifier as link_key,
        ent_filers.org_id,
        true as may_carry_adverse
    from asked
    inner join ent_filers on asked.scheme = ent_filers.scheme
)

select
    source,
    link_key,
    org_id,
    may_carry_adverse
from final
