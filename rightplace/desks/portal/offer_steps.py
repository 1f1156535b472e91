"""The steps of an offer's form. Each saves as far as it is filled in, and can be left and taken up again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from rightplace.desks.components.rows import RowFormSet, any_rows_pressed, rows_after_press
from rightplace.desks.layout.answers import add_problems, answer, see_other, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.portal import offer_parts as parts
from rightplace.desks.portal.offer_forms import (
    AnswersForm,
    EvidenceForm,
    LineRows,
    PlaceForm,
    add_line_problems,
    answers_initial,
    line_initial,
    lines_given,
    place_initial,
)
from rightplace.foundation.actions import Outcome
from rightplace.journey.offers import actions, pages

NEXT = {"place": "price", "price": "answers", "answers": "evidence"}


def place(request: HttpRequest, key: int) -> HttpResponse:
    """Place and support."""
    page = _page(request, key)
    if "save_offer" not in page.verbs:
        return see_other(parts.address(request, "offer", key))
    held = place_initial(page)
    more = {"needs_carer": page.needs_carer}
    if request.method != "POST":
        form = (
            _with_missing(PlaceForm(held, **more), page)
            if "missing" in request.GET
            else PlaceForm(initial=held, **more)
        )
        return _step(request, page, "place", form)
    form = PlaceForm(request.POST, **more)
    if not form.is_valid():
        return _step(request, page, "place", form, 422)
    changes = dict(form.cleaned_data)
    carer = changes.pop("carer_reference", None)
    outcome = _save(request, key, changes=changes, carer_reference=carer)
    return _after(request, page, "place", form, outcome)


def price(request: HttpRequest, key: int) -> HttpResponse:
    """Price lines, with what they come to once saved."""
    page = _page(request, key)
    if "save_offer" not in page.verbs:
        return see_other(parts.address(request, "offer", key))
    if request.method != "POST":
        rows = LineRows(initial=[line_initial(line) for line in page.lines] or None, prefix="lines")
        return _price_step(request, page, rows)
    if any_rows_pressed(request.POST):
        return _price_step(request, page, rows_after_press(LineRows, request.POST, "lines"))
    rows = LineRows(request.POST, prefix="lines")
    if not rows.is_valid():
        return _price_step(request, page, rows, 422)
    outcome = _save(request, key, lines=lines_given(rows.filled))
    if not outcome.is_done:
        add_line_problems(rows, outcome.problems)
        return _price_step(request, page, rows, status_of(outcome.problems))
    return _onward(request, page, "price")


def answers(request: HttpRequest, key: int) -> HttpResponse:
    """How each need, criterion and outcome will be met."""
    page = _page(request, key)
    if "save_offer" not in page.verbs:
        return see_other(parts.address(request, "offer", key))
    held = answers_initial(page)
    if request.method != "POST":
        more: dict[str, Any] = {"answers": page.answers}
        form = (
            _with_missing(AnswersForm(held, **more), page)
            if "missing" in request.GET
            else AnswersForm(initial=held, **more)
        )
        return _step(request, page, "answers", form)
    form = AnswersForm(request.POST, answers=page.answers)
    if not form.is_valid():
        return _step(request, page, "answers", form, 422)
    return _after(request, page, "answers", form, _save(request, key, answers=form.given))


def evidence(request: HttpRequest, key: int) -> HttpResponse:
    """Files that support the offer."""
    page = _page(request, key)
    if "save_offer" not in page.verbs:
        return see_other(parts.address(request, "offer", key))
    if request.method != "POST":
        return _step(request, page, "evidence", EvidenceForm())
    form = EvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        return _step(request, page, "evidence", form, 422)
    sent = form.cleaned_data["file"]
    outcome = actions.add_evidence(
        by=actor_of(request),
        now=timezone.now(),
        offer_id=key,
        version=version_of(request),
        name=sent.name,
        content=sent.read(),
        words=form.cleaned_data["words"],
    )
    if not outcome.is_done:
        add_problems(form, outcome.problems)
        return _step(request, page, "evidence", form, status_of(outcome.problems))
    messages.success(request, "The file is added.")
    return see_other(parts.address(request, "offer_evidence", key))


def evidence_remove(request: HttpRequest, key: int) -> HttpResponse:
    """Remove a file."""
    wanted = request.POST.get("evidence", "")
    outcome = actions.remove_evidence(
        by=actor_of(request),
        now=timezone.now(),
        offer_id=key,
        version=version_of(request),
        evidence_id=int(wanted) if wanted.isdecimal() and len(wanted) < 18 else 0,
    )
    return answer(
        request, outcome, then=parts.address(request, "offer_evidence", key), said="The file is removed."
    )


def _page(request: HttpRequest, key: int) -> pages.OfferPage:
    actor = actor_of(request)
    page: pages.OfferPage = found(pages.offer_page(actor, key, now=timezone.now()))
    return page


def _save(request: HttpRequest, key: int, **what: Any) -> Outcome[Any]:
    actor = actor_of(request)
    return actions.save_offer(by=actor, now=timezone.now(), offer_id=key, version=version_of(request), **what)


def _with_missing(form: Any, page: pages.OfferPage) -> Any:
    """The form with every missing thing said at its field."""
    form.is_valid()
    for problem in page.missing:
        name = form.field_of(problem.field) if isinstance(form, AnswersForm) else problem.field
        if name in form.fields:
            form.add_error(name, problem.sentence)
    return form


def _after(
    request: HttpRequest, page: pages.OfferPage, step: str, form: forms.Form, outcome: Outcome[Any]
) -> HttpResponse:
    if not outcome.is_done:
        add_problems(form, outcome.problems)
        return _step(request, page, step, form, status_of(outcome.problems))
    return _onward(request, page, step)


def _onward(request: HttpRequest, page: pages.OfferPage, step: str) -> HttpResponse:
    if request.POST.get("then") == "stay":
        messages.success(request, "Saved.")
        return see_other(parts.address(request, f"offer_{step}", page.row.id))
    if request.POST.get("then") == "leave":
        messages.success(request, "Saved. You can go on later.")
        return see_other(parts.address(request, "offers"))
    return see_other(parts.address(request, f"offer_{NEXT[step]}", page.row.id))


def _step(
    request: HttpRequest, page: pages.OfferPage, step: str, form: forms.Form, status: int = 200
) -> HttpResponse:
    known = {
        "offer": page,
        "form": form,
        "links": parts.links(request, page.row.id),
        "steps": parts.steps(request, page, step),
        "version": request.POST.get("version") or page.version,
        "label": dict(parts.STEPS)[step],
        "groups": form.groups if isinstance(form, AnswersForm) else (),
    }
    return render(request, f"portal/offer_{step}.html", known, status=status)


def _price_step(
    request: HttpRequest, page: pages.OfferPage, rows: RowFormSet, status: int = 200
) -> HttpResponse:
    known = {
        "offer": page,
        "rows": rows,
        "links": parts.links(request, page.row.id),
        "steps": parts.steps(request, page, "price"),
        "version": request.POST.get("version") or page.version,
        "label": "Price",
        "cost": parts.cost_rows(page),
        "years": parts.years_chart(page),
        "missing": [one for one in parts.missing(request, page) if one.step == "price"]
        if "missing" in request.GET
        else [],
    }
    return render(request, "portal/offer_price.html", known, status=status)
