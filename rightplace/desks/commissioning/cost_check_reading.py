"""A new check of past costs: three spreadsheets are given, how they were read is shown and may be changed, then it is checked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.checking.invoices import Tolerance
from rightplace.core.problems import Problem
from rightplace.desks.commissioning.cost_checks import kept_for
from rightplace.desks.components.fields import DateInPartsField, UploadField
from rightplace.desks.components.paper_parts import pdf_response
from rightplace.desks.layout.answers import add_problems, answer, see_other, status_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.exchange.cost_check.checking import Given, Read, check_costs, read_files
from rightplace.exchange.cost_check.claimed import DAY_AFTER, LAST_NIGHT
from rightplace.exchange.cost_check.columns import read_columns
from rightplace.exchange.cost_check.headings import all_headings, headings_of
from rightplace.exchange.cost_check.keeping import keep_cost_check
from rightplace.exchange.cost_check.layouts import CONTRACTS, PAYMENTS, PLACEMENTS, SORTS
from rightplace.exchange.findings import Finding, findings_csv
from rightplace.exchange.tables import Headings
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.files.models import StoredFile
from rightplace.foundation.files.taking import TakenFile, store_file

ENDINGS = (".csv", ".xlsx", ".xls", ".ods")
LARGEST = 12 * 2**20
# Uploads that wait for a check; nothing else that is stored has this type.
MEDIA_TYPE = "application/x-cost-check"
SHOWN = 30
MEANS = ((LAST_NIGHT, "The last night paid"), (DAY_AFTER, "The day after the last night"))


class FilesForm(forms.Form):
    """The three spreadsheets."""

    contracts = UploadField(
        label="Contracts and prices", endings=ENDINGS, max_bytes=LARGEST,
        help_text="A row for each price: provider, child’s reference, first night, price, unit.",
    )  # fmt: skip
    placements = UploadField(
        label="Placements", endings=ENDINGS, max_bytes=LARGEST, required=False,
        help_text="When each child arrived and left. Without it each contract is taken to run as it says.",
    )  # fmt: skip
    payments = UploadField(
        label="Payments", endings=ENDINGS, max_bytes=LARGEST,
        help_text="A row for each line paid: provider, contract or child’s reference, from, to, net amount.",
    )  # fmt: skip


class CheckForm(forms.Form):
    """What the check goes by, beside the headings."""

    name = forms.CharField(label="Name of this check", max_length=120)
    end_means = forms.ChoiceField(label="“To” in the payments is", choices=MEANS, widget=forms.RadioSelect)
    starts_on = DateInPartsField(label="Look for missed payments from the night of")
    last_night = DateInPartsField(label="to the night of")
    tolerance = forms.IntegerField(
        label="Let pass, pence a line", min_value=0, max_value=10_000, initial=2,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}),
        help_text="Providers round a week’s price to nights in their own ways.",
    )  # fmt: skip
    keep_good = forms.BooleanField(
        label="Check what can be read and leave the other rows out", required=False
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """One file as it was read: its headings to be changed, and what could not be read."""

    code: str
    words: str
    name: str
    form: forms.Form | None
    problem: str = ""
    rows: int = 0
    rows_bad: int = 0
    bad: tuple[Finding, ...] = ()


def upload(request: HttpRequest) -> HttpResponse:
    """Take the spreadsheets, keep them until the check is made, and show how they are read."""
    form, code = FilesForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        code = 422
        if form.is_valid() and not _unreadable(form):
            kept = {name: _keep(actor_of(request), form.cleaned_data.get(name)) for name in SORTS}
            where = [kept[CONTRACTS], kept[PAYMENTS], kept[PLACEMENTS]]
            return see_other(reverse("commissioning:read_cost_check", args=where))
    return render(
        request, "commissioning/cost_check_new.html", {"form": form, "kept_for": kept_for()}, status=code
    )


def _unreadable(form: FilesForm) -> bool:
    """Whether a file is no such list, which is said at its field: it is not kept. Headings can be told apart later."""
    for name, sort in SORTS.items():
        file = form.cleaned_data.get(name)
        read = read_columns(file.read(), sort) if file else None
        if isinstance(read, Problem) and read.code != "headings_missing":
            add_problems(form, (Problem(read.code, read.sentence, name),))
            return True
        if file:
            file.seek(0)
    return False


def confirm(request: HttpRequest, contracts_id: int, payments_id: int, placements_id: int) -> HttpResponse:
    """Show how each file is read; read again with other headings; or check, and keep the result."""
    files = _files(request, contracts_id, payments_id, placements_id)
    mappings = _mappings(request, files)
    given = replace(_given(files), mappings=mappings)
    form = CheckForm(
        request.POST if request.POST.get("do") == "check" else None, initial=_first_values(files)
    )
    code = 200
    if request.method == "POST" and form.is_bound:
        code = 422
        if form.is_valid():
            return _checked(request, form, given, files, mappings)
    return _page(request, form, given, files, mappings, code)


def left_out(request: HttpRequest, contracts_id: int, payments_id: int, placements_id: int) -> HttpResponse:
    """What cannot be read, as a list to work through."""
    files = _files(request, contracts_id, payments_id, placements_id)
    read = read_files(_given(files))
    bad = (
        []
        if isinstance(read, list)
        else [replace(one, file=each.sort.words) for each in read.files for one in each.bad]
    )
    return pdf_response(findings_csv(bad).encode("utf-8-sig"), "left-out.csv", "text/csv; charset=utf-8")


def _checked(
    request: HttpRequest, form: CheckForm, given: Given, files: dict[str, StoredFile], mappings: Any
) -> HttpResponse:
    typed = form.cleaned_data
    tolerance = Tolerance(pence=typed["tolerance"])
    given = replace(
        given, end_means=typed["end_means"], starts_on=typed["starts_on"], tolerance=tolerance,
        ends_on=typed["last_night"] + timedelta(days=1),
    )  # fmt: skip
    read = read_files(given)
    problems = tuple(read) if isinstance(read, list) else _refusals(read, typed)
    if problems or isinstance(read, list):
        add_problems(form, problems)
        return _page(request, form, given, files, mappings, status_of(problems))
    outcome = keep_cost_check(
        by=actor_of(request), now=timezone.now(), name=typed["name"], result=check_costs(read, tolerance),
        file_names=[file.name for file in files.values()], uploads=[file.pk for file in files.values()],
    )  # fmt: skip
    if not outcome.is_done:
        add_problems(form, outcome.problems)
        return _page(request, form, given, files, mappings, status_of(outcome.problems))
    then = reverse("commissioning:cost_check", args=[outcome.done().pk])
    return answer(
        request, outcome, then=then, said="The payments were checked. The spreadsheets have been deleted."
    )


def _refusals(read: Read, typed: dict[str, Any]) -> tuple[Problem, ...]:
    if read.starts_on >= read.ends_on:
        return (Problem("no_nights", "The last night must not be before the first.", "last_night"),)
    if read.rows_bad and not typed["keep_good"]:
        words = f"{read.rows_bad:,} rows cannot be read. Mend them in the spreadsheet, or choose to leave them out."
        return (Problem("bad_rows", words, "keep_good"),)
    return ()


def _page(
    request: HttpRequest,
    form: CheckForm,
    given: Given,
    files: dict[str, StoredFile],
    mappings: Any,
    code: int,
) -> HttpResponse:
    read = read_files(given)
    problems = read if isinstance(read, list) else []
    shown = [_shown(each, files[each], mappings, read) for each in SORTS if each in files]
    if not isinstance(read, list) and not form.is_bound:
        form.initial = {
            **form.initial,
            "end_means": read.claimed.end_means, "starts_on": read.starts_on, "last_night": read.ends_on - timedelta(days=1),
        }  # fmt: skip
    known = {
        "form": form, "shown": shown, "problems": problems, "kept_for": kept_for(), "here": request.path,
        "rows_bad": 0 if isinstance(read, list) else read.rows_bad,
    }  # fmt: skip
    return render(request, "commissioning/cost_check_read.html", known, status=code)


def _shown(code: str, file: StoredFile, mappings: Any, read: Read | list[Problem]) -> Shown:
    sort = SORTS[code]
    headings = headings_of(bytes(file.content), sort, mapping=mappings.get(code))
    if isinstance(headings, Problem):
        return Shown(code, sort.words, file.name, None, headings.sentence)
    form = headings_form(code, headings)
    columns = (
        None if isinstance(read, list) else next((one for one in read.files if one.sort.code == code), None)
    )
    if columns is None:
        missing = ", ".join(headings.missing)
        return Shown(
            code, sort.words, file.name, form, f"No column for {missing} was found." if missing else ""
        )
    return Shown(code, sort.words, file.name, form, "", len(columns), columns.rows_bad, columns.bad[:SHOWN])


def headings_form(code: str, headings: Headings) -> forms.Form:
    """For each thing that a file may state, which of its headings does; as understood so far."""
    form = forms.Form(prefix=code, initial=dict(headings.understood), use_required_attribute=False)
    choices = [("", "Not in this file"), *((heading, heading) for heading in all_headings(headings))]
    for field in SORTS[code].layout.fields:
        words = field.words[0].upper() + field.words[1:]
        form.fields[field.name] = forms.ChoiceField(label=words, choices=choices)
    return form


def _mappings(request: HttpRequest, files: dict[str, StoredFile]) -> dict[str, dict[str, str]]:
    """What was chosen on the page: heading to field for each file; headings that nothing takes are left out."""
    found_: dict[str, dict[str, str]] = {}
    if request.method != "POST":
        return found_
    for code, file in files.items():
        chosen = {
            field.name: request.POST.get(f"{code}-{field.name}", "") for field in SORTS[code].layout.fields
        }
        headings = headings_of(bytes(file.content), SORTS[code])
        if isinstance(headings, Problem) or not any(chosen.values()):
            continue
        known = set(all_headings(headings))
        found_[code] = dict.fromkeys(known, "") | {
            text: name for name, text in chosen.items() if text in known
        }
    return found_


def _given(files: dict[str, StoredFile]) -> Given:
    content = {code: bytes(file.content) for code, file in files.items()}
    return Given(content[CONTRACTS], content[PAYMENTS], content.get(PLACEMENTS, b""))


def _first_values(files: dict[str, StoredFile]) -> dict[str, Any]:
    return {"name": files[PAYMENTS].name.rsplit(".", 1)[0], "tolerance": 2}


def _keep(actor: Actor, file: Any) -> int:
    """Keep an upload until the check is made; 0 where none was given. The worker clears what is never checked."""
    if file is None:
        return 0
    taken = TakenFile(str(file.name)[:200], MEDIA_TYPE, file.read())
    row = store_file(
        taken, authority_id=actor.authority_id, provider_id=None, made_by=actor.name, now=timezone.now()
    )
    return row.pk


def _files(
    request: HttpRequest, contracts_id: int, payments_id: int, placements_id: int
) -> dict[str, StoredFile]:
    """The uploads, by what they list; 404 where one is not there or another authority's."""
    rows = StoredFile.objects.filter(
        authority_id=actor_of(request).authority_id, provider__isnull=True, media_type=MEDIA_TYPE
    )
    wanted = {CONTRACTS: contracts_id, PLACEMENTS: placements_id, PAYMENTS: payments_id}
    return {code: found(rows.filter(pk=key).first()) for code, key in wanted.items() if key}
