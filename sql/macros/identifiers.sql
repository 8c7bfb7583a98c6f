-- What: the rules of observatory/identifiers.py as DuckDB macros, for staging SQL and analysts.
-- A rule is changed in both places; tests/test_identifiers_sql.py compares them on real names and numbers.
-- Each returns null (or false) where the Python function returns None (or False).

create or replace macro squeeze(x) as upper(regexp_replace(x, '\s', '', 'g'));

create or replace macro normalise_company_number(x) as case
    when regexp_full_match(squeeze(x), '[0-9]{1,8}') and not regexp_full_match(squeeze(x), '0+')
        then lpad(squeeze(x), 8, '0')
    when
        regexp_full_match(squeeze(x), '[A-Z][A-Z0-9][0-9]{1,6}')
        and squeeze(x)[1:2] in (
            'SC', 'NI', 'R0', 'OC', 'SO', 'NC', 'LP', 'SL', 'NL', 'CE', 'CS', 'RS', 'IP', 'SP', 'NP',
            'NO', 'RC', 'SR', 'NR', 'OE', 'FC', 'SF', 'NF', 'BR', 'ZC', 'SZ', 'NZ', 'FE', 'AC', 'SA',
            'NA', 'IC', 'SI', 'NV', 'GE', 'GS', 'GN', 'ES', 'SE', 'PC'
        )
        then squeeze(x)[1:2] || lpad(squeeze(x)[3:], 6, '0')
    when regexp_full_match(squeeze(x), '(?:RS|IP|SP|NP|NO)[0-9][0-9A-Z]{5}')
        then squeeze(x)
end;

create or replace macro normalise_society_number(x) as case
    when regexp_full_match(squeeze(x), '(IP|CU)0*([1-9][0-9]{0,2})')
        then regexp_replace(squeeze(x), '^(IP|CU)0*([1-9][0-9]*)$', '\2\1')
    when regexp_full_match(squeeze(x), '0*([1-9][0-9]{0,5})(CS|CBS)')
        then regexp_extract(squeeze(x), '^0*([1-9][0-9]*)', 1)
    when regexp_full_match(squeeze(x), '0*([1-9][0-9]{0,5})([A-Z]{0,4})')
        then ltrim(squeeze(x), '0')
end;

create or replace macro plain_words(x) as trim(
    regexp_replace(
        translate(replace(strip_accents(lower(x)), '&', ' and '), '''’‘`´.', ''), '[^a-z0-9]+', ' ', 'g'
    )
);

create or replace macro normalise_name(x) as nullif(
    regexp_replace(
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    regexp_replace(
                        regexp_replace(
                            regexp_replace(
                                regexp_replace(
                                    regexp_replace(
                                        regexp_replace(
                                            plain_words(x),
                                            '\b(?:public limited company|cwmni cyfyngedig cyhoeddus|p l c)\b',
                                            'plc',
                                            'g'
                                        ),
                                        '\bpartneriaeth atebolrwydd cyfyngedig\b', 'llp', 'g'
                                    ),
                                    '\b(?:limited liability partnership|l l p)\b', 'llp', 'g'
                                ),
                                '\b(?:community interest company|cwmni buddiant cymunedol|c i c)\b',
                                'cic',
                                'g'
                            ),
                            '\bcbc$', 'cic', 'g'
                        ),
                        '\bccc$', 'plc', 'g'
                    ),
                    '\b(?:ltd|cyfyngedig|cyf)\b', 'limited', 'g'
                ),
                '\bco op(erative|eratives|s)?\b', 'coop\1', 'g'
            ),
            '^(?:the )+(.)', '\1', 'g'
        ),
        '(.)(?: the)+$', '\1', 'g'
    ),
    ''
);

create or replace macro normalise_postcode(x) as case
    when regexp_full_match(squeeze(x), '[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][ABD-HJLNP-UW-Z]{2}')
        then squeeze(x)[:-4] || ' ' || squeeze(x)[-3:]
end;

create or replace macro find_postcode(x) as normalise_postcode(
    list_last(regexp_extract_all(
        upper(x),
        '\b[A-Z]{1,2}[0-9][A-Z0-9]?\s*[0-9][ABD-HJLNP-UW-Z]{2}\b'
    ))
);

create or replace macro before_trading_as(x) as trim(
    regexp_replace(strip_accents(trim(x)), '(?i)\s+(?:t/as?|t\.a\.?|trading as)\s.*$', '')
);

create or replace macro looks_like_person(x) as coalesce(
    not regexp_matches(
        lower(before_trading_as(x)),
        '[0-9&+/()@]|\b(?:academy|accountants?|agency|applications|alliance|and|aps|architects?|'
        || 'arts?|associates|association|authority|bank|barristers|biobank|board|borough|bros|brothers|'
        || 'builders?|building|business|cabs|care|carpets|centre|center|centres|chambers|charity|'
        || 'childrens?|church|cic|cio|city|civic|clinic|club|college|commission|committee|'
        || 'communities|community|company|connect|construction|consult|consultancy|consultants?|'
        || 'consulting|contractors?|coop|cooperative|co|corp|corporation|council|county|creative|'
        || 'credit|cyf|cyfyngedig|demolition|dental|department|design|developments?|digital|direct|district|'
        || 'education|electrical|energy|engineering|enterprises?|environmental|equipment|europe|'
        || 'events|farm|federation|films?|finance|financial|fire|fitness|flooring|for|forum|'
        || 'foundation|fund|furniture|garage|gardens?|gas|global|gmbh|grammar|group|gym|health|'
        || 'healthcare|healthineers|heating|hire|holdings?|home|homecare|homes|hospice|hospital|'
        || 'hotel|house|housing|inc|independent|industries|infants?|institute|institution|'
        || 'insurance|interiors|international|investments?|junior|laboratories|landscapes?|law|'
        || 'learning|leisure|library|licence|limited|living|llp|lodge|logistics|ltd|machinery|'
        || 'maintenance|management|manufacturing|marketing|media|medical|ministry|motors|museum|'
        || 'mutual|national|network|networks|nhs|nursery|of|office|opticians?|organisation|'
        || 'parish|partners|partnership|pharmacy|photography|plc|plumbing|police|pool|practice|'
        || 'press|primary|procurement|productions?|products|programme|projects?|properties|'
        || 'property|psychology|public|publishing|rail|railway|recovery|recruitment|registered|'
        || 'removals|research|resources|restaurant|roofing|royal|scaffolding|school|schools|'
        || 'science|sciences|secondary|security|service|services|social|society|software|'
        || 'solicitors?|solutions?|specialists?|sports?|staffing|stores?|strategic|strategies|'
        || 'studio|studios|supplies|support|surgery|surveyors?|surveys?|systems?|taxi|taxis|team|'
        || 'technical|technologies|technology|telecom|the|theatre|therapeutic|therapies|therapy|'
        || 'together|tours|town|trading|trainers?|training|transport|travel|trust|trustees|uk|'
        || 'union|united|university|ventures|village|waste|water|wellbeing|windows|works|'
        || 'workshop|worldwide|ymca|youth)\b'
    )
    and (
        regexp_matches(
            lower(before_trading_as(x)),
            '^(?:mr|mrs|ms|miss|mx|dr|prof|professor|rev|revd|reverend|sir|dame)\.?\s+[a-z]'
        )
        or regexp_matches(
            before_trading_as(x), '^[A-Z][A-Za-z''’-]*\.?(?:\s+[A-Z][A-Za-z''’-]*\.?)?\s+[A-Z][A-Za-z''’-]+$'
        )
    ),
    false
);
