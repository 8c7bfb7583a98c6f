-- Which buyers award most contracts, and how many of them to published organisations?
-- Amounts are added up only where they are usable and belong to one supplier.
-- $rows: how many (default: 20)
select
    buyer_name,
    count(distinct concat_ws(' ', ocid, award_id)) as awards,
    count(distinct concat_ws(' ', ocid, award_id)) filter (where org_id is not null) as to_known,
    count(distinct org_id) as known_organisations,
    round(sum(amount) filter (where amount_usable and currency = 'GBP'), 2) as usable_amount_gbp,
    max(awarded_on) as newest_award_on
from awards
group by buyer_name
order by awards desc, buyer_name asc
limit cast($rows as integer)
