-- What: each release that names a supplier of an award, and what it says of both.
-- Grain: one row a source, release, award and supplier.
-- award_key is the same in every source: ocid, award id and supplier. A supplier's id counts where it means
-- the same party in every release; org-12 of Public Contracts Scotland and Sell2Wales does not, nor does a
-- supplier without an id: there the name stands for it. Sell2Wales also shows processes of Find a Tender;
-- where Find a Tender's own releases have landed, those count.
with releases as (
    select
        source,
        record_key,
        ocid,
        parties,
        awards,
        place
    from stg_notice_releases
    where len(awards) > 0
),

first_hand as (
    select distinct ocid
    from stg_notice_releases
    where source in ('find_a_tender', 'ocp_registry') and ocid like 'ocds-h6vhtk-%'
),

counted as (
    select releases.*
    from releases
    left join first_hand
        on releases.source in ('sell2wales', 'public_contracts_scotland') and releases.ocid = first_hand.ocid
    where first_hand.ocid is null
),

awards as (
    select
        source,
        record_key,
        unnest(awards) as award
    from counted
),

suppliers as (
    select
        source,
        record_key,
        award,
        unnest(award.suppliers) as supplier
    from awards
    where len(award.suppliers) > 0
),

parties as (
    select
        source,
        record_key,
        unnest(parties) as party
    from counted
),

-- a party may be listed twice in one release (real: GB-COH-03794455)
supplier_parties as (
    select
        source,
        record_key,
        party.id as party_id,
        max(party) as party
    from parties
    where list_contains(party.roles, 'supplier')
    group by source, record_key, party.id
),

joined as (
    select
        suppliers.source,
        suppliers.record_key,
        counted.ocid,
        counted.place,
        suppliers.award,
        supplier_parties.party,
        suppliers.supplier.id as stated_supplier_id,
        coalesce(suppliers.award.id, counted.ocid) as award_id,
        coalesce(suppliers.supplier.name, supplier_parties.party.name) as supplier_name
    from suppliers
    inner join counted
        on suppliers.source = counted.source and suppliers.record_key = counted.record_key
    left join supplier_parties
        on
            suppliers.source = supplier_parties.source
            and suppliers.record_key = supplier_parties.record_key
            and suppliers.supplier.id = supplier_parties.party_id
),

final as (
    select
        *,
        case
            when stated_supplier_id is null or regexp_full_match(stated_supplier_id, 'org-[0-9]+')
                then 'name:' || normalise_name(supplier_name)
            else stated_supplier_id
        end as supplier_id
    from joined
)

select
    source,
    record_key,
    ocid,
    award_id,
    supplier_id,
    supplier_name,
    award,
    party,
    place,
    ocid || '|' || award_id || '|' || supplier_id as award_key
from final
where supplier_id is not null
qualify row_number() over (partition by source, record_key, award_key order by supplier_name) = 1
