-- What: which organisation a PPON, charity number or NHS code stands for, as far as notices that show it
-- beside a register's number tell.
-- Grain: one row a scheme and identifier. One that notices give to two organisations, or that a register
-- gives to another one than they do, belongs to none here, and data_issues says so.
with pairs as (
    select
        anchor_scheme,
        anchor_identifier,
        scheme,
        identifier,
        n_releases,
        source,
        snapshot_id,
        locator,
        notice_id
    from stg_party_pairs
),

crosswalk as (
    select
        company_number,
        society_number
    from ent_crosswalk
),

register_links as (
    select
        scheme,
        identifier,
        min(org_id) as org_id
    from ent_register_links
    where confidence = 'exact'
    group by scheme, identifier
),

anchored as (
    select
        pairs.*,
        coalesce(
            'GB-MPR-' || crosswalk.society_number,
            register_links.org_id,
            -- a Scottish number carries its letters within the scheme: GB-SC-SC042386
            pairs.anchor_scheme || '-' || pairs.anchor_identifier
        ) as org_id
    from pairs
    left join crosswalk
        on pairs.anchor_scheme = 'GB-COH' and pairs.anchor_identifier = crosswalk.company_number
    left join register_links
        on
            pairs.anchor_scheme = register_links.scheme
            and pairs.anchor_identifier = register_links.identifier
),

owners as (
    select
        anchored.scheme,
        anchored.identifier,
        list(distinct anchored.org_id order by anchored.org_id) as shown_ids,
        sum(anchored.n_releases)::bigint as n_releases,
        min({
            'snapshot_id': anchored.snapshot_id,
            'locator': anchored.locator,
            'source': anchored.source,
            'notice_id': anchored.notice_id
        }) as shown
    from anchored
    group by anchored.scheme, anchored.identifier
),

final as (
    select
        owners.scheme,
        owners.identifier,
        owners.n_releases,
        owners.shown.snapshot_id,
        owners.shown.locator,
        owners.shown.source,
        owners.shown.notice_id,
        list_sort(list_distinct(owners.shown_ids || [register_links.org_id])) as org_ids
    from owners
    left join register_links
        on owners.scheme = register_links.scheme and owners.identifier = register_links.identifier
)

select
    scheme,
    identifier,
    org_ids,
    n_releases,
    source,
    snapshot_id,
    locator,
    notice_id,
    case when len(org_ids) = 1 then org_ids[1] end as org_id,
    len(org_ids) > 1 as is_ambiguous
from final
