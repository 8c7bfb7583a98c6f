-- What: the documents that societies filed, as the Mutuals Public Register lists them. None is read.
-- Grain: one row a society and document. named_period_end_on is the one day, its month in words, that the
-- file's name tells; most names tell none, and names that might hold a person's are withheld.
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
    where source = 'fca_society_pages' and is_present
),

records as (
    select
        snapshot_id,
        locator,
        society_number,
        document_id,
        society_id,
        asked_at,
        filed_on,
        document_kind,
        category,
        category_detail,
        file_name,
        is_file_name_withheld
    from lake.fca_society_documents
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
        records.society_number,
        records.document_id,
        records.society_id,
        records.asked_at,
        records.filed_on,
        records.document_kind,
        records.category,
        records.category_detail,
        records.file_name,
        records.is_file_name_withheld,
        try_strptime(
            regexp_replace(
                lower(records.file_name),
                '^[^0-9]*(?:ar30[^0-9]+)?([0-9]{1,2})(?:st|nd|rd|th)?[ _.-]+'
                || '((?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))[a-z]*'
                || '[ _.-]+((?:19|20)[0-9]{2})[^0-9]*$',
                '\1 \2 \3'
            ),
            '%d %b %Y'
        )::date as named_period_end_on
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
    society_number,
    document_id,
    society_id,
    asked_at,
    filed_on,
    document_kind,
    category,
    category_detail,
    file_name,
    is_file_name_withheld,
    named_period_end_on
from final
