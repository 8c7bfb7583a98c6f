"""The Atom feed of the site: verdicts that are other ones, and new ends (RFC 4287).

A release knows what it changed itself, so the entries of the release before are carried on, without
those of a withdrawn version and of organisations that are no longer there. What belongs here: that
file. What does not: what changed and why (the table ``changes``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urljoin
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from observatory.dashboard import words
from observatory.dashboard.policy import SITE
from observatory.dashboard.reader import Reader, Row
from observatory.release import records

FILE: Final = "feed.xml"
TITLE: Final = "Mutuals Observatory: verdicts and ends"
_ATOM: Final = "http://www.w3.org/2005/Atom"
_NS: Final = {"a": _ATOM}
# What a reader's program fetches each day stays small; the table `changes` has everything.
_A_RELEASE, _IN_ALL = 50, 200
_SPACE: Final = uuid5(NAMESPACE_URL, "urn:mutuals-observatory:feed")
_LISTED: Final = "('mutual', 'probable', 'possible')"
_WHY: Final = {
    "source": "a source published something new",
    "disappearance": "a source no longer publishes a record",
    "rule": "the rules changed",
    "linkage": "a record was joined to another organisation",
    "correction": "a correction was recorded",
}
_NEEDS: Final = {
    "changes": ("table_name", "key", "column_name", "kind", "org_id", "old_value", "new_value",
                "cause", "behind", "is_withheld"),
    "classifications": ("org_id", "definition_id", "verdict"),
    "definitions": ("definition_id", "title", "kind", "is_headline"),
    "organisations": ("org_id", "name", "is_candidate"),
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One entry: its permanent id, the organisation and release that it is of, and its words.
    ``updated`` is RFC 3339."""

    id: str
    org_id: str
    version: str
    title: str
    text: str
    updated: str


def feed(reader: Reader, base_url: str = "") -> str:
    """Return the feed of the release that ``reader`` reads. ``base_url`` is where the site is
    published; without one, links are relative to the feed. Raises BadInput for a record of a
    withdrawn version that cannot be read."""
    updated = _moment(reader.about.get("built_at", ""))
    fresh: list[Entry] = []
    if not reader.missing(_NEEDS):
        fresh = [replace(one, updated=updated) for one in (*_verdicts(reader), *_ends(reader))]
    if len(fresh) > _A_RELEASE:
        left = len(fresh) - _A_RELEASE
        fresh = [*fresh[:_A_RELEASE], _rest(reader, left, updated)]
    known = {one.id for one in fresh}
    carried = [one for one in _carried(reader) if one.id not in known]
    return _written(reader, [*fresh, *carried][:_IN_ALL], updated, base_url)


def _verdicts(reader: Reader) -> Iterator[Entry]:
    """One entry an organisation that came onto a list, left it, or moved on it."""
    rows = reader.by("org_id", _VERDICTS)
    for org_id, mine in rows.items():
        first = mine[0]
        lines = [
            f"{row['definition']}: {_verdict(row['old_value'])} → {_verdict(row['new_value'])}. "
            f"{_why(row)}"
            for row in mine
        ]
        title = (
            f"{first['name']}: {_verdict(first['old_value'])} → {_verdict(first['new_value'])} "
            f"({first['definition']})"
        )
        yield _entry(reader, org_id, "verdict", title, "\n".join(lines))


def _ends(reader: Reader) -> Iterator[Entry]:
    if reader.missing({"ends": ("org_id", "end_of", "cause", "precision", "ended_to")}):
        return
    for org_id, mine in reader.by("org_id", _ENDS).items():
        lines = [
            f"{words.words(row['end_of'])}: {row['ended_by']}. "
            f"Date: {words.day(row['ended_to'], row['precision'])}. "
            f"{_why(row)}"
            for row in mine
        ]
        title = f"{mine[0]['name']}: {mine[0]['end_of']} ({mine[0]['ended_by']})"
        yield _entry(reader, org_id, "end", title, "\n".join(lines))


def _why(row: Row) -> str:
    named = [*row["behind"][:3], *(["and others"] if len(row["behind"]) > 3 else [])]
    return f"Why: {_WHY.get(row['cause'], row['cause'])} ({', '.join(named)})."


def _verdict(value: str | None) -> str:
    return words.words(value).lower() if value else "not listed"


def _entry(reader: Reader, org_id: str, what: str, title: str, text: str) -> Entry:
    # The version and the organisation never change for what was once said of them.
    name = f"{reader.version}|{org_id}|{what}"
    return Entry(uuid5(_SPACE, name).urn, org_id, reader.version, title, text, "")


def _rest(reader: Reader, count: int, updated: str) -> Entry:
    text = f"{count:,} more organisations have another verdict or an end in this release."
    entry = _entry(reader, "", "rest", f"{reader.version}: {count:,} more", text)
    return replace(entry, updated=updated)


def _carried(reader: Reader) -> Iterator[Entry]:
    """The entries of the release before that still hold."""
    releases = reader.folder.resolve().parent
    path = releases / (reader.about.get("previous_version") or "none") / SITE / FILE
    if not path.is_file():
        return
    withdrawn = {str(one) for one in records.withdrawn(releases)}
    held = _ids(reader) | {""}
    # Nothing outside the file is read, whatever it says.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    for node in etree.parse(str(path), parser).getroot().findall("a:entry", _NS):
        terms = {
            str(one.get("scheme")): str(one.get("term")) for one in node.findall("a:category", _NS)
        }
        entry = Entry(
            _said(node, "id"),
            terms.get("#organisation", ""),
            terms.get("#release", ""),
            _said(node, "title"),
            _said(node, "content"),
            _said(node, "updated"),
        )
        if entry.version not in withdrawn and entry.org_id in held:
            yield entry


def _ids(reader: Reader, where: str = "") -> set[str]:
    """The organisations of the release; none of a poorer one that does not say."""
    if not reader.has("organisations", "org_id", "is_candidate"):
        return set()
    return {str(row["org_id"]) for row in reader.rows(f"select org_id from organisations {where}")}


def _said(node: etree._Element, name: str) -> str:
    return node.findtext(f"a:{name}", "", _NS)


def _written(reader: Reader, entries: Sequence[Entry], updated: str, base_url: str) -> str:
    base = base_url if not base_url or base_url.endswith("/") else f"{base_url}/"
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})  # type: ignore[dict-item]
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "en-GB")
    _add(root, "id", urljoin(base, FILE) if base else _SPACE.urn)
    _add(root, "title", TITLE)
    _add(root, "updated", max([one.updated for one in entries], default=updated))
    _add(_add(root, "author"), "name", "Mutuals Observatory")
    _add(root, "link", rel="self", type="application/atom+xml", href=urljoin(base, FILE))
    _add(root, "link", rel="alternate", type="text/html", href=urljoin(base, "index.html"))
    candidates = _ids(reader, "where is_candidate")
    for one in entries:
        page = "organisations.html"
        if one.org_id in candidates:
            page = f"organisations/{words.organisation_file(one.org_id)}"
        node = _add(root, "entry")
        _add(node, "id", one.id)
        _add(node, "title", one.title)
        _add(node, "updated", one.updated)
        _add(node, "link", rel="alternate", type="text/html", href=urljoin(base, page))
        if one.org_id:
            _add(node, "category", scheme="#organisation", term=one.org_id)
        _add(node, "category", scheme="#release", term=one.version)
        _add(node, "content", one.text, type="text")
    etree.indent(root)
    return etree.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _add(parent: etree._Element, name: str, said: str | None = None, **attributes: str) -> Any:  # noqa: ANN401 - an element of lxml
    node = etree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    # XML has no place for the other control characters, in any form.
    node.text = said and "".join(one for one in said if one >= " " or one in "\t\n")
    return node


def _moment(built_at: str) -> str:
    """The release's time as RFC 3339 has it."""
    return built_at.replace("+00:00", "Z") or "1970-01-01T00:00:00Z"


_NAME: Final = """coalesce(o.name, (
        select old_value from changes as gone
        where gone.table_name = 'organisations' and gone.column_name = 'name'
            and gone.org_id = c.org_id and gone.kind = 'removed'
    ))"""
_VERDICTS: Final = f"""
select c.org_id, {_NAME} as name, d.title as definition, c.old_value, c.new_value, c.cause, c.behind
from changes as c
inner join definitions as d on d.definition_id = json_extract_string(c.key, '$.definition_id')
left join organisations as o on c.org_id = o.org_id
where c.table_name = 'classifications' and c.column_name = 'verdict' and not c.is_withheld
    and d.kind <> 'other' and c.old_value is distinct from c.new_value
    and (c.old_value in {_LISTED} or c.new_value in {_LISTED})
    and {_NAME} is not null
order by c.org_id, d.is_headline desc, d.definition_id
"""
_ENDS: Final = f"""
select c.org_id, o.name, e.end_of, e.cause as ended_by, e.precision, e.ended_to, c.cause, c.behind
from changes as c
inner join ends as e
    on c.org_id = e.org_id and e.end_of = json_extract_string(c.key, '$.end_of')
inner join organisations as o on c.org_id = o.org_id
where c.table_name = 'ends' and c.kind = 'added' and c.column_name = '*'
    and c.org_id in (
        select cl.org_id
        from classifications as cl inner join definitions as d on cl.definition_id = d.definition_id
        where d.kind <> 'other' and cl.verdict in {_LISTED}
    )
order by c.org_id, e.end_of
"""
