"""The roles: what each comes to do and at which desk. A person holds a role in an authority, a provider or a consortium."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its code, words, desk, and in what it is held (authority, provider or consortium)."""

    code: str
    words: str
    desk: str
    held_in: str
    purpose: str


SOCIAL_WORKER = "social_worker"
TEAM_MANAGER = "team_manager"
REVIEWING_OFFICER = "reviewing_officer"
BROKER = "broker"
FOSTERING_OFFICER = "fostering_officer"
FOSTER_CARER = "foster_carer"
PANEL_CHAIR = "panel_chair"
PANEL_MEMBER = "panel_member"
PANEL_CLERK = "panel_clerk"
COMMISSIONER = "commissioner"
FINANCE_OFFICER = "finance_officer"
ANALYST = "analyst"
ACCESS_OFFICER = "access_officer"
INFORMATION_OFFICER = "information_officer"
DIRECTOR = "director"
ELECTED_MEMBER = "elected_member"
CONSORTIUM_OFFICER = "consortium_officer"
PROVIDER = "provider"
SUPPORT = "support"
SYSTEM = "system"

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role(
            SOCIAL_WORKER,
            "Social worker",
            "social_work",
            "authority",
            "ask for a placement and follow the child's progress",
        ),
        Role(
            TEAM_MANAGER,
            "Team manager",
            "social_work",
            "authority",
            "choose an offer and say why; give permission within delegated limits",
        ),
        Role(
            REVIEWING_OFFICER,
            "Reviewing officer",
            "social_work",
            "authority",
            "read children’s files, requests, placements and outcomes, independent of the case; chair reviews",
        ),
        Role(
            BROKER,
            "Broker",
            "brokerage",
            "authority",
            "check requests, search, invite offers, arrange placements",
        ),
        Role(
            FOSTERING_OFFICER,
            "Fostering officer",
            "brokerage",
            "authority",
            "keep the authority's own carers and answer referrals first",
        ),
        Role(
            PANEL_CHAIR,
            "Panel chair",
            "panel",
            "authority",
            "give or refuse permission to place above delegated limits",
        ),
        Role(
            PANEL_MEMBER,
            "Panel member",
            "panel",
            "authority",
            "read the pack, declare interests and take part in the panel's decisions",
        ),
        Role(
            PANEL_CLERK,
            "Panel clerk",
            "panel",
            "authority",
            "plan meetings, build agendas and packs, write minutes, chase actions",
        ),
        Role(
            COMMISSIONER,
            "Commissioner",
            "commissioning",
            "authority",
            "keep the provider register, frameworks and imports",
        ),
        Role(
            FINANCE_OFFICER,
            "Finance officer",
            "finance",
            "authority",
            "see schedules and contracts, plan what is to be paid",
        ),
        Role(ANALYST, "Performance analyst", "commissioning", "authority", "import and check returns"),
        Role(
            ACCESS_OFFICER,
            "Access administrator",
            "governance",
            "authority",
            "give and take away accounts and roles, review access every month",
        ),
        Role(
            INFORMATION_OFFICER,
            "Information governance officer",
            "governance",
            "authority",
            "watch who looks at what, answer subject access requests, keep retention and holds",
        ),
        Role(
            DIRECTOR,
            "Director",
            "panel",
            "authority",
            "approve the costliest and the most distant placements",
        ),
        Role(
            ELECTED_MEMBER,
            "Elected member",
            "member",
            "authority",
            "read how the year, the savings plan and the children as a whole are doing; nobody’s file",
        ),
        Role(
            CONSORTIUM_OFFICER,
            "Consortium officer",
            "region",
            "consortium",
            "see the market across authorities",
        ),
        Role(
            PROVIDER,
            "Provider",
            "portal",
            "provider",
            "answer anonymised referrals, sign contracts, see own payments",
        ),
        Role(
            FOSTER_CARER,
            "Foster carer",
            "carer",
            "authority",
            "see who lives with them, what is due and paid, and say when they are free",
        ),
        Role(
            SUPPORT,
            "Support",
            "governance",
            "consortium",
            "look into one authority, read-only, when it has agreed",
        ),
    )
}
STAFF = frozenset(code for code, role in ROLES.items() if role.held_in == "authority") - {
    FOSTER_CARER,
    ELECTED_MEMBER,
}
"""Who works for an authority. Its own foster carers sign in there too, and see their own household's rows alone; so do
its elected members, who read the board's papers and no child's file."""
CASE_STAFF = frozenset(
    {SOCIAL_WORKER, TEAM_MANAGER, REVIEWING_OFFICER, BROKER, FOSTERING_OFFICER, PANEL_CHAIR, DIRECTOR}
)
"""Who reads children's files in the course of their work; what each may do besides stands in the tables of states."""
EVERYONE = frozenset(ROLES)
