"""The words of panels: parts, sectors, rhythms, outcomes, by the codes that the tables hold."""

from __future__ import annotations

PARTS = {
    "chair": "Chair",
    "vice_chair": "Vice chair",
    "member": "Member",
    "partner": "Partner",
    "clerk": "Clerk",
}
SECTORS = {
    "social_care": "social care",
    "education": "education",
    "health": "health",
    "independent": "independent",
    "finance": "finance",
}
EVERY = {"weekly": "Every week", "fortnightly": "Every second week", "monthly": "Every month"}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
WEEKS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "last"}
HOLIDAY_RULES = {"skip": "Leave the meeting out", "next_working_day": "Meet on the next working day"}
OUTCOMES = {
    "agreed": "Agreed",
    "agreed_with_conditions": "Agreed with conditions",
    "not_agreed": "Not agreed",
    "deferred": "Deferred",
    "noted": "Noted",
}
MANNERS = {
    "meeting": "at the meeting",
    "virtual": "by views given in writing",
    "urgent": "urgently, by the chair with one other",
}
VIEWS = {"agree": "Agree", "agree_with_conditions": "Agree with conditions", "not_agree": "Do not agree"}
HOW_THERE = {"in_person": "In the room", "online": "Online", "apologies": "Apologies"}
GIVING = frozenset({"agreed", "agreed_with_conditions"})


def rhythm_words(every: str, weekday: int, week_of_month: int) -> str:
    """A rhythm as a phrase: Every week on Wednesday."""
    day = WEEKDAYS[weekday]
    if every == "monthly":
        return f"The {WEEKS[week_of_month]} {day} of every month"
    return f"{EVERY[every]} on {day}"
