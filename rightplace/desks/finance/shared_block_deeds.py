"""What is done with shared blocks at the desk: beds asked for, taken, passed, left and handed over; months settled and signed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.paper_parts import drawn_grid, pdf_response
from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.finance import shared_block_forms as forms_
from rightplace.desks.finance.shared_blocks import address, consortium_of
from rightplace.desks.layout.answers import refused, see_other, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.verbs import Verb, verb_page
from rightplace.foundation.organisations.models import Authority
from rightplace.journey.blocks import correcting, documents, handing, keeping, nominating, queries, settling
from rightplace.journey.blocks.models import (
    BlockHandover,
    BlockNomination,
    BlockSettlement,
    BlockShare,
    BlockStay,
    SharedBlock,
)
from rightplace.journey.blocks.states import BLOCK_SHARE, SETTLEMENT, SETTLERS, SIGNERS
from rightplace.journey.funding.paper import draw


def unversioned(act: Callable[..., Any]) -> Callable[..., Any]:
    """A deed that adds a row, and so needs no version of the one it is added to."""

    def without(*, version: int, **facts: Any) -> Any:
        return act(**facts)

    return without


DEEDS: dict[str, tuple[type[forms.Form], Callable[..., Any], str, str, str]] = {
    "ask_for_bed": (
        forms_.AskForm, unversioned(nominating.ask_for_bed), "Ask for a bed",
        "The other authorities see that you ask, never for whom.",
        "A bed is asked for. Take it when it is your turn.",
    ),
    "pass_turn": (
        forms_.WordsForm, nominating.pass_turn, "Pass a turn",
        "Your own turn; or, as the lead, that of an authority which has not answered in the hours agreed.",
        "The next authority is asked.",
    ),
    "hand_over": (
        forms_.HandForm, unversioned(handing.hand_over), "Hand an empty bed over",
        "For some nights, at a price a night that goes towards the cost of all. It holds once the other authority accepts.",
        "The empty bed is offered.",
    ),
    "settle_month": (
        forms_.MonthForm, unversioned(settling.settle_month), "Settle a month",
        "A month that is over: what each authority bears is worked out, and each signs its statement.",
        "The month is worked out. Each authority signs its statement.",
    ),
    "change_price": (
        forms_.PriceForm, keeping.change_price, "Agree a new price", "For months that are not settled yet.",
        "The new price is written down.",
    ),
    "end_block": (
        forms_.EndForm, keeping.end_block, "End the block", "By then every bed is empty.", "The block ends on that day.",
    ),
}  # fmt: skip


def deed(request: HttpRequest, key: int, verb: str) -> HttpResponse:
    """The page of something to be done with a block."""
    actor = actor_of(request)
    row = found(queries.block(actor, key))
    if verb not in DEEDS:
        raise Http404
    form_class, act, title, lead, said = DEEDS[verb]
    form: Any = form_class
    if verb == "hand_over":
        form = partial(forms_.HandForm, authorities=consortium_of(actor))
    back = reverse("shared_block", args=[key])
    return verb_page(
        request, form, act, {"block_id": key}, Verb(title, lead, said, back, row.name, row.version)
    )


def take(request: HttpRequest, key: int) -> HttpResponse:
    """Take the bed that was asked for."""
    row: BlockNomination = found(_own(request, BlockNomination, key))
    lead = "When it is your authority’s turn and a bed is free from that night."
    words = _words(row, "Take the bed", lead, "The bed is yours. The next turn is another authority’s.")
    return verb_page(request, forms_.TakeForm, nominating.take_bed, {"nomination_id": key}, words)


def leave(request: HttpRequest, key: int) -> HttpResponse:
    """Say when a bed became free."""
    row: BlockStay = found(_own(request, BlockStay, key))
    words = _words(
        row, "Give the bed back", "Whose turn it is then, is asked.", "The bed is free from that day."
    )
    return verb_page(request, forms_.LeftForm, nominating.leave_bed, {"stay_id": key}, words)


def dispute(request: HttpRequest, key: int) -> HttpResponse:
    """Say what is wrong with a statement."""
    row: BlockShare = found(_own(request, BlockShare, key))
    back = reverse("block_settlement", args=[row.settlement_id])
    lead = "The lead withdraws the month, sets the nights right and works it out again."
    words = Verb("Dispute", lead, "The lead reads what you say.", back, str(row.settlement), row.version)
    return verb_page(request, forms_.WordsForm, settling.dispute_statement, {"share_id": key}, words)


def withdraw_month(request: HttpRequest, key: int) -> HttpResponse:
    """Take a month back that not all have signed."""
    row: BlockSettlement = found(queries.settlement(actor_of(request), key))
    back = reverse("shared_block", args=[row.block_id])
    lead = "Its nights can then be set right, and it is worked out again."
    words = Verb("Withdraw the month", lead, "The month is withdrawn.", back, str(row), row.version)
    return verb_page(request, forms_.ReasonForm, settling.withdraw_settlement, {"settlement_id": key}, words)


def correct_month(request: HttpRequest, key: int) -> HttpResponse:
    """Open a month that all signed, to put it right."""
    row: BlockSettlement = found(queries.settlement(actor_of(request), key))
    back = reverse("block_settlement", args=[row.pk])
    lead = (
        "Its nights, and those of the months after it, can then be set right. Each is worked out and signed again; only the "
        "difference is charged. What was signed stays on record."
    )
    words = Verb(
        "Correct this month", lead, "The month is open to be corrected.", back, str(row), row.version
    )
    return verb_page(request, forms_.ReasonForm, correcting.open_correction, {"settlement_id": key}, words)


def correct_nights(request: HttpRequest, key: int) -> HttpResponse:
    """Set the nights of a stay right."""
    actor = actor_of(request)
    row: BlockStay = found(BlockStay.objects.filter(pk=key, block__in=queries.blocks(actor)).first())
    block: SharedBlock = found(queries.block(actor, row.block_id))
    lead = f"Bed {row.bed}, {row.authority}. Only in months without a statement, or being corrected."
    back = reverse("shared_block", args=[row.block_id])
    words = Verb("Correct nights", lead, "The nights are set right.", back, block.name, row.version)
    first = {"starts_on": row.period.lower, "ends_on": row.period.upper or block.ends_on}
    form: Any = partial(forms_.NightsForm, initial=first)
    return verb_page(request, form, correcting.correct_nights, {"stay_id": key}, words)


def _own(request: HttpRequest, model: type[Any], key: int) -> Any:
    """A row of the actor's own authority, with its block."""
    rows = model.objects.filter(pk=key, authority_id=actor_of(request).authority_id)
    return rows.select_related("settlement" if model is BlockShare else "block").first()


def _words(row: BlockNomination | BlockStay, title: str, lead: str, said: str) -> Verb:
    return Verb(title, lead, said, reverse("shared_block", args=[row.block_id]), row.block.name, row.version)


def press(act: Callable[..., Any], model: type[Any], of: str, said: str) -> Callable[..., HttpResponse]:
    """A button that does a verb to a row of a block and goes back to the block."""

    def pressed(request: HttpRequest, key: int) -> HttpResponse:
        actor = actor_of(request)
        outcome = act(by=actor, now=timezone.now(), version=version_of(request), **{of: key})
        row = model.objects.filter(pk=key).first()
        back = reverse("shared_block", args=[row.block_id]) if row else reverse("shared_blocks")
        if not outcome.is_done:
            return refused(request, outcome.problems, back=back)
        messages.success(request, said)
        return see_other(back)

    pressed.__doc__ = said
    return pressed


ask_no_longer = press(
    nominating.withdraw_nomination, BlockNomination, "nomination_id", "The bed is no longer asked for."
)
accept = press(handing.accept_handover, BlockHandover, "handover_id", "The bed is yours at this price.")
decline = press(handing.decline_handover, BlockHandover, "handover_id", "You have declined the bed.")
withdraw = press(handing.withdraw_handover, BlockHandover, "handover_id", "The offer is withdrawn.")


def settlement(request: HttpRequest, key: int) -> HttpResponse:
    """The worked statement of a month: its figures, the rule, each step, what each authority bears and who has signed."""
    actor = actor_of(request)
    row: BlockSettlement = found(queries.settlement(actor, key))
    share = queries.own_share(actor, row)
    may_sign = (
        share is not None and actor.role in SIGNERS and row.state == "sent" and share.state != "signed"
        and actor.user_id != row.made_by_id
    )  # fmt: skip
    is_lead = row.authority_id == actor.authority_id and actor.role in SETTLERS
    known = {
        "row": row,
        "state": (row.state, SETTLEMENT.states[row.state]),
        "document": documents.statement_document(row),
        "parts": drawn_grid(documents.parts_grid(row)),
        "worked": documents.worked(row).split("\n"),
        "how": [*documents.HOW.split("\n"), documents.rule_words(row)],
        "signatures": drawn_grid(documents.signatures_grid(row)),
        "disputes": [one for one in row.shares.all() if one.state == "disputed"],
        "share": share,
        "share_state": (share.state, BLOCK_SHARE.states[share.state]) if share else None,
        "may_sign": may_sign,
        "may_dispute": may_sign and share is not None and share.state == "waiting",
        "may_withdraw": is_lead and row.state == "sent",
        "may_correct": is_lead and row.state == "agreed",
        "corrected": drawn_grid(documents.corrected_grid(row)) if row.corrects else None,
        "list_url": address(actor, "shared_blocks"),
        "block_url": address(actor, "shared_block", row.block_id),
        "pdf_url": address(actor, "block_statement", row.pk),
        "summary": [SummaryRow(name, words) for name, words in documents.about(row).rows],
    }
    return render(request, "finance/block_settlement.html", known)


def statement_pdf(request: HttpRequest, key: int) -> HttpResponse:
    """The statement on paper, with the signatures so far."""
    row: BlockSettlement = found(queries.settlement(actor_of(request), key))
    is_demo = Authority.objects.filter(pk=row.authority_id, is_demo=True).exists()
    note = "Synthetic data for demonstration" if is_demo else ""
    name = f"{row.block.reference}-{row.month:%Y-%m}.pdf"
    return pdf_response(draw(documents.statement_document(row), note=note), name)


def sign(request: HttpRequest, key: int) -> HttpResponse:
    """Sign a statement for one's authority."""
    outcome = settling.sign_statement(
        by=actor_of(request), now=timezone.now(), share_id=key, version=version_of(request)
    )
    row = BlockShare.objects.filter(pk=key).first()
    back = reverse("block_settlement", args=[row.settlement_id]) if row else reverse("shared_blocks")
    if not outcome.is_done:
        return refused(request, outcome.problems, back=back)
    messages.success(request, "The statement is signed for your authority.")
    return see_other(back)
