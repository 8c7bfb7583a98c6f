-- What: numbers of charity and care registers that a company number leads to.
-- Grain: one row an organisation and number. Never by name, except where the published list of charities and
-- companies was made so, which is then no more than probable.
-- A register's company number is what somebody typed: where two charities or providers that stand today have
-- one organisation's, or one of them two organisations', which is meant is not told. A number of the past
-- beside one of today may be the same body's, or its predecessor's.
with crosswalk as (
    select
        company_number,
        society_number
    from ent_crosswalk
),

stated as (
    select
        company_number,
        'GB-CHC' as scheme,
        charity_number as identifier,
        status != 'ended' as is_current,
        'identifier' as basis,
        'exact' as confidence,
        1 as rank,
        source,
        record_key,
        snapshot_id,
        locator
    from stg_charity_commission
    where company_number is not null and not coalesce(is_absent, false)
    union all
    select
        company_number,
        scheme_of(charity_org_id) as scheme,
        charity_number as identifier,
        true as is_current,
        'crosswalk' as basis,
        'exact' as confidence,
        2 as rank,
        source,
        record_key,
        snapshot_id,
        locator
    from stg_cio_companies
    union all
    select
        company_number,
        scheme_of(charity_org_id) as scheme,
        charity_number as identifier,
        true as is_current,
        'crosswalk' as basis,
        'probable' as confidence,
        3 as rank,
        source,
        record_key,
        snapshot_id,
        locator
    from stg_charity_companies
    union all
    select
        company_number,
        'GB-CQC' as scheme,
        provider_id as identifier,
        not coalesce(is_absent, false) as is_current,
        'identifier' as basis,
        'exact' as confidence,
        1 as rank,
        source,
        record_key,
        snapshot_id,
        locator
    from stg_cqc_providers
    where company_number is not null
),

owned as (
    select
        stated.*,
        coalesce('GB-MPR-' || crosswalk.society_number, 'GB-COH-' || stated.company_number) as org_id
    from stated
    left join crosswalk on stated.company_number = crosswalk.company_number
),

-- the same number by two lists, or by two company numbers of one society, is one statement: the better counts
best as (
    select *
    from owned
    qualify
        row_number() over (
            partition by org_id, scheme, identifier
            order by rank asc, is_current desc, company_number asc, record_key asc
        ) = 1
),

-- a statement is gainsaid by its like and by better ones (the window ends with rows of its own rank): a list
-- made from names says nothing against a register
counted as (
    select
        *,
        count(*) over (partition by scheme, identifier order by rank) as organisations,
        count(*) over (partition by org_id, scheme order by rank) as numbers,
        count(*) filter (where is_current) over (partition by org_id, scheme order by rank) as current_numbers
    from best
),

final as (
    select
        org_id,
        scheme,
        identifier,
        basis,
        rank,
        source,
        record_key,
        snapshot_id,
        locator,
        case
            when organisations > 1 then 'ambiguous'
            when is_current and current_numbers = 1 then confidence
            when is_current then 'ambiguous'
            when current_numbers = 1 then 'probable'
            when numbers = 1 then confidence
            else 'ambiguous'
        end as confidence
    from counted
)

select
    org_id,
    scheme,
    identifier,
    basis,
    confidence,
    rank,
    source,
    record_key,
    snapshot_id,
    locator
from final
