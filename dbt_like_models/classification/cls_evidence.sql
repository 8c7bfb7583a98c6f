-- What: the evidence as it is weighed: its rank, whose word it is, and over which days it speaks.
-- Grain: one row a piece of evidence.
-- Where a source's dates are sightings (a contract, a payment, a row in a list), the fact is taken to
-- hold all through the organisation's life: no award during a running contract is no end of service.
-- Where they are spans (a controller notified and ceased), the fact holds between them.
with pieces as (
    select
        evidence_id,
        org_id,
        criterion_id,
        direction,
        strength,
        source,
        valid_from,
        valid_to
    from evidence
),

judged as (
    select
        source,
        origin,
        dates_are,
        knows_since
    from evidence_sources
),

final as (
    select
        pieces.evidence_id,
        pieces.org_id,
        pieces.criterion_id,
        pieces.direction = 'for' as speaks_for,
        pieces.source = 'known_mutuals' as is_curated,
        coalesce(judged.origin, pieces.source) as origin,
        list_position(['weak', 'moderate', 'strong', 'decisive'], pieces.strength)::tinyint as strength_rank,
        case
            when
                judged.dates_are = 'spans'
                and pieces.valid_from > coalesce(judged.knows_since, date '0001-01-01')
                then pieces.valid_from
            else date '0001-01-01'
        end as holds_from,
        case
            when judged.dates_are = 'spans' then coalesce(pieces.valid_to, date '9999-12-31')
            else date '9999-12-31'
        end as holds_to
    from pieces
    left join judged on pieces.source = judged.source
)

select
    evidence_id,
    org_id,
    criterion_id,
    speaks_for,
    is_curated,
    origin,
    strength_rank,
    holds_from,
    holds_to
from final
