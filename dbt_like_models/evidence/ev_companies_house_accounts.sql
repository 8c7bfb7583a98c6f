-- What: what accounts and CIC reports say of where staff and services came from, of the staff's part in the
-- organisation, and of its parents.
-- Grain: one row a filing and reading.
-- Only affirmed wording is read (observatory/wording.py): that words stand in a text says nothing. A body
-- that staff or services came from is a listed one where public_bodies has that name. Of several filings of
-- one period the chosen one is read.
with filings as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        fetched_at,
        company_number,
        company_name,
        period_start_on,
        period_end_on,
        parent_name,
        controlling_party_name,
        affirmed,
        transferred_from,
        consultation_held,
        cic_affirmed
    from stg_companies_house_accounts
    where is_chosen
),

body_names as (
    select distinct name_normalised
    from stg_public_bodies
    where name_normalised is not null
),

public_rules as (
    select
        matches,
        unless
    from controller_rules
    where controller_kind = 'public-body' and looks_at = 'name'
),

trustee_rules as (
    select
        matches,
        unless
    from controller_rules
    where controller_kind = 'employee-trustee' and looks_at = 'name'
),

transfers as (
    select
        record_key,
        unnest(transferred_from) as body_name
    from filings
    where len(transferred_from) > 0
),

wording as (
    select
        record_key,
        unnest(affirmed) as hit
    from filings
    where len(affirmed) > 0
),

cic_wording as (
    select
        record_key,
        unnest(cic_affirmed) as hit
    from filings
    where len(cic_affirmed) > 0
),

both_rights as (
    select
        record_key,
        array_to_string(
            list_sort(list_distinct(list_transform(
                coalesce(affirmed, []) || coalesce(cic_affirmed, []), lambda one: one.terms[1]
            ))),
            '; '
        ) as said
    from filings
    where
        list_has_all(
            list_transform(coalesce(affirmed, []) || coalesce(cic_affirmed, []), lambda one: one.rule_id),
            ['staff-ownership', 'staff-governance']
        )
),

-- one name of an owner a filing and role; a company is not its own parent
owners as (
    select
        record_key,
        'parent' as role,
        parent_name as owner_name
    from filings
    where
        parent_name is not null and normalise_name(parent_name) is distinct from normalise_name(company_name)
    union
    select
        record_key,
        'controlling party' as role,
        controlling_party_name as owner_name
    from filings
    where
        controlling_party_name is not null
        and normalise_name(controlling_party_name) is distinct from normalise_name(company_name)
),

public_owners as (
    select distinct owners.owner_name
    from owners
    inner join public_rules
        on
            regexp_matches(plain_words(owners.owner_name), public_rules.matches)
            and not coalesce(regexp_matches(plain_words(owners.owner_name), public_rules.unless), false)
    union
    select distinct owners.owner_name
    from owners
    inner join body_names on normalise_name(owners.owner_name) = body_names.name_normalised
),

trustee_owners as (
    select distinct owners.owner_name
    from owners
    inner join trustee_rules
        on
            regexp_matches(plain_words(owners.owner_name), trustee_rules.matches)
            and not coalesce(regexp_matches(plain_words(owners.owner_name), trustee_rules.unless), false)
),

readings as (
    select
        transfers.record_key,
        case
            when body_names.name_normalised is null then 'transfer=public-body' else
                'transfer=listed-public-body'
        end
            as reading,
        'staff, services or assets came from ' || min(transfers.body_name) as value_seen
    from transfers
    left join body_names on normalise_name(transfers.body_name) = body_names.name_normalised
    group by transfers.record_key, body_names.name_normalised is null
    union all
    select
        record_key,
        'wording=' || hit.rule_id as reading,
        'accounts affirm: ' || array_to_string(hit.terms, ', ') as value_seen
    from wording
    union all
    select
        record_key,
        'cic34=' || hit.rule_id as reading,
        'CIC report affirms: ' || array_to_string(hit.terms, ', ') as value_seen
    from cic_wording
    union all
    select
        record_key,
        'wording=staff-ownership-and-governance' as reading,
        'filing affirms: ' || said as value_seen
    from both_rights
    union all
    select
        record_key,
        'cic34=consultation' as reading,
        'CIC report: stakeholders were consulted' as value_seen
    from filings
    where consultation_held
    union all
    select
        owners.record_key,
        case
            when public_owners.owner_name is not null then 'owner=public-body'
            when trustee_owners.owner_name is not null then 'owner=employee-trustee'
            else 'owner=other'
        end as reading,
        min(owners.role || ' named in accounts: ' || owners.owner_name) as value_seen
    from owners
    left join public_owners on owners.owner_name = public_owners.owner_name
    left join trustee_owners on owners.owner_name = trustee_owners.owner_name
    group by
        owners.record_key,
        public_owners.owner_name is not null,
        trustee_owners.owner_name is not null,
        reading
),

final as (
    select
        filings.source,
        filings.record_key,
        filings.snapshot_id,
        filings.locator,
        filings.record_key as link_key,
        readings.reading,
        readings.value_seen,
        filings.period_end_on as valid_to,
        filings.fetched_at as known_from,
        true as may_speak_against,
        'GB-COH-' || filings.company_number as about,
        'https://find-and-update.company-information.service.gov.uk/company/' || filings.company_number
        || '/filing-history' as url,
        case when filings.period_start_on <= filings.period_end_on then filings.period_start_on end
            as valid_from
    from readings
    inner join filings on readings.record_key = filings.record_key
)

select
    source,
    record_key,
    snapshot_id,
    locator,
    link_key,
    about,
    reading,
    value_seen,
    url,
    valid_from,
    valid_to,
    known_from,
    may_speak_against
from final
