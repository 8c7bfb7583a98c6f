-- What: how much of each published list of its day could be traced, and how much of it is followed.
-- Grain: one row a list and kind of end; all is every list together.
-- A line is traced when it is cited what became of it: an organisation of the curated list, or no mutual.
-- Two lines may have become one organisation, which is counted once. An organisation without a cited start,
-- or that no record shows going on after it entered, is traced and not followed: its end is as unknown as
-- that of a line that is not traced.
with members as (
    select
        list_id,
        listed_as,
        entry_id,
        fate
    from cohort_members
),

lists as (
    select
        list_id,
        list_title,
        list_published_on,
        source_url
    from cohort_members
    group by all
),

entries as (
    select
        record_key as entry_id,
        org_id
    from ent_record_organisations
    where source = 'known_mutuals'
),

followed as (
    select
        end_of,
        member as org_id,
        is_at_risk
    from srv_spells
    where population_id = 'cohort-lists' and dating = 'middle'
),

kinds as (
    select unnest(['legal end', 'end of the public service', 'end of mutual status']) as end_of
),

joined as (
    select
        members.list_id,
        kinds.end_of,
        members.fate,
        members.entry_id,
        coalesce(followed.is_at_risk, false) as is_followed
    from members
    cross join kinds
    left join entries on members.entry_id = entries.entry_id
    left join followed on entries.org_id = followed.org_id and kinds.end_of = followed.end_of
),

counted as (
    select
        end_of,
        coalesce(list_id, 'all') as list_id,
        count(*) as lines,
        count(*) filter (where fate <> 'not traced') as traced_lines,
        count(*) filter (where fate = 'no mutual') as lines_without_mutual,
        count(*) filter (where fate = 'not traced') as untraced_lines,
        count(distinct entry_id) as organisations,
        count(distinct entry_id) filter (where is_followed) as followed
    from joined
    group by grouping sets ((end_of, list_id), (end_of))
),

final as (
    select
        counted.*,
        lists.list_published_on,
        lists.source_url,
        coalesce(lists.list_title, 'All lists') as list_title
    from counted
    left join lists on counted.list_id = lists.list_id
)

select
    list_id,
    end_of,
    list_title,
    list_published_on,
    lines,
    traced_lines,
    lines_without_mutual,
    untraced_lines,
    organisations,
    followed,
    source_url,
    organisations - followed + untraced_lines as with_unknown_end,
    traced_lines / lines as share_traced
from final
