"""The words of concerns: grades, what they are about, what an entry is, and who may see it."""

from __future__ import annotations

GRADES = {
    1: "Noted",
    2: "Action needed",
    3: "No new placements for now",
    4: "Placements suspended",
}
GRADE_HINTS = {
    1: "Kept on the timeline. Nothing stops.",
    2: "The provider has something to put right. Nothing stops.",
    3: "New searches leave the home out at once, and no offer or choice of it is taken.",
    4: "As above, and every authority with a child there decides at once whether the child can stay.",
}
HOLDS_FROM = 3
"""From this grade on placements stop; the kind of hold is a concern at 3 and a suspension at 4."""
ABOUT = {
    "safeguarding": "Safety of children",
    "care": "Quality of care",
    "staffing": "Staffing and leadership",
    "premises": "The building",
    "money": "Financial standing",
    "registration": "Registration or inspection",
}
ENTRY_KINDS = {
    "fact": "Fact",
    "allegation": "Allegation",
    "step": "Step taken",
    "reply": "The provider’s reply",
    "decision": "Decision",
}
WRITTEN_KINDS = ("fact", "allegation", "step")
"""What people add; replies and decisions come from their own verbs."""
SEEN_BY = {
    "own": "Our authority only",
    "authorities": "Authorities we share concerns with",
    "provider": "Those authorities and the provider",
}
SEEN_HINTS = {
    "own": "For what a strategy meeting or the police asked to keep close.",
    "authorities": "The usual choice for an allegation that is looked into.",
    "provider": "The provider may answer it.",
}
