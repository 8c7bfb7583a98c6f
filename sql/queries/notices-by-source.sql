-- What do each source's notices hold: pairs, identifiers, amounts used and refused, mutual flags?
with told as (
    select
        source,
        if(amount_usable and currency = 'GBP', amount, null) as pounds,
        unnest(
            list_value(
                list_value('pairs of award and supplier', 'all'),
                list_value('identifier', coalesce(supplier_scheme, 'none given')),
                list_value('amount', coalesce('refused: ' || amount_refused_reason, 'used')),
                list_value('declared a mutual', mutual_declared),
                list_value('told by another source too', if(duplicate_of is null, 'no', 'yes'))
            )
        ) as one
    from awards
)

select
    source,
    one[1] as about,
    one[2] as said,
    count(*) as pairs,
    round(sum(pounds), 2) as pounds_used
from told
group by source, about, said
order by source asc, about asc, pairs desc, said asc
