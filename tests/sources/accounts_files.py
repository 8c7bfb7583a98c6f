"""Fictional filings in the real shapes, for the tests of the accounts source.

What belongs here: documents, packages and archives made of parts that a test chooses. What does
not: what is expected of them. Every text in which a filing may name a person carries a canary.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.archives import zipped

NUMBER = "09999901"
NAME = f"Prod223_4320_{NUMBER}_20260331.html"
PACKAGE = f"Prod223_4320_{NUMBER}_20260331_CIC.zip"
DAILY = "Accounts_Bulk_Data-2026-11-20.zip"
PAGE_PATH = "/en_accountsdata.html"
# What must reach neither the lake nor the issues, planted wherever a person may be named.
CANARIES = ("Canary", "canary@example.org", "07700 900123", "1961-04-05")

IX = "http://www.xbrl.org/2013/inlineXBRL"
CORE = "http://xbrl.frc.org.uk/fr/2025-01-01/core"
BUS = "http://xbrl.frc.org.uk/cd/2025-01-01/business"
CIC = "http://xbrl.frc.org.uk/cic/2025-01-01"

DATES = """<ix:nonNumeric name="b:StartDateForPeriodCoveredByReport" contextRef="end"
 format="t:datedaymonthyear">1.4.25</ix:nonNumeric>
<ix:nonNumeric name="b:EndDateForPeriodCoveredByReport" contextRef="end">2026-03-31</ix:nonNumeric>
<ix:nonNumeric name="b:BalanceSheetDate" contextRef="end"
 format="t:datedaymonthyearen">31 March 2026</ix:nonNumeric>
<ix:nonNumeric name="b:UKCompaniesHouseRegisteredNumber" contextRef="year">{number}</ix:nonNumeric>
<ix:nonNumeric name="b:EntityCurrentLegalOrRegisteredName"
 contextRef="year">Fictional Community Care CIC</ix:nonNumeric>
<ix:nonNumeric name="b:EntityDormantTruefalse" contextRef="year"
 format="t:booleanfalse"></ix:nonNumeric>
<ix:nonNumeric name="b:LegalFormEntity" contextRef="form"></ix:nonNumeric>"""
FIGURES = """<p>Turnover £<ix:nonFraction name="c:TurnoverRevenue" contextRef="year" unitRef="GBP"
 decimals="0" format="t:num-dot-decimal">12,345,678</ix:nonFraction>
(2025: <ix:nonFraction name="c:TurnoverRevenue" contextRef="before" unitRef="GBP"
 decimals="0" format="t:num-dot-decimal">11,000,000</ix:nonFraction>)</p>
<p>Net liabilities (<ix:nonFraction name="c:NetAssetsLiabilities" contextRef="end" unitRef="GBP"
 decimals="-3" scale="3" sign="-" format="t:num-dot-decimal">1,234</ix:nonFraction>)</p>
<p>Reserves <ix:nonFraction name="c:Equity" contextRef="reserve" unitRef="GBP"
 decimals="0">99</ix:nonFraction></p>
<p>Profit <ix:nonFraction name="c:ProfitLoss" contextRef="year" unitRef="GBP" decimals="0"
 format="t:zerodash">-</ix:nonFraction></p>
<p>Staff <ix:nonFraction name="c:AverageNumberEmployeesDuringPeriod" contextRef="year"
 unitRef="pure" decimals="0">321</ix:nonFraction> (2025: <ix:nonFraction
 name="c:AverageNumberEmployeesDuringPeriod" contextRef="before" unitRef="pure"
 decimals="0">300</ix:nonFraction>; group: <ix:nonFraction
 name="c:AverageNumberEmployeesDuringPeriod" contextRef="group" unitRef="pure"
 decimals="0">400</ix:nonFraction>)</p>"""
TEXTS = """<p><ix:nonNumeric name="b:DescriptionPrincipalActivities" contextRef="year">The provision
 of community health services by Jane Canary and Dr J Canary, canary@example.org, 07700 900123.
</ix:nonNumeric></p>
<p><ix:nonNumeric name="c:NameParentEntity" contextRef="year">The company is under the control of
 Fictional Borough Council.</ix:nonNumeric></p>
<p><ix:nonNumeric name="c:NameUltimateControllingPartyIfNotUltimateParent" contextRef="year">Mrs
 Jane Canary, born 1961-04-05, is the controlling party.</ix:nonNumeric></p>
<p>Jane Canary, a director, transferred under TUPE. Employees are members of the <b>Local
 Government</b> Pension Scheme (LGPS) and of the NHS Pension Scheme.</p>
<p><ix:nonNumeric name="b:NameEntityOfficer" contextRef="officer">Jane Canary</ix:nonNumeric></p>"""
REPORT = """<ix:nonNumeric name="i:ConsultationHasBeenHeldTruefalse" contextRef="year">true
</ix:nonNumeric>
<ix:nonNumeric name="i:NamesCompanyStakeholders" contextRef="year">Our staff, who are co-owners,
 and our members; ask Jane Canary at canary@example.org.</ix:nonNumeric>
<ix:nonNumeric name="i:DirectorSigningCIC34Report"
 contextRef="officer">Jane Canary</ix:nonNumeric>"""

_YEAR = "<x:startDate>{0}</x:startDate><x:endDate>{1}</x:endDate>"
_AT = "<x:instant>{0}</x:instant>"
CONTEXTS: Mapping[str, tuple[str, str]] = {
    "year": (_YEAR.format("2025-04-01", "2026-03-31"), ""),
    "before": (_YEAR.format("2024-04-01", "2025-03-31"), ""),
    "end": (_AT.format("2026-03-31"), ""),
    "start": (_AT.format("2025-03-31"), ""),
    "form": (
        _YEAR.format("2025-04-01", "2026-03-31"),
        "b:LegalFormEntityDimension=b:CompanyLimitedByGuarantee",
    ),
    "reserve": (_AT.format("2026-03-31"), "c:EquityClassesDimension=c:ShareCapital"),
    "group": (
        _YEAR.format("2025-04-01", "2026-03-31"),
        "b:GroupCompanyDataDimension=b:Consolidated",
    ),
    "officer": (
        _YEAR.format("2025-04-01", "2026-03-31"),
        "b:EntityOfficersDimension=b:Director1",
    ),
}


def document(
    body: str = FIGURES + TEXTS,
    *,
    dates: str = DATES,
    number: str = NUMBER,
    entity: str | None = None,
    prolog: str = '<?xml version="1.0" encoding="UTF-8"?>',
) -> bytes:
    """A fictional filing in Inline XBRL."""
    contexts = "".join(
        _context(name, period, dimension, number if entity is None else entity)
        for name, (period, dimension) in CONTEXTS.items()
    )
    return (
        f'{prolog}<html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="{IX}" xmlns:c="{CORE}" '
        f'xmlns:b="{BUS}" xmlns:i="{CIC}" xmlns:x="http://www.xbrl.org/2003/instance" '
        'xmlns:d="http://xbrl.org/2006/xbrldi" xmlns:link="http://www.xbrl.org/2003/linkbase" '
        'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:u="http://www.xbrl.org/2003/iso4217" '
        'xmlns:t="http://www.xbrl.org/inlineXBRL/transformation/2020-02-12">'
        "<head><title>Fictional Community Care CIC</title></head><body>"
        f'<div style="display:none"><ix:header><ix:hidden>{dates.format(number=number)}'
        '</ix:hidden><ix:references><link:schemaRef xlink:type="simple" xlink:href='
        '"https://xbrl.frc.org.uk/FRS-102/2025-01-01/FRS-102-2025-01-01.xsd"/></ix:references>'
        f'<ix:resources>{contexts}<x:unit id="GBP"><x:measure>u:GBP</x:measure></x:unit>'
        '<x:unit id="EUR"><x:measure>u:EUR</x:measure></x:unit>'
        '<x:unit id="pure"><x:measure>x:pure</x:measure></x:unit></ix:resources></ix:header>'
        f"</div>{body}</body></html>"
    ).encode()


def _context(name: str, period: str, dimension: str, entity: str) -> str:
    axis, _, member = dimension.partition("=")
    segment = (
        f'<x:segment><d:explicitMember dimension="{axis}">{member}</d:explicitMember></x:segment>'
        if axis
        else ""
    )
    return (
        f'<x:context id="{name}"><x:entity><x:identifier scheme="http://www.companieshouse.gov.uk/">'
        f"{entity}</x:identifier>{segment}</x:entity><x:period>{period}</x:period></x:context>"
    )


def employees(attributes: str, printed: str, context: str = "year") -> str:
    """A tagged number of employees."""
    return (
        f'<p><ix:nonFraction name="c:AverageNumberEmployeesDuringPeriod" contextRef="{context}" '
        f'unitRef="pure" decimals="0" {attributes}>{printed}</ix:nonFraction></p>'
    )


def amount(
    tag: str, printed: str, *, context: str = "year", attributes: str = 'decimals="0"'
) -> str:
    """A tagged amount in pounds."""
    return (
        f'<p><ix:nonFraction name="c:{tag}" contextRef="{context}" unitRef="GBP" {attributes}>'
        f"{printed}</ix:nonFraction></p>"
    )


def package(number: str = NUMBER) -> bytes:
    """A CIC's package: accounts, and its report beside them."""
    return zipped(
        {
            f"CIC-{number}/accounts/": b"",
            f"CIC-{number}/accounts/financialStatement.xhtml": document(number=number),
            f"CIC-{number}/cic34/": b"",
            f"CIC-{number}/cic34/cicReport.xhtml": document(REPORT, number=number),
        }
    )


def archive(**others: bytes) -> bytes:
    """A daily archive with one loose filing and one package."""
    return zipped({NAME: document(), PACKAGE: package(), **others})


def page(*names: str) -> str:
    """The publisher's page with links to these archives."""
    links = "".join(f'<li><a href="{name}">{name} (61Mb)</a></li>' for name in names)
    return f"<html><body><ul>{links}</ul><a href='en_monthlyaccountsdata.html'>m</a></body></html>"
