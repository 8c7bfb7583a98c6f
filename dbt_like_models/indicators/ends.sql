-- What: how organisations ended, three ends kept apart: the legal end, the end of the public service, and
-- the end of mutual status under the headline definition.
-- Grain: one row an organisation and end.
-- A legal end is a register's. Without an earlier date the service and the mutual status end with it, and
-- the cause says so. A service taken in-house, or a body wound up after its service moved, ends the service
-- on the cited day whatever the register says; a merger ends the mutual, not the service, which the
-- successor goes on with. A conversion is no end. A date known to the month or year stands for an interval.
-- A register that only says that somebody left tells no cause: it is then that of the register's last word
-- before (a liquidation, a proposal to strike off), if no later word took it back. Successors are those at
-- the end of the chain.
with headline as (
    select classifications.*
    from classifications
    inner join definitions on classifications.definition_id = definitions.definition_id
    where definitions.is_headline
),

words as (
    select
        org_id,
        event,
        cause,
        effect,
        words,
        source,
        url,
        event_from,
        event_to,
        precision
    from evt_words
),

ended as (
    select
        org_id,
        ended_on
    from ent_organisations
    where status = 'ended'
    union all
    -- the live list leaves the dead out: only the profile, the search and the society's page tell their end
    select
        org_id,
        case when precision = 'day' then event_to end as ended_on
    from words
    where
        event = 'ended'
        and source in ('companies_house_profile', 'companies_house_search', 'fca_society_pages')
),

converted as (
    select
        org_id,
        event_from,
        event_to
    from words
    where effect = 'not an end'
),

registers as (
    select
        ended.org_id,
        min(ended.ended_on) as ended_on
    from ended
    left join converted
        on
            ended.org_id = converted.org_id
            and coalesce(ended.ended_on, converted.event_to) <= converted.event_to + 31
            and coalesce(ended.ended_on, converted.event_from) >= converted.event_from - 31
    where converted.org_id is null
    group by ended.org_id
),

lives as (
    select
        cls_ends.org_id,
        cls_ends.end_kind,
        cls_ends.ended_on,
        cls_ends.ended_precision,
        registers.ended_on as register_ended_on,
        registers.org_id is not null as is_off_the_register,
        coalesce(cls_ends.end_kind not in ('left the register', 'listed as ended'), false) as has_cited_end
    from cls_ends
    left join registers on cls_ends.org_id = registers.org_id
),

told as (
    select
        org_id,
        'legal end' as end_of,
        'left the register' as cause,
        register_ended_on as ended_on,
        case when register_ended_on is null then 'unknown' else 'day' end as precision,
        1 as precedence
    from lives
    where is_off_the_register
    union all
    select
        org_id,
        unnest(['legal end', 'end of the public service', 'end of mutual status']) as end_of,
        end_kind as cause,
        ended_on,
        ended_precision as precision,
        2 as precedence
    from lives
    where end_kind = 'dissolved'
    union all
    select
        org_id,
        unnest(['end of the public service', 'end of mutual status']) as end_of,
        end_kind as cause,
        ended_on,
        ended_precision as precision,
        2 as precedence
    from lives
    where end_kind in ('taken in-house', 'contract lost', 'closed')
    union all
    select
        org_id,
        'end of mutual status' as end_of,
        end_kind as cause,
        ended_on,
        ended_precision as precision,
        2 as precedence
    from lives
    where end_kind in ('merged', 'acquired')
    union all
    select
        org_id,
        'end of mutual status' as end_of,
        end_kind as cause,
        valid_to as ended_on,
        ended_precision as precision,
        2 as precedence
    from headline
    where
        verdict in ('mutual', 'probable')
        and end_kind in ('public control began', 'staff control ended', 'a criterion ended')
    union all
    -- what is off the register serves nobody and has no staff; who never was a mutual loses no such status
    select
        lives.org_id,
        unnest(['end of the public service', 'end of mutual status']) as end_of,
        'left the register' as cause,
        lives.register_ended_on as ended_on,
        case when lives.register_ended_on is null then 'unknown' else 'day' end as precision,
        3 as precedence
    from lives
    left join headline
        on lives.org_id = headline.org_id and headline.verdict in ('mutual', 'probable', 'possible')
    where lives.is_off_the_register and (headline.org_id is not null or lives.has_cited_end)
),

-- the earliest dated one; of one day, the one whose cause says more
final as (
    select *
    from told
    qualify row_number() over (
        partition by org_id, end_of
        order by
            ended_on is null,
            case when precedence = 3 and ended_on is null then 1 else 0 end,
            ended_on,
            precedence,
            cause
    ) = 1
),

-- of what was said in the three years before the end the last word, unless it was taken back; that it was
-- dissolved says least
reasons as (
    select
        final.org_id,
        words.words,
        words.source,
        words.url,
        coalesce(
            words.cause,
            case when bool_or(words.cause = 'dissolved') over (partition by final.org_id) then 'dissolved' end
        ) as cause
    from final
    inner join words on final.org_id = words.org_id
    where
        final.end_of = 'legal end'
        and final.cause = 'left the register'
        and words.effect != 'not an end'
        and coalesce(words.cause not in ('left the register', 'listed as ended', 'converted'), true)
        and words.event_to <= coalesce(final.ended_on, words.event_to) + 31
        and words.event_to >= coalesce(final.ended_on, words.event_to) - 1096
    qualify
        row_number() over (
            partition by final.org_id
            order by
                coalesce(words.cause = 'dissolved', false) asc,
                words.event_to desc,
                words.cause asc nulls last,
                words.source asc,
                words.words asc
        ) = 1
),

cited as (
    select
        org_id,
        event as cause,
        words,
        source,
        url
    from words
    where source = 'known_mutuals' and effect = 'end'
    qualify row_number() over (partition by org_id, event order by url) = 1
),

chains as (
    select
        predecessor_id as org_id,
        list_sort(list_distinct(flatten(list(final_successor_ids)))) as successor_ids
    from successions
    where predecessor_kind = 'organisation' and final_successor_ids is not null
    group by predecessor_id
),

explained as (
    select
        final.*,
        chains.successor_ids,
        coalesce(reasons.words, cited.words) as cause_words,
        coalesce(reasons.source, cited.source) as cause_source,
        coalesce(reasons.url, cited.url) as cause_url,
        coalesce(reasons.cause, final.cause) as told_cause
    from final
    left join reasons
        on final.org_id = reasons.org_id and final.cause = 'left the register' and reasons.cause is not null
    left join cited on final.org_id = cited.org_id and final.cause = cited.cause
    left join chains on final.org_id = chains.org_id
)

select
    org_id,
    end_of,
    precision,
    cause_words,
    cause_source,
    cause_url,
    told_cause as cause,
    ended_on as ended_to,
    coalesce(successor_ids, []) as successor_ids,
    case precision
        when 'year' then date_trunc('year', ended_on)::date
        when 'month' then date_trunc('month', ended_on)::date
        else ended_on
    end as ended_from
from explained
