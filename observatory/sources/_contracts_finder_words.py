"""The words of Contracts Finder: the lake's columns, its fields and its codes.

What belongs here: declarations. Every code and field was seen in the 401 release records of
2022 and 2025 that the reader was written to, or is in the schema that the package names; one
that is not here becomes a data issue. What does not: reading.
"""

from __future__ import annotations

from observatory.lake import Column, Dataset
from observatory.ocds_sql import AWARD_TYPE, PARTY_TYPE

DATASET = Dataset(
    "contracts_finder",
    (
        Column("ocid", "VARCHAR", "the contracting process; many releases share one"),
        Column("release_id", "VARCHAR", "the release: notice and number of its edition"),
        Column("released_at", "TIMESTAMP", "when the release was published, UTC"),
        Column("tags", "VARCHAR[]", "what the release is: tender, award, awardUpdate, ..."),
        Column("title", "VARCHAR", "the notice's title, e-mail addresses and numbers removed"),
        Column("cpv_codes", "VARCHAR[]", "CPV codes without check digit, the main one first"),
        Column("procurement_method", "VARCHAR", "open, selective, limited or direct"),
        Column("procurement_method_details", "VARCHAR", "the method in the publisher's words"),
        Column("buyer_id", "VARCHAR", "the buyer's party id"),
        Column("buyer_name", "VARCHAR", "the buyer's name"),
        Column("tender_amount", "DOUBLE", "estimated value in tender_currency"),
        Column("tender_currency", "VARCHAR", "ISO 4217 code"),
        Column("suitability_vcse", "BOOLEAN", "the buyer's opinion: charities could bid"),
        Column("reserved_participation", "VARCHAR[]", "kinds of supplier it is reserved to"),
        Column("contract_start_on", "DATE", "first day of the contract as tendered"),
        Column("contract_end_on", "DATE", "last day of the contract as tendered"),
        Column("parties", PARTY_TYPE, "buyers and suppliers; no contact points"),
        Column("awards", AWARD_TYPE, "awards; suppliers that share one also share its amount"),
    ),
)

VOCABULARY = {
    "tag": frozenset(
        {"planning", "planningUpdate", "tender", "tenderAmendment", "tenderUpdate"}
        | {"tenderCancellation", "award", "awardUpdate", "awardCancellation", "compiled"}
    ),
    "tender.procurementMethod": frozenset({"open", "selective", "limited", "direct"}),
    "tender.otherRequirements.reservedParticipation": frozenset(
        {"shelteredWorkshop", "publicServiceMissionOrganization", "smeVcse"}
    ),
    "parties.roles": frozenset({"buyer", "supplier", "procuringEntity", "tenderer"}),
    "parties.details.scale": frozenset({"sme", "large", "micro", "small", "medium"}),
    "parties.identifier.scheme": frozenset(
        {"GB-COH", "GB-CHC", "GB-SC", "GB-NIC", "GB-MPR", "GB-NHS", "GB-UKPRN"}
        | {"GB-SRS", "GB-GOR", "GB-LAE", "GB-LAS", "GB-LANI", "GB-PLA"}
    ),
    "awards.status": frozenset({"active", "pending", "cancelled", "unsuccessful"}),
}

_RELEASE = "ocid id language date tag initiationType title tender parties buyer awards planning"
_TENDER = (
    "id title description status classification additionalClassifications items minValue value "
    "procurementMethod procurementMethodDetails tenderPeriod contractPeriod suitability "
    "mainProcurementCategory communication datePublished documents otherRequirements lots"
)
_PARTY = "id name identifier address contactPoint details roles"
_AWARD = "id status description date datePublished value suppliers contractPeriod documents items"
FIELDS = frozenset(_RELEASE.split()) | {
    f"{parent}.{name}"
    for parent, names in (("tender", _TENDER), ("parties", _PARTY), ("awards", _AWARD))
    for name in names.split()
}
