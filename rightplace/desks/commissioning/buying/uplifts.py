"""Uplift rounds: the list, one with what it is weighed by, and the lead's answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.core.money import percentage
from rightplace.desks.commissioning.buying.tender_forms import as_basis_points
from rightplace.desks.commissioning.buying.terms import MONTHS, ReasonForm
from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.components.parts import Happening, NavItem, SummaryRow
from rightplace.desks.components.svg import Bar, Figure, bars
from rightplace.desks.components.tables import Column
from rightplace.desks.components.words import count, day, pounds
from rightplace.desks.layout.answers import version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.record import Deed, Part, Record, deed_page, record_page
from rightplace.journey.contracts.uplifting import taken_up
from rightplace.register.buying import queries, uplifts
from rightplace.register.buying.models import UpliftRequest
from rightplace.register.buying.states import UPLIFT
from rightplace.register.buying.weighing import ReviewRule, Weighed, weighed

COLUMNS = (
    Column("Provider", "provider.name", sort="provider__name", link=lambda row: _url(row.pk)),
    Column("Led by", lambda row: row.lead.name if row.lead else "Nobody yet"),
    Column("Asked", lambda row: percentage(row.asked_basis_points), sort="asked_basis_points"),
    Column("From", "from_on", "date", sort="from_on"),
    Column("Agreed", lambda row: percentage(row.agreed_basis_points) if row.agreed_basis_points else ""),
    Column("Saved a year", "saved_pence_year", "pounds"),
    Column("State", lambda row: (row.state, UPLIFT.states[row.state]), "status", sort="state"),
)


class UpliftFilter(forms.Form):
    """Which requests."""

    q = forms.CharField(label="Provider", required=False, max_length=60)
    state = forms.ChoiceField(label="State", required=False, choices=(("", "Any"), *UPLIFT.states.items()))


class AnswerForm(forms.Form):
    """A step of the negotiation."""

    words = forms.CharField(label="Your answer", widget=forms.Textarea, max_length=4_000)
    percent = forms.DecimalField(
        label="Per cent that you put forward", required=False, min_value=0, max_value=50, decimal_places=2
    )


class AgreeForm(forms.Form):
    """What is agreed."""

    percent = forms.DecimalField(label="Per cent agreed", min_value=0, max_value=50, decimal_places=2)
    from_on = DateInPartsField(label="From")
    reason = forms.CharField(label="Why?", widget=forms.Textarea, max_length=4_000)


def _url(uplift_id: int) -> str:
    return reverse("commissioning:uplift", args=[uplift_id])


def uplift_list(request: HttpRequest) -> HttpResponse:
    """Every request to the consortium."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[UpliftRequest]:
        wanted = queries.uplifts(actor).filter(provider__name__icontains=(filters.get("q") or "").strip())
        wanted = wanted.filter(state=filters["state"]) if filters.get("state") else wanted
        return wanted.order_by(sort, "id")

    lead = (
        "A provider asks once for all members. Its lead authority agrees for all, and the contracts follow."
    )
    listing = Listing("Uplifts", "request", COLUMNS, rows, UpliftFilter, sort="-from_on", context={"lead": lead},
                      empty="No uplift was asked for.")  # fmt: skip
    return list_page(request, "commissioning/buying_list.html", listing)


def _uplift(request: HttpRequest, uplift_id: int) -> UpliftRequest:
    row: UpliftRequest = found(queries.uplifts(actor_of(request)).filter(pk=uplift_id).first())
    return row


def uplift_page(request: HttpRequest, uplift_id: int) -> HttpResponse:
    """One request, what it is weighed by, and each step."""
    row, actor = _uplift(request, uplift_id), actor_of(request)
    verbs = (
        {one.verb for one in UPLIFT.open_to(state=row.state, role=actor.role)}
        if uplifts.decides(actor, row)
        else set()
    )
    labels = (("agree_uplift", "Agree"), ("answer_uplift", "Answer"), ("refuse_uplift", "Refuse"))
    links = [
        NavItem(label, reverse(f"commissioning:{verb}", args=[row.pk]))
        for verb, label in labels
        if verb in verbs
    ]
    beside = weighed(row)
    record = Record(
        row.provider.name, "Uplifts", reverse("commissioning:uplifts"), caption=f"Uplift of {percentage(row.asked_basis_points)}",
        state=(row.state, UPLIFT.states[row.state]), links=links,
        lead="" if verbs or row.state not in ("asked", "negotiating") else _who_agrees(row),
        parts=[
            Part(summary=_summary(row, beside, actor.authority_id)),
            Part("Beside it", figure=_figure(row, beside)),
            Part("Its reasons", words=row.reason, links=_file(row)),
            Part("Negotiation", words="" if row.steps.exists() else "No answer yet.", happened=_steps(row)),
        ],
    )  # fmt: skip
    return record_page(request, record)


def _who_agrees(row: UpliftRequest) -> str:
    who = (
        f"{row.lead.name} leads for this provider and"
        if row.lead
        else "No authority leads for this provider, so the consortium’s officer"
    )
    return f"{who} agrees for all members."


def _file(row: UpliftRequest) -> list[NavItem]:
    if row.document is None:
        return []
    return [NavItem(row.document.name, reverse("commissioning:document", args=[row.document_id]))]


def _summary(row: UpliftRequest, beside: Weighed, authority_id: int) -> list[SummaryRow]:
    known = [
        SummaryRow(
            "Asked",
            f"{percentage(row.asked_basis_points)} from {day(row.from_on)}",
            note=f"{day(row.asked_at)} by {row.asked_by}",
        ),
        SummaryRow(
            "All members pay it now",
            f"{pounds(beside.base.weekly_pence, whole=True)} a week",
            note=count(beside.base.prices, "placement"),
        ),
        SummaryRow("As asked, a year would cost", f"{pounds(beside.asked_pence_year, whole=True)} more"),
        *(SummaryRow(f"Rule of {one.framework}", rule_words(one)) for one in beside.limits),
    ]
    if row.agreed_basis_points is not None:
        signed, waiting = taken_up(row, authority_id)
        known += [
            SummaryRow(
                "Agreed",
                f"{percentage(row.agreed_basis_points)} from {day(row.agreed_from)}",
                note=row.decision_reason,
            ),
            SummaryRow(
                "Saved against the request", f"{pounds(row.saved_pence_year or 0, whole=True)} a year"
            ),
            SummaryRow("Your contracts", f"{signed} signed, {waiting} waiting for permission or signatures"),
        ]
    elif row.decision_reason:
        known.append(SummaryRow("Decided", row.decision_reason))
    return known


def rule_words(rule: ReviewRule) -> str:
    """How a framework reviews its prices, in words."""
    limit = "" if rule.most_basis_points is None else f", at most {percentage(rule.most_basis_points)} a year"
    index = f"by {rule.index}" if rule.index else "tied to no index"
    return f"from {dict(MONTHS)[rule.month]}, {index}{limit}"


def _figure(row: UpliftRequest, beside: Weighed) -> Figure:
    data = [Bar("Asked", row.asked_basis_points / 10_000)]
    if row.agreed_basis_points is not None:
        data.append(Bar("Agreed", row.agreed_basis_points / 10_000))
    data += [
        Bar(f"{one.words}, {one.year}", one.basis_points / 10_000, "2", one.source) for one in beside.indices
    ]
    if beside.peers is not None:
        data += [
            Bar(f"Peers asked, mean of {beside.peers.decided}", beside.peers.asked_mean / 10_000, "3"),
            Bar("Peers were given", beside.peers.agreed_mean / 10_000, "3"),
        ]
    return bars(data, "The request beside indices and peers", unit="percent")


def _steps(row: UpliftRequest) -> list[Happening]:
    return [
        Happening(
            f"{one.by}, for the {one.side}", one.at,
            detail=f"{one.words} ({percentage(one.basis_points)} put forward)" if one.basis_points is not None else one.words,
        )
        for one in row.steps.all()
    ]  # fmt: skip


def _deed(row: UpliftRequest, title: str, label: str, **more: Any) -> Deed:
    return Deed(
        title,
        label,
        row.provider.name,
        _url(row.pk),
        caption=f"{row.provider.name} asks {percentage(row.asked_basis_points)}",
        **more,
    )


def answer_uplift(request: HttpRequest, uplift_id: int) -> HttpResponse:
    """One step of the negotiation."""
    row = _uplift(request, uplift_id)
    return deed_page(
        request,
        _deed(row, "Answer", "Send the answer"),
        AnswerForm(request.POST or None),
        lambda typed: uplifts.answer_uplift(
            by=actor_of(request),
            now=timezone.now(),
            uplift_id=uplift_id,
            version=version_of(request),
            words=typed["words"],
            basis_points=as_basis_points(typed["percent"]),
        ),
        said="The provider has your answer.",
        version=row.version,
    )


def agree_uplift(request: HttpRequest, uplift_id: int) -> HttpResponse:
    """Agree for all members."""
    row = _uplift(request, uplift_id)
    form = AgreeForm(request.POST or None, initial={"from_on": row.from_on})
    deed = _deed(
        row,
        "Agree for all members",
        "Agree",
        lead="A variation of every member’s contract is made from that day. Each permits and signs its own.",
    )
    return deed_page(request, deed, form, lambda typed: uplifts.agree_uplift(
        by=actor_of(request), now=timezone.now(), uplift_id=uplift_id, version=version_of(request),
        basis_points=as_basis_points(typed["percent"]) or 0, from_on=typed["from_on"], reason=typed["reason"],
    ), said="Agreed for all members. Their contracts are being varied.", version=row.version)  # fmt: skip


def refuse_uplift(request: HttpRequest, uplift_id: int) -> HttpResponse:
    """Refuse for all members."""
    row = _uplift(request, uplift_id)
    return deed_page(
        request,
        _deed(row, "Refuse for all members", "Refuse", is_grave=True),
        ReasonForm(request.POST or None),
        lambda typed: uplifts.refuse_uplift(
            by=actor_of(request),
            now=timezone.now(),
            uplift_id=uplift_id,
            version=version_of(request),
            **typed,
        ),
        said="Refused, with the reasons.",
        version=row.version,
    )
