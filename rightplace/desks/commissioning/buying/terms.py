"""A framework with all its terms: members, windows, what evidence it asks for, ceilings and discounts of its lots."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.core.matching.vocabulary import HomeKind
from rightplace.core.meetings import listed
from rightplace.core.money import percentage
from rightplace.desks.components.fields import DateInPartsField, MoneyField
from rightplace.desks.components.parts import NavItem, SummaryRow
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import day, pounds
from rightplace.desks.layout.answers import answer, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.record import Deed, Part, Record, deed_page, record_page
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import ANALYST
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.reference.buying import band_words, index_words, need_bands
from rightplace.foundation.reference.published import REGIONS
from rightplace.register.buying import requirements
from rightplace.register.buying.applications import is_open
from rightplace.register.buying.words import EVIDENCE_KINDS
from rightplace.register.frameworks import actions, queries, terms
from rightplace.register.frameworks.models import Framework, Joining, LotMember
from rightplace.register.frameworks.words import DISCOUNTS

MONTHS = tuple((number, name) for number, name in enumerate(
    ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"), 1
))  # fmt: skip


class TermsForm(forms.Form):
    """What it says of itself, and how its prices are reviewed."""

    about = forms.CharField(
        label="What it says to those who may apply", widget=forms.Textarea, max_length=4_000, required=False
    )
    review_month = forms.TypedChoiceField(
        label="Prices are reviewed each year from", choices=MONTHS, coerce=int
    )
    review_index = forms.ChoiceField(label="By which index", required=False)
    review_most = forms.DecimalField(
        label="At most, per cent a year", required=False, min_value=0, max_value=50, decimal_places=2
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["review_index"].choices = [("", "By none"), *index_words().items()]  # type: ignore[attr-defined]  # a choice field


class MemberForm(forms.Form):
    """A member that may buy."""

    member = forms.TypedChoiceField(label="Authority", coerce=int)
    joined_on = DateInPartsField(label="Buys from")

    def __init__(self, *args: Any, members: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["member"].choices = members  # type: ignore[attr-defined]  # a choice field


class LeaveForm(forms.Form):
    """From when a member buys no more."""

    left_on = DateInPartsField(label="Buys until")


class RegionsForm(forms.Form):
    """Where homes of a lot may lie."""

    regions = forms.MultipleChoiceField(
        label="Homes may lie in", choices=[(one, one) for one in REGIONS], required=False,
        widget=forms.CheckboxSelectMultiple, help_text="None chosen: anywhere",
    )  # fmt: skip


class WindowForm(forms.Form):
    """When it takes new providers."""

    opens_on = DateInPartsField(label="Opens on")
    closes_on = DateInPartsField(label="Closes on")


class RequirementForm(forms.Form):
    """What everyone on it has to show."""

    kind = forms.ChoiceField(label="What", choices=tuple(EVIDENCE_KINDS.items()))
    least_cover_pence = MoneyField(label="Covers at least", required=False, help_text="For an insurance")


class CeilingForm(forms.Form):
    """The most for a band of need."""

    band = forms.ChoiceField(label="Band of need", widget=forms.RadioSelect)
    weekly_pence = MoneyField(label="At most a week", max_pence=10_000_000)
    starts_on = DateInPartsField(label="From")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        bands = [(one.code, one.words) for one in need_bands(timezone.localdate())]
        self.fields["band"].choices = bands  # type: ignore[attr-defined]  # a choice field


class DiscountForm(forms.Form):
    """What is taken off."""

    kind = forms.ChoiceField(label="For", choices=tuple(DISCOUNTS.items()), widget=forms.RadioSelect)
    at_least = forms.IntegerField(label="From how many on", min_value=1, max_value=500)
    percent = forms.DecimalField(label="Per cent off", min_value=0, max_value=50, decimal_places=2)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label="Why?", widget=forms.Textarea, max_length=500)


def framework_url(framework_id: int) -> str:
    """The page of a framework."""
    return reverse("commissioning:framework", args=[framework_id])


def framework_page(request: HttpRequest, framework_id: int) -> HttpResponse:
    """A framework with all its terms."""
    row: Framework = found(queries.framework(actor_of(request), framework_id))
    today, keeps = timezone.localdate(), actor_of(request).role != ANALYST
    state = (
        ("open", "Takes applications") if is_open(row, today) else ("closed", "Takes no applications today")
    )
    record = Record(
        row.name, "Frameworks", reverse("commissioning:frameworks"), caption=actions.ROUTES[row.route], lead=row.about,
        state=state, links=_links(row) if keeps else (),
        parts=[
            Part("Terms", summary=_summary(row)),
            Part("What everyone on it shows", table=_required(row)),
            Part("Members that may buy", table=_members(row, keeps)),
            *([Part("When it takes new providers", table=_windows(row))] if row.route == "open_framework" else []),
            *[
                Part(
                    f"Lot: {lot.name}", words=f"Homes may lie in {listed(lot.regions)}." if lot.regions else "",
                    table=_ceilings(lot), links=_lot_links(lot, keeps),
                )
                for lot in row.lots.all()
            ],
        ],
    )  # fmt: skip
    return record_page(request, record)


def _links(row: Framework) -> list[NavItem]:
    wanted = [
        ("Change the terms", "keep_terms"),
        ("Ask for evidence", "ask_for_evidence"),
        ("Add a member", "join_framework"),
    ]
    wanted += [("Add a window", "open_window")] if row.route == "open_framework" else []
    return [NavItem(label, reverse(f"commissioning:{name}", args=[row.pk])) for label, name in wanted]


def _lot_links(lot: Any, keeps: bool) -> list[NavItem]:
    links = [NavItem("Who stands on it", reverse("commissioning:lot", args=[lot.pk]))]
    if keeps:
        links += [
            NavItem("Set a ceiling", reverse("commissioning:set_ceiling", args=[lot.pk])),
            NavItem("Agree a discount", reverse("commissioning:agree_discount", args=[lot.pk])),
            NavItem("Say where homes may lie", reverse("commissioning:set_regions", args=[lot.pk])),
        ]
    return links


def _summary(row: Framework) -> list[SummaryRow]:
    known = index_words().get(row.review_index)
    index = f"by {known}" if known else "tied to no index"
    most = row.review_most_basis_points
    limit = f", at most {percentage(most)} a year" if most is not None else ""
    return [
        SummaryRow("Runs", f"{day(row.starts_on)} to {day(row.ends_on)}"),
        SummaryRow("Kept by", row.lead.name if row.lead else "the consortium"),
        SummaryRow("Prices are reviewed", f"from {MONTHS[row.review_month - 1][1]}, {index}{limit}"),
    ]


def _required(row: Framework) -> Table:
    columns = (
        Column("What", lambda one: EVIDENCE_KINDS[one.kind]),
        Column("Covers at least", "least_cover_pence", "pounds"),
    )
    known: Any = row
    return Table(columns, known.requirements.all(), "What everyone on it shows", id="required", empty="Nothing is asked for.",
                 hide_caption=True)  # fmt: skip


def _members(row: Framework, keeps: bool) -> Table:
    columns = [
        Column("Authority", "member.name"),
        Column("Buys from", "joined_on", "date"),
        Column("Until", "left_on", "date"),
    ]
    if keeps:
        columns.append(
            Column(
                "Change", lambda one: "" if one.left_on else "It leaves", link=lambda one: _leave_address(one)
            )
        )
    empty = "None is named: every authority of the consortium buys from it."
    return Table(columns, row.joinings.all(), "Members", id="members", empty=empty, hide_caption=True)


def _windows(row: Framework) -> Table:
    columns = (Column("Opens", "opens_on", "date"), Column("Closes", "closes_on", "date"))
    return Table(
        columns, row.windows.all(), "Windows", id="windows", empty="No window is planned.", hide_caption=True
    )


def _ceilings(lot: Any) -> Table:
    today = timezone.localdate()
    rows = [
        (band_words(one.band, today), pounds(one.weekly_pence), one.starts_on) for one in lot.ceilings.all()
    ]
    rows += [
        (f"{DISCOUNTS[one.kind]}, from {one.at_least}", f"{percentage(one.basis_points)} off", None)
        for one in lot.discounts.all()
    ]
    columns = (
        Column(HomeKind.words_for(lot.kind), lambda one: one[0]), Column("A week", lambda one: one[1]),
        Column("From", lambda one: one[2], "date"),
    )  # fmt: skip
    return Table(
        columns,
        rows,
        f"Ceilings of {lot.name}",
        id=f"lot-{lot.pk}",
        empty="No ceiling is set.",
        hide_caption=True,
    )


def _framework(request: HttpRequest, framework_id: int) -> Framework:
    row: Framework = found(queries.framework(actor_of(request), framework_id))
    return row


def keep_terms(request: HttpRequest, framework_id: int) -> HttpResponse:
    """Change its terms."""
    row = _framework(request, framework_id)
    most = row.review_most_basis_points
    start = {"about": row.about, "review_month": row.review_month, "review_index": row.review_index,
             "review_most": most / 100 if most is not None else None}  # fmt: skip

    def act(typed: dict[str, Any]) -> Any:
        limit = typed.pop("review_most")
        return terms.keep_terms(
            by=actor_of(request), now=timezone.now(), framework_id=framework_id, version=version_of(request),
            review_most_basis_points=None if limit is None else round(limit * 100), **typed,
        )  # fmt: skip

    deed = Deed("Change the terms", "Keep the terms", row.name, framework_url(row.pk), caption=row.name)
    return deed_page(
        request, deed, TermsForm(request.POST or None, initial=start), act, said="Kept.", version=row.version
    )


def join_framework(request: HttpRequest, framework_id: int) -> HttpResponse:
    """Name a member."""
    row = _framework(request, framework_id)
    members = list(
        Authority.objects.filter(consortium_id=row.consortium_id).order_by("name").values_list("pk", "name")
    )
    form = MemberForm(request.POST or None, members=members, initial={"joined_on": timezone.localdate()})
    deed = Deed("Add a member", "Add", row.name, framework_url(row.pk), caption=row.name,
                lead="Once any member is named, only members buy from it.")  # fmt: skip
    return deed_page(
        request,
        deed,
        form,
        lambda typed: terms.join_framework(
            by=actor_of(request),
            now=timezone.now(),
            framework_id=framework_id,
            member_id=typed["member"],
            joined_on=typed["joined_on"],
        ),
        said="It may buy from that day.",
    )


def _leave_address(one: Joining) -> str:
    if one.left_on is not None:
        return ""
    return reverse("commissioning:leave_framework", args=[one.framework_id, one.pk])


def leave_framework(request: HttpRequest, framework_id: int, joining_id: int) -> HttpResponse:
    """An authority buys from it no more."""
    row = _framework(request, framework_id)
    joinings: Any = row
    joining = found(joinings.joinings.filter(pk=joining_id, left_on=None).select_related("member").first())
    form = LeaveForm(request.POST or None, initial={"left_on": timezone.localdate()})
    deed = Deed(f"{joining.member.name} leaves", "Keep the day", row.name, framework_url(row.pk), caption=row.name,
                lead="From that day it buys nothing new from it. What it bought before runs on.")  # fmt: skip
    return deed_page(request, deed, form, lambda typed: terms.leave_framework(
        by=actor_of(request), now=timezone.now(), framework_id=framework_id, joining_id=joining_id, **typed
    ), said="It buys until that day.")  # fmt: skip


def open_window(request: HttpRequest, framework_id: int) -> HttpResponse:
    """Plan a window."""
    row = _framework(request, framework_id)
    deed = Deed("Add a window", "Add", row.name, framework_url(row.pk), caption=row.name)
    return deed_page(request, deed, WindowForm(request.POST or None), lambda typed: terms.open_window(
        by=actor_of(request), now=timezone.now(), framework_id=framework_id, **typed
    ), said="The window is planned.")  # fmt: skip


def ask_for_evidence(request: HttpRequest, framework_id: int) -> HttpResponse:
    """Ask for a kind of evidence."""
    row = _framework(request, framework_id)
    deed = Deed("Ask for evidence", "Ask for it", row.name, framework_url(row.pk), caption=row.name,
                lead="Providers give it once, and it counts for every framework.")  # fmt: skip
    return deed_page(request, deed, RequirementForm(request.POST or None), lambda typed: requirements.ask_for_evidence(
        by=actor_of(request), now=timezone.now(), framework_id=framework_id, **typed
    ), said="It is asked for.")  # fmt: skip


def set_ceiling(request: HttpRequest, lot_id: int) -> HttpResponse:
    """Set a ceiling on a lot."""
    lot = found(queries.lot(actor_of(request), lot_id))
    form = CeilingForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    deed = Deed(
        "Set a ceiling", "Set it", lot.framework.name, framework_url(lot.framework_id), caption=lot.name
    )
    return deed_page(request, deed, form, lambda typed: terms.set_ceiling(
        by=actor_of(request), now=timezone.now(), lot_id=lot_id, **typed
    ), said="The ceiling is set.")  # fmt: skip


def agree_discount(request: HttpRequest, lot_id: int) -> HttpResponse:
    """Agree a discount on a lot."""
    lot = found(queries.lot(actor_of(request), lot_id))
    deed = Deed(
        "Agree a discount", "Keep it", lot.framework.name, framework_url(lot.framework_id), caption=lot.name
    )
    return deed_page(request, deed, DiscountForm(request.POST or None), lambda typed: terms.agree_discount(
        by=actor_of(request), now=timezone.now(), lot_id=lot_id, kind=typed["kind"], at_least=typed["at_least"],
        basis_points=round(typed["percent"] * 100),
    ), said="The discount is kept.")  # fmt: skip


def set_regions(request: HttpRequest, lot_id: int) -> HttpResponse:
    """Say where homes of a lot may lie."""
    lot = found(queries.lot(actor_of(request), lot_id))
    deed = Deed("Say where homes may lie", "Keep it", lot.framework.name, framework_url(lot.framework_id), caption=lot.name,
                lead="A home elsewhere is asked as a spot purchase, with a reason.")  # fmt: skip
    form = RegionsForm(request.POST or None, initial={"regions": lot.regions})
    return deed_page(request, deed, form, lambda typed: terms.set_regions(
        by=actor_of(request), now=timezone.now(), lot_id=lot_id, **typed
    ), said="It is kept.")  # fmt: skip


def _member(actor: Actor, lot_id: int, member_id: int) -> LotMember:
    row: LotMember = found(queries.lot_members(actor, lot_id).filter(pk=member_id).first())
    return row


def suspend_member(request: HttpRequest, lot_id: int, member_id: int) -> HttpResponse:
    """Suspend a provider on a lot."""
    member = _member(actor_of(request), lot_id, member_id)
    back = reverse("commissioning:lot", args=[lot_id])
    deed = Deed(f"Suspend {member.provider.name}", "Suspend", "Lot", back, is_grave=True,
                lead="Nothing new is bought from it until it is allowed again. Placements that run go on.")  # fmt: skip
    return deed_page(request, deed, ReasonForm(request.POST or None), lambda typed: terms.suspend_member(
        by=actor_of(request), now=timezone.now(), member_id=member.pk, **typed
    ), said="It is suspended from today.")  # fmt: skip


def allow_member(request: HttpRequest, lot_id: int, member_id: int) -> HttpResponse:
    """End a suspension."""
    member = _member(actor_of(request), lot_id, member_id)
    outcome = terms.allow_member(by=actor_of(request), now=timezone.now(), member_id=member.pk)
    return answer(
        request,
        outcome,
        then=reverse("commissioning:lot", args=[lot_id]),
        said="It is asked again from today.",
    )
