-- What: each history as it was known on a day, or as it was true on a day as we know it now.
-- A release carries these macros; an analyst writes `from organisations_as_known_on(date '2026-10-01')`.
-- A day counts to its end. Where two releases were made on one day, the later one is what was known. What is
-- not dated is true on no day that can be named: it is left out of as_true_on, and never out of as_known_on.
-- as_known_on shows a row as it stood then, so known_to is null: what replaced it was not known. Histories of
-- registers, returns and notices end a version on the day when the next was published (valid_to is the first
-- day on which it no longer held); verdicts and evidence end on their last day.
create or replace macro as_known_on(history_of, on_day) as table
    select * replace (null::timestamp as known_to) -- noqa: AM04
    from query_table(history_of || '_history')
    where
        known_from < on_day::date + interval 1 day
        and (known_to is null or known_to >= on_day::date + interval 1 day);

create or replace macro as_true_on(history_of, on_day) as table
    from query_table(history_of || '_history')
    where
        known_to is null
        and valid_from < on_day::date + interval 1 day
        and (valid_to is null or valid_to >= on_day::date + interval 1 day);

create or replace macro organisations_as_known_on(on_day) as table
    from as_known_on('organisations', on_day);

create or replace macro organisations_as_true_on(on_day) as table
    from as_true_on('organisations', on_day);

create or replace macro names_as_known_on(on_day) as table
    from as_known_on('names', on_day);

create or replace macro names_as_true_on(on_day) as table
    from as_true_on('names', on_day);

create or replace macro awards_as_known_on(on_day) as table
    from as_known_on('awards', on_day);

create or replace macro awards_as_true_on(on_day) as table
    from as_true_on('awards', on_day);

create or replace macro returns_as_known_on(on_day) as table
    from as_known_on('returns', on_day);

create or replace macro returns_as_true_on(on_day) as table
    from as_true_on('returns', on_day);

create or replace macro rules_as_known_on(on_day) as table
    from as_known_on('rules', on_day);

-- a verdict that outlived a change of the rules was last said under the later ones
create or replace macro classifications_as_known_on(on_day) as table
    select -- noqa: AM04
        * replace (
            (select max(rules_version) from as_known_on('rules', on_day)) as rules_version
        )
    from as_known_on('classifications', on_day);

create or replace macro classifications_as_true_on(on_day) as table
    from classifications_history
    where
        known_to is null
        and valid_from <= on_day::date
        and (valid_to >= on_day::date or (valid_to is null and not has_ended));

create or replace macro assessments_as_known_on(on_day) as table
    from as_known_on('assessments', on_day);

-- a state without days of its own is that of the whole interval of the verdict
create or replace macro assessments_as_true_on(on_day) as table
    from assessments_history as held
    semi join classifications_as_true_on(on_day) as verdicts
        on held.org_id = verdicts.org_id and held.definition_id = verdicts.definition_id
    where
        held.known_to is null
        and (held.state_from is null or held.state_from <= on_day::date)
        and (held.state_to is null or held.state_to >= on_day::date);

create or replace macro evidence_as_known_on(on_day) as table
    from as_known_on('evidence', on_day);

create or replace macro evidence_as_true_on(on_day) as table
    from evidence_history
    where
        known_to is null
        and valid_from <= on_day::date
        and (valid_to is null or valid_to >= on_day::date);
