"""The placement request form: the whole request as the authority's printable document, and as a provider sees it.

No address is ever printed: neither a carer's nor a birth family's. Places are given by postcode district, and what looks
like an address or a postcode in free text is covered. Paper is left on desks; children had to be moved for it.
"""

from __future__ import annotations

import html
import re
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.core.free_text import identifying_words
from rightplace.core.free_text.spans import Known, mask
from rightplace.core.geography import outward_code
from rightplace.core.money import pounds
from rightplace.desks.components.paper_parts import pdf_response, print_page
from rightplace.desks.components.parts import NavItem
from rightplace.desks.components.words import day
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.social_work.summary import parts_of
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.audit.record import look
from rightplace.journey.contracts.document import Document, Facts, Grid, Section, Words, clean
from rightplace.journey.decisions.models import Choice
from rightplace.journey.decisions.queries import current_choice
from rightplace.journey.funding.paper import draw
from rightplace.journey.offers.queries import home_words
from rightplace.journey.requests import queries
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.requests.queries import RequestFile
from rightplace.journey.requests.reading import known_in
from rightplace.journey.search.referrals import ShownFact, ShownReferral, shown_referral

NO_ADDRESS = "No address is printed on this form: neither of a carer nor of the birth family."
COVER = "[not printed]"
ADDRESSES = frozenset({"Address", "Postcode", "Postcode of the child or family"})
SIGNERS = ("Social worker", "Team manager", "Broker", "Who gives permission")


def form_page(request: HttpRequest, request_id: int) -> HttpResponse:
    """The whole request as a page for print."""
    document = request_document(actor_of(request), _file(request, request_id))
    pdf = reverse("social_work:request_form_pdf", args=[request_id])
    return print_page(request, document, pdf, _back(request_id), NO_ADDRESS)


def form_pdf(request: HttpRequest, request_id: int) -> HttpResponse:
    """The whole request as a tagged PDF."""
    file = _file(request, request_id)
    content = draw(request_document(actor_of(request), file), note="No address is printed")
    return pdf_response(content, f"{file.row.reference} request.pdf")


def redacted_page(request: HttpRequest, request_id: int) -> HttpResponse:
    """The request as a provider sees it, as a page for print."""
    file = _file(request, request_id)
    pdf = reverse("social_work:request_redacted_pdf", args=[request_id])
    note = "Without anything that names the child: this is what a provider sees."
    return print_page(request, redacted_document(file.row), pdf, _back(request_id), note)


def redacted_pdf(request: HttpRequest, request_id: int) -> HttpResponse:
    """The request as a provider sees it, as a tagged PDF."""
    file = _file(request, request_id)
    return pdf_response(draw(redacted_document(file.row)), f"{file.row.reference} redacted.pdf")


def _file(request: HttpRequest, request_id: int) -> RequestFile:
    actor, now = actor_of(request), timezone.now()
    file: RequestFile = found(queries.request_file(actor, request_id, now))
    for child in file.children:
        look(by=actor, now=now, child_id=child.pk, words=f"Printed request {file.row.reference}")
    return file


def _back(request_id: int) -> NavItem:
    return NavItem("Request", reverse("social_work:request", args=[request_id]))


def request_document(actor: Actor, file: RequestFile) -> Document:
    """Need, wishes, home, criteria, outcomes and cost of a request, what was asked for it, and who signs it off."""
    known = known_in(file.read)
    sections = [
        Section(
            part.title,
            (Facts(tuple((row.key, without_addresses(plain(row.value), known)) for row in part.rows)),),
        )
        for part in parts_of(file)
        if part.slug != "places"
    ]
    choice = current_choice(actor, file.row.pk)
    return Document(
        title="Placement request form",
        reference=file.row.reference,
        authority=file.row.authority.name,
        sections=(
            *sections,
            Section("Places", (_places(file),)),
            Section("Cost asked for", (_cost(choice, known),)),
            Section("Signed off", (_signed(file, choice), _to_sign())),
        ),
    )


def _places(file: RequestFile) -> Facts | Words:
    """Places by district alone: what somebody called them may be an address."""
    rows = tuple(
        (
            "Not safe" if place.is_unsafe else "Near",
            f"Within {place.miles} miles of {outward_code(place.postcode) or 'a place'}",
        )
        for place in file.row.places.all()
    )
    return Facts(rows) if rows else Words("No places are asked for.")


def _cost(choice: Choice | None, known: Known) -> Facts | Words:
    if choice is None:
        return Words("No offer is chosen yet.")
    permission = choice.permission
    home = "A foster home of our own" if choice.offer.household_id else home_words(choice.offer)
    return Facts(
        (
            ("Home", without_addresses(home, known)),
            ("Stay", f"{day(permission.starts_on)} to {day(permission.ends_on)}, as expected"),
            ("A week", pounds(permission.weekly_pence)),
            ("Whole cost", pounds(permission.whole_cost_pence)),
            ("Why this offer", without_addresses(choice.reason, known)),
        )
    )


def _signed(file: RequestFile, choice: Choice | None) -> Facts:
    row = file.row
    rows = [("Asked by", f"{row.social_worker}{_on(row.submitted_at)}")]
    if row.checked_at and row.broker:
        rows.append(("Quality check", f"{row.broker}{_on(row.checked_at)}"))
    if choice is not None:
        rows.append(("Chosen by", f"{choice.by}{_on(choice.at)}"))
        permission = choice.permission
        if permission.decided_by is not None:
            what = "Refused by" if permission.state == "refused" else "Permission given by"
            rows.append((what, f"{permission.decided_by}{_on(permission.decided_at)}"))
            if permission.conditions:
                rows.append(("On conditions", clean(permission.conditions)))
    return Facts(tuple(rows))


def _on(moment: datetime | None) -> str:
    return f", {timezone.localtime(moment):%-d %B %Y}" if moment else ""


def _to_sign() -> Grid:
    rows = tuple((role, "", "") for role in SIGNERS)
    return Grid(
        "Signatures, where this form is signed on paper", ("Role", "Name and signature", "Date"), rows
    )


def redacted_document(row: PlacementRequest) -> Document:
    """What a provider reads of a request, field by field as it would be disclosed today."""
    shown = shown_referral(queries.disclosed(row.pk))
    return Document(
        title="Placement request, as a provider sees it",
        reference=row.reference,
        authority=row.authority.name,
        sections=tuple(section for section in _redacted(shown) if section.blocks),
    )


def _redacted(shown: ShownReferral) -> tuple[Section, ...]:
    needs = tuple((f"{one.words} ({one.severity_words})", clean(one.evidence)) for one in shown.needs)
    outcomes = tuple((one.words, one.note or "–") for one in shown.outcomes)
    essential = "\n".join(one.words for one in shown.essential) or "None"
    desirable = "\n".join(one.words for one in shown.desirable) or "None"
    return (
        Section("Children", _facts(shown.children)),
        Section("Needs and risks", (Facts(needs),) if needs else ()),
        Section("In words", _facts(shown.texts)),
        Section("What is asked for", _facts(shown.facts)),
        Section("Essential and desirable", (Facts((("Essential", essential), ("Desirable", desirable))),)),
        Section("Outcomes", (Facts(outcomes),) if outcomes else ()),
    )


def _facts(facts: tuple[ShownFact, ...]) -> tuple[Facts, ...]:
    return (Facts(tuple((fact.key, clean(str(fact.value))) for fact in facts)),) if facts else ()


def plain(value: object) -> str:
    """A value of a summary list as plain text, a line for each of its lines."""
    text = re.sub(r"<br\s*/?>", "\n", str(value))
    return clean(html.unescape(text)) if hasattr(value, "__html__") else clean(str(value))


def without_addresses(text: str, known: Known) -> str:
    """A text with every address and postcode covered; names stay, as this form is the authority's own."""
    return mask(text, [span for span in identifying_words(text, known) if span.why in ADDRESSES], COVER)
