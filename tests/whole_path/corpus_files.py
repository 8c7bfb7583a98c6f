"""The files of the corpus that the whole path is proven on, and how they are landed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner, Result

from observatory.cli import main


@dataclass(frozen=True)
class CorpusFile:
    """A file of the corpus, the source it belongs to, and the options it is landed with."""

    source: str
    path: str
    options: tuple[str, ...] = ()


FILES: tuple[CorpusFile, ...] = (
    CorpusFile(
        "companies_house_basic",
        "companies_house/basic/BasicCompanyDataAsOneFile-2024-11-01.zip",
        ("--scope", "extract"),
    ),
    CorpusFile(
        "companies_house_basic",
        "companies_house/basic/BasicCompanyData-2020-06-01-part6_7.csv",
        ("--scope", "extract"),
    ),
    CorpusFile("fca_societies", "fca_mutuals/SocietyList.csv", ("--scope", "extract")),
    CorpusFile(
        "mutual_companies", "fca_mutuals/mutual-companies-crosswalk.csv", ("--scope", "extract")
    ),
    CorpusFile("coops_uk_organisations", "coops_uk/open_data_organisations_2017_06.csv"),
    CorpusFile("coops_uk_economic", "coops_uk/open_data_economic_2016_06.csv"),
    *(
        CorpusFile(
            "companies_house_search",
            f"companies_house/advanced_search/incorporated-jan-2024{part}.csv",
            ("--published", "2025-02-25", "--scope", "extract"),
        )
        for part in ("", "-1", "-2", "-3", "-4", "-5")
    ),
    CorpusFile(
        "contracts_finder",
        "procurement/contracts_finder/cf_search_package_2022-10-20_limit100.json",
    ),
    CorpusFile(
        "contracts_finder",
        "procurement/contracts_finder/cf_search_package_2025-01-23_limit100.json",
    ),
    CorpusFile(
        "contracts_finder", "procurement/contracts_finder/cf_releases_2025-01_2025-03.jsonl"
    ),
)


def observatory(*words: str, home: Path) -> Result:
    """Run the ``observatory`` command in this process on a home folder."""
    return CliRunner().invoke(main, list(words), env={"OBSERVATORY_HOME": str(home)})


def land_all(corpus: Path, home: Path, files: Sequence[CorpusFile] = FILES) -> None:
    """Land the files through the command, in the order given."""
    for one in files:
        result = observatory("land", one.source, str(corpus / one.path), *one.options, home=home)
        assert result.exit_code == 0, result.output
