-- Which awards did a later notice amend, and from which value to which?
-- $rows: how many (default: 50)
with versions as (
    select
        *,
        lead(amount) over in_order as amount_later,
        lead(end_on) over in_order as end_later_on
    from awards_history
    where known_to is null
    window in_order as (partition by award_key order by valid_from)
)

select
    v.valid_to as amended_at,
    v.org_id,
    v.title,
    v.amount,
    v.amount_later,
    v.currency,
    v.end_on,
    v.end_later_on,
    v.award_key
from versions as v
where v.valid_to is not null
order by v.valid_to desc, v.award_key asc
limit cast($rows as integer)
