"""Short names of the licences that sources state, as programs know them.

What belongs here: SPDX identifiers (https://spdx.org/licenses/) of licences by the address that a
source gives. What does not: which source has which licence (each source module says so).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# A licence is told by the address of its text, never guessed from a title.
_BY_ADDRESS: Mapping[str, str] = {
    "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/": "OGL-UK-3.0",
    "https://opendatacommons.org/licenses/odbl/1-0/": "ODbL-1.0",
    "https://opendatacommons.org/licenses/by/1-0/": "ODC-By-1.0",
    "https://creativecommons.org/licenses/by/4.0/": "CC-BY-4.0",
    "https://opensource.org/license/mit": "MIT",
}


@dataclass(frozen=True, order=True)
class NamedLicence:
    """One licence: its SPDX name (empty where it has none), the source's own words, and the
    address of its text."""

    name: str
    title: str
    address: str


# What no source told us is the observatory's own, under the licence of the project.
OWN = NamedLicence(
    "MIT", "MIT, the observatory's own columns", "https://opensource.org/license/mit"
)


def named(terms: Iterable[Mapping[str, str]]) -> list[NamedLicence]:
    """Return the different licences of the sources in ``terms``, in a fixed order.

    A source that names neither an address nor a licence that has a short name is left out: its
    terms are told in words, with its attribution.
    """
    found = {
        NamedLicence(_name(one), one["licence"], one["licence_url"])
        for one in terms
        if one["licence_url"]
    }
    return sorted(found)


def _name(terms: Mapping[str, str]) -> str:
    # Terms that leave something out, or are disputed, are not the licence as such.
    plain = not any(word in terms["licence"] for word in (";", "not settled", " and "))
    return _BY_ADDRESS.get(terms["licence_url"], "") if plain else ""
