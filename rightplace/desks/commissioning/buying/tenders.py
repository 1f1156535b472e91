"""Tenders: the list, one at each stage, and its deeds up to the opening; direct awards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.commissioning.buying import tender_parts as parts
from rightplace.desks.commissioning.buying.tender_forms import (
    CriterionForm,
    DirectForm,
    EvaluatorForm,
    TenderForm,
)
from rightplace.desks.commissioning.buying.terms import ReasonForm
from rightplace.desks.components.parts import NavItem
from rightplace.desks.components.tables import Column
from rightplace.desks.layout.answers import answer, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.pressing import button
from rightplace.desks.layout.record import Deed, deed_page, record_page
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import ANALYST
from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.register.buying import queries, scoring, tenders
from rightplace.register.buying.models import Tender
from rightplace.register.buying.standing import consortium
from rightplace.register.buying.states import TENDER
from rightplace.register.buying.words import TENDER_ROUTES
from rightplace.register.frameworks.models import Lot

COLUMNS = (
    Column("Tender", "reference", "reference", sort="id", link=lambda row: parts.tender_url(row.pk)),
    Column("What is bought", "title", sort="title"),
    Column("Route", lambda row: TENDER_ROUTES[row.route]),
    Column("Led by", "lead.name", sort="lead__name"),
    Column("Places", "places", "number", sort="places"),
    Column("Closes", "closes_at", "moment", sort="closes_at"),
    Column("State", lambda row: (row.state, TENDER.states[row.state]), "status", sort="state"),
)


class TenderFilter(forms.Form):
    """Which tenders."""

    q = forms.CharField(label="What is bought", required=False, max_length=60)
    state = forms.ChoiceField(label="State", required=False, choices=(("", "Any"), *TENDER.states.items()))


def tender_list(request: HttpRequest) -> HttpResponse:
    """Every tender of the consortium."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Tender]:
        wanted = queries.tenders(actor).filter(title__icontains=(filters.get("q") or "").strip())
        wanted = wanted.filter(state=filters["state"]) if filters.get("state") else wanted
        return wanted.order_by(sort, "id")

    links = [] if actor.role == ANALYST else [
        NavItem("Make a tender", reverse("commissioning:make_tender")),
        NavItem("Award directly", reverse("commissioning:award_directly")),
    ]  # fmt: skip
    lead = "Tenders, further competitions and direct awards. What is tendered stays sealed until the closing time."
    listing = Listing("Tenders", "tender", COLUMNS, rows, TenderFilter, sort="-id", context={"lead": lead, "links": links},
                      empty="Nothing has been tendered.")  # fmt: skip
    return list_page(request, "commissioning/buying_list.html", listing)


def _tender(request: HttpRequest, tender_id: int) -> Tender:
    row: Tender = found(queries.tenders(actor_of(request)).filter(pk=tender_id).first())
    return row


def tender_page(request: HttpRequest, tender_id: int) -> HttpResponse:
    """One tender at its stage."""
    return record_page(request, parts.record(actor_of(request), _tender(request, tender_id)))


def choices(actor: Actor) -> dict[str, Any]:
    """The lots of the consortium; and its members, where the actor is of none and has to say who leads."""
    whose = consortium(actor)
    lots = (
        Lot.objects.filter(framework__consortium_id=whose)
        .select_related("framework")
        .order_by("framework__name", "name")
    )
    members = Authority.objects.filter(consortium_id=whose).order_by("name").values_list("pk", "name")
    return {"lots": list(lots), "leads": [] if actor.authority_id else list(members)}


def make_tender(request: HttpRequest) -> HttpResponse:
    """Make a tender."""
    form = TenderForm(request.POST or None, **choices(actor_of(request)))
    deed = Deed("Make a tender", "Make it", "Tenders", reverse("commissioning:tenders"),
                lead="It stays a draft until it has its criteria and those who score it.")  # fmt: skip
    return deed_page(request, deed, form, lambda typed: tenders.make_tender(
        by=actor_of(request), now=timezone.now(), given=form.as_given, lead_id=typed.get("lead")
    ), said="The draft is made. Add its criteria.", then=lambda row: parts.tender_url(row.pk))  # fmt: skip


def award_directly(request: HttpRequest) -> HttpResponse:
    """Award without competition."""
    form = DirectForm(request.POST or None, **choices(actor_of(request)))

    def act(typed: dict[str, Any]) -> Any:
        provider = Provider.objects.filter(name__iexact=typed["provider"].strip()).first()
        return tenders.award_directly(
            by=actor_of(request), now=timezone.now(), given=form.given("direct"), provider_id=provider.pk if provider else 0,
            price=form.price, ground=typed["ground"], reason=typed["reason"], lead_id=typed.get("lead"),
        )  # fmt: skip

    deed = Deed("Award directly", "Award", "Tenders", reverse("commissioning:tenders"),
                lead="Only on a ground of the law or the framework’s terms. It is on record, and published.")  # fmt: skip
    return deed_page(
        request,
        deed,
        form,
        act,
        said="Awarded. Publish its notice.",
        then=lambda row: parts.tender_url(row.pk),
    )


def _deed(row: Tender, title: str, label: str, **more: Any) -> Deed:
    return Deed(title, label, row.reference, parts.tender_url(row.pk), caption=row.title, **more)


def add_criterion(request: HttpRequest, tender_id: int) -> HttpResponse:
    """Add a criterion."""
    row = _tender(request, tender_id)
    form = CriterionForm(request.POST or None)
    deed = _deed(
        row, "Add a criterion", "Add", lead="Weights add up to 100. The whole cost weighs at most 40."
    )
    return deed_page(request, deed, form, lambda typed: tenders.add_criterion(
        by=actor_of(request), now=timezone.now(), tender_id=tender_id, version=version_of(request), given=form.as_given
    ), said="The criterion is added.", version=row.version)  # fmt: skip


def take_off_criterion(request: HttpRequest, tender_id: int, criterion_id: int) -> HttpResponse:
    """Take a criterion off a draft."""
    outcome = tenders.take_off_criterion(
        by=actor_of(request),
        now=timezone.now(),
        tender_id=tender_id,
        version=version_of(request),
        criterion_id=criterion_id,
    )
    return answer(request, outcome, then=parts.tender_url(tender_id), said="The criterion is off.")


def name_evaluator(request: HttpRequest, tender_id: int) -> HttpResponse:
    """Name somebody who scores."""
    row = _tender(request, tender_id)
    people = tenders.possible_evaluators(row.consortium_id)
    deed = _deed(
        row,
        "Name an evaluator",
        "Name them",
        lead="Each scores alone: nobody sees another’s scores before the moderation.",
    )
    return deed_page(request, deed, EvaluatorForm(request.POST or None, people=people), lambda typed: tenders.name_evaluator(
        by=actor_of(request), now=timezone.now(), tender_id=tender_id, version=version_of(request), user_id=typed["user"]
    ), said="They score it.", version=row.version)  # fmt: skip


def cancel_tender(request: HttpRequest, tender_id: int) -> HttpResponse:
    """Cancel it, with the reason."""
    row = _tender(request, tender_id)
    deed = _deed(row, "Cancel this tender", "Cancel it", is_grave=True, lead="What was tendered is not used.")
    return deed_page(request, deed, ReasonForm(request.POST or None), lambda typed: tenders.cancel_tender(
        by=actor_of(request), now=timezone.now(), tender_id=tender_id, version=version_of(request), **typed
    ), said="Cancelled.", version=row.version)  # fmt: skip


open_tender = button(tenders.open_tender, "It is open.", of="tender_id", page="commissioning:tender")
begin_scoring = button(
    scoring.begin_scoring, "It can be scored.", of="tender_id", page="commissioning:tender"
)
begin_moderation = button(
    scoring.begin_moderation,
    "The scores are laid open to each other.",
    of="tender_id",
    page="commissioning:tender",
)
