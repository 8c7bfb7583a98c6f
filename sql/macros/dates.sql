-- What: dates as citations state them (2018, 2018-11, 2018-11-30) as the days on which it may have been.
-- Anything else is no date: null, and precision unknown.
create or replace macro stated_from(x) as case
    when regexp_full_match(x, '\d{4}-\d{2}-\d{2}') then try_cast(x as date)
    when regexp_full_match(x, '\d{4}-\d{2}') then try_cast(x || '-01' as date)
    when regexp_full_match(x, '\d{4}') then try_cast(x || '-01-01' as date)
end;

create or replace macro stated_precision(x) as case
    when stated_from(x) is null then 'unknown'
    else case length(x) when 10 then 'day' when 7 then 'month' else 'year' end
end;

create or replace macro stated_to(x) as case stated_precision(x)
    when 'day' then stated_from(x)
    when 'month' then last_day(stated_from(x))
    when 'year' then make_date(year(stated_from(x)), 12, 31)
end;

-- The last day of a period of so many months that begins on the day after x, by the corresponding date.
create or replace macro months_after(x, months) as ((x + 1) + to_months(months))::date - 1;
