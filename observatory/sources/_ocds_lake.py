"""The lake's columns of Open Contracting notices: one shape for every source of them.

What belongs here: declarations, so that one union serves all sources in the models. What does not:
reading (``ocds.py``), codes and fields of one publisher (``_ocds_words.py``).
"""

from __future__ import annotations

from observatory.lake import Column, Dataset, history
from observatory.ocds_shape import AWARD_TYPE, CONTRACT_TYPE, LOT_TYPE, PARTY_TYPE

COLUMNS = (
    Column("ocid", "VARCHAR", "the contracting process; many releases share one"),
    Column("release_id", "VARCHAR", "the release: notice and number of its edition"),
    Column("released_at", "TIMESTAMP", "when the release was published, UTC"),
    Column("tags", "VARCHAR[]", "what the release is: tender, award, awardUpdate, ..."),
    Column("notice_types", "VARCHAR[]", "forms of the Procurement Act 2023 in it: UK1 to UK17"),
    Column("notice_ids", "VARCHAR[]", "notice numbers in it, NNNNNN-YYYY, its own first"),
    Column("title", "VARCHAR", "the notice's title, e-mail addresses and numbers removed"),
    Column("cpv_codes", "VARCHAR[]", "CPV codes wherever a form keeps them, the main one first"),
    Column("main_category", "VARCHAR", "goods, services or works"),
    Column("legal_basis_scheme", "VARCHAR", "UKPGA (UK act), CELEX (EU law) or another"),
    Column("legal_basis", "VARCHAR", "the law it is made under: 2023/54 is the Procurement Act"),
    Column("special_regime", "VARCHAR[]", "regimes with rules of their own, such as lightTouch"),
    Column("procurement_method", "VARCHAR", "open, selective, limited or direct (no call)"),
    Column("procurement_method_details", "VARCHAR", "the method in the publisher's words"),
    Column("has_framework", "BOOLEAN", "whether a framework agreement is set up, as stated"),
    Column("has_dynamic_purchasing", "BOOLEAN", "whether a dynamic system is set up, as stated"),
    Column("buyer_id", "VARCHAR", "the buyer's party id"),
    Column("buyer_name", "VARCHAR", "the buyer's name"),
    Column("tender_amount", "DOUBLE", "estimated value in tender_currency"),
    Column("tender_currency", "VARCHAR", "ISO 4217 code"),
    Column("suitability_vcse", "BOOLEAN", "the buyer's opinion: charities could bid"),
    Column("reserved_participation", "VARCHAR[]", "kinds of supplier it, or a lot, is reserved to"),
    Column("contract_start_on", "DATE", "first day of the contract as tendered"),
    Column("contract_end_on", "DATE", "last day of the contract as tendered"),
    Column("lots", LOT_TYPE, "lots as tendered, each with its own reservation and money"),
    Column(
        "parties",
        PARTY_TYPE,
        "buyers and suppliers; no contact points. mutual_declared is "
        "absent, null, false or true: what the supplier says of being a public service mutual",
    ),
    Column("awards", AWARD_TYPE, "awards; suppliers that share one also share its amount"),
    Column("contracts", CONTRACT_TYPE, "contracts signed; award_id names the award they follow"),
)

_HISTORY = history(
    "ocid || '|' || release_id",
    "released_at tags notice_types notice_ids title cpv_codes main_category legal_basis "
    "special_regime procurement_method procurement_method_details has_framework "
    "has_dynamic_purchasing buyer_id buyer_name reserved_participation contract_start_on "
    "contract_end_on lots parties awards contracts",
)


def dataset(source_id: str) -> Dataset:
    """Return the lake's declaration for one source of notices; ``lake.notices`` has them all."""
    return Dataset(source_id, COLUMNS, history=_HISTORY, family="notices")
