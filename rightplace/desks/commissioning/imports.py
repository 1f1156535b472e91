"""Imports: the Ofsted register at once, a team's tracker after a preview cell by cell, and what each run came to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.commissioning.spending_imports import PaymentsForm
from rightplace.desks.components.fields import UploadField
from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.components.words import day, moment
from rightplace.desks.layout.answers import add_problems, answer, see_other, status_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.exchange.ofsted.loading import import_ofsted
from rightplace.exchange.published_payments import loading as published_payments
from rightplace.exchange.spreadsheets.kinds import KINDS
from rightplace.exchange.spreadsheets.loading import Preview, import_spreadsheet, preview_spreadsheet
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome
from rightplace.foundation.files.models import ImportRun, StoredFile
from rightplace.foundation.files.taking import TakenFile, store_file
from rightplace.foundation.organisations.models import Authority

ENDINGS = (".csv", ".xlsx", ".xls", ".ods")
LARGEST = 12 * 2**20
SHOWN = 100
DEEDS = {"add": "Add", "change": "Change", "same": "As held", "bad": "Kept out"}

# An upload that waits for its preview to be confirmed; nothing else that is stored has this type.
UPLOAD = "application/octet-stream"


class RegisterForm(forms.Form):
    """One of Ofsted's lists."""

    file = UploadField(label="Ofsted’s list of providers (CSV or Excel)", endings=ENDINGS, max_bytes=LARGEST)


class TrackerForm(forms.Form):
    """A team's tracker."""

    kind = forms.ChoiceField(
        label="What it lists", choices=tuple((one.code, one.words.capitalize()) for one in KINDS.values())
    )
    file = UploadField(label="The tracker (CSV or Excel)", endings=ENDINGS, max_bytes=LARGEST)


def import_list(request: HttpRequest) -> HttpResponse:
    """The forms for both kinds of files, and the last runs."""
    return _imports(request, RegisterForm(prefix="register"), TrackerForm(prefix="tracker"), 200)


def upload_register(request: HttpRequest) -> HttpResponse:
    """Bring the register up to date by one of Ofsted's lists."""
    form, code = RegisterForm(request.POST, request.FILES, prefix="register"), 422
    if form.is_valid():
        file = form.cleaned_data["file"]
        outcome = import_ofsted(
            by=actor_of(request), now=timezone.now(), content=file.read(), file_name=file.name
        )
        if outcome.is_done:
            report = outcome.done()
            return answer(
                request,
                outcome,
                then=reverse("commissioning:import", args=[report.run_id]),
                said=report.words,
            )
        add_problems(form, outcome.problems)
        code = status_of(outcome.problems)
    return _imports(request, form, TrackerForm(prefix="tracker"), code)


def upload_tracker(request: HttpRequest) -> HttpResponse:
    """Keep a tracker and show what an import of it would do; nothing is written into the registers yet."""
    form, code = TrackerForm(request.POST, request.FILES, prefix="tracker"), 422
    if form.is_valid():
        content, kind = form.cleaned_data["file"].read(), form.cleaned_data["kind"]
        outcome = _preview(actor_of(request), kind, content)
        if outcome.is_done:
            kept = _keep(actor_of(request), form.cleaned_data["file"].name, content)
            return see_other(reverse("commissioning:preview", args=[kind, kept.pk]))
        add_problems(form, outcome.problems)
        code = status_of(outcome.problems)
    return _imports(request, RegisterForm(prefix="register"), form, code)


def preview(request: HttpRequest, kind: str, file_id: int) -> HttpResponse:
    """What an import of the tracker would do, row by row and problem by problem."""
    kept = _kept(request, file_id)
    outcome = _preview(actor_of(request), kind, bytes(kept.content))
    if not outcome.is_done:
        return answer(request, outcome, then=reverse("commissioning:imports"), said="")
    return _previewed(request, outcome.done(), kept, 200)


def confirm(request: HttpRequest, kind: str, file_id: int) -> HttpResponse:
    """Write exactly what the preview showed."""
    kept, actor = _kept(request, file_id), actor_of(request)
    outcome = import_spreadsheet(
        by=actor,
        authority=_authority(actor),
        kind=kind,
        content=bytes(kept.content),
        file_name=kept.name,
        now=timezone.now(),
        keep_good=request.POST.get("keep_good") == "yes",
        sha256=request.POST.get("sha256", ""),
    )
    if not outcome.is_done:
        return answer(request, outcome, then=reverse("commissioning:preview", args=[kind, file_id]), said="")
    report = outcome.done()
    return answer(
        request, outcome, then=reverse("commissioning:import", args=[report.run_id]), said=report.words
    )


def import_page(request: HttpRequest, run_id: int) -> HttpResponse:
    """What a run came to: figures, what was not understood, problems."""
    run = found(_runs(actor_of(request)).filter(pk=run_id).first())
    report = run.report or {}
    known = {
        "run": run,
        "facts": _facts(run),
        "notes": report.get("notes", []),
        "reasons": report.get("reasons", {}),
        "findings": report.get("findings", [])[:SHOWN],
        "may_take_back": run.kind == published_payments.KIND and run.added and not run.closed,
    }
    return render(request, "commissioning/import.html", known)


def _runs(actor: Actor) -> Any:
    return ImportRun.objects.filter(authority_id=actor.authority_id).order_by("-started_at", "-id")


def _imports(request: HttpRequest, register: RegisterForm, tracker: TrackerForm, code: int) -> HttpResponse:
    known = {
        "register_form": register,
        "tracker_form": tracker,
        "payments_form": PaymentsForm(prefix="payments"),
        "runs": _runs(actor_of(request))[:20],
    }
    return render(request, "commissioning/imports.html", known, status=code)


def _preview(actor: Actor, kind: str, content: bytes) -> Outcome[Preview]:
    return preview_spreadsheet(
        by=actor, authority=_authority(actor), kind=kind, content=content, now=timezone.now()
    )


def _authority(actor: Actor) -> Authority:
    return Authority.objects.get(pk=actor.authority_id)


def _keep(actor: Actor, name: str, content: bytes) -> StoredFile:
    """The upload as it waits for somebody's word; the worker clears what nobody confirms."""
    taken = TakenFile(name[:200], UPLOAD, content)
    return store_file(
        taken, authority_id=actor.authority_id, provider_id=None, made_by=actor.name, now=timezone.now()
    )


def _kept(request: HttpRequest, file_id: int) -> StoredFile:
    rows = StoredFile.objects.filter(
        authority_id=actor_of(request).authority_id, provider__isnull=True, media_type=UPLOAD
    )
    row: StoredFile = found(rows.filter(pk=file_id).first())
    return row


def _previewed(request: HttpRequest, seen: Preview, kept: StoredFile, code: int) -> HttpResponse:
    fields = list(seen.headings.understood)
    rows = [
        (row, DEEDS.get(row.deed, row.deed), [_cell(row, name) for name in fields])
        for row in seen.rows[:SHOWN]
    ]
    known = {
        "seen": seen,
        "file": kept,
        "rows": rows,
        "fields": [seen.headings.understood[name] for name in fields],
        "deeds": [(words, seen.deeds[code]) for code, words in DEEDS.items()],
        "bad": seen.deeds["bad"],
        "total": len(seen.rows),
        "findings": [
            (one, seen.headings.understood.get(one.column, one.column)) for one in seen.findings[:SHOWN]
        ],
    }
    return render(request, "commissioning/preview.html", known, status=code)


def _cell(row: Any, name: str) -> tuple[str, str]:
    reasons = [one.reason for one in row.findings if one.column == name]
    return row.written.get(name, ""), " ".join(reasons)


def _facts(run: ImportRun) -> list[SummaryRow]:
    return [
        SummaryRow("File", run.file_name),
        SummaryRow("Of", day(run.as_at) or "no day stated"),
        SummaryRow("When", moment(run.started_at), note=f"by {run.made_by}"),
        SummaryRow("Rows read", f"{run.rows_read:,}"),
        SummaryRow("Added", f"{run.added:,}"),
        SummaryRow("Changed", f"{run.changed:,}"),
        SummaryRow("Closed", f"{run.closed:,}"),
        SummaryRow("Kept out", f"{run.rows_bad:,}"),
    ]
