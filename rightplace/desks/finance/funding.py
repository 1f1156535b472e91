"""Joint funding at the desks: every set of shares, one contract's shares with what they come to, proposing and agreeing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.pricing import PriceKind
from rightplace.desks.components.paper_parts import drawn_grid, pdf_response, print_page
from rightplace.desks.components.parts import NavItem, SummaryRow
from rightplace.desks.components.rows import any_rows_pressed, as_typed, rows_after_press
from rightplace.desks.components.svg import Stack, stacked_bars
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.finance import funding_forms as forms_
from rightplace.desks.layout.answers import add_problems, answer, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.navigation import opens_for
from rightplace.foundation.audit.queries import history
from rightplace.journey.contracts.agreement import KIND_WORDS, price_words
from rightplace.journey.contracts.document import Document
from rightplace.journey.contracts.models import Contract
from rightplace.journey.funding import actions, documents, queries
from rightplace.journey.funding.models import Funding
from rightplace.journey.funding.paper import draw
from rightplace.journey.funding.queries import FundingPage
from rightplace.journey.funding.states import FUNDING, PROPOSERS


def funding_list(request: HttpRequest) -> HttpResponse:
    """Every set of shares of the authority."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Funding]:
        words, state = filters.get("words") or "", filters.get("state") or ""
        return queries.fundings_found(actor, words=words, state=state, order=sort)

    columns = (
        Column(
            "Contract", lambda row: row.contract.reference, "reference", "contract",
            link=lambda row: reverse("funding", args=[row.contract_id]),
        ),
        Column("Child", lambda row: row.contract.child_initials),
        Column("Home", lambda row: row.contract.home_words),
        Column("Version", "number", "number"),
        Column("State", lambda row: (row.state, FUNDING.states[row.state]), "status", "state"),
        Column("From", "starts_on", "date", "from"),
        Column("Proposed by", lambda row: str(row.proposed_by)),
        Column("Proposed", "proposed_at", "date", "proposed"),
    )  # fmt: skip
    empty = "No shares yet. Open a contract and propose who bears what."
    listing = Listing(
        "Joint funding",
        "set of shares|sets of shares",
        columns,
        rows,
        forms_.FundingFilters,
        sort="-proposed",
        empty=empty,
    )
    return list_page(request, "finance/fundings.html", listing)


def funding(
    request: HttpRequest, key: int, form: Any = None, file_form: Any = None, status: int = 200
) -> HttpResponse:
    """One contract: the shares that hold and that are proposed, what they come to, and what partners were charged."""
    actor = actor_of(request)
    page = _page(request, key)
    proposed = page.proposed
    verbs = FUNDING.open_to(state=proposed.state, role=actor.role) if proposed else ()
    names = {step.verb for step in verbs}
    is_own = proposed is not None and proposed.proposed_by_id == actor.user_id
    contract_url = reverse("contract", args=[key])
    known = {
        "page": page,
        "contract": page.contract,
        "shown": page.shown,
        "state": (page.shown.state, FUNDING.states[page.shown.state]) if page.shown else None,
        "proposed_lines": proposal_lines(proposed) if proposed else [],
        "agreed_grid": _shares(page, page.agreed),
        "proposed_grid": _shares(page, proposed),
        "comes_to": _comes_to(page),
        "chart": chart_of(page),
        "charged": charged_table(page),
        "versions": versions_table(page),
        "may_propose": proposed is None and actor.role in PROPOSERS and page.contract.state != "cancelled",
        "may_decide": "agree_shares" in names and not is_own,
        "is_own": is_own and "agree_shares" in names,
        "may_withdraw": "withdraw_shares" in names,
        "may_add": "add_funding_evidence" in names,
        "form": form or forms_.AgreementForm(),
        "file_form": file_form or forms_.FileForm(auto_id="more-%s"),
        "contract_url": contract_url if opens_for(contract_url, actor.role) else "",
        "history": history(actor, subject="funding", subject_id=key),
    }
    return render(request, "finance/funding.html", known, status=status)


def _page(request: HttpRequest, key: int) -> FundingPage:
    page: FundingPage = found(queries.funding_page(actor_of(request), key, timezone.now()))
    return page


def _shares(page: FundingPage, shown: Funding | None) -> dict[str, Any] | None:
    return drawn_grid(documents.shares_grid(shown, list(page.partners))) if shown else None


def _comes_to(page: FundingPage) -> dict[str, Any] | None:
    """Lines, partners and years under the shares that hold; under the proposed ones while they wait."""
    parts = page.proposed_parts or page.parts
    if page.shown is None or not parts:
        return None
    return drawn_grid(documents.years_grid(list(parts), list(page.partners)))


def proposal_lines(row: Funding) -> list[SummaryRow]:
    """What is proposed, by whom, why and on which evidence."""
    return [
        SummaryRow("From", f"{row.starts_on:%-d %B %Y}"),
        SummaryRow("Why", row.reason),
        SummaryRow("Evidence", row.evidence_words),
        SummaryRow("Proposed by", f"{row.proposed_by}, {timezone.localtime(row.proposed_at):%-d %B %Y}"),
    ]


def chart_of(page: FundingPage) -> Any:
    """What each partner bears in each year, as stacked bars with their table."""
    parts = page.proposed_parts or page.parts
    if page.shown is None or not parts:
        return None
    years = sorted({part.year for part in parts})
    rows = [
        Stack(
            year,
            [
                max(sum(one.pence for one in parts if one.year == year and one.partner_id == partner.pk), 0)
                for partner in page.partners
            ],
        )
        for year in years
    ]
    what = "as proposed" if page.proposed else "as agreed"
    return stacked_bars(
        rows, [partner.name for partner in page.partners], f"Who bears what, {what}", "pounds"
    )


def charged_table(page: FundingPage) -> Table | None:
    """Every line that partners were charged, differences with their reason."""
    if not page.lines:
        return None
    columns = (
        Column("Nights in", lambda line: f"{line.period.lower:%B %Y}"),
        Column("Partner", lambda line: line.partner.name),
        Column("For", lambda line: KIND_WORDS[PriceKind(line.kind)]),
        Column("What", lambda line: f"Difference: {line.reason}" if line.is_difference else "Charge"),
        Column(
            "Invoice", lambda line: line.invoice.reference if line.invoice else "Not yet on an invoice",
        ),
        Column("Amount", "pence", "money"),
    )  # fmt: skip
    total = {"Amount": sum(line.pence for line in page.lines)}
    return Table(
        columns, page.lines, "What partners were charged", id="charged", totals=total, hide_caption=True
    )


def versions_table(page: FundingPage) -> Table:
    """Every version of the shares with what came of it."""
    columns = (
        Column("Version", "number", "number"),
        Column("From", "starts_on", "date"),
        Column("State", lambda row: (row.state, FUNDING.states[row.state]), "status"),
        Column("Why", "reason"),
        Column("Proposed by", lambda row: str(row.proposed_by)),
        Column("Decided by", lambda row: str(row.decided_by) if row.decided_by else None),
        Column("In words", "decision_words"),
    )
    return Table(columns, page.versions, "Versions", id="versions", hide_caption=True)


def propose(request: HttpRequest, key: int) -> HttpResponse:
    """Propose shares, starting from those that hold."""
    actor = actor_of(request)
    page = _page(request, key)
    partners = list(queries.partners(actor, active=True))
    rows_class = forms_.share_rows(partners, price_lines(page.contract))
    given: dict[str, Any] = {"page": page, "contract": page.contract, "partners": partners}
    if request.method != "POST":
        form: Any = forms_.ProposalForm(initial={"starts_on": _next_start(page)})
        rows = rows_class(initial=forms_.rows_held(page.agreed) or [{}], prefix="rows")
        return render(request, "finance/funding_propose.html", {**given, "form": form, "rows": rows})
    if any_rows_pressed(request.POST):
        form, rows = (
            as_typed(forms_.ProposalForm, request.POST),
            rows_after_press(rows_class, request.POST, "rows"),
        )
        return render(request, "finance/funding_propose.html", {**given, "form": form, "rows": rows})
    form, rows = forms_.ProposalForm(request.POST, request.FILES), rows_class(request.POST, prefix="rows")
    status = 422
    if form.is_valid() and rows.is_valid():
        kept = {name: form.cleaned_data[name] for name in ("starts_on", "reason", "evidence_words")}
        outcome = actions.propose_shares(
            by=actor, now=timezone.now(), contract_id=key, rows=forms_.rows_given([one.cleaned_data for one in rows.forms]),
            files=forms_.files_given(form), **kept,
        )  # fmt: skip
        if outcome.is_done:
            said = "The shares are proposed. Somebody else records the agreement."
            return answer(request, outcome, then=reverse("funding", args=[key]), said=said)
        add_problems(form, outcome.problems)
        status = status_of(outcome.problems)
    return render(
        request, "finance/funding_propose.html", {**given, "form": form, "rows": rows}, status=status
    )


def _next_start(page: FundingPage) -> Any:
    return page.contract.starts_on if not page.versions else timezone.localdate()


def price_lines(contract: Contract) -> list[tuple[int, str]]:
    """The price lines of the contract's latest version, in words."""
    versions = [version for version in contract.versions.all() if version.taken_back_at is None]
    lines = versions[-1].lines.all() if versions else ()
    return [
        (line.pk, f"{KIND_WORDS[PriceKind(line.kind)]}, {price_words(line.as_price_line())}")
        for line in lines
    ]


def agree(request: HttpRequest, key: int) -> HttpResponse:
    """Record the agreement."""
    return _decide(
        request,
        key,
        actions.agree_shares,
        "The agreement is recorded. The shares hold from their day.",
        ("words", "how"),
    )


def refuse(request: HttpRequest, key: int) -> HttpResponse:
    """Record that the partners did not agree."""
    return _decide(
        request, key, actions.refuse_shares, "Recorded: not agreed. What held before goes on.", ("words",)
    )


def _decide(
    request: HttpRequest, key: int, act: Callable[..., Any], said: str, names: tuple[str, ...]
) -> HttpResponse:
    form = forms_.AgreementForm(request.POST, request.FILES)
    proposed = _page(request, key).proposed
    if not form.is_valid() or proposed is None:
        return funding(request, key, form=form, status=422)
    given: dict[str, Any] = {name: form.cleaned_data[name] for name in names}
    if "how" in names:
        given["files"] = forms_.files_given(form)
    outcome = act(
        by=actor_of(request), now=timezone.now(), funding_id=proposed.pk, version=version_of(request), **given
    )
    if not outcome.is_done and status_of(outcome.problems) == 422:
        add_problems(form, outcome.problems)
        return funding(request, key, form=form, status=422)
    return answer(request, outcome, then=reverse("funding", args=[key]), said=said)


def withdraw(request: HttpRequest, key: int) -> HttpResponse:
    """Withdraw the proposal."""
    proposed: Funding = found(_page(request, key).proposed)
    outcome = actions.withdraw_shares(
        by=actor_of(request), now=timezone.now(), funding_id=proposed.pk, version=version_of(request)
    )
    return answer(request, outcome, then=reverse("funding", args=[key]), said="The proposal is withdrawn.")


def add_file(request: HttpRequest, key: int) -> HttpResponse:
    """Add a file to the evidence."""
    proposed: Funding = found(_page(request, key).proposed)
    form = forms_.FileForm(request.POST, request.FILES, auto_id="more-%s")
    if not form.is_valid():
        return funding(request, key, file_form=form, status=422)
    outcome = actions.add_funding_evidence(
        by=actor_of(request), now=timezone.now(), funding_id=proposed.pk, version=version_of(request),
        files=forms_.files_given(form),
    )  # fmt: skip
    if not outcome.is_done and status_of(outcome.problems) == 422:
        add_problems(form, outcome.problems)
        return funding(request, key, file_form=form, status=422)
    return answer(request, outcome, then=reverse("funding", args=[key]), said="The file is added.")


def evidence(request: HttpRequest, key: int, file: int) -> HttpResponse:
    """One file of the evidence, as a download."""
    held: Any = found(queries.evidence_file(actor_of(request), key, file))
    return pdf_response(bytes(held.content), held.name, held.media_type)


def summary(request: HttpRequest, key: int) -> HttpResponse:
    """The joint funding summary as a page for print."""
    return print_page(
        request,
        _summary(request, key),
        reverse("funding_summary_pdf", args=[key]),
        NavItem("Joint funding", reverse("funding", args=[key])),
    )


def summary_pdf(request: HttpRequest, key: int) -> HttpResponse:
    """The joint funding summary as a tagged PDF."""
    return pdf_response(draw(_summary(request, key)), f"joint-funding-{key}.pdf")


def _summary(request: HttpRequest, key: int) -> Document:
    page = _page(request, key)
    shown: Funding = found(page.shown)
    parts = page.proposed_parts if page.proposed else page.parts
    return documents.summary_document(shown, list(parts), list(page.partners))
