"""Buying in the portal: evidence given once, frameworks and markets to apply to, and what came of applications."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.core.matching.vocabulary import HomeKind
from rightplace.core.problems import Problem
from rightplace.desks.components.fields import DateInPartsField, MoneyField, UploadField
from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import moment, pounds
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, NoFilters, list_page
from rightplace.desks.layout.pressing import button
from rightplace.desks.layout.record import Button, Deed, Part, Record, deed_page, record_page
from rightplace.foundation.actions import Outcome, refuse
from rightplace.foundation.files.serving import as_download
from rightplace.foundation.files.taking import TakenFile, take_file
from rightplace.foundation.reference.buying import band_words, need_bands
from rightplace.register.buying import applications, evidence, queries
from rightplace.register.buying.compliance import held, state_of
from rightplace.register.buying.given import EvidenceGiven
from rightplace.register.buying.models import Application, Evidence
from rightplace.register.buying.states import APPLICATION
from rightplace.register.buying.words import EVIDENCE_KINDS
from rightplace.register.frameworks.actions import ROUTES
from rightplace.register.frameworks.models import LotMember
from rightplace.register.frameworks.queries import ceilings_on

LOOK = {
    "held": ("passed", "Good"),
    "soon": ("late", "Ends soon"),
    "unchecked": ("given", "Given"),
    "questioned": ("queried", "Questioned"),
    "expired": ("not_met", "Ended"),
    "too_little": ("not_met", "Covers too little"),
    "lacking": ("not_met", "Not given"),
}


class EvidenceForm(forms.Form):
    """A piece of evidence."""

    reference = forms.CharField(label="Policy or registration number", required=False, max_length=120)
    cover_pence = MoneyField(label="Covers", required=False, help_text="For an insurance")
    starts_on = DateInPartsField(label="Holds from")
    expires_on = DateInPartsField(label="Ends on", required=False)
    file = UploadField(
        label="File", required=False, endings=(".pdf", ".png", ".jpg", ".jpeg"), max_bytes=5 * 2**20
    )


class ApplyForm(forms.Form):
    """An application to a lot, with a price for each band of need that is offered; one at least."""

    # Each band's hint says that it may stay empty: "optional" would say that no price is needed at all.
    hide_optional = True
    statement = forms.CharField(
        label="How do you meet what the lot asks for?", widget=forms.Textarea, max_length=8_000
    )

    def __init__(self, *args: Any, ceilings: Mapping[str, int], **more: Any) -> None:
        super().__init__(*args, **more)
        for band in need_bands(timezone.localdate()):
            most = ceilings.get(band.code)
            ceiling = f"At most {pounds(most)}." if most else "No ceiling is set."
            hint = f"{ceiling} Leave it empty if you do not offer this band."
            label = f"Price a week: {band.words.lower()} needs"
            self.fields[f"price_{band.code}"] = MoneyField(
                label=label, required=False, help_text=hint, max_pence=10_000_000
            )

    @property
    def prices(self) -> dict[str, int]:
        """The prices given, by band."""
        start = "price_"
        typed = self.cleaned_data
        return {
            name.removeprefix(start): typed[name]
            for name in typed
            if name.startswith(start) and typed[name] is not None
        }


def taken_file(upload: Any) -> TakenFile | Problem | None:
    """The file as it may be kept; None where none was sent."""
    return take_file(upload.name or "file", upload.read()) if upload else None


COLUMNS = (
    Column("What", "words", link=lambda row: reverse("portal:give_evidence", args=[row["kind"]])),
    Column("State", "state", "status"),
    Column("Covers", "cover", "pounds"),
    Column("Ends", "ends", "date"),
    Column("Note", "note"),
    Column("File", "file", link=lambda row: row["file_url"]),
)


def evidence_list(request: HttpRequest) -> HttpResponse:
    """Every kind of evidence, given or not."""
    actor, today = actor_of(request), timezone.localdate()
    rows = {one.kind: one for one in queries.evidence_of(actor)}

    def all_kinds(filters: Mapping[str, Any], sort: str) -> Any:
        return [_evidence_row(kind, rows.get(kind), today) for kind in EVIDENCE_KINDS]

    lead = "Give each once: it counts for every framework and market. Replace it before it ends."
    listing = Listing("Evidence", "kind", COLUMNS, all_kinds, NoFilters, context={"lead": lead})
    return list_page(request, "layout/list.html", listing)


def _evidence_row(kind: str, row: Evidence | None, today: Any) -> dict[str, Any]:
    if row is None:
        return {
            "kind": kind,
            "words": EVIDENCE_KINDS[kind],
            "state": LOOK["lacking"],
            "cover": None,
            "ends": None,
            "note": "",
            "file": "",
            "file_url": "",
        }
    checks = row.checks.all()
    questioned = [one for one in checks if not one.is_good]
    latest = list(checks)[-1] if checks else None
    state, note = state_of(row, questioned[-1] if questioned and latest == questioned[-1] else latest, today)
    file = reverse("portal:document", args=[row.document_id]) if row.document_id else ""
    return {"kind": kind, "words": EVIDENCE_KINDS[kind], "state": LOOK[state], "cover": row.cover_pence, "ends": row.expires_on,
            "note": note, "file": "Open" if file else "", "file_url": file}  # fmt: skip


def give_evidence(request: HttpRequest, evidence_kind: str) -> HttpResponse:
    """Give a piece of evidence."""
    words = found(EVIDENCE_KINDS.get(evidence_kind))
    form = EvidenceForm(request.POST or None, request.FILES or None)

    def act(typed: dict[str, Any]) -> Outcome[Any]:
        taken = taken_file(typed.pop("file"))
        if isinstance(taken, Problem):
            return refuse(taken)
        given = EvidenceGiven(kind=evidence_kind, **typed)
        return evidence.give_evidence(by=actor_of(request), now=timezone.now(), given=given, taken=taken)

    deed = Deed(
        words,
        "Keep",
        "Evidence",
        reverse("portal:evidence"),
        has_file=True,
        lead="It replaces what you gave before, which stays on record.",
    )
    return deed_page(request, deed, form, act, said="Kept. It counts for every framework.")


def document(request: HttpRequest, document_id: int) -> HttpResponse:
    """One's own file as a download."""
    return as_download(found(queries.document(actor_of(request), document_id)))


OPEN_COLUMNS = (
    Column("Lot", "lot", link=lambda row: row["url"]),
    Column("Framework or market", "name"),
    Column("Kind", "route"),
    Column("Kind of home", "kind"),
    Column("Run by", "by"),
    Column("Until", "until", "date"),
    Column("You", "state", "status"),
    Column("Note", "note"),
)


def standing_words(place: LotMember | None) -> str:
    """Why a provider is suspended on a lot, or was taken off it; nothing where it stands as usual."""
    if place is None or not place.reason:
        return ""
    if place.ends_on:
        return f"Taken off on {place.ends_on:%-d %B %Y}: {place.reason}"
    return f"Suspended on {place.suspended_on:%-d %B %Y}: {place.reason}" if place.suspended_on else ""


def market_list(request: HttpRequest) -> HttpResponse:
    """What can be applied to today, and where one stands or waits."""
    actor, today = actor_of(request), timezone.localdate()
    waiting = {row.lot_id: row for row in queries.applications(actor).order_by("id")}
    places = queries.places_of_provider(actor)
    stands = {key for key, place in places.items() if place.ends_on is None}

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Any]:
        return queries.open_lots(today)

    def as_row(lot: Any) -> dict[str, Any]:
        row = waiting.get(lot.pk)
        state = (
            ("active", "On it")
            if lot.pk in stands
            else (row.state, APPLICATION.states[row.state])
            if row
            else ("open", "Apply")
        )
        is_free = lot.pk not in stands and (row is None or row.state in ("refused", "withdrawn", "admitted"))
        url = (
            reverse("portal:apply", args=[lot.pk])
            if is_free
            else reverse("portal:application", args=[row.pk])
            if row
            else ""
        )
        return {
            "name": lot.framework.name,
            "url": url,
            "route": ROUTES[lot.framework.route],
            "lot": lot.name,
            "kind": HomeKind.words_for(lot.kind),
            "by": lot.framework.consortium.name,
            "until": lot.framework.ends_on,
            "state": state,
            "note": standing_words(places.get(lot.pk)),
        }

    lead = "A dynamic market is open on any day, an open framework in its windows."
    listing = Listing("Frameworks and markets", "lot", OPEN_COLUMNS, rows, NoFilters, context={"lead": lead}, as_row=as_row,
                      empty="Nothing takes applications today.")  # fmt: skip
    return list_page(request, "layout/list.html", listing)


def apply(request: HttpRequest, lot_id: int) -> HttpResponse:
    """Apply to a lot."""
    lot = found(queries.open_lots(timezone.localdate()).filter(pk=lot_id).first())
    form = ApplyForm(request.POST or None, ceilings=ceilings_on(lot_id, timezone.localdate()))
    deed = Deed("Apply", "Send the application", "Frameworks and markets", reverse("portal:markets"),
                caption=f"{lot.framework.name}, {lot.name}", lead=lot.framework.about)  # fmt: skip
    return deed_page(request, deed, form, lambda typed: applications.apply_to_lot(
        by=actor_of(request), now=timezone.now(), lot_id=lot_id, statement=typed["statement"], prices=form.prices
    ), said="Your application is sent.", then=lambda row: reverse("portal:application", args=[row.pk]))  # fmt: skip


def application(request: HttpRequest, application_id: int) -> HttpResponse:
    """One application: what lacks, and what came of it."""
    actor, today = actor_of(request), timezone.localdate()
    row: Application = found(queries.applications(actor).filter(pk=application_id).first())
    shown = [
        {
            "words": one.words,
            "state": LOOK[one.state],
            "note": one.note,
            "url": reverse("portal:give_evidence", args=[one.kind]),
        }
        for one in held(row.provider_id, row.lot.framework_id, row.consortium_id, today)
    ]
    asked = Table(
        (Column("Asked for", "words", link=lambda one: one["url"]), Column("State", "state", "status"), Column("Note", "note")),
        shown, "What is asked for", id="asked", empty="Nothing is asked for.", hide_caption=True,
    )  # fmt: skip
    prices = [SummaryRow(band_words(one.band, today), pounds(one.weekly_pence)) for one in row.prices.all()]
    known = [SummaryRow("Sent", f"{moment(row.applied_at)} by {row.applied_by}")]
    if row.decided_at:
        known.append(SummaryRow("Decided", moment(row.decided_at), note=row.reason))
    can = any(
        one.verb == "withdraw_application" for one in APPLICATION.open_to(state=row.state, role=actor.role)
    )
    withdraw = Button(
        reverse("portal:withdraw_application", args=[row.pk]), "Withdraw", row.version, "warning"
    )
    record = Record(
        f"{row.lot.framework.name}, {row.lot.name}",
        "Frameworks and markets",
        reverse("portal:markets"),
        caption="Your application",
        state=(row.state, APPLICATION.states[row.state]),
        buttons=[withdraw] if can else (),
        parts=[
            Part(summary=known),
            Part("What is asked for", table=asked),
            Part("Your prices a week", summary=prices),
            Part("What you said", words=row.statement),
        ],
    )
    return record_page(request, record)


withdraw_application = button(
    applications.withdraw_application, "It is withdrawn.", of="application_id", page="portal:application"
)
