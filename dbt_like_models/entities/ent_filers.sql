-- What: which published organisation a register's number stands for, where filings name nothing else.
-- Grain: one row a scheme and identifier. Only numbers that are exactly one organisation's.
with identifiers as (
    select
        org_id,
        scheme,
        identifier
    from ent_identifiers
    where scheme in ('GB-COH', 'GB-MPR', 'GB-CHC', 'GB-SC') and confidence = 'exact'
),

published as (
    select org_id
    from ent_published
),

sole as (
    select
        scheme,
        identifier,
        min(org_id) as org_id
    from identifiers
    group by scheme, identifier
    having count(distinct org_id) = 1
),

final as (
    select
        sole.scheme,
        sole.identifier,
        sole.org_id
    from sole
    inner join published on sole.org_id = published.org_id
)

select
    scheme,
    identifier,
    org_id
from final
