"""The one form of identifiers, names and postcodes. The SQL macros have their own tests."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory import identifiers as ids


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("6273905", "06273905"),
        (" 06273905 ", "06273905"),
        ("0627 3905", "06273905"),
        ("ni060102", "NI060102"),
        ("SC12345", "SC012345"),
        ("R0000123", "R0000123"),
        ("IP28116R", "IP28116R"),
        ("IP00149C", "IP00149C"),
        ("SP1032RS", "SP1032RS"),
        ("RS04796Z", "RS04796Z"),
        ("IP0P204R", "IP0P204R"),
        ("IP31542", "IP031542"),
        ("OE012345", "OE012345"),
    ],
)
def test_company_numbers_have_eight_characters(raw: str, value: str) -> None:
    assert ids.read_company_number(raw) == ids.Reading(value)
    assert ids.normalise_company_number(raw) == value


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        ("458577871", "at most 8"),
        ("00000000", "zeros"),
        ("XX123456", "prefix"),
        ("SC1234AB", "digits"),
        ("IP2779R", "digits"),
        ("N/A", "prefix"),
        ("-1", "prefix"),
        ("SC", "digits"),
    ],
)
def test_a_refused_company_number_says_why(raw: str, word: str) -> None:
    reading = ids.read_company_number(raw)
    assert reading.value is None
    assert word in reading.problem


@pytest.mark.parametrize("raw", [None, "", "  "])
def test_an_empty_number_is_no_problem(raw: str | None) -> None:
    assert ids.read_company_number(raw) == ids.Reading(None)
    assert ids.read_society_number(raw) == ids.Reading(None)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("31542R", "31542R"),
        ("00525r", "525R"),
        ("4242CS", "4242"),
        ("7029CBS", "7029"),
        ("12CUS", "12CUS"),
        ("IP000348", "348IP"),
        ("CU000069", "69CU"),
        ("1032RS", "1032RS"),
        ("4465", "4465"),
        ("10INFI", "10INFI"),
    ],
)
def test_society_numbers_take_the_registers_own_form(raw: str, value: str) -> None:
    assert ids.normalise_society_number(raw) == value


@pytest.mark.parametrize("raw", ["IP031542", "RS009639", "IP28116R", "R", "31457R-1"])
def test_a_company_number_is_never_turned_into_a_society_number(raw: str) -> None:
    assert ids.normalise_society_number(raw) is None
    assert ids.read_society_number(raw).problem


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GB-COH-6273905", ("GB-COH", "06273905")),
        ("gb-mpr-4242CS", ("GB-MPR", "4242")),
        ("GB-CHC-1138230", ("GB-CHC", "1138230")),
        ("GB-SC-SC042386", ("GB-SC", "SC042386")),
        ("GB-PPON-PBHQ-9995-HXVM", ("GB-PPON", "PBHQ-9995-HXVM")),
        ("GB-COH-458577871", None),
        ("06273905", None),
        ("", None),
    ],
)
def test_org_ids_are_split(text: str, expected: tuple[str, str] | None) -> None:
    assert ids.parse_org_id(text) == expected


@pytest.mark.parametrize(
    "names",
    [
        (
            "Fictional Care C.I.C.",
            "FICTIONAL CARE COMMUNITY INTEREST COMPANY",
            "Fictional Care CIC",
        ),
        (
            "The Fictional Library Ltd.",
            "FICTIONAL LIBRARY LIMITED",
            "Fictional Library Limited (The)",
        ),
        ("Cwmni Ffuglen Cyf", "CWMNI FFUGLEN CYFYNGEDIG", "Cwmni Ffuglen Ltd"),
        ("Fictional Men's Shed & Co-operative", "FICTIONAL MENS SHED AND COOPERATIVE"),
        ("Ffuglen Cwmni Buddiant Cymunedol", "Ffuglen CBC", "Ffuglen CIC"),
        ("Tŷ Ffuglen PLC", "TY FFUGLEN P.L.C.", "Ty Ffuglen Public Limited Company"),
    ],
)
def test_spellings_of_one_name_agree(names: tuple[str, ...]) -> None:
    assert len({ids.normalise_name(name) for name in names}) == 1


def test_names_of_different_legal_form_stay_apart() -> None:
    assert ids.normalise_name("Fictional CIC") != ids.normalise_name("Fictional Limited")
    assert ids.normalise_name("The") == "the"
    assert ids.normalise_name(" . ") is None
    assert ids.normalise_name(None) is None


def test_postcodes() -> None:
    assert ids.normalise_postcode("sw1a1aa") == "SW1A 1AA"
    assert ids.normalise_postcode("SW1A 1AA, London") is None
    assert ids.find_postcode("Unit 1, S1 2AB\nSheffield\nS10 2TN\nGB") == "S10 2TN"
    assert ids.find_postcode("no code here") is None
    assert ids.find_postcode(None) is None


@pytest.mark.parametrize(
    "name",
    [
        "Mr J Fictional",
        "Dr. Ann Fictional",
        "Ann Fictional",
        "ANN B. FICTIONAL",
        "Ann O'Fictional",
        "Ann Fictional t/a Fictional Taxis",
    ],
)
def test_a_sole_traders_name_is_screened(name: str) -> None:
    assert ids.looks_like_person(name)


@pytest.mark.parametrize(
    "name",
    [
        "Fictional Care Limited",
        "Royal Fictional School",
        "Fictional & Sons",
        "Fictional",
        "fictional travel",
        "Dr Fictional Surgery",
        "24x7 Fictional",
        "York Consulting LLP",
        "",
        None,
        "Fictional Biobank",
        "Fictional Demolition",
        "Fictional ApS",
    ],
)
def test_an_organisations_name_is_not(name: str | None) -> None:
    assert not ids.looks_like_person(name)


@given(st.text(alphabet="0123456789ABCINOPRSZ -", max_size=12))
def test_canonical_numbers_are_fixed_points(raw: str) -> None:
    company = ids.normalise_company_number(raw)
    if company is not None:
        assert len(company) == 8
        assert ids.normalise_company_number(company) == company
    society = ids.normalise_society_number(raw)
    if society is not None and not society.endswith(("CS", "CBS")):
        assert ids.normalise_society_number(society) == society


@given(st.text(max_size=60))
def test_anything_can_be_read(text: str) -> None:
    name = ids.normalise_name(text)
    assert name is None or name == name.strip()
    ids.parse_org_id(text)
    ids.looks_like_person(text)
    code = ids.find_postcode(text)
    assert code is None or ids.normalise_postcode(code) == code
