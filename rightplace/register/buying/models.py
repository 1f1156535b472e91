"""The tables of buying, from the modules that each hold some of them."""

from __future__ import annotations

from rightplace.register.buying.evidence_tables import (
    Application,
    ApplicationPrice,
    Document,
    Evidence,
    EvidenceCheck,
    Requirement,
)
from rightplace.register.buying.plan_tables import (
    BedTurn,
    Milestone,
    Plan,
    ProviderLead,
    Release,
    SharedService,
)
from rightplace.register.buying.tender_tables import (
    Answered,
    AnswerWords,
    Evaluator,
    Moderated,
    Score,
    Tender,
    TenderCriterion,
)
from rightplace.register.buying.uplift_tables import UpliftRequest, UpliftStep

__all__ = [
    "AnswerWords",
    "Answered",
    "Application",
    "ApplicationPrice",
    "BedTurn",
    "Document",
    "Evaluator",
    "Evidence",
    "EvidenceCheck",
    "Milestone",
    "Moderated",
    "Plan",
    "ProviderLead",
    "Release",
    "Requirement",
    "Score",
    "SharedService",
    "Tender",
    "TenderCriterion",
    "UpliftRequest",
    "UpliftStep",
]
