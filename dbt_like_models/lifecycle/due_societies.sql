-- What: the annual return that a published society owes the FCA, by the year end on its page and the list of
-- documents that it filed.
-- Grain: one row a society whose page shows it registered and a year end.
-- The page calls nothing overdue. A return is told as overdue only when the seven months of the law had
-- passed on the day of asking, earlier returns are listed, and none is listed that was filed after that year
-- end; a late return of an earlier year counts as one, so that doubt is the society's gain.
with links as (
    select
        link_key,
        org_id
    from evt_links
    where source = 'fca_society_pages' and may_carry_adverse
),

rules as (
    select
        rule_id,
        months
    from filing_rules
    where rule_id = 'ccbsa2014-annual-return'
),

filed as (
    select
        society_number,
        max(filed_on) as last_filed_on
    from stg_fca_society_documents
    where document_kind = 'annual-return'
    group by society_number
),

pages as (
    select
        links.org_id,
        societies.source,
        societies.snapshot_id,
        societies.locator,
        societies.society_id,
        societies.registered_on,
        societies.asked_at::date as as_of,
        filed.last_filed_on,
        rules.rule_id,
        rules.months,
        [
            least(
                last_day(make_date(one, societies.year_end_month, 1)),
                make_date(one, societies.year_end_month, 1) + (societies.year_end_day - 1)::integer
            )::date
            for one in [
                year(societies.asked_at), year(societies.asked_at) - 1, year(societies.asked_at) - 2
            ]
        ] as year_ends
    from stg_fca_society_pages as societies
    inner join links on societies.society_number = links.link_key
    left join filed on societies.society_number = filed.society_number
    cross join rules
    where societies.society_status = 'Registered' and societies.year_end_month is not null
),

-- the last year end whose return was due by the day of asking, and the one after it
owed as (
    select
        *,
        list_filter(year_ends, lambda one: months_after(one, months) < as_of)[1] as past_end_on,
        list_filter(year_ends, lambda one: months_after(one, months) >= as_of and one < as_of)[-1]
            as next_end_on
    from pages
),

final as (
    select
        org_id,
        source,
        snapshot_id,
        locator,
        rule_id,
        as_of,
        last_filed_on,
        months,
        'https://mutuals.fca.org.uk/Search/Society/' || society_id as url,
        coalesce(last_filed_on <= past_end_on and past_end_on > registered_on + interval 18 month, false)
            as is_overdue,
        case
            when last_filed_on <= past_end_on and past_end_on > registered_on + interval 18 month
                then past_end_on
            else next_end_on
        end as period_end_on
    from owed
)

select
    org_id,
    source,
    'annual return' as obligation,
    rule_id,
    period_end_on,
    last_filed_on,
    as_of,
    snapshot_id,
    locator,
    url,
    months_after(period_end_on, months) as due_on,
    case
        when is_overdue then 'overdue'
        when last_filed_on > period_end_on then 'filed'
        when period_end_on is not null then 'due'
        else 'unknown'
    end as state,
    case
        when is_overdue then 'no return is listed that was filed after the year end'
        when last_filed_on > period_end_on then 'a return is listed that was filed after the year end'
        when period_end_on is not null then 'worked out from the year end that the register shows'
        else 'no year end is over whose return is not yet due'
    end as state_basis
from final
