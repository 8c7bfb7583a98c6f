-- What: what a register said of a published organisation in each publication that tells something.
-- Grain: one row a source, record and place. said is false where a whole snapshot leaves the record out.
with published as (
    select
        links.org_id,
        links.source,
        links.record_key
    from ent_record_organisations as links
    inner join ent_published on links.org_id = ent_published.org_id
    where links.confidence = 'exact'
),

sightings as (
    select
        published.org_id,
        his_sightings.source,
        his_sightings.record_key,
        his_sightings.place,
        his_sightings.published_on,
        his_sightings.fetched_at,
        his_sightings.snapshot_id,
        his_sightings.held_in,
        his_sightings.locator,
        his_sightings.version > 0 as said
    from his_sightings
    inner join published
        on his_sightings.source = published.source and his_sightings.record_key = published.record_key
    where his_sightings.source in ('fca_societies', 'companies_house_basic', 'coops_uk_organisations')
),

registers as (
    select
        'fca_societies' as source,
        snapshot_id,
        locator,
        society_name as name,
        registered_as as legal_form_words,
        society_status as status_words,
        registered_on,
        deregistered_on as ended_on,
        find_postcode(society_address) as postcode
    from lake.fca_societies
    union all by name
    select
        'companies_house_basic' as source,
        snapshot_id,
        locator,
        company_name as name,
        company_category as legal_form_words,
        company_status as status_words,
        incorporated_on as registered_on,
        dissolved_on as ended_on,
        normalise_postcode(postcode) as postcode,
        [
            one
            for one in [
                { 'name': previous_name_1, 'until': previous_name_1_until },
                { 'name': previous_name_2, 'until': previous_name_2_until },
                { 'name': previous_name_3, 'until': previous_name_3_until },
                { 'name': previous_name_4, 'until': previous_name_4_until },
                { 'name': previous_name_5, 'until': previous_name_5_until },
                { 'name': previous_name_6, 'until': previous_name_6_until },
                { 'name': previous_name_7, 'until': previous_name_7_until },
                { 'name': previous_name_8, 'until': previous_name_8_until },
                { 'name': previous_name_9, 'until': previous_name_9_until },
                { 'name': previous_name_10, 'until': previous_name_10_until }
            ]
            if one.name is not null
        ] as previous_names
    from lake.companies_house_basic
    union all by name
    select
        'coops_uk_organisations' as source,
        snapshot_id,
        locator,
        registered_name as name,
        trading_name,
        legal_form as legal_form_words,
        registered_status as status_words,
        incorporated_on as registered_on,
        dissolved_on as ended_on,
        normalise_postcode(registered_postcode) as postcode
    from lake.coops_uk_organisations
),

final as (
    select
        sightings.org_id,
        sightings.source,
        sightings.record_key,
        sightings.place,
        sightings.published_on,
        sightings.fetched_at,
        sightings.snapshot_id,
        sightings.locator,
        sightings.said,
        registers.legal_form_words,
        registers.status_words,
        registers.registered_on,
        registers.ended_on,
        case
            when sightings.org_id like 'GB-COOP-%' and looks_like_person(registers.name)
                then '(name withheld)'
            else registers.name
        end as name,
        case
            when not (sightings.org_id like 'GB-COOP-%' and looks_like_person(registers.trading_name))
                then registers.trading_name
        end as trading_name,
        split_part(registers.postcode, ' ', 1) as postcode_district,
        -- names are listed newest first: the next one's end is this one's beginning
        [
            {
                'name': registers.previous_names[n].name,
                'since': registers.previous_names[n + 1].until,
                'until': registers.previous_names[n].until
            }
            for n in range(1, coalesce(len(registers.previous_names), 0) + 1)
        ] as previous_names
    from sightings
    left join registers
        on
            sightings.source = registers.source
            and sightings.held_in = registers.snapshot_id
            and sightings.locator = registers.locator
)

select
    org_id,
    source,
    record_key,
    place,
    published_on,
    fetched_at,
    snapshot_id,
    locator,
    said,
    name,
    trading_name,
    previous_names,
    legal_form_words,
    status_words,
    registered_on,
    ended_on,
    postcode_district
from final
