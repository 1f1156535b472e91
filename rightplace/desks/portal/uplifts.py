"""Uplifts in the portal: asked once for all members of a consortium, answered, and what was agreed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.core.money import percentage
from rightplace.core.problems import Problem
from rightplace.desks.components.fields import DateInPartsField, UploadField
from rightplace.desks.components.parts import Happening, NavItem, SummaryRow
from rightplace.desks.components.tables import Column
from rightplace.desks.components.words import day
from rightplace.desks.layout.answers import version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, NoFilters, list_page
from rightplace.desks.layout.pressing import button
from rightplace.desks.layout.record import Button, Deed, Part, Record, deed_page, record_page
from rightplace.desks.portal.buying import taken_file
from rightplace.foundation.actions import Outcome, refuse
from rightplace.foundation.organisations.models import Consortium
from rightplace.register.buying import queries, uplifts
from rightplace.register.buying.models import UpliftRequest
from rightplace.register.buying.states import UPLIFT

COLUMNS = (
    Column("Asked", "asked", link=lambda row: row["url"]),
    Column("From", "from_on", "date"),
    Column("Who agrees", "lead"),
    Column("Agreed", "agreed"),
    Column("State", "state", "status"),
)


class AskForm(forms.Form):
    """A request for an uplift."""

    consortium = forms.TypedChoiceField(label="Whom do you ask?", coerce=int)
    percent = forms.DecimalField(label="Per cent asked for", min_value=0, max_value=50, decimal_places=2)
    from_on = DateInPartsField(label="From")
    reason = forms.CharField(
        label="What has become dearer, and by how much?", widget=forms.Textarea, max_length=8_000
    )
    file = UploadField(
        label="Evidence", required=False, endings=(".pdf", ".png", ".jpg", ".jpeg"), max_bytes=5 * 2**20
    )

    def __init__(self, *args: Any, whom: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["consortium"].choices = whom  # type: ignore[attr-defined]  # a choice field


class AnswerForm(forms.Form):
    """A step of the negotiation."""

    words = forms.CharField(label="Your answer", widget=forms.Textarea, max_length=4_000)
    percent = forms.DecimalField(
        label="Per cent that you would take", required=False, min_value=0, max_value=50, decimal_places=2
    )


def uplift_list(request: HttpRequest) -> HttpResponse:
    """Every request of the provider."""
    actor = actor_of(request)

    def as_row(row: UpliftRequest) -> dict[str, Any]:
        return {
            "asked": percentage(row.asked_basis_points), "url": reverse("portal:uplift", args=[row.pk]), "from_on": row.from_on,
            "lead": row.lead.name if row.lead else "The consortium", "state": (row.state, UPLIFT.states[row.state]),
            "agreed": f"{percentage(row.agreed_basis_points)} from {day(row.agreed_from)}" if row.agreed_basis_points else "",
        }  # fmt: skip

    def rows(filters: Mapping[str, Any], sort: str) -> Any:
        return queries.uplifts(actor).order_by("-asked_at", "-id")

    known = {
        "lead": "You ask once for all members. Their lead authority agrees for all, and your contracts follow.",
        "links": [NavItem("Ask for an uplift", reverse("portal:ask_uplift"))],
    }  # fmt: skip
    listing = Listing(
        "Uplifts",
        "request",
        COLUMNS,
        rows,
        NoFilters,
        context=known,
        as_row=as_row,
        empty="You have asked for none.",
    )
    return list_page(request, "portal/uplifts.html", listing)


def ask_uplift(request: HttpRequest) -> HttpResponse:
    """Ask for an uplift."""
    whom = list(Consortium.objects.order_by("name").values_list("pk", "name"))
    form = AskForm(request.POST or None, request.FILES or None, whom=whom)

    def act(typed: dict[str, Any]) -> Outcome[Any]:
        taken = taken_file(typed["file"])
        if isinstance(taken, Problem):
            return refuse(taken)
        return uplifts.ask_uplift(
            by=actor_of(request),
            now=timezone.now(),
            consortium_id=typed["consortium"],
            asked_basis_points=round(typed["percent"] * 100),
            from_on=typed["from_on"],
            reason=typed["reason"],
            taken=taken,
        )

    deed = Deed("Ask for an uplift", "Ask", "Uplifts", reverse("portal:uplifts"), has_file=True)
    return deed_page(
        request,
        deed,
        form,
        act,
        said="Asked. The lead authority is told.",
        then=lambda row: reverse("portal:uplift", args=[row.pk]),
    )


def _own(request: HttpRequest, uplift_id: int) -> UpliftRequest:
    row: UpliftRequest = found(queries.uplifts(actor_of(request)).filter(pk=uplift_id).first())
    return row


def uplift(request: HttpRequest, uplift_id: int) -> HttpResponse:
    """One request with each step."""
    row, actor = _own(request, uplift_id), actor_of(request)
    verbs = {one.verb for one in UPLIFT.open_to(state=row.state, role=actor.role)}
    known = [
        SummaryRow(
            "Asked",
            f"{percentage(row.asked_basis_points)} from {day(row.from_on)}",
            note=f"{day(row.asked_at)} by {row.asked_by}",
        ),
        SummaryRow("Who agrees", row.lead.name if row.lead else "The consortium’s officer"),
    ]
    if row.agreed_basis_points is not None:
        known.append(
            SummaryRow(
                "Agreed",
                f"{percentage(row.agreed_basis_points)} from {day(row.agreed_from)}",
                note=row.decision_reason,
            )
        )
    elif row.decision_reason:
        known.append(SummaryRow("Decided", row.decision_reason))
    file = (
        [NavItem(row.document.name, reverse("portal:document", args=[row.document_id]))]
        if row.document
        else []
    )
    steps = [
        Happening(f"{one.by}, for the {one.side}", one.at,
                  detail=f"{one.words} ({percentage(one.basis_points)})" if one.basis_points is not None else one.words)
        for one in row.steps.all()
    ]  # fmt: skip
    withdraw = Button(reverse("portal:withdraw_uplift", args=[row.pk]), "Withdraw", row.version, "warning")
    record = Record(
        f"Uplift of {percentage(row.asked_basis_points)}",
        "Uplifts",
        reverse("portal:uplifts"),
        state=(row.state, UPLIFT.states[row.state]),
        links=[NavItem("Answer", reverse("portal:answer_uplift", args=[row.pk]))]
        if "answer_uplift" in verbs
        else (),
        buttons=[withdraw] if "withdraw_uplift" in verbs else (),
        parts=[
            Part(summary=known),
            Part("Your reasons", words=row.reason, links=file),
            Part("Negotiation", words="" if steps else "No answer yet.", happened=steps),
        ],
    )
    return record_page(request, record)


def answer_uplift(request: HttpRequest, uplift_id: int) -> HttpResponse:
    """One step of the negotiation."""
    row = _own(request, uplift_id)
    deed = Deed("Answer", "Send the answer", "Uplift", reverse("portal:uplift", args=[row.pk]))
    return deed_page(request, deed, AnswerForm(request.POST or None), lambda typed: uplifts.answer_uplift(
        by=actor_of(request), now=timezone.now(), uplift_id=uplift_id, version=version_of(request), words=typed["words"],
        basis_points=None if typed["percent"] is None else round(typed["percent"] * 100),
    ), said="The lead authority has your answer.", version=row.version)  # fmt: skip


withdraw_uplift = button(uplifts.withdraw_uplift, "It is withdrawn.", of="uplift_id", page="portal:uplift")
