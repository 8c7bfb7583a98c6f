-- What: the present record of each society in the FCA Mutuals Public Register.
-- Grain: one row a society, keyed by its full registration number (the number alone is no key: 5083 and
-- 5083WS are two societies).
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
    where source = 'fca_societies' and is_present
),

societies as (
    select
        snapshot_id,
        locator,
        society_name,
        registered_as,
        society_address,
        registered_on,
        deregistered_on,
        registration_act,
        sic_code,
        reporting_classification,
        society_status
    from lake.fca_societies
),

suffix_forms as (
    select
        number_suffix,
        legal_form
    from number_suffix_forms
),

form_words as (
    select
        legal_form,
        lower(published_value) as words
    from legal_form_map
    where source = 'fca_societies'
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
        versions.record_key as society_number,
        societies.society_name,
        societies.registered_as,
        societies.registered_on,
        societies.deregistered_on,
        societies.registration_act,
        societies.reporting_classification,
        societies.society_status,
        -- "Registered Society" says nothing of the kind; for credit unions and clubs the suffix does
        case
            when form_words.legal_form = 'registered-society' or form_words.legal_form is null
                then coalesce(suffix_forms.legal_form, form_words.legal_form)
            else form_words.legal_form
        end as legal_form,
        case
            when
                suffix_forms.legal_form is not null
                and coalesce(form_words.legal_form, 'registered-society') = 'registered-society'
                then 'number suffix'
            when form_words.legal_form is not null then 'registered as'
        end as legal_form_basis,
        find_postcode(societies.society_address) as postcode,
        regexp_extract(societies.sic_code, '\d{4,5}') as sic_code,
        case lower(societies.society_status)
            when 'registered' then 'active'
            when 'deregistered' then 'ended'
            when 'dissolved' then 'ended'
            when 'cancelled' then 'ended'
            when 'converted' then 'ended'
            else 'unknown'
        end as status
    from versions
    inner join societies
        on versions.snapshot_id = societies.snapshot_id and versions.locator = societies.locator
    left join suffix_forms
        on ltrim(versions.record_key, '0123456789') = suffix_forms.number_suffix
    left join form_words on lower(societies.registered_as) = form_words.words
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
    society_number,
    society_name,
    registered_as,
    legal_form,
    legal_form_basis,
    postcode,
    registered_on,
    deregistered_on,
    registration_act,
    reporting_classification,
    society_status,
    status,
    nullif(sic_code, '') as sic_code
from final
