-- What: who controls a company, where the rules of controller_rules recognise it, and what it holds.
-- Grain: one row a notification and reading.
-- Half of the shares or votes, or the right to appoint directors, is a majority; several public bodies with a
-- quarter or more each are one jointly. What a controller held is told with the days on which it was notified
-- and ceased; where it ceased on no known day nothing is told of the holding. That a public body's control
-- ceased is a reading of its own, true from that day.
-- A parent is one with shares of its own where its name or form says so and it holds nothing as a trustee:
-- the others may be trustees under another name, charities or mutuals. Companies own companies: a parent
-- whose own controller is recognised is read through, one step and by its number only. Ordinary parents and
-- statements that nobody controls are read of companies that another source names: they would list nobody,
-- and there are a million. A record that a later whole snapshot leaves out is not read. Societies and
-- charitable organisations have no such register: no record says nothing.
with controllers as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        fetched_at,
        company_number,
        name,
        controller_company_number,
        natures_of_control,
        notified_on,
        ceased_on,
        is_ceased,
        case when controller_kind = 'employee-trustee' then controller_rule else controller_kind end as kind
    from ent_controllers
    where controller_kind is not null and not coalesce(is_absent, false)
),

forms as (
    select
        source,
        record_key,
        lower(legal_form) as legal_form
    from stg_companies_house_psc
),

statements as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        fetched_at,
        company_number,
        notified_on
    from stg_companies_house_psc_statements
    where
        -- the publisher's spelling
        starts_with(statement, 'no-individual-or-entity-with-signficant-control')
        and ceased_on is null
        and not coalesce(is_absent, false)
),

named_elsewhere as (
    select org_id as number
    from ent_record_organisations
    where source != 'companies_house_basic'
    union
    select 'GB-COH-' || company_number as number
    from stg_companies_house_accounts
),

held as (
    select
        controllers.*,
        list_transform(
            controllers.natures_of_control,
            lambda one: regexp_replace(one, '-as-(trust|firm).*$|-limited-liability-partnership$', '')
        ) as natures,
        controllers.kind = 'parent'
        and (
            regexp_matches(plain_words(controllers.name), '\b(plc|llp)$|\bpublic limited company$')
            or coalesce(regexp_matches(forms.legal_form, 'public limited|limited by shares|\bplc\b'), false)
        )
        and not regexp_matches(plain_words(controllers.name), '\btrust(ee)?s?\b')
        and len(list_filter(controllers.natures_of_control, lambda one: contains(one, '-as-trust'))) = 0
            as has_shares
    from controllers
    left join forms
        on controllers.source = forms.source and controllers.record_key = forms.record_key
),

weighed as (
    select
        *,
        case
            when
                len(list_filter(natures, lambda one: regexp_matches(
                    one, '-(50-to-75|75-to-100)-percent$|^right-to-appoint-and-remove-'
                ))) > 0
                then 'majority'
            when len(list_filter(natures, lambda one: ends_with(one, '-25-to-50-percent'))) > 0
                then 'stake'
            else 'influence'
        end as holding
    from held
    where not is_ceased or ceased_on is not null
),

joint as (
    select company_number
    from weighed
    where kind = 'public-body' and holding = 'stake' and not is_ceased
    group by company_number
    having count(distinct lower(name)) > 1
),

-- the recognised owner of a parent company; a public body counts before a trust
owners as (
    select
        company_number,
        min({
            'rank': case kind when 'public-body' then 1 when 'employee-ownership-trust' then 2 else 3 end,
            'kind': kind,
            'name': name,
            'notified_on': notified_on,
            'record_key': record_key
        }) as owner
    from weighed
    where kind != 'parent' and holding = 'majority' and not is_ceased
    group by company_number
),

recognised as (
    select
        weighed.source,
        weighed.record_key,
        weighed.snapshot_id,
        weighed.locator,
        weighed.fetched_at,
        weighed.company_number,
        weighed.notified_on,
        weighed.ceased_on,
        'controller=' || case when weighed.has_shares then 'parent-with-shares' else weighed.kind end || ':'
        || case
            when joint.company_number is null or weighed.holding != 'stake' then weighed.holding else 'joint'
        end
            as reading,
        concat_ws(
            ' ',
            case when weighed.is_ceased then 'former controller:' else 'controller:' end,
            coalesce(weighed.name, 'a name that is not kept'),
            '(' || nullif(array_to_string(weighed.natures_of_control, ', '), '') || ')'
        ) as value_seen
    from weighed
    left join joint
        on
            weighed.kind = 'public-body'
            and not weighed.is_ceased
            and weighed.company_number = joint.company_number
    left join named_elsewhere on 'GB-COH-' || weighed.company_number = named_elsewhere.number
    left join owners
        on
            weighed.controller_company_number = owners.company_number
            and weighed.controller_company_number != weighed.company_number
    where
        weighed.kind != 'parent'
        or (
            weighed.holding = 'majority'
            and named_elsewhere.number is not null
            and owners.company_number is null
        )
    union all
    select
        weighed.source,
        weighed.record_key,
        weighed.snapshot_id,
        weighed.locator,
        weighed.fetched_at,
        weighed.company_number,
        greatest(weighed.notified_on, owners.owner.notified_on) as notified_on,
        weighed.ceased_on,
        'controller=' || owners.owner.kind || ':through-a-company' as reading,
        'controller: ' || coalesce(weighed.name, 'a company') || ', whose own controller is '
        || coalesce(owners.owner.name, 'one whose name is not kept') as value_seen
    from weighed
    inner join owners on weighed.controller_company_number = owners.company_number
    where
        weighed.kind = 'parent'
        and weighed.holding = 'majority'
        and weighed.controller_company_number != weighed.company_number
    union all
    select
        source,
        record_key,
        snapshot_id,
        locator,
        fetched_at,
        company_number,
        ceased_on as notified_on,
        null::date as ceased_on,
        'controller=public-body:past' as reading,
        'former controller: ' || coalesce(name, 'a name that is not kept') as value_seen
    from controllers
    where kind = 'public-body' and is_ceased
    union all
    select
        statements.source,
        statements.record_key,
        statements.snapshot_id,
        statements.locator,
        statements.fetched_at,
        statements.company_number,
        statements.notified_on,
        null::date as ceased_on,
        'controller=none' as reading,
        'statement: no person or entity with significant control' as value_seen
    from statements
    inner join named_elsewhere on 'GB-COH-' || statements.company_number = named_elsewhere.number
),

final as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        record_key as link_key,
        reading,
        value_seen,
        ceased_on as valid_to,
        fetched_at as known_from,
        true as may_speak_against,
        'GB-COH-' || company_number as about,
        'https://find-and-update.company-information.service.gov.uk/company/' || company_number
        || '/persons-with-significant-control' as url,
        case when ceased_on < notified_on then null else notified_on end as valid_from
    from recognised
)

select
    source,
    record_key,
    snapshot_id,
    locator,
    link_key,
    about,
    reading,
    value_seen,
    url,
    valid_from,
    valid_to,
    known_from,
    may_speak_against
from final
