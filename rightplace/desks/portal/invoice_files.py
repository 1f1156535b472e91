"""Invoice files in the portal, in two steps: what the file would do, column by column and row by row; then it is taken in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.desks.components.words import count
from rightplace.desks.layout.answers import add_problems, answer, see_other
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.portal import invoice_forms as forms_
from rightplace.exchange.invoices.layout import LAYOUT
from rightplace.exchange.invoices.taking import Preview, preview_file, take_invoice_file
from rightplace.foundation.actions import refuse
from rightplace.foundation.files.models import StoredFile
from rightplace.foundation.files.taking import TakenFile, store_file
from rightplace.journey.invoices import queries

SHOWN = 60
# A file that waits for its provider's word; nothing else that is stored has this type and a provider.
UPLOAD = "application/octet-stream"


def upload(request: HttpRequest) -> HttpResponse:
    """Keep a file and show what it would do; nothing is taken in yet."""
    actor = actor_of(request)
    authorities = queries.authorities_to_invoice(actor)
    form = forms_.FileForm(request.POST, request.FILES, authorities=authorities)
    if form.is_valid():
        file, authority = form.cleaned_data["file"], int(form.cleaned_data["authority"])
        content = file.read()
        seen = preview_file(by=actor, now=timezone.now(), authority_id=authority, content=content)
        if not isinstance(seen, Problem):
            taken = TakenFile((file.name or "invoices")[:200], UPLOAD, content)
            kept = store_file(
                taken,
                authority_id=authority,
                provider_id=actor.provider_id,
                made_by=actor.name,
                now=timezone.now(),
            )
            return see_other(reverse("portal_invoice_file", args=[kept.pk]))
        add_problems(form, (Problem(seen.code, seen.sentence, "file"),))
    start = forms_.StartForm(authorities=authorities, today=timezone.localdate())
    known = {"form": start, "file_form": form, "has_authorities": bool(authorities)}
    return render(request, "portal/invoice_start.html", known, status=422)


def preview(request: HttpRequest, upload_id: int) -> HttpResponse:
    """What the file would do, as its columns are read now."""
    kept = _kept(request, upload_id)
    mapping, number = mapping_from(request.GET), request.GET.get("number", "")[:40]
    seen = preview_file(
        by=actor_of(request), now=timezone.now(), authority_id=kept.authority_id, content=bytes(kept.content),
        mapping=mapping, number=number,
    )  # fmt: skip
    if isinstance(seen, Problem):
        return answer(request, refuse(seen), then=reverse("portal_start_invoice"), said="")
    return render(request, "portal/invoice_file.html", shown(seen, kept, number))


def shown(seen: Preview, kept: StoredFile, number: str) -> dict[str, Any]:
    """A preview as its page shows it."""
    head = seen.file.headings
    columns = columns_of(seen)
    wrong = {(one.line, one.column): one.reason for one in seen.file.findings}
    fields = list(head.understood) if head else []
    names = {name: LAYOUT.words(name) for name in fields}
    rows = []
    for line, record in seen.file.rows[:SHOWN]:
        cells = [(record.get(name, ""), wrong.get((line, name), "")) for name in fields]
        rows.append((line, any(reason for _, reason in cells), cells))
    return {
        "file": {"id": kept.pk, "name": kept.name}, "sha256": seen.sha256, "number": number, "is_xml": seen.is_xml,
        "columns": columns, "choices": [("", "Left out"), *((f.name, f.words) for f in LAYOUT.fields)],
        "fields": [names[name] for name in fields],
        "rows": rows, "total_rows": len(seen.file.rows), "missing": head.missing if head else (), "is_good": seen.is_good,
        "problems": [problem.sentence for problem in seen.problems], "taken": sorted(seen.taken),
        "findings": list(seen.file.findings)[:SHOWN], "words": dict(names),
        "invoices": [
            {
                "number": one.number, "on": one.invoiced_on, "lines": len(one.lines), "net": one.lines_net_pence,
                "vat": one.lines_vat_pence, "is_taken": one.number.strip() in seen.taken,
            }
            for one in seen.file.invoices
        ],
        "needs_number": any(one.column == "number" for one in seen.file.findings),
    }  # fmt: skip


def columns_of(seen: Preview) -> list[tuple[str, str]]:
    """Each heading of the file with the field it is read as ('' where it is left out)."""
    head = seen.file.headings
    if head is None:
        return []
    read = {heading: name for name, heading in head.understood.items()}
    guessed = {heading: head.suggestions.get(heading, "") for heading in head.not_understood}
    return [
        *read.items(),
        *((heading, "") for heading in head.not_used),
        *((heading, "") for heading in guessed),
    ]


def mapping_from(query: Any) -> dict[str, str]:
    """What was said of columns, from an address or a form: `column-HEADING=field`."""
    known = {field.name for field in LAYOUT.fields} | {""}
    found_ = {key.removeprefix("column-"): query[key] for key in query if key.startswith("column-")}
    return {heading: name for heading, name in found_.items() if name in known and len(heading) < 200}


def confirm(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Take in exactly what was shown."""
    kept = _kept(request, upload_id)
    outcome = take_invoice_file(
        by=actor_of(request), now=timezone.now(), authority_id=kept.authority_id, content=bytes(kept.content),
        sha256=request.POST.get("sha256", ""), mapping=mapping_from(request.POST), number=request.POST.get("number", "")[:40],
    )  # fmt: skip
    if not outcome.is_done:
        return answer(request, outcome, then=reverse("portal_invoice_file", args=[upload_id]), said="")
    made = outcome.done()
    messages.success(request, f"{count(len(made), 'invoice is', 'invoices are')} taken in and checked.")
    return see_other(
        reverse("portal_invoice", args=[made[0].pk]) if len(made) == 1 else reverse("portal_invoices")
    )


def _kept(request: HttpRequest, upload_id: int) -> StoredFile:
    rows = StoredFile.objects.filter(provider_id=actor_of(request).provider_id or 0, media_type=UPLOAD)
    row: StoredFile = found(rows.filter(pk=upload_id).first())
    return row
