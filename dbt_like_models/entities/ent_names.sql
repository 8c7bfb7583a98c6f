-- What: the names of every organisation, with the form in which names are compared.
-- Grain: one row an organisation, name, name type and source.
with names as (
    select
        record_organisations.org_id,
        names.name,
        names.name_type,
        names.source,
        names.name_normalised,
        names.valid_from,
        names.valid_to,
        names.snapshot_id,
        names.locator,
        -- millions of rows that can have no double need not be grouped
        names.source = 'companies_house_basic'
        and names.name_type = 'current'
        and record_organisations.org_id like 'GB-COH-%' as is_single
    from ent_record_names as names
    inner join ent_record_organisations as record_organisations
        on names.source = record_organisations.source and names.record_key = record_organisations.record_key
),

final as (
    select
        org_id,
        name,
        name_type,
        source,
        name_normalised,
        valid_from,
        valid_to,
        snapshot_id,
        locator
    from names
    where is_single
    union all
    select
        org_id,
        name,
        name_type,
        source,
        any_value(name_normalised) as name_normalised,
        min(valid_from) as valid_from,
        max(valid_to) as valid_to,
        min(snapshot_id) as snapshot_id,
        arg_min(locator, (snapshot_id, length(locator), locator)) as locator
    from names
    where not is_single
    group by org_id, name, name_type, source
)

select
    org_id,
    name,
    name_normalised,
    name_type,
    valid_from,
    valid_to,
    source,
    snapshot_id,
    locator
from final
