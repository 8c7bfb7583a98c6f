-- What: the verdict on each published organisation under each definition, without its words.
-- Grain: one row an organisation and definition.
-- In order: outside the definition's days or nations nothing is tested; public control that a record
-- shows all through wins over any citation; then the curated label, under policy definitions; then what
-- the evidence shows.
with counted as (
    select
        alone.org_id,
        alone.definition_id,
        alone.level as records_level,
        alone.run_from,
        alone.run_to,
        alone.is_never_free,
        alone.free_to,
        admitted.level as admitted_level
    from cls_intervals as alone
    inner join cls_intervals as admitted
        on
            alone.org_id = admitted.org_id
            and alone.definition_id = admitted.definition_id
            and alone.is_records_alone
            and not admitted.is_records_alone
),

in_force as (
    select
        definition_id,
        kind,
        dates_bind,
        case when dates_bind then in_force_from end as in_force_from,
        case when dates_bind then in_force_to end as in_force_to,
        string_split(nations, '|') as nations
    from definitions
),

cited as (
    select
        org_id,
        n_citations,
        n_label_citations,
        label_verdict,
        n_labels,
        is_look_alike
    from cls_citations
),

ends as (
    select
        org_id,
        registered_on,
        spun_out_on,
        ended_on
    from cls_ends
),

seats as (
    select
        org_id,
        nation
    from cls_nations
),

judged as (
    select
        counted.*,
        in_force.kind,
        in_force.in_force_from,
        in_force.in_force_to,
        ends.registered_on,
        ends.spun_out_on,
        ends.ended_on,
        seats.nation,
        case when in_force.kind = 'policy' then cited.label_verdict end as label_verdict,
        coalesce(cited.is_look_alike, false) as is_look_alike,
        coalesce(cited.n_citations, 0) as n_citations,
        coalesce(cited.n_label_citations, 0) as n_label_citations,
        coalesce(cited.n_labels, 0) as n_labels,
        coalesce(
            ends.ended_on < in_force.in_force_from or ends.registered_on > in_force.in_force_to, false
        ) as is_out_of_force,
        -- an unknown seat rules nothing out
        coalesce(
            case
                when seats.nation = 'England or Wales'
                    then not list_has_any(in_force.nations, ['England', 'Wales'])
                else not list_contains(in_force.nations, seats.nation)
            end,
            false
        ) as is_out_of_territory
    from counted
    inner join in_force on counted.definition_id = in_force.definition_id
    left join cited on counted.org_id = cited.org_id
    left join ends on counted.org_id = ends.org_id
    left join seats on counted.org_id = seats.org_id
),

decided as (
    select
        *,
        ['not_mutual', 'undetermined', 'possible', 'probable', 'mutual'][records_level + 1]
            as records_verdict,
        case
            when is_out_of_force or is_out_of_territory then 'not tested'
            when label_verdict is not null and is_never_free then 'control'
            when label_verdict is not null then 'label'
            when admitted_level = 0 and records_level > 0 then 'citation'
            else 'records'
        end as decided_by
    from judged
),

final as (
    select
        *,
        case decided_by
            when 'not tested' then 'undetermined'
            when 'label' then case when is_look_alike then 'possible' else label_verdict end
            when 'citation' then 'not_mutual'
            else records_verdict
        end as verdict,
        case when decided_by in ('label', 'citation') then 'curated' else 'inferred' end as basis,
        case when decided_by = 'not tested' then 'undetermined' else records_verdict end as inferred_verdict,
        -- the last day of the stretch over which the evidence carries the verdict; null while it does
        nullif(case when decided_by = 'label' then free_to else run_to end, date '9999-12-31') as evidence_to,
        nullif(case when decided_by = 'records' and records_level >= 2 then run_from end, date '0001-01-01')
            as evidence_from
    from decided
)

select
    org_id,
    definition_id,
    verdict,
    basis,
    inferred_verdict,
    decided_by,
    label_verdict,
    is_look_alike,
    n_citations,
    n_label_citations,
    n_labels,
    admitted_level,
    is_out_of_force,
    is_out_of_territory,
    nation,
    kind,
    in_force_from,
    in_force_to,
    registered_on,
    spun_out_on,
    ended_on,
    evidence_from,
    evidence_to
from final
