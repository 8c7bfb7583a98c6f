"""What the FCA's society pages and lists of documents look like, and what is kept of them.

Every guess about these pages is here, and nowhere else. None was ever seen by us: their form is
taken from three public readers of 2026. A page that differs is refused by name (BadInput).

What belongs here: HTML and JSON to kept fields. What does not: requests and bodies
(``fca_society_pages.py``).
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, NavigableString, Tag

from observatory.errors import BadInput

_REMEDY: Final = (
    "open the address in a browser; if the form has really changed, "
    "observatory/sources/_society_pages.py must learn it"
)
_SOCIETY = re.compile(r"/Search/Society/(\d+)/?", re.IGNORECASE)
# Past the last society the site answers 200 with this title and nothing in the page.
_EMPTY_TITLE: Final = "Mutuals Public Register"
_STATUSES: Final = ("Registered", "Deregistered", "Dissolved", "Cancelled", "Converted")
_LABELS: Final = {
    "society_status": "status",
    "registered_as": "registration as",
    "registered_on": "registration date",
    "registration_act": "registration act",
    "deregistered_on": "deregistration date",
    "year_end": "year end",
}
# Words that file names consist of when they name nobody; a name with another word is withheld.
_FILING_WORDS: Final = re.compile(
    r"\b(ar|ar30|annual|returns?|accounts?|and|of|the|for|to|rules?|rule|book|partial|complete|full|"
    r"amendments?|amended|new|registrations?|registered|certificate|acknowledgement|application|"
    r"change|name|year|ended|ending|end|financial|statements?|special|resolution|signed|final|"
    r"copy|scanned|part|society|form|mutual|societies|cancellation|dissolution|conversion|"
    r"transfer|engagements|amalgamation|documents?|pdf|docx?|tiff?|jan(uary)?|feb(ruary)?|"
    r"mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|"
    r"dec(ember)?|st|nd|rd|th|v|fy)\b",
)


def society_id(html: str, number: str, where: str) -> str | None:
    """Return the site's own id of a society from the answer to a search for its number, or None
    when the search finds nothing.

    Of several links the one counts whose row shows the number. Raises BadInput when that does
    not settle it.
    """
    found: dict[str, bool] = {}
    for anchor in BeautifulSoup(html, "lxml").find_all("a", href=True):
        link = _SOCIETY.fullmatch(urlsplit(str(anchor["href"])).path)
        if link:
            row = anchor.find_parent(["tr", "li"]) or anchor
            shown = re.search(
                rf"(?<!\w){re.escape(number)}(?!\w)", row.get_text(" "), re.IGNORECASE
            )
            found[link[1]] = found.get(link[1], False) or shown is not None
    sure = [one for one, shows_number in found.items() if shows_number]
    if not found:
        return None
    if len(sure) == 1 or len(found) == 1:
        return (sure or list(found))[0]
    raise BadInput(
        f"the search for {number} finds {len(found)} societies, {len(sure)} of them by this number",
        where=where,
        remedy=_REMEDY,
    )


def society(html: str, where: str) -> dict[str, Any] | None:
    """Return the kept fields of a society's page, or None for the empty template.

    Raises BadInput when a named page shows neither a status nor a registration date.
    """
    soup = BeautifulSoup(html, "lxml")
    title = soup.title.get_text(" ", strip=True) if soup.title else ""
    if title == _EMPTY_TITLE:
        return None
    before, colon, name = title.partition(":")
    if before.strip() != _EMPTY_TITLE or not colon or not name.strip():
        raise BadInput(f"the page's title is {title[:80]!r}", where=where, remedy=_REMEDY)
    shown = _labelled(soup)
    row: dict[str, Any] = {field: shown.get(label) for field, label in _LABELS.items()}
    for field in ("registered_on", "deregistered_on"):
        row[field] = _day(row[field], "%d %B %Y")
    if row["society_status"] not in _STATUSES and not row["registered_on"]:
        raise BadInput(
            "the page shows neither a status nor a registration date",
            where=where,
            remedy=_REMEDY,
        )
    return {"society_name": name.strip(), **row}


def documents(answer: Any, where: str) -> list[Any]:  # noqa: ANN401 - JSON
    """Return the rows of a list of documents, from either of its two shapes: a bare array, or an
    object that holds them as ``aaData``. Raises BadInput for a third."""
    if isinstance(answer, list):
        return answer
    if isinstance(answer, dict) and isinstance(answer.get("aaData"), list):
        return list(answer["aaData"])
    raise BadInput("the list of documents is in an unknown form", where=where, remedy=_REMEDY)


def document(row: Any, society_name: str) -> dict[str, Any] | None:  # noqa: ANN401 - JSON
    """Return the kept fields of one document, or None when the row is not in the known form:
    date, file name, two categories, document id, link text."""
    if (
        not isinstance(row, list)
        or len(row) < 5
        or not all(isinstance(x, str | int) for x in row[:5])
    ):
        return None
    date, name, category, detail, number = (str(cell).strip() for cell in row[:5])
    if not number.isdigit():
        return None
    kind = None
    if re.search("annual return", f"{name} {category} {detail}", re.IGNORECASE):
        kind = "annual-return"
    elif re.search(r"\brules?\b", f"{category} {detail}", re.IGNORECASE):
        kind = "rules"
    names_nobody = _names_nobody(name, society_name)
    return {
        "document_id": number,
        "filed_on": _day(date, "%d/%m/%Y"),
        "file_name": name if names_nobody else None,
        "is_file_name_withheld": not names_nobody,
        "category": category or None,
        "category_detail": detail or None,
        "document_kind": kind,
    }


def _names_nobody(file_name: str, society_name: str) -> bool:
    own = set(re.findall(r"[a-z]+", society_name.lower()))
    rest = _FILING_WORDS.sub(" ", re.sub(r"[^a-z]+", " ", file_name.lower()))
    return not [word for word in rest.split() if word not in own]


def _labelled(soup: BeautifulSoup) -> dict[str, str]:
    """Return the text behind each ``<label>``, up to the next one, by the label's text."""
    found: dict[str, str] = {}
    for label in soup.find_all("label"):
        texts: list[str] = []
        for element in label.next_elements:
            if isinstance(element, Tag) and element.name in ("label", "script", "footer"):
                break
            if isinstance(element, NavigableString) and label not in element.parents:
                texts.append(str(element))
        key = " ".join(label.get_text(" ").split()).rstrip(":").lower()
        found.setdefault(key, " ".join(" ".join(texts).split()))
    return {key: text for key, text in found.items() if text}


def _day(text: str | None, form: str) -> str | None:
    try:
        return datetime.strptime(text or "", form).date().isoformat()
    except ValueError:
        return None
