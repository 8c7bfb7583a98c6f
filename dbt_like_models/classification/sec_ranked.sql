-- What: the sectors of each published organisation in their order: the primary one, and those beside it.
-- Grain: one row an organisation and sector; one whose records tell no sector has no row.
-- A register's activity code first, Co-operatives UK's sector next, the commonest CPV code of its awards
-- next: a contract tells of one purchase. Then kinds of service, classifications, and last, of entries of the
-- curated list only, words of names. Codes of membership bodies and businesses say too little.
with votes as (
    select
        org_id,
        sector,
        basis,
        precedence,
        weight,
        records,
        evidence,
        sector in ('other', 'membership-associations', 'business-services') as says_little
    from sec_votes
),

-- of one sector the basis that counts first
told as (
    select *
    from votes
    qualify
        row_number() over (
            partition by org_id, sector
            order by precedence asc, weight desc, evidence asc
        ) = 1
),

final as (
    select
        org_id,
        sector,
        basis,
        evidence,
        records,
        row_number() over (
            partition by org_id
            order by says_little asc, precedence asc, weight desc, sector asc
        ) as place
    from told
)

select
    org_id,
    sector,
    basis,
    evidence,
    records,
    place
from final
