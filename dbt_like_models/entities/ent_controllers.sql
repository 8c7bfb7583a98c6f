-- What: the controllers of companies, each with what it is and the rule that says so.
-- Grain: one row a company and notified controller, those that have ceased included.
-- Of several kinds a public body counts before an employees' trustee, and that before a parent: a council or
-- a trustee may hold three quarters of the shares as well. Of several rules of a kind the name's counts
-- first, then the form, the law, the holding. A controller that no rule recognises has no kind.
with controllers as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        published_on,
        fetched_at,
        is_absent,
        company_number,
        name,
        is_name_withheld,
        kind,
        controller_company_number,
        natures_of_control,
        notified_on,
        ceased_on,
        is_ceased
    from stg_companies_house_psc
),

individuals as (
    select
        company_number,
        active
    from stg_companies_house_psc_individuals
    where not coalesce(is_absent, false)
),

recognised as (
    select
        matched.source,
        matched.record_key,
        list(
            matched.controller_rule
            order by
                list_position(['public-body', 'employee-trustee', 'parent'], matched.controller_kind),
                list_position(
                    ['name', 'legal_form', 'legal_authority', 'natures_of_control'], rules.looks_at
                ),
                matched.controller_rule
        ) as controller_rules,
        arg_min(
            matched.controller_kind,
            list_position(['public-body', 'employee-trustee', 'parent'], matched.controller_kind)
        ) as controller_kind
    from ent_controller_rules as matched
    inner join controller_rules as rules on matched.controller_rule = rules.controller_rule
    group by matched.source, matched.record_key
),

final as (
    select
        controllers.source,
        controllers.record_key,
        controllers.snapshot_id,
        controllers.locator,
        controllers.published_on,
        controllers.fetched_at,
        controllers.is_absent,
        controllers.company_number,
        controllers.name,
        controllers.is_name_withheld,
        controllers.kind,
        controllers.controller_company_number,
        controllers.natures_of_control,
        controllers.notified_on,
        controllers.ceased_on,
        controllers.is_ceased,
        recognised.controller_kind,
        recognised.controller_rules[1] as controller_rule,
        coalesce(recognised.controller_rules, []) as controller_rules,
        coalesce(individuals.active, 0) as active_individuals
    from controllers
    left join recognised
        on controllers.source = recognised.source and controllers.record_key = recognised.record_key
    left join individuals on controllers.company_number = individuals.company_number
)

select
    source,
    record_key,
    snapshot_id,
    locator,
    published_on,
    fetched_at,
    is_absent,
    company_number,
    name,
    is_name_withheld,
    kind,
    controller_company_number,
    natures_of_control,
    notified_on,
    ceased_on,
    is_ceased,
    controller_kind,
    controller_rule,
    controller_rules,
    active_individuals
from final
