-- What: the present state of each resource of a watched company, as the streaming API told it last.
-- Grain: one row a resource. The greatest time point wins, whatever order the events arrived in;
-- the same version of a resource told twice is one.
with events as (
    select
        snapshot_id,
        locator,
        resource_uri,
        resource_kind,
        company_number,
        event_type,
        timepoint,
        event_at,
        version,
        company_name,
        company_status,
        company_type,
        ceased_on,
        filing_category,
        filing_type,
        filing_description,
        filed_on
    from lake.companies_house_stream
),

final as (
    select *
    from events
    qualify
        row_number() over (
            partition by resource_uri order by timepoint desc, snapshot_id asc, locator asc
        ) = 1
)

select
    resource_uri,
    resource_kind,
    company_number,
    timepoint,
    event_at,
    version,
    company_name,
    company_status,
    company_type,
    ceased_on,
    filing_category,
    filing_type,
    filing_description,
    filed_on,
    snapshot_id,
    locator,
    event_type = 'deleted' as is_deleted
from final
