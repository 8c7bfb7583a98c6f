-- What: the form of an identifier within its scheme (codes of org-id.guide), null where it cannot be one.
-- A charity's number is stated with and without its scheme and leading zeros. A PPON is what Find a Tender
-- gives every supplier: the pattern is its generator's, without vowels, F, K, S and zeros; one whose last
-- letter is C stands for an informal consortium, which is no organisation, and is null here.
create or replace macro normalise_identifier(scheme, x) as case scheme
    when 'GB-COH' then normalise_company_number(x)
    when 'GB-MPR' then normalise_society_number(x)
    when 'GB-CHC'
        then nullif(regexp_extract(squeeze(x), '^(?:GB-?CHC-?)?0*([1-9][0-9]{5,6})$', 1), '')
    when 'GB-SC'
        then
            'SC'
            || lpad(
                nullif(regexp_extract(squeeze(x), '^(?:GB-?SC-?)?SC0*([1-9][0-9]{0,5})$', 1), ''), 6, '0'
            )
    when 'GB-NIC' then nullif(regexp_extract(squeeze(x), '^(?:GB-?NIC-?|NIC?)?(1[0-9]{5})$', 1), '')
    when 'GB-NHS'
        then case
            when regexp_full_match(squeeze(x), '[A-Z0-9]{3,8}') and regexp_matches(squeeze(x), '[A-Z]')
                then squeeze(x)
        end
    when 'GB-PPON'
        then case
            when
                regexp_full_match(
                    squeeze(x),
                    'P[BCDGHJLMNPQRTVWXYZ]{3}-[1-9]{4}-[BCDGHJLMNPQRTVWXYZ]{3}[BDGHJLMNPQRTVWXYZ]'
                )
                then squeeze(x)
        end
end;

-- What: the two parts of an org-id: a scheme is letters, a hyphen and its own code; the identifier follows.
create or replace macro scheme_of(org_id) as regexp_extract(org_id, '^([A-Z]+-[A-Z]+)-(.*)$', 1);

create or replace macro identifier_of(org_id) as regexp_extract(org_id, '^([A-Z]+-[A-Z]+)-(.*)$', 2);
