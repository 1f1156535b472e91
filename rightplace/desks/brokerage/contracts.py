"""Contracts at the authority's desks: the list, one with its text, and the pages that issue, sign, change and vary it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.desks.brokerage.contract_forms import (
    ContractFilters,
    DraftForm,
    LineRows,
    OutcomeRows,
    VariationForm,
    line_rows_from,
    lines_given,
    outcomes_given,
)
from rightplace.desks.brokerage.rule_forms import rules_after_press, rules_sent, rules_shown
from rightplace.desks.components.contract_parts import (
    SignForm,
    contract_context,
    file_response,
    lead_words,
    state_pair,
)
from rightplace.desks.components.invoice_parts import invoiced_summary
from rightplace.desks.components.rows import any_rows_pressed, as_typed, rows_after_press
from rightplace.desks.components.tables import Column
from rightplace.desks.layout.answers import add_problems, answer, refused, see_other, status_of, version_of
from rightplace.desks.layout.doors import found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.navigation import opens_for
from rightplace.desks.layout.pressing import button
from rightplace.foundation.actions import Outcome
from rightplace.journey.contracts import actions, queries
from rightplace.journey.contracts.lots import lots_for
from rightplace.journey.contracts.models import Contract
from rightplace.journey.contracts.queries import ContractShown
from rightplace.journey.contracts.rules import as_json
from rightplace.journey.contracts.states import ARRANGERS

NOT_A_DRAFT = Problem("wrong_state", "Only a draft can be changed, by a broker or a commissioner.")
NOT_IN_FORCE = Problem(
    "wrong_state", "Only a contract in force can be varied, by a broker or a commissioner."
)
COLUMNS = (
    Column("Contract", "reference", sort="reference", link=lambda row: reverse("contract", args=[row.id])),
    Column("Child", "child_initials"),
    Column("Home", "home", sort="home"),
    Column("Provider", "provider", sort="provider"),
    Column("State", lambda row: state_pair(row), "status", "state"),
    Column("Waits for", "waits_for"),
    Column("Start", "starts_on", "date", "starts_on"),
    Column("Expected end", lambda row: row.ended_on or row.ends_on, "date", "ends_on"),
    Column("Whole cost", "whole_cost_pence", "money"),
)


def contract_list(request: HttpRequest) -> HttpResponse:
    """Every contract of the authority."""
    actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Contract]:
        return queries.contracts(actor, queries.ContractFilters(**filters, sort=sort))

    listing = Listing(
        "Contracts", "contract", COLUMNS, rows, ContractFilters, sort="-made_at", as_row=queries.contract_row
    )
    return list_page(request, "layout/list.html", listing)


def contract_page(request: HttpRequest, key: int, form: SignForm | None = None) -> HttpResponse:
    """One contract: its text, its signatures, its versions, and what may be done with it now."""
    shown = _shown(request, key)
    url = reverse("contract", args=[key])
    known = contract_context(
        shown,
        asked=request.GET.get("version", ""),
        url=url,
        pdf_url=lambda number: reverse("contract_pdf", args=[key, number]),
        form=form,
    )
    verbs = {verb: reverse(verb, args=[key]) for verb in shown.verbs if verb in BUTTONS}
    known |= {"sign_url": reverse("sign_contract", args=[key]), "verbs": verbs, "title": shown.row.reference}
    is_of_service = shown.row.package_id is not None
    known["may_give_notice"] = not is_of_service and request.actor.role in ARRANGERS  # type: ignore[attr-defined]  # set by ActorMiddleware
    service_url = reverse("package", args=[shown.row.package_id]) if is_of_service else ""
    known["service_url"] = service_url if service_url and opens_for(service_url, request.actor.role) else ""  # type: ignore[attr-defined]  # set by ActorMiddleware
    funding_url = reverse("funding", args=[key])
    known["funding_url"] = funding_url if opens_for(funding_url, request.actor.role) else ""  # type: ignore[attr-defined]  # set by ActorMiddleware
    known["invoiced"] = invoiced_summary(request.actor, key)  # type: ignore[attr-defined]  # set by ActorMiddleware
    rise_url = reverse("panel:variation", args=[shown.rise_id]) if shown.rise_id else ""
    known["rise_url"] = rise_url if rise_url and opens_for(rise_url, request.actor.role) else ""  # type: ignore[attr-defined]  # set by ActorMiddleware
    return render(request, "brokerage/contract.html", known, status=422 if form and form.errors else 200)


def contract_pdf(request: HttpRequest, key: int, number: int) -> HttpResponse:
    """The PDF of a version."""
    actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    return file_response(found(queries.contract_file(actor, key, number, timezone.now())))


def sign(request: HttpRequest, key: int) -> HttpResponse:
    """Sign the text that was shown."""
    form = SignForm(request.POST)
    if not form.is_valid():
        return contract_page(request, key, form)
    entries = {name: form.cleaned_data[name] for name in ("signed_name", "text_sha256")}
    outcome = actions.sign_contract(**_who(request, key), **entries)
    url = reverse("contract", args=[key])
    if any(problem.field == "signed_name" for problem in outcome.problems):
        add_problems(form, outcome.problems)
        return contract_page(request, key, form)
    return answer(request, outcome, then=url, said="You have signed this contract.")


def edit(request: HttpRequest, key: int) -> HttpResponse:
    """Change the words of a draft."""
    shown = _shown(request, key)
    url = reverse("contract", args=[key])
    if "edit_draft" not in shown.verbs:
        return refused(request, (NOT_A_DRAFT,), back=url)
    lots = lots_for(request.actor, key)  # type: ignore[attr-defined]  # set by ActorMiddleware
    if request.method != "POST":
        form, rows = _draft_form(shown), OutcomeRows(initial=_outcome_rows(shown), prefix="outcomes")
        return _edit_page(request, shown, form, rows, rules_shown(shown.draft.rules, lots))
    if any_rows_pressed(request.POST):
        typed = as_typed(DraftForm, request.POST)
        rows = rows_after_press(OutcomeRows, request.POST, "outcomes")
        return _edit_page(request, shown, typed, rows, rules_after_press(request.POST, lots))
    form, rows = DraftForm(request.POST), OutcomeRows(request.POST, prefix="outcomes")
    rules = rules_sent(request.POST, lots)
    if not all([form.is_valid(), rows.is_valid(), rules is None or rules.is_valid()]):
        return _edit_page(request, shown, form, rows, rules, 422)
    changes = {**form.cleaned_data, **({"rules": as_json(rules.rules(shown.draft.rules))} if rules else {})}
    outcome = actions.edit_draft(**_who(request, key), changes=changes, outcomes=outcomes_given(rows.filled))
    return _done_or_again(
        request, outcome, form, lambda status: _edit_page(request, shown, form, rows, rules, status), url
    )


def vary(request: HttpRequest, key: int) -> HttpResponse:
    """Make a variation, from the price lines as they stand."""
    shown = _shown(request, key)
    url = reverse("contract", args=[key])
    if "vary_contract" not in shown.verbs:
        why = NOT_IN_FORCE if shown.row.package_id is None else actions.OF_A_SERVICE
        return refused(request, (why,), back=url)
    lots = lots_for(request.actor, key)  # type: ignore[attr-defined]  # set by ActorMiddleware
    if request.method != "POST":
        actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
        lines, held = queries.terms_to_vary(actor, key, timezone.localdate())
        rows = LineRows(initial=line_rows_from(lines), prefix="lines")
        return _vary_page(request, shown, VariationForm(), rows, rules_shown(held, lots))
    if any_rows_pressed(request.POST):
        typed = as_typed(VariationForm, request.POST)
        rows = rows_after_press(LineRows, request.POST, "lines")
        return _vary_page(request, shown, typed, rows, rules_after_press(request.POST, lots))
    form, rows = VariationForm(request.POST), LineRows(request.POST, prefix="lines")
    rules = rules_sent(request.POST, lots)
    if not all([form.is_valid(), rows.is_valid(), rules is None or rules.is_valid()]):
        return _vary_page(request, shown, form, rows, rules, 422)
    outcome = actions.vary_contract(
        **_who(request, key), **form.cleaned_data, lines=lines_given(rows.filled),
        rules=rules.rules(shown.draft.rules) if rules else None,
    )  # fmt: skip
    return _done_or_again(
        request, outcome, form, lambda status: _vary_page(request, shown, form, rows, rules, status), url
    )


_verb = partial(button, of="contract_id", page="contract")
issue = _verb(actions.issue_contract, "The contract is out for signature. The other side has been told.")
recall = _verb(actions.recall_contract, "The contract is a draft again. Signatures given have fallen away.")
take_back = _verb(actions.take_back_variation, "The variation is taken back. The contract stands as it was.")
cancel = _verb(actions.cancel_contract, "The contract is cancelled.")
reopen = _verb(actions.reopen_contract, "The contract is a draft again.")

BUTTONS = frozenset(
    {
        "issue_contract",
        "recall_contract",
        "take_back_variation",
        "cancel_contract",
        "reopen_contract",
        "edit_draft",
        "vary_contract",
    }
)


def _shown(request: HttpRequest, key: int) -> ContractShown:
    actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    shown: ContractShown = found(queries.contract_page(actor, key, timezone.now()))
    return shown


def _who(request: HttpRequest, key: int) -> dict[str, Any]:
    """What every verb of a contract takes."""
    actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    return {"by": actor, "now": timezone.now(), "contract_id": key, "version": version_of(request)}


def _done_or_again(
    request: HttpRequest,
    outcome: Outcome[Contract],
    form: Any,
    again: Callable[[int], HttpResponse],
    url: str,
) -> HttpResponse:
    """On to the contract; or the form again with every reason why not, 409 when somebody was quicker."""
    if outcome.is_done:
        return see_other(url)
    add_problems(form, outcome.problems)
    return again(status_of(outcome.problems))


def _draft_form(shown: ContractShown) -> DraftForm:
    draft = shown.draft
    facts = ("services", "notice_days", "first_review_on", "review_every_weeks")
    return DraftForm(initial={name: getattr(draft, name) for name in facts})


def _outcome_rows(shown: ContractShown) -> list[dict[str, str]]:
    return [
        {"words": words, "measure": measure, "how": how} for words, measure, how in shown.current.outcomes
    ]


def _edit_page(
    request: HttpRequest, shown: ContractShown, form: Any, rows: Any, rules: Any = None, status: int = 200
) -> HttpResponse:
    known = {"row": shown.row, "lead": lead_words(shown.row), "form": form, "rows": rows, "rules": rules}
    return render(request, "brokerage/contract_edit.html", known, status=status)


def _vary_page(
    request: HttpRequest, shown: ContractShown, form: Any, rows: Any, rules: Any = None, status: int = 200
) -> HttpResponse:
    known = {
        "rules": rules,
        "row": shown.row,
        "lead": lead_words(shown.row),
        "form": form,
        "rows": rows,
        "lines": shown.current.lines,
    }
    return render(request, "brokerage/contract_vary.html", known, status=status)
