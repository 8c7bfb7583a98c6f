"""Every fault of the wire, tried on every register that is fetched: it is named, nothing lands."""

from __future__ import annotations

import pytest

from observatory.errors import BadInput, ObservatoryError, PermanentError, TransientError
from observatory.landing import waits
from observatory.settings import Settings
from observatory.sources.base import get
from tests.loopback import Answer, Loopback
from tests.sources.reading import failure, refresh

_CHARITY = "/data/json/publicextract.{}.zip"
_LOOKUPS = "/drkane/charity-lookups/main/relationships/{}.csv"
_CQC = "/system/files/2026-09/01_September_2026_HSCA_Active_Locations.ods"
_RSH = "/media/x/List_of_registered_providers_29_June_2026.xlsx"
# Where each register's file stands, and the page that leads to it if there is one.
FILES = {
    "charity_commission": (_CHARITY.format("charity"), ""),
    "charity_commission_part_a": (_CHARITY.format("charity_annual_return_parta"), ""),
    "charity_commission_part_b": (_CHARITY.format("charity_annual_return_partb"), ""),
    "charity_commission_events": (_CHARITY.format("charity_event_history"), ""),
    "charity_commission_governing_documents": (_CHARITY.format("charity_governing_document"), ""),
    "charity_commission_classifications": (_CHARITY.format("charity_classification"), ""),
    "charity_commission_other_names": (_CHARITY.format("charity_other_names"), ""),
    "cio_companies": (_LOOKUPS.format("cio-company-numbers"), ""),
    "charity_companies": (_LOOKUPS.format("charity-company-numbers"), ""),
    "oscr": ("/download/charity-register", ""),
    "oscr_former": ("/download/charity-former-register", ""),
    "oscr_returns": ("/download/5-years-charity-register", ""),
    "ods_organisations": ("/api/getReport", ""),
    "cqc_active_locations": (_CQC, "/about-us/transparency/using-cqc-data"),
    "registered_providers": (
        _RSH,
        "/government/publications/current-registered-providers-of-social-housing",
    ),
}
LATER = {"Retry-After": "86400"}  # longer than anybody waits in one run
FAULTS: dict[str, tuple[Answer, type[ObservatoryError], str]] = {
    "refused": (Answer(b"no", 403), PermanentError, "403"),
    "gone": (Answer(b"no", 404), PermanentError, "404"),
    "too many": (Answer(b"slow down", 429, LATER), TransientError, "429"),
    "unavailable": (Answer(b"busy", 503, LATER), TransientError, "503"),
    "cut": (Answer(b"x" * 5000, cut=700), BadInput, "every time"),
    "empty": (Answer(b""), BadInput, "0 bytes"),
    "page": (
        Answer(b"<!DOCTYPE html><html><title>Sorry</title></html>", content_type="text/html"),
        BadInput,
        "HTML page",
    ),
    "other": (Answer(b'{"error": "not today"}\n'), BadInput, ""),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("source_id", FILES)
def test_a_fault_is_named_and_nothing_lands(
    source_id: str,
    fault: str,
    home: Settings,
    loopback: Loopback,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(waits, "_BACKOFF", lambda state: 0.0)
    path, page = FILES[source_id]
    answer, kind, says = FAULTS[fault]
    if page:
        loopback.route(page, f'<a href="{_host(source_id)}{path}">x</a>', content_type="text/html")
    loopback.sequence(path, [answer])
    intake = refresh(source_id, home, loopback)
    assert isinstance(failure(intake), kind)
    assert says in str(failure(intake))
    assert (intake.new, intake.read) == ([], [])
    assert loopback.asked(path)


def _host(source_id: str) -> str:
    rsh = source_id == "registered_providers"
    return "https://assets.publishing.service.gov.uk" if rsh else "https://www.cqc.org.uk"


def test_every_register_that_is_fetched_has_evidence_of_its_limit() -> None:
    for source_id in FILES:
        assert get(source_id).limits.evidence
        assert get(source_id).fetch is not None
