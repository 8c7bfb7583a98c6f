"""The words of Contracts Finder: its fields and its codes.

What belongs here: declarations. Every code and field was seen in the 401 release records of
2022 and 2025 that the reader was written to, or is in the schema that the package names; one
that is not here becomes a data issue. What does not: reading.
"""

from __future__ import annotations

from observatory.sources._ocds_lake import dataset

DATASET = dataset("contracts_finder")

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
