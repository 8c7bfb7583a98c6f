"""Local authorities of the United Kingdom: the 361 districts of today, their names and regions.

The codes are those that the postcode directory of November 2025 uses, so that a postcode leads to
a name and a region. What does not belong here: councils and their histories (``public_bodies``).
"""

from __future__ import annotations

import re
from typing import Final

from observatory.lake import history
from observatory.sources import _packaged
from observatory.sources._layout import Field, Layout
from observatory.sources._values import Kind


def _code(cell: str) -> str:
    if not re.fullmatch(r"[ENSW]\d{8}", cell, re.ASCII):
        raise ValueError("is not an area code of nine characters")
    return cell


_CODE: Final = Kind("VARCHAR", _code)
LAYOUT = Layout(
    "local_authorities",
    (
        Field("lad_code", "ONS code of the district", ("lad_code",), _CODE, needed=True),
        Field("lad_name", "name of the district", ("lad_name",), needed=True),
        Field(
            "region_code",
            "of its English region, or its nation",
            ("region_code",),
            _CODE,
            needed=True,
        ),
        Field("region_name", "its name", ("region_name",)),
        *_packaged.CITATION,
    ),
    remedy="give a UTF-8 CSV with the columns of "
    "observatory/sources/packaged/local_authorities.csv",
    unique=("lad_code",),
    history=history("lad_code", "lad_name region_code region_name"),
)
SOURCE = _packaged.source(
    LAYOUT,
    title="Local authority districts, their names and regions",
    homepage="https://github.com/mysociety/uk_local_authority_names_and_codes",
    licence="facts from mySociety (CC BY 4.0) and ONS (Open Government Licence v3.0)",
    licence_url="https://creativecommons.org/licenses/by/4.0/",
    credit="Names and regions of local authorities: mySociety, UK local authority names and "
    "codes, CC BY 4.0; Office for National Statistics, licensed under the Open Government "
    "Licence v3.0",
)
