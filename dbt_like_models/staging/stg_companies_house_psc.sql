-- What: who controls a company, by its register of people with significant control, without individuals.
-- Grain: one row a company and notified controller, those that have ceased included. A controller that is
-- notified anew is a new record. No record is no sign of independence: societies and CIOs have no register.
with versions as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        valid_from,
        known_from,
        first_snapshot_id,
        first_seen_on,
        last_seen_on,
        is_absent
    from stg_record_versions
    where source = 'companies_house_psc' and is_present
),

records as (
    select
        snapshot_id,
        locator,
        company_number,
        record_id,
        kind,
        name,
        is_name_withheld,
        legal_form,
        legal_authority,
        country_registered,
        place_registered,
        registration_number,
        natures_of_control,
        notified_on,
        ceased_on,
        is_ceased
    from lake.companies_house_psc
),

final as (
    select
        versions.source,
        versions.record_key,
        versions.snapshot_id,
        versions.locator,
        versions.valid_from as published_on,
        versions.known_from as fetched_at,
        versions.first_snapshot_id,
        versions.first_seen_on,
        versions.last_seen_on,
        versions.is_absent,
        records.company_number,
        records.record_id,
        records.kind,
        records.name,
        records.is_name_withheld,
        records.legal_form,
        records.legal_authority,
        records.country_registered,
        records.place_registered,
        records.registration_number,
        records.natures_of_control,
        records.notified_on,
        records.ceased_on,
        records.is_ceased,
        case
            when
                regexp_matches(
                    lower(concat_ws(' ', records.place_registered, records.country_registered)),
                    'companies house|cardiff|england|wales|scotland|ireland|united kingdom'
                    || '|great britain|\buk\b'
                )
                then normalise_company_number(records.registration_number)
        end as controller_company_number
    from versions
    inner join records
        on versions.snapshot_id = records.snapshot_id and versions.locator = records.locator
)

select
    source,
    record_key,
    snapshot_id,
    locator,
    published_on,
    fetched_at,
    first_snapshot_id,
    first_seen_on,
    last_seen_on,
    is_absent,
    company_number,
    record_id,
    kind,
    name,
    is_name_withheld,
    legal_form,
    legal_authority,
    country_registered,
    place_registered,
    registration_number,
    natures_of_control,
    notified_on,
    ceased_on,
    is_ceased,
    controller_company_number
from final
