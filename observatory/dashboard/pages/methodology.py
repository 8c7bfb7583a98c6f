"""Methods: how verdicts and figures come about, from the Markdown of ``docs/methodology``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from observatory.dashboard import markdown
from observatory.dashboard.charts import bars
from observatory.dashboard.figures import Plan
from observatory.dashboard.reader import Row
from observatory.dashboard.render import Page
from observatory.dashboard.site import Site

_FOLDER, _DEFINITION = "methodology", "definition-"
_RULES = """
select d.definition_id, d.title, d.kind, d.source_url, d.summary, d.in_force_from,
    d.in_force_to, d.territory
from definitions as d
order by d.is_headline desc, d.kind = 'other', d.definition_id
"""

_QUALIFY = """
-- How many organisations meet or probably meet which definitions at once?
with combinations as (
    select qualifies_under, count(*) as organisations
    from definition_matrix
    where len(qualifies_under) > 0
    group by qualifies_under
)
select
    string_agg(
        regexp_replace(d.title, '^(Public service mutual|Qualifying organisation), ', ''), ' + '
        order by d.is_headline desc, d.definition_id
    ) as label,
    c.organisations
from combinations as c
inner join definitions as d on list_contains(c.qualifies_under, d.definition_id)
group by c.qualifies_under, c.organisations
order by c.organisations desc, label
"""


def pages(site: Site) -> Iterator[Page]:
    """Yield the overview of the methods and a page for each text."""
    texts = {path.stem: path.read_text("utf-8") for path in sorted(site.docs.glob("*.md"))}
    # How a verdict is reached comes first; the others by name.
    order = sorted(texts, key=lambda stem: (stem != "classification", stem))
    chapters = [_chapter(stem, texts[stem]) for stem in order]
    yield Page(
        "methodology.html",
        "methodology.html",
        "Methods",
        "How a verdict is reached, how figures are made, and what they cannot say.",
        {
            "chapters": [one for one in chapters if not str(one["stem"]).startswith(_DEFINITION)],
            "definitions": _definitions(site, set(texts)),
            "criteria": _criteria(site),
            "figures": [site.figure(plan) for plan in (_sensitivity(site), _matrix(site))],
        },
    )
    for chapter in chapters:
        yield Page(
            f"{_FOLDER}/{chapter['stem']}.html",
            "chapter.html",
            str(chapter["title"]),
            str(chapter["summary"])[:300],
            {"body": markdown.to_html(texts[str(chapter["stem"])], _link(set(texts)))},
        )


def _chapter(stem: str, text: str) -> Row:
    title, summary = markdown.title_and_summary(text)
    told = markdown.summary(text)
    return {"stem": stem, "title": title or stem, "summary": summary, "told": told}


def _link(stems: set[str]) -> Callable[[str], str]:
    def link(address: str) -> str:
        path = address.partition("#")[0]
        if not path:
            return address
        name = Path(path).name
        if name == "data-dictionary.md":
            return "../data.html"
        if Path(name).suffix == ".md" and Path(name).stem in stems:
            return f"{Path(name).stem}.html"
        return ""

    return link


def _definitions(site: Site, stems: set[str]) -> list[Row]:
    """The definitions, each with the chapter of its own where there is one."""
    needs = {"definitions": ("definition_id", "title", "kind", "source_url", "summary")}
    rows = [] if site.reader.missing(needs) else site.reader.rows(_RULES)
    for row in rows:
        stem = f"{_DEFINITION}{row['definition_id']}"
        row["chapter"] = f"{_FOLDER}/{stem}.html" if stem in stems else ""
    return rows


# A rule is named in the table by the ids of a source and of what is read in it.
_SENSITIVITY = """
-- Which rule, left out, moves the counts most?
with titled as (
    select
        r.*,
        c.title as criterion,
        (
            select string_agg(s.title, ' or ' order by s.title) from sources as s
            where list_contains(string_split(split_part(r.rule_id, ': ', 1), '|'), s.source)
        ) as register,
        split_part(r.rule_id, ': ', 2) as read
    from rule_sensitivity as r
    left join criteria as c on r.rule_id = c.criterion_id
    where r.definition_id = $definition
)
select
    case rule_kind when 'reading' then 'What is read in a source'
        else 'A criterion of the definition' end as kind,
    case when rule_kind <> 'reading' then coalesce(criterion, rule_id)
        else case read
            when 'label=psm' then 'Cited as a public service mutual, in the list of known mutuals'
            when 'label=psm-probable'
                then 'Cited as a probable public service mutual, in the list of known mutuals'
            when 'label=contested' then 'Cited as a contested case, in the list of known mutuals'
            else coalesce(register, split_part(rule_id, ': ', 1)) || ': '
                || replace(replace(replace(read, '_', ' '), '-', ' '), '=', ': ')
        end
    end as rule,
    mutual_moves_by,
    probable_moves_by,
    possible_moves_by,
    organisations_moved
from titled
order by
    greatest(abs(possible_moves_by), abs(probable_moves_by), abs(mutual_moves_by)) desc,
    rule_kind,
    rule_id
"""


def _sensitivity(site: Site) -> Plan:
    return Plan(
        "sensitivity",
        "Which rule moves the count most",
        "Each rule is left out once and all is judged again: by how many the counts under the "
        "headline definition would change.",
        _SENSITIVITY,
        {
            "rule_sensitivity": ("definition_id", "rule_kind", "rule_id", "possible_moves_by"),
            "criteria": ("criterion_id", "title"),
            "sources": ("source", "title"),
        },
        {
            "kind": "What is left out",
            "rule": "Rule",
            "mutual_moves_by": "Meet",
            "probable_moves_by": "And probably meet",
            "possible_moves_by": "And may meet",
            "organisations_moved": "Organisations moved",
        },
        "A rule that moves nothing is not in the table. A large effect is no fault: it says on "
        "what the count rests.",
        empty="No rule moves the count by itself.",
        parameters={"definition": site.headline},
        open_table=True,
    )


def _matrix(site: Site) -> Plan:
    return Plan(
        "matrix",
        "Who qualifies under which definitions",
        "Organisations that meet or probably meet each combination of definitions.",
        _QUALIFY,
        {
            "definition_matrix": ("qualifies_under",),
            "definitions": ("definition_id", "title", "is_headline"),
        },
        {"label": "Definitions", "organisations": "Organisations"},
        "Over whatever interval; ended organisations are counted in.",
        chart=bars.plain("organisations", "label"),
        empty="No organisation qualifies under any definition.",
    )


def _criteria(site: Site) -> list[Row]:
    needs = {"criteria": ("criterion_id", "title", "description")}
    if site.reader.missing(needs):
        return []
    return site.reader.rows("select title, description from criteria order by title")
