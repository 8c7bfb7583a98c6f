-- What: how many organisations are public service mutuals, under each definition, basis and strictness.
-- Grain: one row a definition, basis and strictness.
-- The counts are a range by strictness, from the sure cases to all that may be one; a range of verdicts is no
-- error bound. Curated and inferred are told apart; either counts both.
with bases as (
    select unnest(['curated', 'inferred', 'either']) as basis
),

-- strictness and the verdicts that it takes in
strictnesses as (
    select
        unnest(['mutual', 'plus probable', 'plus possible']) as strictness,
        unnest([1, 2, 3])::tinyint as step
),

counted as (
    select
        definition_id,
        basis,
        has_ended,
        list_position(['mutual', 'probable', 'possible'], verdict) as step
    from classifications
    where verdict in ('mutual', 'probable', 'possible')
),

final as (
    select
        definitions.definition_id,
        definitions.is_headline,
        bases.basis,
        strictnesses.strictness,
        strictnesses.step,
        count(counted.step) as organisations,
        count(counted.step) filter (where not counted.has_ended) as no_end_recorded
    from definitions
    cross join bases
    cross join strictnesses
    left join counted
        on
            definitions.definition_id = counted.definition_id
            and strictnesses.step >= counted.step
            and bases.basis in (counted.basis, 'either')
    group by
        definitions.definition_id, definitions.is_headline, bases.basis, strictnesses.strictness,
        strictnesses.step
)

select
    definition_id,
    is_headline,
    basis,
    strictness,
    step,
    organisations,
    no_end_recorded
from final
