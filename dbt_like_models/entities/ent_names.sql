-- What: the names of every organisation, with the form in which names are compared.
-- Grain: one row an organisation, name, name type and source.
with final as (
    select
        record_organisations.org_id,
        names.name,
        names.name_type,
        names.source,
        any_value(names.name_normalised) as name_normalised,
        min(names.valid_from) as valid_from,
        max(names.valid_to) as valid_to,
        min(names.snapshot_id) as snapshot_id,
        arg_min(names.locator, (names.snapshot_id, length(names.locator), names.locator)) as locator
    from ent_record_names as names
    inner join ent_record_organisations as record_organisations
        on names.source = record_organisations.source and names.record_key = record_organisations.record_key
    group by record_organisations.org_id, names.name, names.name_type, names.source
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
