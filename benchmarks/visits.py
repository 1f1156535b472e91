"""People of the demo who visit pages, each in their role, with keys of rows that are there to be seen."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from rightplace.desks.brokerage import moves
from rightplace.desks.finance import recharges
from rightplace.foundation.access import roles
from rightplace.foundation.access.models import Membership, User
from rightplace.foundation.files.models import ImportRun
from rightplace.foundation.retention.models import DestructionList, RecordHold, SubjectRequest
from rightplace.foundation.safeguards.models import (
    AccessReview,
    EmergencyAccess,
    Restriction,
    SharingAgreement,
)
from rightplace.foundation.tokens.models import ApiToken
from rightplace.foundation.webhooks.models import Delivery, Webhook
from rightplace.journey.blocks.models import (
    BlockHandover,
    BlockNomination,
    BlockSettlement,
    BlockShare,
    BlockStay,
    SharedBlock,
)
from rightplace.journey.contracts.models import Contract, RisePermission
from rightplace.journey.decisions.models import Permission
from rightplace.journey.funding.models import Partner, RechargeInvoice
from rightplace.journey.invoices.models import Invoice, Query
from rightplace.journey.ledger.models import (
    BankAccount,
    JournalEntry,
    MonthClose,
    Payment,
    PaymentRun,
    Recovery,
)
from rightplace.journey.offers.models import Offer
from rightplace.journey.panels.models import PanelAction, PanelAppeal, PanelItem, PanelKind, PanelMeeting
from rightplace.journey.payments.models import CostCode
from rightplace.journey.placements.models import Move, Placement
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.search.models import Candidate, Invitation, Question, Search
from rightplace.register.carers.models import Household
from rightplace.register.children.models import Child, LegalStatus
from rightplace.register.frameworks.models import Lot, LotMember
from rightplace.register.providers.models import Setting

AUTHORITY = "Croydon"
TRIES = 40
SAMPLES = 8
"""How many rows of each page have their queries counted: one row may have parts that another lacks."""
DESK_ROLES = {
    "social-work": (roles.SOCIAL_WORKER, roles.TEAM_MANAGER),
    "brokerage": (roles.BROKER, roles.FOSTERING_OFFICER),
    "contracts": (roles.BROKER,),
    "placements": (roles.BROKER,),
    "panel": (roles.PANEL_CHAIR, roles.PANEL_CLERK, roles.DIRECTOR),
    "governance": (roles.INFORMATION_OFFICER, roles.ACCESS_OFFICER),
    "finance": (roles.FINANCE_OFFICER,),
    "blocks": (roles.BROKER, roles.FINANCE_OFFICER),
    "commissioning": (roles.COMMISSIONER, roles.ANALYST),
    "region": (roles.CONSORTIUM_OFFICER,),
    "portal": (roles.PROVIDER,),
}
SLUGS = {
    "social-work": ("needs",), "placements": ("end_placement", "confirm_start"),
    "moves": tuple(moves.DEEDS), "finance": tuple(recharges.DEEDS),
}  # fmt: skip
LEFT_OUT = (".pdf", ".csv", "/files/", "<slug:kind>")


@dataclass(frozen=True, slots=True)
class Page:
    """An address with a GET, the names of its parts, and who may open it."""

    route: str
    parts: tuple[str, ...]
    roles: frozenset[str]

    @property
    def desk(self) -> str:
        """The first part of the address."""
        return self.route.split("/")[0]


def pages() -> list[Page]:
    """Every page that somebody signed in may open with a GET, once."""
    found: dict[str, Page] = {}
    for route, pattern in _walk(get_resolver().url_patterns, ""):
        methods, allowed = (
            getattr(pattern.callback, "methods", ()),
            getattr(pattern.callback, "roles", frozenset()),
        )
        if "GET" not in methods or "anyone" in allowed or any(part in route for part in LEFT_OUT):
            continue
        found.setdefault(route, Page(route, tuple(pattern.pattern.converters), allowed))
    return list(found.values())


def _walk(patterns: Iterable[Any], before: str) -> Iterator[tuple[str, URLPattern]]:
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, route)
        else:
            yield route, one


@dataclass(frozen=True, slots=True)
class Visit:
    """One address as somebody of a role asks for it."""

    client: Client
    role: str
    path: str

    def answers_with(self) -> int:
        """The status of the answer."""
        return self.client.get(self.path).status_code

    def size(self) -> int:
        """The bytes of the answer."""
        return len(self.client.get(self.path).content)

    def seconds(self) -> tuple[float, float]:
        """How long the server takes to answer once, and how much processor time of ours that is."""
        begun, worked = time.perf_counter(), time.process_time()
        self.client.get(self.path)
        return time.perf_counter() - begun, time.process_time() - worked

    def queries(self) -> int:
        """How many statements of SQL one answer takes."""
        with CaptureQueriesContext(connection) as captured:
            self.client.get(self.path)
        return len(captured)


class Visitors:
    """A signed-in browser for each role, and the addresses that each can open."""

    def __init__(self) -> None:
        self._members = {role: found for role in roles.ROLES if (found := _holders(role).first())}
        self._clients = {role: _signed_in(member) for role, member in self._members.items()}
        # A home page differs with what waits: others of the role are asked too.
        self._others = {
            role: [_signed_in(other) for other in _holders(role)[1:SAMPLES]] for role in self._members
        }

    def client(self, role: str) -> Client:
        """The browser of a role."""
        return self._clients[role]

    def opened(self, page: Page) -> Iterator[Visit]:
        """Addresses of a page that answer with it, for the first role of its desk that can open one."""
        wanted = [role for role in DESK_ROLES.get(page.desk, ()) if role in page.roles]
        for role in [*wanted, *sorted(page.roles & self._members.keys() - set(wanted))]:
            visits = [Visit(self._clients[role], role, path) for path in self._paths(page, role)]
            if not page.parts:
                visits += [Visit(client, role, f"/{page.route}") for client in self._others[role]]
            found = [visit for visit in visits if visit.answers_with() == 200]
            if found:
                yield from found[:SAMPLES]
                return

    def _paths(self, page: Page, role: str) -> list[str]:
        member = self._members[role]
        if page.parts in TOGETHER:
            rows = list(TOGETHER[page.parts](member)[:TRIES])
        else:
            rows = list(product(*(self._keys(page, part, member) for part in page.parts)))[:TRIES]
        return [f"/{_filled(page, row)}" for row in rows]

    def _keys(self, page: Page, part: str, member: Membership) -> list[Any]:
        if part in ("slug", "verb"):
            return list(SLUGS.get(page.desk, ()))
        if part == "number":
            return [1]
        name = part if part != "key" else page.route.split("/<")[0].split("/")[-1]
        return _latest(KEYS[name](member)) if name in KEYS else []


def _filled(page: Page, values: Iterable[Any]) -> str:
    path = page.route
    for part, value in zip(page.parts, values, strict=True):
        path = path.replace(f"<int:{part}>", str(value)).replace(f"<slug:{part}>", str(value))
    return path


def _holders(role: str) -> QuerySet[Membership]:
    rows = Membership.objects.filter(role=role).select_related("user")
    if role == roles.PROVIDER:
        # Somebody with work of every kind first: an offer begun, then the most referrals.
        has_draft = Count("provider__offer", filter=Q(provider__offer__state="draft"), distinct=True)
        asked = Count("provider__invitation", distinct=True)
        return rows.annotate(has_draft=has_draft, asked=asked).order_by("-has_draft", "-asked", "-pk")
    if roles.ROLES[role].held_in == "consortium":
        return rows.order_by("pk")
    return rows.filter(authority__name=AUTHORITY).order_by("pk")


def _signed_in(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user)
    session = client.session
    session["membership"] = member.pk
    session.save()
    return client


def _latest(rows: QuerySet[Any]) -> list[int]:
    """Keys of the newest row in each state, then of some others."""
    if hasattr(rows.model, "state"):
        states = rows.order_by().values_list("state", flat=True).distinct()
        return [
            key
            for state in states
            for key in rows.filter(state=state).order_by("-pk").values_list("pk", flat=True)[:4]
        ]
    return list(rows.order_by("-pk").values_list("pk", flat=True)[:6])


def _own(model: Any) -> Callable[[Membership], QuerySet[Any]]:
    def rows(member: Membership) -> QuerySet[Any]:
        if member.provider_id:
            return model.objects.filter(provider=member.provider_id)
        return model.objects.filter(authority=member.authority_id)

    return rows


def _everyone(model: Any) -> Callable[[Membership], QuerySet[Any]]:
    return lambda member: model.objects.all()


def _settings(member: Membership) -> QuerySet[Setting]:
    rows = Setting.objects.all()
    return rows.filter(provider=member.provider_id) if member.provider_id else rows


def _children(member: Membership) -> QuerySet[Child]:
    return Child.objects.filter(authority=member.authority_id, social_worker__isnull=False)


KEYS: dict[str, Callable[[Membership], QuerySet[Any]]] = {
    "child_id": _children,
    "request_id": _own(PlacementRequest),
    "search_id": _own(Search),
    "candidate_id": lambda member: Candidate.objects.filter(authority=member.authority_id, is_eligible=True),
    "invitation_id": _own(Invitation),
    "question_id": _own(Question),
    "offer_id": _own(Offer),
    "household_id": _own(Household),
    "setting_id": _settings,
    "lot_id": _everyone(Lot),
    "run_id": _everyone(ImportRun),
    "data_request_id": _own(SubjectRequest),
    "destruction_id": _own(DestructionList),
    "record_hold_id": _own(RecordHold),
    "restriction_id": _own(Restriction),
    "emergency_id": _own(EmergencyAccess),
    "review_id": _own(AccessReview),
    "agreement_id": _everyone(SharingAgreement),
    "person_id": lambda member: User.objects.filter(
        memberships__authority=member.authority_id, is_active=True
    ),
    "offers": _own(Offer),
    "permissions": _own(Permission),
    "variations": _own(RisePermission),
    "contracts": _own(Contract),
    "funding": lambda member: Contract.objects.filter(
        authority=member.authority_id, fundings__isnull=False
    ).distinct(),
    "placements": _own(Placement),
    "moves": _own(Move),
    "partners": _own(Partner),
    "recharges": _own(RechargeInvoice),
    "kinds": _own(PanelKind),
    "meetings": _own(PanelMeeting),
    "items": _own(PanelItem),
    "actions": _own(PanelAction),
    "appeals": _own(PanelAppeal),
    "tokens": _own(ApiToken),
    "my-tokens": lambda member: ApiToken.objects.filter(membership=member),
    "webhooks": _own(Webhook),
    "invoices": _own(Invoice),
    "queries": _own(Query),
    "runs": _own(PaymentRun),
    "payments": _own(Payment),
    "remittances": _own(Payment),
    "recoveries": _own(Recovery),
    "bank-accounts": _own(BankAccount),
    "journal": _own(JournalEntry),
    "months": _own(MonthClose),
    "cost-codes": _own(CostCode),
    "blocks": lambda member: SharedBlock.objects.filter(seen_by__contains=[member.authority_id or 0]),
    "nominations": _own(BlockNomination),
    "stays": _own(BlockStay),
    "handovers": _own(BlockHandover),
    "settlements": _own(BlockSettlement),
    "shares": _own(BlockShare),
}
TOGETHER: dict[tuple[str, ...], Callable[[Membership], QuerySet[Any, Any]]] = {
    ("request_id", "offer_id"): lambda member: Offer.objects.filter(
        authority=member.authority_id, state="submitted", search__request__state="offers_in"
    ).values_list("search__request_id", "pk"),
    ("search_id", "candidate_id"): lambda member: Candidate.objects.filter(
        authority=member.authority_id, is_eligible=True, search__state="market"
    ).values_list("search_id", "pk"),
    ("lot_id", "member_id"): lambda member: LotMember.objects.filter(ends_on=None).values_list(
        "lot_id", "pk"
    ),
    ("search_id", "question_id"): lambda member: Question.objects.filter(
        authority=member.authority_id, answer="", search__state="market"
    ).values_list("search_id", "pk"),
    ("key", "delivery_id"): lambda member: _own(Delivery)(member).values_list("webhook_id", "pk"),
    ("child_id", "legal_status_id"): lambda member: LegalStatus.objects.filter(
        authority=member.authority_id, period__endswith=None
    ).values_list("child_id", "pk"),
}
"""Parts of an address that belong to one another."""
