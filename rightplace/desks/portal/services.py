"""Services that a provider was asked to offer, beside placements: the list, what was told, offering and declining."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.core.services.items import Item, week_of, weeks_from, whole_of
from rightplace.core.services.kinds import UNIT_WORDS
from rightplace.desks.components.fields import DateInPartsField, MoneyField
from rightplace.desks.components.parts import NavItem, SummaryRow
from rightplace.desks.components.tables import Column
from rightplace.desks.components.words import day, pounds
from rightplace.desks.layout.answers import version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.priced import priced_page, priced_words
from rightplace.desks.layout.record import Deed, Part, Record, deed_page, record_page
from rightplace.foundation.actions import Outcome
from rightplace.journey.invitations import actions, queries
from rightplace.journey.invitations.actions import AnswerGiven
from rightplace.journey.invitations.models import ServiceInvitation
from rightplace.journey.invitations.queries import Invited
from rightplace.journey.invitations.states import SERVICE_INVITATION


class InvitedFilter(forms.Form):
    """Which of them."""

    q = forms.CharField(label="Kind or service", required=False, max_length=60)
    state = forms.ChoiceField(
        label="State", required=False, choices=(("", "Any"), *SERVICE_INVITATION.states.items())
    )


COLUMNS = (
    Column("Number", "reference", "reference", link=lambda one: reverse("portal_service_invitation", args=[one.id])),
    Column("Kind", "kind"),
    Column("Asked of", "service"),
    Column("Asked by", "authority"),
    Column("Age", "age", "number"),
    Column("Needed by", "needed_by", "date"),
    Column("To answer by", "answer_by", "date", sort="answer_by"),
    Column("State", lambda one: (one.state, SERVICE_INVITATION.states[one.state]), "status"),
)  # fmt: skip


def invitations(request: HttpRequest) -> HttpResponse:
    """Every service that one was asked to offer."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[ServiceInvitation]:
        given = {"words": filters.get("q") or "", "state": filters.get("state") or ""}
        return queries.sent_to(actor, **given).order_by(
            "-answer_by" if sort.startswith("-") else "answer_by", "id"
        )

    lead = "Services beside placements that authorities look for. You see what you were told, and nothing that names a child."
    listing = Listing("Services asked for", "service", COLUMNS, rows, InvitedFilter, sort="answer_by",
                      as_row=queries.as_sent, context={"lead": lead}, empty="Nobody has asked you for a service.")  # fmt: skip
    return list_page(request, "layout/list.html", listing)


def invitation(request: HttpRequest, service_invitation_id: int) -> HttpResponse:
    """One of them: what was told, and one's answer."""
    one = _own(request, service_invitation_id)
    links = []
    if one.state in ("sent", "declined"):
        links.append(NavItem("Offer", reverse("portal_offer_service", args=[one.id])))
    if one.state == "sent":
        links.append(NavItem("Decline", reverse("portal_decline_service", args=[one.id])))
    needed = "Not said" if one.units_needed is None else f"{one.units_needed.normalize():f} a week"
    record = Record(
        f"{one.kind}, age {one.age}", "Services asked for", reverse("portal_service_invitations"), caption=one.reference,
        state=(one.state, SERVICE_INVITATION.states[one.state]), links=links,
        parts=[
            Part(summary=[
                SummaryRow("Asked by", one.authority), SummaryRow("Of your service", one.service),
                SummaryRow("Needed by", day(one.needed_by), note=f"for about {one.likely_weeks} weeks"),
                SummaryRow("How much", needed), SummaryRow("To answer by", day(one.answer_by)),
                SummaryRow("Every offer has to meet", "; ".join(one.musts) or "Nothing more"),
            ]),
            Part("What you are told", words=one.told),
            *_answer_part(one),
        ],
    )  # fmt: skip
    return record_page(request, record)


def _answer_part(one: Invited) -> list[Part]:
    if one.state == "offered" and one.starts_on is not None:
        whole = whole_of(one.items, weeks_from(one.starts_on, one.likely_weeks))
        rows = [
            SummaryRow("Price", priced_words(one.items)),
            SummaryRow("From", day(one.starts_on)),
            SummaryRow("A week at first", pounds(week_of(one.items, one.starts_on))),
            SummaryRow("Whole", pounds(whole), note=f"over {one.likely_weeks} weeks"),
            SummaryRow("In words", one.words or "Nothing"),
        ]
        return [Part("Your offer", summary=rows)]
    return [Part("Why you declined", words=one.words)] if one.state == "declined" else []


class OfferForm(forms.Form):
    """Price, first day, and that every must is met."""

    amount_pence = MoneyField(label="Price")
    unit = forms.ChoiceField(label="For")
    quantity = forms.DecimalField(
        label="How many a week", min_value=0, max_value=9999, decimal_places=2, initial=1,
        help_text="Hours, sessions or nights; 1 where it is paid by the week, the month or once.",
    )  # fmt: skip
    starts_on = DateInPartsField(label="From")
    words = forms.CharField(
        label="In words", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def with_terms(self, one: Invited) -> OfferForm:
        """The same with what the kind asks."""
        self.fields["unit"] = forms.ChoiceField(
            label="For", choices=[(unit, UNIT_WORDS[unit]) for unit in one.price_units]
        )
        for number, must in enumerate(one.musts):
            self.fields[f"must_{number}"] = forms.BooleanField(label=f"Met: {must}", required=False)
        self.musts = one.musts
        return self

    @property
    def given(self) -> AnswerGiven:
        """The offer as the action takes it."""
        typed: dict[str, Any] = dict(self.cleaned_data)
        met = tuple(typed.pop(f"must_{number}") for number in range(len(self.musts)))
        return AnswerGiven(**typed, met=met)


class DeclineForm(forms.Form):
    """Why not."""

    words = forms.CharField(label="Why?", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))


def offer(request: HttpRequest, service_invitation_id: int) -> HttpResponse:
    """Offer at a price, with every item that is paid for beside it."""
    one = _own(request, service_invitation_id)

    def made(*typed: Any, **known: Any) -> OfferForm:
        return OfferForm(*typed, **known).with_terms(one)

    def press(form: Any, items: tuple[Item, ...]) -> Outcome[Any]:
        return actions.offer_service(**_seen(request, one), given=replace(form.given, items=items))

    return priced_page(
        request, _deed(one, "Offer"), made, press, held=(), said="Your offer is sent.", version=one.version
    )


def decline(request: HttpRequest, service_invitation_id: int) -> HttpResponse:
    """Decline, in words."""
    one = _own(request, service_invitation_id)
    form = DeclineForm(request.POST or None)

    def press(typed: dict[str, Any]) -> Outcome[Any]:
        return actions.decline_service(**_seen(request, one), **typed)

    return deed_page(
        request, _deed(one, "Decline"), form, press, said="You have declined.", version=one.version
    )


def _own(request: HttpRequest, invitation_id: int) -> Invited:
    one: Invited = found(queries.invitation_sent(actor_of(request), invitation_id))
    return one


def _seen(request: HttpRequest, one: Invited) -> dict[str, Any]:
    return {
        "by": actor_of(request),
        "now": timezone.now(),
        "invitation_id": one.id,
        "version": version_of(request),
    }


def _deed(one: Invited, label: str) -> Deed:
    back = reverse("portal_service_invitation", args=[one.id])
    return Deed(label, label, one.reference, back, f"{one.kind}, age {one.age}")
