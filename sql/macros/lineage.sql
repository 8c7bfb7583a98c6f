-- What: the words of a name without its legal form, to tell a conversion by: the form is what changes.

create or replace macro words_without_form(x) as nullif(
    trim(
        regexp_replace(
            regexp_replace(
                coalesce(normalise_name(x), ''),
                '\b(limited|cic|cio|scio|plc|llp|company|charitable incorporated organisation)\b',
                ' ',
                'g'
            ),
            ' +',
            ' ',
            'g'
        )
    ),
    ''
);
