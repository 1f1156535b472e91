"""What is known of a service from day to day, milestones put off, who is asked to offer, and offers side by side."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.core.services.kinds import KindTerms
from rightplace.core.services.particulars import ParticularRule, Said, particular_rules
from rightplace.desks.components.fields import DateInPartsField, MoneyField
from rightplace.desks.components.parts import Happening, NavItem, SummaryRow
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import day, pounds
from rightplace.desks.layout.answers import answer, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.record import Button, Deed, Part, Record, deed_page, record_page
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome
from rightplace.foundation.audit.record import look
from rightplace.journey.invitations import actions as inviting
from rightplace.journey.invitations.queries import invited, may_be_invited, own_invitation
from rightplace.journey.invitations.states import SERVICE_INVITATION
from rightplace.journey.packages.queries import open_milestone, own_package, terms_of
from rightplace.journey.packages.states import ASKERS, BROKERS, KEEPERS, PACKAGE
from rightplace.journey.pathways import actions, queries

DAYS_TO_ANSWER = 7
MOST_SERVICES = 200


class KnownForm(forms.Form):
    """Every particular of a kind; what is left empty stays as it is."""

    hide_optional = True

    said_on = DateInPartsField(label="Known from")

    def __init__(self, kind: KindTerms, *typed: Any, **known: Any) -> None:
        super().__init__(*typed, **known)
        self.rules = particular_rules(kind.particulars)[0]
        for number, rule in enumerate(self.rules):
            self.fields[f"particular_{number}"] = _field(rule)

    @property
    def said(self) -> dict[str, Said]:
        """The entries as the action takes them, by field."""
        typed = {f"particular_{number}": rule for number, rule in enumerate(self.rules)}
        return {name: _said(rule, self.cleaned_data.get(name)) for name, rule in typed.items()}


def _field(rule: ParticularRule) -> forms.Field:
    if rule.shape == "choice":
        choices = [("", "Not said"), *((one, one) for one in rule.choices)]
        return forms.ChoiceField(label=rule.words, required=False, choices=choices)
    if rule.shape == "pounds":
        return MoneyField(label=f"{rule.words}, a {rule.per}", required=False)
    if rule.shape == "date":
        return DateInPartsField(label=rule.words, required=False)
    if rule.shape == "number":
        return forms.DecimalField(
            label=rule.words, required=False, min_value=0, max_value=99_999, decimal_places=2
        )
    return forms.CharField(label=rule.words, required=False, max_length=500)


def _said(rule: ParticularRule, value: Any) -> Said:
    name = {"pounds": "pence", "number": "number", "date": "on"}.get(rule.shape, "text")
    return Said(rule.words) if value in (None, "") else Said(rule.words, **{name: value})


def known_parts(row: Any, kind: KindTerms) -> list[Part]:
    """The part of a service's page that says what is known of it; none for a kind that keeps nothing."""
    if not kind.particulars:
        return []
    everything = queries.particulars_over_time(row.pk)
    held = {one.words: one for one in reversed(everything)}
    rows = [
        SummaryRow(rule.words, held[rule.words].text, note=f"since {day(held[rule.words].said_on)}")
        for rule in particular_rules(kind.particulars)[0]
        if rule.words in held
    ]
    added = sum(one.weekly_pence for one in held.values())
    if added:
        rows.append(
            SummaryRow(
                "A week after what comes on top and what others pay", pounds((row.weekly or 0) + added)
            )
        )
    parts = [Part("What is known", summary=rows) if rows else Part("What is known", words="Nothing yet.")]
    before = [one for one in everything if held[one.words] != one]
    if before:
        told = [Happening(f"{one.words}: {one.text}", one.said_on, str(one.by)) for one in before]
        parts.append(Part("What was known before", happened=told))
    return parts


def put_off_parts(row: Any) -> list[Part]:
    """The part that says which milestones were put off, from when to when and why."""
    told = [
        Happening(
            f"{one.milestone.words}: {day(one.was_due_on)} to {day(one.due_on)}",
            one.made_at,
            str(one.by),
            one.reason,
        )
        for one in queries.extensions_of(row.pk)
    ]
    return [Part("Put off", happened=told)] if told else []


def invited_parts(actor: Actor, row: Any) -> list[Part]:
    """The part that says who was asked to offer, with what each answered."""
    asked = invited(actor, row.pk) if actor.role in KEEPERS else []
    columns = (
        Column("Service", lambda one: str(one.service)),
        Column("Provider", lambda one: str(one.provider)),
        Column("To answer by", "answer_by", "date"),
        Column("State", lambda one: (one.state, SERVICE_INVITATION.states[one.state]), "status"),
        Column("In words", "words"),
    )
    buttons = [
        Button(reverse("take_back_invitation", args=[one.pk]), f"Ask {one.service} no more", one.version)
        for one in asked
        if one.state == "sent" and actor.role in BROKERS
    ]
    table = Table(columns, asked, "Asked to offer", id="invited", hide_caption=True)
    return [Part("Asked to offer", table=table, buttons=buttons)] if asked else []


def more_links(actor: Actor, row: Any, kind: KindTerms) -> list[NavItem]:
    """Where else one may go from a service."""
    open_verbs = {step.verb for step in PACKAGE.open_to(state=row.state, role=actor.role)}
    links = []
    if kind.particulars and "keep_particulars" in open_verbs:
        links.append(NavItem("Keep what is known", reverse("keep_particulars", args=[row.pk])))
    if kind.is_bought and "invite_services" in open_verbs and may_be_invited(row.pk, kind.code).exists():
        links.append(NavItem("Ask services to offer", reverse("invite_services", args=[row.pk])))
    if kind.is_bought and row.state in ("asked", "chosen"):
        links.append(NavItem("Offers side by side", reverse("side_by_side", args=[row.pk])))
    return links


def later_columns(row: Any, kind: KindTerms, may: bool) -> list[Column]:
    """The column that leads to putting a milestone off, where the kind allows it for one of those that are due."""
    open_rows = [one for one in row.milestones.all() if one.done_on is None]
    if not may or not any(queries.may_be_put_off(kind, one) for one in open_rows):
        return []

    def words(due: Any) -> str:
        return "Put it off" if queries.may_be_put_off(kind, due) else ""

    def link(due: Any) -> str:
        return reverse("put_off", args=[due.pk]) if queries.may_be_put_off(kind, due) else ""

    return [Column("Later", words, link=link)]


def keep(request: HttpRequest, package_id: int) -> HttpResponse:
    """Keep what is known from a day on."""
    actor = actor_of(request)
    row: Any = found(own_package(actor, package_id))
    kind: KindTerms = found(_with_particulars(terms_of(row)))
    form = KnownForm(kind, request.POST or None, initial={"said_on": timezone.localdate()})

    def press(typed: dict[str, Any]) -> Outcome[Any]:
        return actions.keep_particulars(
            by=actor, now=timezone.now(), package_id=row.pk, version=version_of(request), said_on=typed["said_on"],
            said=form.said,
        )  # fmt: skip

    lead = "Leave empty what you do not know. What was known before stays in the history."
    deed = Deed(
        "What is known", "Keep this", row.reference, reverse("package", args=[row.pk]), kind.name, lead
    )
    return deed_page(request, deed, form, press, said="It is kept.", version=row.version)


def _with_particulars(kind: KindTerms) -> KindTerms | None:
    return kind if kind.particulars else None


class LaterForm(forms.Form):
    """To when, and why."""

    due_on = DateInPartsField(label="Put off to")
    reason = forms.CharField(label="Why?", max_length=500, widget=forms.Textarea(attrs={"rows": 4}))


def put_off(request: HttpRequest, due_id: int) -> HttpResponse:
    """Put a milestone off with a reason."""
    actor = actor_of(request)
    due: Any = found(open_milestone(actor, due_id))
    kind = terms_of(due.package)
    form = LaterForm(request.POST or None)

    def press(typed: dict[str, Any]) -> Outcome[Any]:
        return actions.extend_milestone(
            by=actor, now=timezone.now(), milestone_id=due.pk, version=version_of(request), **typed
        )

    words = Deed(
        f"Put off: {due.words.lower()}", "Put it off", due.package.reference, reverse("package", args=[due.package_id]),
        kind.name, f"Due by {day(due.due_on)}.",
    )  # fmt: skip
    return deed_page(request, words, form, press, said="It is put off.", version=due.package.version)


class InviteForm(forms.Form):
    """Which services, by when, and what they are told."""

    services = forms.MultipleChoiceField(label="Which services?", widget=forms.CheckboxSelectMultiple)
    answer_by = DateInPartsField(label="To answer by")
    told = forms.CharField(
        label="What they are told", max_length=8000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Read it: nothing may name the child, the family or the school. What may do so is covered already.",
    )  # fmt: skip


def invite(request: HttpRequest, package_id: int) -> HttpResponse:
    """Ask services of the kind to offer."""
    actor = actor_of(request)
    row: Any = found(own_package(actor, package_id))
    kind = terms_of(row)
    first = {
        "answer_by": timezone.localdate() + timedelta(days=DAYS_TO_ANSWER),
        "told": inviting.told_of(row),
    }
    form = InviteForm(request.POST or None, initial=first)
    choices = [
        (str(one.pk), f"{one.name} ({one.provider})")
        for one in may_be_invited(row.pk, kind.code)[:MOST_SERVICES]
    ]
    form.fields["services"] = forms.MultipleChoiceField(
        label="Which services?", choices=choices, widget=forms.CheckboxSelectMultiple
    )

    def press(typed: dict[str, Any]) -> Outcome[Any]:
        return inviting.invite_services(
            by=actor, now=timezone.now(), package_id=row.pk, version=version_of(request),
            service_ids=[int(key) for key in typed["services"]], told=typed["told"], answer_by=typed["answer_by"],
        )  # fmt: skip

    lead = "All are asked at the same time and told the same. They answer in their portal."
    deed = Deed(
        "Ask services to offer", "Ask them", row.reference, reverse("package", args=[row.pk]), kind.name, lead
    )
    return deed_page(request, deed, form, press, said="They are asked.", version=row.version)


def take_back(request: HttpRequest, service_invitation_id: int) -> HttpResponse:
    """Ask a service no more."""
    actor = actor_of(request)
    row: Any = found(own_invitation(actor, service_invitation_id))
    outcome = inviting.take_back_invitation(
        by=actor, now=timezone.now(), invitation_id=row.pk, version=version_of(request)
    )
    return answer(
        request, outcome, then=reverse("package", args=[row.package_id]), said="It is asked no more."
    )


def side_by_side(request: HttpRequest, package_id: int) -> HttpResponse:
    """Every offer to the child of this group of kinds, at whole cost."""
    actor, today = actor_of(request), timezone.localdate()
    row: Any = found(own_package(actor, package_id))
    look(by=actor, now=timezone.now(), child_id=row.child_id, words=f"Compared offers of {row.reference}")
    columns = (
        Column("Kind", "kind", link=lambda one: reverse("package", args=[one.package.pk])),
        Column("Service", lambda one: str(one.offer.service)),
        Column("From", "offer.starts_on", "date"),
        Column("Weeks", "package.likely_weeks", "number"),
        Column("Price over the stay", "whole_pence", "money"),
        Column("On top, less what others pay", "added_pence", "money"),
        Column("Whole cost", "total_pence", "money"),
    )
    table = Table(columns, queries.side_by_side(actor, row, today), "Offers side by side", id="side-by-side",
                  empty="No offer yet.", hide_caption=True)  # fmt: skip
    lead = (
        "Offers for this child of this kind and of its alternatives that are asked for too, the cheapest whole first. To weigh "
        "an alternative, ask for it beside this one."
    )
    may_ask = actor.role in ASKERS
    others = (
        Column(
            "Kind",
            "kind.name",
            link=(lambda one: reverse("ask_for_package", args=[one.kind.code])) if may_ask else None,
        ),
        Column("Usual week here", lambda one: one.weekly_pence or None, "money"),
        Column(f"Over {row.likely_weeks} weeks", lambda one: one.whole_pence or None, "money"),
    )
    beside = Table(others, queries.alternatives(actor, row, today), "Not asked for yet", id="alternatives",
                   empty="Every alternative is asked for, or there is none.", hide_caption=True)  # fmt: skip
    record = Record("Offers side by side", row.reference, reverse("package", args=[row.pk]), caption=terms_of(row).name,
                    lead=lead, parts=[Part(table=table), Part("Alternatives not asked for yet", table=beside)])  # fmt: skip
    return record_page(request, record)
