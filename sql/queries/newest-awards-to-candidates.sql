-- Which public contracts were awarded most recently to candidates that are not rejected?
-- The amount belongs to the award: where several suppliers share it, do not add it up.
-- $rows: how many (default: 20)
select
    a.awarded_on,
    o.org_id,
    o.name,
    c.verdict as headline_verdict,
    a.buyer_name,
    a.title,
    a.amount,
    a.currency,
    a.amount_usable,
    a.notice_url
from awards as a
inner join organisations as o on a.org_id = o.org_id
inner join classifications as c on a.org_id = c.org_id
inner join definitions as d on c.definition_id = d.definition_id
where d.is_headline and o.is_candidate and c.verdict != 'not_mutual'
order by a.awarded_on desc nulls last, a.award_key asc
limit cast($rows as integer)
