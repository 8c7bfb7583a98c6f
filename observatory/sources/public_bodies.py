"""Public bodies of now and then: councils, NHS bodies, departments, against which parents,
controllers and buyers are recognised.

Two traps. ``ended_on`` null says that no source at hand gives an end, not that the body exists: the
lists of June 2018 hold bodies that had ended long before. And many names are common words
(``Pension Service``): a name alone makes nobody a public body.
What does not belong here: matching (the models), NHS providers (``ods_organisations.py``).
"""

from __future__ import annotations

from observatory.lake import history
from observatory.sources import _packaged
from observatory.sources._layout import Field, Layout
from observatory.sources._values import DATE

LAYOUT = Layout(
    "public_bodies",
    (
        Field(
            "body_id",
            "permanent id: GB-NHS and the code, or XM-PUB and a number",
            ("body_id",),
            needed=True,
        ),
        Field("name", "as its source spells it", ("name",), needed=True),
        Field(
            "kind",
            "what sort of body it is or was",
            ("kind",),
            needed=True,
            vocabulary=frozenset(
                {
                    "council",
                    "department",
                    "government-body",
                    "nhs-trust",
                    "nhs-commissioning-group",
                    "nhs-commissioning-hub",
                    "nhs-sub-icb-location",
                }
            ),
        ),
        Field(
            "gss_code", "ONS code of a council's area, where its name leads to one", ("gss_code",)
        ),
        Field("ods_code", "NHS organisation code", ("ods_code",)),
        Field("started_on", "day it began; null: not known here", ("started_on",), DATE),
        Field(
            "ended_on", "day it was abolished or closed; null: not known here", ("ended_on",), DATE
        ),
        *_packaged.CITATION,
    ),
    remedy="give a UTF-8 CSV with the columns of observatory/sources/packaged/public_bodies.csv",
    unique=("body_id", "name"),
    history=history(
        "body_id || '|' || name",
        "kind gss_code ods_code started_on ended_on source_url source_note",
    ),
)
SOURCE = _packaged.source(
    LAYOUT,
    title="Public bodies of now and then, a citation for each",
    homepage="https://www.odsdatasearchandexport.nhs.uk/",
    licence="facts, each with its source; NHS codes and dates under the Open Government Licence",
    licence_url="https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    credit="Contains information from the NHS Organisation Data Service and the registers of "
    "GOV.UK, licensed under the Open Government Licence v3.0; ends of councils from the sources "
    "cited",
)
