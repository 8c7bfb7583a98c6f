-- Which public contracts was one organisation awarded, by whom, and how was it told to be the supplier?
-- The amount belongs to the award: where several suppliers share it, do not add it up.
-- $org_id: the organisation's org-id
select
    a.awarded_on,
    a.buyer_name,
    a.title,
    a.cpv_code,
    a.amount,
    a.currency,
    a.amount_usable,
    a.n_suppliers,
    a.start_on,
    a.end_on,
    a.match_basis,
    a.supplier_name,
    a.notice_url
from awards as a
where a.org_id = $org_id
order by a.awarded_on desc nulls last, a.award_key asc
