"""The words of the OCDS profiles that British publishers use: their fields and their codes.

What belongs here: declarations from the EU profile and the UK extension, whose schemas the
packages name, and the few words beyond them that real notices were seen to use. A field or code
that is not here becomes a data issue. What does not: Contracts Finder's own words, which are
fewer (``_contracts_finder_words.py``), and reading.
"""

from __future__ import annotations

_RELEASE = (
    "ocid id date tag initiationType parties buyer planning tender awards contracts language "
    "relatedProcesses bids title description "
    # Beyond the schema, as seen: Find a Tender's empty list, and the two Proactis services' link.
    "buyerID links "
    # Of compiled releases, in the schema of records.
    "sources complaints"
)
_TENDER = (
    "id title description status procuringEntity items value minValue procurementMethod "
    "procurementMethodDetails procurementMethodRationale mainProcurementCategory "
    "additionalProcurementCategories awardCriteria awardCriteriaDetails submissionMethod "
    "submissionMethodDetails tenderPeriod enquiryPeriod hasEnquiries eligibilityCriteria "
    "awardPeriod contractPeriod numberOfTenderers tenderers documents milestones amendments "
    "amendment bidOpening communication contractTerms coveredBy designContest essentialAssets "
    "hasEssentialAssets reviewDetails valueCalculationMethod legislativeReferences "
    "crossBorderLaw legalBasis deliveryLocations deliveryAddresses lots lotDetails lotGroups "
    "targets options hasOptions otherRequirements participationFees procedure "
    "procurementMethodRationaleClassifications recurrence hasRecurrence hasRenewal renewal "
    "secondStage selectionCriteria mainProcurementCategoryDetails statusDetails "
    "subcontractingTerms submissionTerms techniques competitive classification "
    "additionalClassifications finalStatusDate procurementMethodRationaleLegalBasis "
    "specialRegime aboveThreshold expressionOfInterestDeadline riskDetails suitability "
    "datePublished"
)
_PARTY = (
    "name id identifier additionalIdentifiers address contactPoint roles details "
    "additionalContactPoints shareholders roleDetails control"
)
_AWARD = (
    "id title description status date datePublished value suppliers items contractPeriod "
    "documents amendments amendment relatedBid valueCalculationMethod relatedLots agreedMetrics "
    "statusDetails hasSubcontracting subcontracting standstillPeriod finalStatusDate "
    "assessmentSummariesDateSent aboveThreshold mainProcurementCategory milestones "
    "additionalProcurementCategories hasRenewal renewal hasOptions options"
)
_CONTRACT = (
    "id awardID title description status period value items dateSigned documents implementation "
    "relatedProcesses milestones amendments amendment periodRationale "
    "publicPassengerTransportServicesKilometers finance agreedMetrics statusDetails "
    "aboveThreshold terminationRationaleClassifications terminationRationaleClassification "
    "noAgreedMetricsRationale proposedAmendments hasRenewal renewal hasOptions options"
)
FIELDS = frozenset(_RELEASE.split()) | {
    f"{parent}.{name}"
    for parent, names in (
        ("tender", _TENDER),
        ("parties", _PARTY),
        ("awards", _AWARD),
        ("contracts", _CONTRACT),
    )
    for name in names.split()
}

# No code list has a "publicServiceMutual": a contract reserved
# under section 33 of the Procurement Act 2023 says publicServiceMissionOrganization.
VOCABULARY = {
    "tag": frozenset(
        {"planning", "planningUpdate", "tender", "tenderAmendment", "tenderUpdate"}
        | {"tenderCancellation", "award", "awardUpdate", "awardCancellation", "contract"}
        | {"contractUpdate", "contractAmendment", "contractTermination", "implementation"}
        | {"implementationUpdate", "compiled"}
    ),
    "noticeType": frozenset(f"UK{number}" for number in range(1, 18)),
    "tender.procurementMethod": frozenset({"open", "selective", "limited", "direct"}),
    "tender.specialRegime": frozenset({"lightTouch"}),
    "tender.legalBasis.scheme": frozenset({"UKPGA", "CELEX"}),
    "tender.otherRequirements.reservedParticipation": frozenset(
        {"shelteredWorkshop", "publicServiceMissionOrganization", "smeVcse"}
    ),
    "parties.roles": frozenset(
        {"buyer", "supplier", "procuringEntity", "tenderer", "funder", "payer", "payee"}
        | {"processContactPoint", "reviewBody", "reviewContactPoint", "mediationBody"}
        | {"centralPurchasingBody", "leadBuyer", "enquirer", "removedSupplier", "subcontractor"}
        | {"selectedParticipant", "evaluationBody", "interestedParty"}
    ),
    "parties.details.scale": frozenset(
        {"micro", "sme", "small", "medium", "large", "selfEmployed"}
    ),
    "parties.identifier.scheme": frozenset(
        {"GB-COH", "GB-CHC", "GB-SC", "GB-NIC", "GB-MPR", "GB-NHS", "GB-UKPRN", "GB-PPON"}
        | {"GB-SRS", "GB-GOR", "GB-LAE", "GB-LAS", "GB-LANI", "GB-PLA", "GB-FTS", "CDP-PPON"}
        | {"GG-RCE", "JE-FSC", "IM-CR", "VAT", "Other"}
    ),
    "awards.status": frozenset({"active", "pending", "cancelled", "unsuccessful"}),
    "contracts.status": frozenset({"active", "pending", "cancelled", "terminated"}),
}
