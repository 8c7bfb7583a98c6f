-- What: companies that closed because they converted, each with the registration that opened in its place.
-- Grain: one row a record of the closing.
-- A company that became a community interest company kept its number and is no succession. A conversion
-- closes one registration and opens another of the same name. Companies House may name the other register's
-- number; without it, the same words in the name and an opening in the sixty days up to the closing make a
-- successor probable, where exactly one organisation answers.
with ids as (
    select
        scheme,
        identifier,
        min(org_id) as org_id
    from ent_identifiers
    where confidence = 'exact'
    group by scheme, identifier
    having count(distinct org_id) = 1
),

organisations as (
    select
        org_id,
        name,
        registered_on
    from ent_organisations
    where registered_on is not null
),

closings as (
    select
        source,
        snapshot_id,
        locator,
        company_number,
        company_name,
        ceased_on as closed_on,
        other_register_number
    from stg_companies_house_profile
    where company_status = 'converted-closed' and not coalesce(is_absent, false)
    union all by name
    select
        source,
        snapshot_id,
        locator,
        company_number,
        company_name,
        dissolved_on as closed_on,
        null::varchar as other_register_number
    from stg_companies_house_search
    where company_status = 'converted-closed'
    union all by name
    select
        source,
        snapshot_id,
        locator,
        company_number,
        company_name,
        dissolved_on as closed_on,
        null::varchar as other_register_number
    from stg_companies_house_basic
    where lower(company_status) = 'converted/closed'
),

closed as (
    select
        closings.*,
        coalesce(ids.org_id, 'GB-COH-' || closings.company_number) as predecessor_id,
        words_without_form(closings.company_name) as words
    from closings
    left join ids on ids.scheme = 'GB-COH' and closings.company_number = ids.identifier
),

numbered as (
    select
        closed.source,
        closed.snapshot_id,
        closed.locator,
        min(ids.org_id) as successor_id
    from closed
    inner join ids
        on
            (
                ids.scheme = 'GB-COH'
                and normalise_company_number(closed.other_register_number) = ids.identifier
            )
            or (
                ids.scheme = 'GB-MPR'
                and normalise_society_number(closed.other_register_number) = ids.identifier
            )
    where ids.org_id != closed.predecessor_id
    group by closed.source, closed.snapshot_id, closed.locator
    having count(distinct ids.org_id) = 1
),

-- materialized, since the words of every organisation would be asked for otherwise
opened_then as materialized (
    select
        closed.source,
        closed.snapshot_id,
        closed.locator,
        closed.words,
        organisations.org_id,
        organisations.name
    from closed
    inner join organisations
        on
            organisations.registered_on between closed.closed_on - 60 and closed.closed_on
            and closed.predecessor_id != organisations.org_id
),

of_the_name as (
    select
        source,
        snapshot_id,
        locator,
        min(org_id) as successor_id
    from opened_then
    where words = words_without_form(name)
    group by source, snapshot_id, locator
    having count(distinct org_id) = 1
),

final as (
    select
        closed.source,
        closed.snapshot_id,
        closed.locator,
        closed.predecessor_id,
        closed.company_number,
        closed.closed_on,
        closed.other_register_number,
        numbered.successor_id is not null as is_numbered,
        coalesce(numbered.successor_id, of_the_name.successor_id) as successor_id
    from closed
    left join numbered
        on
            closed.source = numbered.source
            and closed.snapshot_id = numbered.snapshot_id
            and closed.locator = numbered.locator
    left join of_the_name
        on
            closed.source = of_the_name.source
            and closed.snapshot_id = of_the_name.snapshot_id
            and closed.locator = of_the_name.locator
)

select
    predecessor_id,
    successor_id,
    company_number,
    closed_on,
    is_numbered,
    other_register_number,
    source,
    snapshot_id,
    locator
from final
where successor_id is not null
