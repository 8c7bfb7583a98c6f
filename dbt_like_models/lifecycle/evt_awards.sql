-- What: public contracts awarded to the published organisations, as events.
-- Grain: one row an organisation, process and day of award.
-- An award that is told again by another service counts once, by the one that awards keeps.
with awarded as (
    select
        org_id,
        ocid,
        awarded_on,
        buyer_name,
        title,
        notice_url,
        source,
        snapshot_id,
        locator,
        award_key
    from awards
    where
        org_id is not null
        and match_confidence = 'exact'
        and duplicate_of is null
        and awarded_on is not null
),

final as (
    select
        org_id,
        source,
        ocid,
        awarded_on,
        arg_min(concat_ws(': ', buyer_name, title), award_key) as detail,
        arg_min(snapshot_id, award_key) as snapshot_id,
        arg_min(locator, award_key) as locator,
        arg_min(notice_url, award_key) as url
    from awarded
    group by org_id, source, ocid, awarded_on
)

select
    org_id,
    'award' as event,
    detail,
    source,
    snapshot_id,
    locator,
    url,
    awarded_on as event_from,
    awarded_on as event_to,
    'day' as precision
from final
