"""The exchange with the case system at the desk: its last night, who is to be decided, how headings are read, what differs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.fields import UploadField
from rightplace.desks.components.parts import SummaryRow, Tile
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import day, moment
from rightplace.desks.layout.answers import add_problems, answer, first_problems, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.navigation import opens_for
from rightplace.desks.layout.verbs import Verb, verb_page
from rightplace.exchange.case_recording import deciding, taking
from rightplace.exchange.case_recording.models import CaseDifference, CaseIdentity
from rightplace.exchange.case_recording.queries import candidates, child_numbered, last_exchanges, waiting
from rightplace.exchange.case_recording.states import DIFFERENCE, IDENTITY
from rightplace.exchange.case_recording.truth import SIDES, TRUTHS, WORDS
from rightplace.exchange.ssda903.given import GivenFile
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import ROLES
from rightplace.foundation.audit.record import look
from rightplace.foundation.organisations.models import Authority

ENDINGS = (".csv", ".txt", ".xlsx")
LARGEST = 12 * 2**20


class ExtractForm(forms.Form):
    """One file of an extract, taken by hand."""

    file = UploadField(label="A file of the extract (CSV)", endings=ENDINGS, max_bytes=LARGEST)
    keep_good = forms.BooleanField(
        label="Leave children with a bad row out, and take the rest", required=False
    )


class DifferenceFilter(forms.Form):
    """Which differences."""

    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=(("", "To be settled"), ("left", "Left as it is"), ("gone", "Settled")),
    )
    about = forms.ChoiceField(label="About", required=False, choices=(("", "All"), *WORDS.items()))
    whose = forms.ChoiceField(label="Whose", required=False, choices=(("", "All"), ("mine", "Mine")))


class PersonFilter(forms.Form):
    """Which persons."""

    q = forms.CharField(label="Name, or number in the case system", required=False, max_length=60)
    state = forms.ChoiceField(label="State", required=False, choices=(("", "All"), *IDENTITY.states.items()))


class ReasonForm(forms.Form):
    """Why a difference stays."""

    reason = forms.CharField(
        label="Why does it stay as it is?", max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class ChildForm(forms.Form):
    """A child who is none of those proposed."""

    number = forms.CharField(label="Another child, by the number in the return", max_length=20)


def home(request: HttpRequest) -> HttpResponse:
    """What the last night brought, what waits, and which side is right about what."""
    return _home(request, ExtractForm(), 200)


def upload(request: HttpRequest) -> HttpResponse:
    """Take one file of an extract in."""
    form, code = ExtractForm(request.POST, request.FILES), 422
    if form.is_valid():
        file, actor = form.cleaned_data["file"], actor_of(request)
        outcome = taking.take_extract(
            by=actor, now=timezone.now(), authority=_authority(actor), files=[GivenFile(file.name, file.read())],
            keep_good=form.cleaned_data["keep_good"],
        )  # fmt: skip
        if outcome.is_done:
            report = outcome.done()
            return answer(
                request,
                outcome,
                then=reverse("commissioning:import", args=[report.run_id]),
                said=report.words,
            )
        add_problems(form, first_problems(outcome.problems))
        code = status_of(outcome.problems)
    return _home(request, form, code)


def people(request: HttpRequest) -> HttpResponse:
    """Every person of the case system, and which child each is."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[CaseIdentity]:
        found_ = deciding.identities(actor, state=filters.get("state", ""), words=filters.get("q", ""))
        return found_.select_related("child").order_by(
            *({"name": ["stated_name", "pk"], "-name": ["-stated_name", "pk"]}.get(sort) or ["state", "pk"])
        )

    columns = (
        Column(
            "Person",
            lambda one: one.stated_name,
            sort="name",
            link=lambda one: reverse("commissioning:case_person", args=[one.pk]),
        ),
        Column("Number there", "person", "reference"),
        Column("Born", "stated_born_on", "date"),
        Column("Child here", lambda one: str(one.child) if one.child else ""),
        Column("State", lambda one: (one.state, IDENTITY.states[one.state]), "status"),
    )
    listing = Listing(
        "People of the case system",
        "person",
        columns,
        rows,
        PersonFilter,
        empty="Nobody matches.",
        is_file=False,
    )
    return list_page(request, "commissioning/case_people.html", listing)


def person(request: HttpRequest, identity_id: int) -> HttpResponse:
    """Who a person may be, side by side with who is known here."""
    return _person(request, _identity(request, identity_id), ChildForm(), 200)


def link(request: HttpRequest, identity_id: int) -> HttpResponse:
    """Link a person to a child, by its key or its number; to a new one where it is nobody's."""
    one, actor = _identity(request, identity_id), actor_of(request)
    typed, key = request.POST.get("number", "").strip(), request.POST.get("child_id", "")
    child_id = (
        child_numbered(actor, typed) if typed else int(key) if key.isdecimal() and len(key) < 15 else None
    )
    if typed and child_id is None:
        form = ChildForm(request.POST)
        form.add_error("number", "No child of your authority has this number.")
        return _person(request, one, form, 422)
    outcome = deciding.link_person(
        by=actor, now=timezone.now(), identity_id=one.pk, version=version_of(request), child_id=child_id
    )
    return answer(
        request,
        outcome,
        then=_page_of(one),
        said="Linked. The next extract brings what the case system states.",
    )


def leave_out(request: HttpRequest, identity_id: int) -> HttpResponse:
    """Leave a person out."""
    one = _identity(request, identity_id)
    outcome = deciding.leave_person_out(
        by=actor_of(request), now=timezone.now(), identity_id=one.pk, version=version_of(request)
    )
    return answer(request, outcome, then=_page_of(one), said="Left out.")


def unlink(request: HttpRequest, identity_id: int) -> HttpResponse:
    """Undo a wrong link."""
    one = _identity(request, identity_id)
    outcome = deciding.unlink_person(
        by=actor_of(request), now=timezone.now(), identity_id=one.pk, version=version_of(request)
    )
    return answer(request, outcome, then=_page_of(one), said="No longer linked.")


def differences(request: HttpRequest) -> HttpResponse:
    """What the two sides tell differently, with who settles it."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[CaseDifference]:
        found_ = deciding.differences(actor, mine=filters.get("whose") == "mine").filter(
            state=filters.get("state") or "open"
        )
        found_ = found_.filter(about=filters["about"]) if filters.get("about") else found_
        return found_.order_by(
            {"about": "about", "-about": "-about", "found": "found_at"}.get(sort, "-found_at"), "pk"
        )

    columns = (
        Column("What", "words", link=lambda one: reverse("case_difference", args=[one.pk])),
        Column("Child", lambda one: str(one.child)),
        Column("About", lambda one: WORDS[one.about], sort="about"),
        Column("Settled by", _owner),
        Column("Found", lambda one: timezone.localdate(one.found_at), "date", sort="found"),
    )
    listing = Listing(
        "Differences to the case system", "difference", columns, rows, DifferenceFilter, sort="-found",
        empty="Both sides agree.", is_file=False,
    )  # fmt: skip
    return list_page(request, "commissioning/case_differences.html", listing)


def difference(request: HttpRequest, difference_id: int) -> HttpResponse:
    """One difference: what each side says, and what mends it."""
    one = _difference(request, difference_id)
    look(
        by=actor_of(request),
        now=timezone.now(),
        child_id=one.child_id,
        words="Opened a difference to the case system",
    )
    rows = [
        _child_row(actor_of(request), one),
        SummaryRow("The case system", one.theirs or "Says nothing"),
        SummaryRow("This system", one.ours or "Says nothing"),
        SummaryRow("Right about it", next(SIDES[truth.side] for truth in TRUTHS if truth.code == one.about)),
        SummaryRow("Settled by", _owner(one)),
        SummaryRow("Found", moment(one.found_at), note=f"last seen {moment(one.seen_at)}"),
        *([SummaryRow("Left as it is", one.reason, note=f"by {one.ended_by}")] if one.reason else []),
    ]
    known = {"one": one, "rows": rows, "state": (one.state, DIFFERENCE.states[one.state]),
             "done": next(truth.done for truth in TRUTHS if truth.code == one.about)}  # fmt: skip
    return render(request, "commissioning/case_difference.html", known)


def _child_row(actor: Actor, one: CaseDifference) -> SummaryRow:
    """Who it is about, with the way to the record for whoever may open it."""
    page = reverse("social_work:child", args=[one.child_id])
    url = page if opens_for(page, actor.role) else ""
    return SummaryRow("Child", str(one.child), url, "Open the record", f"number {one.child.local_number}")


def leave(request: HttpRequest, difference_id: int) -> HttpResponse:
    """Leave a difference as it is, with the reason."""
    one = _difference(request, difference_id)
    words = Verb(
        "Leave it as it is", "It comes back when either side tells something else.", "Left as it is.",
        reverse("case_difference", args=[one.pk]), "Difference", one.version,
    )  # fmt: skip
    return verb_page(request, ReasonForm, deciding.leave_difference, {"difference_id": one.pk}, words)


def reopen(request: HttpRequest, difference_id: int) -> HttpResponse:
    """Look at a difference again."""
    one = _difference(request, difference_id)
    outcome = deciding.reopen_difference(
        by=actor_of(request), now=timezone.now(), difference_id=one.pk, version=version_of(request)
    )
    return answer(
        request, outcome, then=reverse("case_difference", args=[one.pk]), said="To be settled again."
    )


def _home(request: HttpRequest, form: ExtractForm, code: int) -> HttpResponse:
    actor = actor_of(request)
    doubtful, different = waiting(actor)
    unsure = f"{reverse('commissioning:case_people')}?state=doubtful"
    columns = (
        Column("What", "words"), Column("Right about it", lambda one: SIDES[one.side]),
        Column("What is done", "done"), Column("Settled by", lambda one: ROLES[one.owner].words),
    )  # fmt: skip
    known = {
        "form": form,
        "tiles": [
            Tile("To be decided", f"{doubtful:,}", "who somebody is", unsure, "bad" if doubtful else "good"),
            Tile("Differences", f"{different:,}", "to be settled", reverse("case_differences"), "bad" if different else "good"),
        ],
        "runs": last_exchanges(actor),
        "truths": Table(columns, TRUTHS, "Which side is right about what", id="truths"),
    }  # fmt: skip
    return render(request, "commissioning/case_system.html", known, status=code)


def _person(request: HttpRequest, one: CaseIdentity, form: ChildForm, code: int) -> HttpResponse:
    rows = [
        SummaryRow("Number there", one.person),
        SummaryRow("Name", one.stated_name),
        SummaryRow("Born", day(one.stated_born_on)),
        SummaryRow("Sex", one.stated_sex or "Not stated"),
        SummaryRow("Number in the return", one.stated.get("local_number") or "Not stated"),
        SummaryRow("Pupil number", one.stated.get("upn") or "Not stated"),
    ]
    actor = actor_of(request)
    near = candidates(actor, one)
    for child_id in {child.child_id for child in near} | ({one.child_id} if one.child_id else set()):
        look(
            by=actor,
            now=timezone.now(),
            child_id=child_id,
            words="Opened as one who may be of the case system",
        )
    known = {
        "one": one, "rows": rows, "form": form, "state": (one.state, IDENTITY.states[one.state]), "near": near,
    }  # fmt: skip
    return render(request, "commissioning/case_person.html", known, status=code)


def _owner(one: CaseDifference) -> str:
    return str(one.owner) if one.owner else ROLES[one.owner_role].words


def _identity(request: HttpRequest, key: int) -> CaseIdentity:
    row: CaseIdentity = found(
        deciding.identities(actor_of(request)).filter(pk=key).select_related("child").first()
    )
    return row


def _difference(request: HttpRequest, key: int) -> CaseDifference:
    row: CaseDifference = found(
        deciding.differences(actor_of(request)).filter(pk=key).select_related("ended_by").first()
    )
    return row


def _page_of(one: CaseIdentity) -> str:
    return reverse("commissioning:case_person", args=[one.pk])


def _authority(actor: Actor) -> Authority:
    return Authority.objects.get(pk=actor.authority_id)
