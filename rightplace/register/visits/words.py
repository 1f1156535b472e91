"""The words of visits."""

from __future__ import annotations

VISIT_KINDS = {"announced": "Announced", "unannounced": "Unannounced"}
SCORES = {4: "Strong", 3: "Good", 2: "Needs work", 1: "Not good enough", 0: "Not looked at"}
JUDGEMENTS = {
    "assured": "Assured",
    "actions": "Assured once actions are met",
    "plan": "Improvement plan needed",
    "not_assured": "Not assured",
}
OWNERS = {"provider": "The home", "authority": "Our authority"}
