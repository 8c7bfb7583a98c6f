"""From the archetypes to a release: files in the publishers' layouts, through the ordinary door.

What belongs here: which file a source gets and how it is landed. What does not: layouts, and what
is expected. Nothing here reaches round the landing: a file that the observatory would refuse
fails the build.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from observatory.landing.accept import land_file
from observatory.landing.receipts import Scope
from observatory.landing.store import Landing
from observatory.settings import Settings
from observatory.sources.base import get
from tests.archetypes import cases, companies, notices, registers
from tests.whole_path.corpus_files import observatory

Build = Callable[[Sequence[cases.Row]], bytes]


def _charity(table: str) -> tuple[str, Build]:
    return f"publicextract.{table}.zip", partial(registers.charity_table, table)


# source → published name of its file, and what writes it.
FILES: Final[dict[str, tuple[str, Build]]] = {
    "companies_house_basic": (companies.BASIC_FILE, companies.basic),
    "companies_house_psc": (companies.PSC_FILE, companies.psc),
    "companies_house_profile": ("profiles_20261122T023000.jsonl", companies.profiles),
    "companies_house_search": ("Companies-House-search-results.csv", companies.search),
    "companies_house_accounts": (companies.ACCOUNTS_FILE, companies.accounts),
    "fca_societies": ("SocietyList.csv", registers.societies),
    "fca_society_pages": ("societies_20261122T023000.jsonl", registers.society_pages),
    "coops_uk_organisations": ("open_data_organisations_2026_07.csv", registers.coops),
    "coops_uk_economic": ("open_data_economic_2026_07.csv", registers.coops_figures),
    "charity_commission": _charity("charity"),
    "charity_commission_part_a": _charity("charity_annual_return_parta"),
    "charity_commission_part_b": _charity("charity_annual_return_partb"),
    "charity_companies": ("charity-company-numbers.csv", registers.lookup),
    "cio_companies": ("cio-company-numbers.csv", registers.lookup),
    "mutual_companies": ("mutual-companies.csv", registers.lookup),
    "cqc_active_locations": ("01_November_2026_HSCA_Active_Locations.ods", registers.cqc),
    "ods_organisations": ("ephp.csv", registers.ods_providers),
    "registered_providers": ("providers_2026-10.csv", registers.housing_providers),
    "oscr": ("CharityExport-05-Nov-2026.csv", registers.oscr),
    "nhs_spend": ("supplier_matches.csv", registers.nhs_payments),
    "known_mutuals": ("known_mutuals.csv", registers.curated),
    "contracts_finder": ("package.json", notices.contracts_finder),
    "find_a_tender": ("package.json", notices.find_a_tender),
    "public_contracts_scotland": (
        "releases.jsonl",
        partial(notices.regional, prefix="PCS"),
    ),
    "sell2wales": ("releases.jsonl", partial(notices.regional, prefix="S2W")),
}


def build(folder: Path) -> Path:
    """Land every archetype's records below a folder, refresh once, and return the release.

    Raises ValueError when an archetype has rows for a source that no file is written for, and
    AssertionError with the command's own words when the refresh fails.
    """
    home = folder / "home"
    settings = Settings(home=home, contact="observatory@example.org")
    if unknown := set(cases.sources()) - set(FILES):
        raise ValueError(f"no file is written for {sorted(unknown)}")
    for source in cases.sources():
        name, write = FILES[source]
        _land(settings, source, folder / source / name, write(cases.records(source)))
    _land(settings, "postcodes", folder / "ONSPD_NOV_2025.csv", registers.postcodes())
    result = observatory("refresh", "--offline", home=home)
    assert result.exit_code == 0, result.output
    return (home / "releases" / "latest").resolve()


def _land(settings: Settings, source: str, path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    # Beside the packaged list a few fictional entries are no whole edition: it would be refused.
    scope = Scope("extract") if source == "known_mutuals" else None
    land_file(get(source), path, Landing(settings.landing), origin="command", scope=scope)
