"""Every address of the site, read from the URL map: its name, pattern, methods and roles, and how to fill it in."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

from rightplace.desks.brokerage import fostering, moves, placements
from rightplace.desks.commissioning import concerns, court_places, hearing, visits
from rightplace.desks.finance import (
    bank_accounts,
    invoice_queries,
    months,
    recharges,
    recoveries,
    runs,
    shared_block_deeds,
)
from rightplace.desks.social_work import packages
from rightplace.desks.social_work.step_table import BY_SLUG

TABLE = Path(__file__).with_name("routes.csv")
ANYONE = "anyone"
# What a parameter that is only called `key` or `pk` names, by the part of the address before it.
KINDS = {
    "contracts": "contract", "permissions": "permission", "placements": "placement", "requests": "request",
    "searches": "search", "children": "child", "offers": "offer", "referrals": "invitation", "homes": "setting",
    "carers": "household", "households": "household", "providers": "provider", "evidence": "evidence",
    "files": "file", "invitations": "invitation", "questions": "question", "children-files": "child",
    "restricted-cases": "restriction", "emergencies": "emergency", "support-visits": "visit", "access-reviews": "review",
    "settings": "setting", "options": "candidate", "search": "search", "tokens": "token", "my-tokens": "my_token",
    "messages": "delivery", "variations": "rise", "webhooks": "webhook",
    "meetings": "panel_meeting", "items": "panel_item", "actions": "panel_action",
    "funding": "contract", "evidence-files": "funding_file", "moves": "move", "recharges": "recharge", "partners": "partner",
    "runs": "payment_run", "payments": "payment", "bank-accounts": "bank_account", "payment-limits": "payment_limit",
    "absences": "absence", "deliveries": "delivered", "cost-codes": "cost_code",
    "recoveries": "recovery", "blocks": "block", "nominations": "nomination", "stays": "block_stay", "handovers": "handover",
    "settlements": "settlement", "shares": "block_share",
    "journal": "journal_entry", "months": "month", "remittances": "remittance",
    "invoices": "invoice", "queries": "invoice_query", "thread-files": "query_file", "credit-notes": "invoice_line",
    "concerns": "concern", "about": "setting", "to": "setting", "visits": "quality_visit", "planned": "planned_visit",
    "visit-actions": "visit_action", "visit-files": "visit_file", "to-household": "household",
    "reviews": "case_review", "follow-ups": "follow_up", "stability": "stability_meeting", "complaints": "complaint",
    "surveys": "survey",
    "tenders": "tender", "applications": "application", "plans": "plan", "uplifts": "uplift", "tendered": "answered",
    "project-milestones": "project_milestone", "claims": "grant_claim", "risks": "risk", "board-actions": "board_action",
    "changes": "limit_change", "cover": "cover", "appeals": "panel_appeal", "kinds": "panel_kind", "members": "panel_member",
}  # fmt: skip
# What a parameter that names no row is filled with.
WORDS: dict[str, tuple[str, ...]] = {
    "slug": tuple(BY_SLUG), "number": ("1",), "code": ("own_bedroom",), "sheet": ("contracts",),
    "kind": ("carers",), "token": (), "file_kind": ("ledger",), "payee_key": ("own",),
    "deed": tuple(invoice_queries.DEEDS), "notice": ("award",), "evidence_kind": ("public_liability",),
    "published_kind": ("transparency",), "extract_file": ("reviews",), "module": ("reviews",),
    "measure": ("three_or_more_placements",), "year": ("2026",), "year_name": ("2026-27",),
    "rule_code": ("101",), "kind_code": ("mentoring",),
}  # fmt: skip
# What `verb` may be, by how the address begins: the longest beginning counts.
DEEDS = {
    "placements": tuple(placements.DEEDS), "moves": tuple(moves.DEEDS), "finance": tuple(recharges.DEEDS),
    "finance/runs": tuple(runs.DEEDS), "finance/months": tuple(months.DEEDS),
    "finance/recoveries": tuple(recoveries.DEEDS), "blocks": tuple(shared_block_deeds.DEEDS),
    "finance/bank-accounts": tuple(bank_accounts.SECOND_VERBS),
    "concerns": tuple(concerns.DEEDS), "visits": ("move", "drop"), "complaints": tuple(hearing.VERBS),
    "visit-actions": visits.VERBS, "packages": tuple(packages.DEEDS), "fostering/applicants": fostering.VERBS,
    "fostering/households": tuple(fostering.DEEDS), "court-places": tuple(court_places.DEEDS),
}  # fmt: skip
# Rows of the shared register: anybody at the door may see them, whoever's they are. In the portal they are one's own.
# A concern is read by those with whom it is shared, who in the tests' world are both sides.
SHARED = {"setting", "provider", "payee", "hold", "condition", "lot", "member", "concern", "forum",
    # Buying is the consortium's together.
    "framework", "joining", "application", "shown", "document", "tender", "answered", "criterion", "release", "plan",
    "milestone", "uplift", "service",
    # The directory is everybody's; in the portal it is one's own.
    "entry",
}  # fmt: skip
# At the brokerage desk these are answered for the authority's own carers.
OF_OWN_CARERS = {kind: f"own_{kind}" for kind in ("invitation", "offer", "evidence", "file")}
# In the portal these are a provider's own.
OF_PROVIDERS = {kind: f"provider_{kind}" for kind in ("token", "webhook", "delivery")}
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True, slots=True)
class Address:
    """One address: its full name, its pattern, the methods it takes and the roles it lets in."""

    name: str
    pattern: str
    methods: tuple[str, ...]
    roles: frozenset[str]
    module: str

    @property
    def row(self) -> tuple[str, str, str]:
        """As in the table: name, methods, roles."""
        methods = " ".join(method for method in self.methods if method != "HEAD")
        return (self.name, methods, " ".join(sorted(self.roles)))

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """Each parameter with the kind of row that it names ('' where it names none)."""
        return [
            (found[1], _kind(found[1], self.pattern[: found.start()]))
            for found in PARAMETER.finditer(self.pattern)
        ]

    @property
    def is_known(self) -> bool:
        """Whether every parameter can be filled in; where not, tests/rules/test_routes.py says what to add."""
        try:
            return bool(self.parameters) or True
        except KeyError:
            return False

    def filled(self, ids: Mapping[str, int]) -> list[str]:
        """The addresses of these rows, one for each word that a parameter may be; none where a row is not among them."""
        found = [self.pattern]
        for name, kind in self.parameters:
            if kind and kind not in ids:
                return []
            values = [str(ids[kind])] if kind else self._words(name)
            found = [PARAMETER.sub(value, path, count=1) for path in found for value in values]
        return [f"/{path}" for path in found]

    def _words(self, name: str) -> tuple[str, ...]:
        if name != "verb":
            return WORDS[name]
        return DEEDS[max((start for start in DEEDS if self.pattern.startswith(start)), key=len)]

    @property
    def names_a_row(self) -> bool:
        """Whether the address names a row that belongs to somebody."""
        is_portal = self.pattern.startswith("portal/")
        # The region's officer sees the agreements of every authority of the consortium.
        is_shared = self.pattern.startswith("region/")
        return any(
            kind and (is_portal or (kind not in SHARED and not is_shared)) for _, kind in self.parameters
        )


def _kind(name: str, before: str) -> str:
    if name in WORDS or name == "verb":
        return ""
    last = before.strip("/").rsplit("/", 1)[-1]
    if not name.endswith("_id") and last not in KINDS:
        raise KeyError(
            f"What does <{name}> after “{last}/” name? Add it to tests/rules/addresses.py KINDS or WORDS."
        )
    kind = name.removesuffix("_id") if name.endswith("_id") else KINDS[last]
    if before.startswith(("brokerage/offers/", "brokerage/own-carers/", "brokerage/invitations/")):
        return OF_OWN_CARERS.get(kind, kind)
    return OF_PROVIDERS.get(kind, kind) if before.startswith("portal/") else kind


def addresses() -> list[Address]:
    """Every page there is, in the order of the map. The API has a table of its own: tests/rules/api_routes.csv."""
    return [one for one in _walk(get_resolver().url_patterns, "", "") if not one.name.startswith("api:")]


def _walk(patterns: list[URLPattern | URLResolver], route: str, space: str) -> Iterator[Address]:
    for one in patterns:
        here = route + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, here, f"{space}{one.namespace}:" if one.namespace else space)
        else:
            view = one.callback
            roles, methods = getattr(view, "roles", frozenset()), getattr(view, "methods", ())
            yield Address(f"{space}{one.name}", here, tuple(methods), frozenset(roles), view.__module__)


def reviewed() -> dict[str, tuple[str, str, str]]:
    """The reviewed table: who may, by name of the route."""
    with TABLE.open(newline="") as file:
        return {row["route"]: (row["route"], row["methods"], row["roles"]) for row in csv.DictReader(file)}
