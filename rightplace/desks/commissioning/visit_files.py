"""Files of visits at the desk: keeping one with a visit, opening one, and reporting an action with what shows it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.desks.components.fields import UploadField
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.layout.answers import version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.record import Deed, deed_page
from rightplace.foundation.actions import Outcome, refuse
from rightplace.foundation.files.serving import as_download
from rightplace.foundation.files.taking import take_file
from rightplace.register.visits import actions, queries
from rightplace.register.visits.models import VisitAction

LARGEST = 5 * 2**20
ENDINGS = (".pdf", ".png", ".jpg", ".jpeg")


class FileForm(forms.Form):
    """A file that shows something."""

    file = UploadField(
        label="File", endings=ENDINGS, max_bytes=LARGEST,
        help_text="A PDF or a picture. No child on it: whoever reads the visit sees it.",
    )  # fmt: skip
    words = forms.CharField(label="What it shows", max_length=200)


class ReportForm(forms.Form):
    """What shows that an action is done."""

    evidence = forms.CharField(
        label="What shows that it is done?", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    file = UploadField(
        label="File", required=False, endings=ENDINGS, max_bytes=LARGEST,
        help_text="A PDF or a picture, such as a rota or a certificate. No child on it.",
    )  # fmt: skip


def files_table(files: list[queries.FileShown], page: str) -> Table | None:
    """The files of a visit; None where it has none. `page` opens one."""
    columns = (
        Column("File", "words", link=lambda one: reverse(page, args=[one.id])),
        Column("Of", lambda one: "An action" if one.action_id else "The visit"),
        Column("From", "made_by"),
        Column("Kept", "made_at", "date"),
    )
    return Table(columns, files, "Files", id="files", hide_caption=True) if files else None


def add_file(request: HttpRequest, key: int) -> HttpResponse:
    """Keep a file with a visit."""
    actor = actor_of(request)
    row = found(queries.visit_page(actor, key))
    if row.authority_id != actor.authority_id:
        found(None)
    form = FileForm(request.POST or None, request.FILES or None)

    def act(typed: dict[str, Any]) -> Outcome[Any]:
        upload = typed.pop("file")
        taken = take_file(upload.name or "file", upload.read())
        if isinstance(taken, Problem):
            return refuse(taken)
        return actions.add_visit_file(by=actor, now=timezone.now(), visit_id=key, taken=taken, **typed)

    deed = Deed(
        "Keep a file", "Keep it", row.reference, reverse("visit", args=[key]), row.place, has_file=True
    )
    return deed_page(request, deed, form, act, said="The file is kept with the visit.")


def file(request: HttpRequest, key: int) -> HttpResponse:
    """One file of a visit, as a download."""
    return as_download(found(queries.visit_file(actor_of(request), key)))


def report(request: HttpRequest, row: VisitAction, *, back: str, said: str) -> HttpResponse:
    """Say that an action is done, in words and perhaps with a file: the same page at the desk and in the portal."""
    form = ReportForm(request.POST or None, request.FILES or None)

    def act(typed: dict[str, Any]) -> Outcome[Any]:
        upload = typed.pop("file")
        taken = take_file(upload.name or "file", upload.read()) if upload else None
        if isinstance(taken, Problem):
            return refuse(taken)
        return actions.report_action(
            by=actor_of(request), now=timezone.now(), action_id=row.pk, version=version_of(request), taken=taken, **typed
        )  # fmt: skip

    deed = Deed("It is done", "It is done", row.visit.reference, back, lead=row.words, has_file=True)
    return deed_page(request, deed, form, act, said=said, version=row.version)
