"""The words of reviews: who scores, what may follow, what children are asked, complaints and surveys."""

from __future__ import annotations

SIDES = {
    "reviewing_officer": "Reviewing officer",
    "social_worker": "Social worker",
    "carer": "Carer",
    "child": "Child",
}
FOLLOW_UPS = {
    "fee_up": "Fee up, by the contract’s rule",
    "fee_down": "Fee down, by the contract’s rule",
    "support": "Change of support",
    "notice": "Notice",
    "compliment": "Compliment",
    "complaint": "Complaint",
    "dispute": "Dispute",
    "other": "Something else",
}
CHILD_QUESTIONS = {
    "home": "How is it where you live?",
    "safe": "Do you feel safe there?",
    "people": "Do the grown-ups there listen to you?",
    "family": "Do you see the people you want to see?",
    "school": "How is school?",
    "fun": "Do you get to do things you like?",
}
FACES = {3: "Good", 2: "OK", 1: "Not good"}
MEETING_KINDS = {"holding": "Meeting to hold the placement", "disruption": "Disruption meeting"}
FROM_WHOM = {
    "child": "A child or young person",
    "parent": "A parent",
    "carer": "A carer",
    "worker": "A worker",
    "provider": "A provider",
    "other": "Somebody else",
}
OUTCOMES = {
    "upheld": "Upheld",
    "partly": "Partly upheld",
    "not_upheld": "Not upheld",
    "withdrawn": "Withdrawn by whoever complained",
}
AUDIENCES = {
    "social_workers": "Social workers",
    "carers": "Our own foster carers",
    "children": "Children and young people",
    "providers": "Providers",
}
SURVEY_QUESTIONS = {
    "social_workers": (
        "The placements service answered me quickly.",
        "I had a real choice of homes.",
        "The home that was found fits the child.",
    ),
    "carers": (
        "I was told what I needed to know before the child came.",
        "I get the support that I ask for.",
        "I am listened to as part of the team.",
    ),
    "children": (
        "I knew where I was going before I moved.",
        "I can talk to somebody when something is wrong.",
        "Grown-ups do what they say.",
    ),
    "providers": (
        "Referrals tell us what we need to know.",
        "We are told why we were not chosen.",
        "We are paid on time.",
    ),
}
AGREE = {5: "Yes, very much", 4: "Yes", 3: "In part", 2: "No", 1: "Not at all"}
