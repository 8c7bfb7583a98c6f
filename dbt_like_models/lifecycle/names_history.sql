-- What: the names that registers gave the published organisations, from when to when.
-- Grain: one row an organisation, source, record, name type, name and valid_from.
-- A name seen in the register is valid from its first snapshot on; a name that the register itself lists
-- as previous carries the register's dates.
with seen as (
    select
        org_id,
        source,
        record_key,
        name,
        valid_from,
        valid_to,
        known_from,
        known_to,
        snapshot_id,
        locator,
        lag(name) over (partition by org_id, source, record_key order by valid_from) as name_before
    from organisations_history
),

runs as (
    select
        *,
        sum((name is distinct from name_before)::integer) over (
            partition by org_id, source, record_key order by valid_from
            rows between unbounded preceding and current row
        ) as run
    from seen
),

registered as (
    select
        org_id,
        source,
        record_key,
        'current' as name_type,
        any_value(name) as name,
        min(valid_from) as valid_from,
        arg_max_null(valid_to, valid_from) as valid_to,
        min(known_from) as known_from,
        arg_max_null(known_to, valid_from) as known_to,
        arg_min(snapshot_id, valid_from) as snapshot_id,
        arg_min(locator, valid_from) as locator
    from runs
    where name is not null
    group by org_id, source, record_key, run
),

published as (
    select
        record_organisations.org_id,
        record_organisations.source,
        record_organisations.record_key
    from ent_record_organisations as record_organisations
    inner join ent_published on record_organisations.org_id = ent_published.org_id
    where
        record_organisations.source = 'companies_house_basic'
        and record_organisations.confidence = 'exact'
),

companies as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        fetched_at
    from stg_companies_house_basic
),

previous as (
    select
        published.org_id,
        names.source,
        names.record_key,
        names.name_type,
        names.name,
        null::timestamp as known_to,
        min(names.valid_from) as valid_from,
        max(names.valid_to) as valid_to,
        min(companies.fetched_at) as known_from,
        min(names.snapshot_id) as snapshot_id,
        min(names.locator) as locator
    from ent_record_names as names
    inner join published on names.source = published.source and names.record_key = published.record_key
    inner join companies on names.source = companies.source and names.record_key = companies.record_key
    where names.name_type = 'previous'
    group by published.org_id, names.source, names.record_key, names.name_type, names.name
),

final as (
    select
        org_id,
        source,
        record_key,
        name_type,
        name,
        valid_from,
        valid_to,
        known_from,
        known_to,
        snapshot_id,
        locator
    from registered
    union all
    select
        org_id,
        source,
        record_key,
        name_type,
        name,
        valid_from,
        valid_to,
        known_from,
        known_to,
        snapshot_id,
        locator
    from previous
)

select
    org_id,
    source,
    record_key,
    name_type,
    name,
    valid_from,
    valid_to,
    known_from,
    known_to,
    snapshot_id,
    locator,
    concat_ws('|', org_id, source, record_key, name_type, name, coalesce(valid_from::varchar, 'unknown'))
        as name_key
from final
