-- What: what the letters in an organisation's own number tell of its legal form and nation.
-- Grain: one row an organisation whose number tells anything.
-- A society's letters end its number, a company's begin it. Most companies have none, and no row.
with ids as (
    select
        org_id,
        case
            when org_id like 'GB-MPR-%' then ltrim(org_id[8:], '0123456789')
            -- Companies House keeps the letter of a credit union or friendly society (real: IP00480F)
            when org_id like 'GB-COH-IP%' then nullif(regexp_extract(org_id, '[0-9]([CF])$', 1), '')
        end as number_suffix,
        case when org_id like 'GB-COH-%' then org_id[8:9] end as number_prefix
    from ent_record_organisations
    group by org_id
),

suffix_forms as (
    select
        number_suffix,
        legal_form
    from number_suffix_forms
),

prefix_forms (number_prefix, legal_form) as (
    values
    ('OC', 'llp'), ('SO', 'llp'), ('NC', 'llp'),
    ('LP', 'limited-partnership'), ('SL', 'limited-partnership'), ('NL', 'limited-partnership'),
    ('CE', 'cio'), ('CS', 'scio'), ('RC', 'royal-charter'), ('SR', 'royal-charter'), ('NR', 'royal-charter'),
    ('RS', 'registered-society'), ('IP', 'registered-society'), ('SP', 'registered-society'),
    ('NP', 'registered-society'), ('NO', 'registered-society'), ('OE', 'overseas'), ('FC', 'overseas'),
    ('SF', 'overseas'), ('NF', 'overseas'), ('BR', 'overseas')
),

-- only Scottish and Northern Irish prefixes tell a nation; England and Wales share theirs
prefix_nations (number_prefix, uk_nation) as (
    values
    ('SC', 'Scotland'), ('SO', 'Scotland'), ('SL', 'Scotland'), ('CS', 'Scotland'), ('SP', 'Scotland'),
    ('NI', 'Northern Ireland'), ('R0', 'Northern Ireland'), ('NC', 'Northern Ireland'),
    ('NL', 'Northern Ireland'), ('NP', 'Northern Ireland'), ('NO', 'Northern Ireland')
),

final as (
    select
        ids.org_id,
        suffix_forms.legal_form as suffix_form,
        prefix_forms.legal_form as prefix_form,
        prefix_nations.uk_nation,
        -- of either kind: digits alone, or one of the suffixes that both kinds share
        coalesce(ids.number_suffix in ('', 'R', 'RS', 'IP'), false) as is_registered_society
    from ids
    left join suffix_forms on ids.number_suffix = suffix_forms.number_suffix
    left join prefix_forms on ids.number_prefix = prefix_forms.number_prefix
    left join prefix_nations on ids.number_prefix = prefix_nations.number_prefix
)

select
    org_id,
    suffix_form,
    prefix_form,
    uk_nation,
    is_registered_society
from final
where coalesce(suffix_form, prefix_form, uk_nation) is not null or is_registered_society
