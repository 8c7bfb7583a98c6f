-- What: why a figure in pounds is missing from a return: it is in another currency, or for the reason that
-- the reader gives (null where the figure is there).
create or replace macro gap_in_pounds(measure, figure, missing, currency) as {
    'measure': measure,
    'reason': case
        when currency is distinct from 'GBP' and figure is not null then 'in another currency'
        else replace(missing, '-', ' ')
    end
};
