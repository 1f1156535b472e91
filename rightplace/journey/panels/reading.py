"""What the record says of an item: children, need, placements so far, offers considered, cost by year, view and outcomes.

Read for the item's page and for the papers, so that nothing stands in one of them only. Each reading is a look into each
child's file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from rightplace.core.calendar import age_on
from rightplace.core.matching.vocabulary import SEVERITY_WORDS, NeedKind
from rightplace.core.money import pounds
from rightplace.core.pricing import weekly_rate
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.audit.record import look
from rightplace.foundation.reference.codes import meaning
from rightplace.journey.contracts.document import Block, Facts, Grid, Words
from rightplace.journey.contracts.models import Contract, RisePermission
from rightplace.journey.contracts.rises import lines_before_and_after
from rightplace.journey.contracts.standing import standing
from rightplace.journey.contracts.terms import amounts_on, ruling, stay_cost
from rightplace.journey.decisions.models import Permission
from rightplace.journey.offers.models import Offer
from rightplace.journey.offers.queries import cost_for_all, home_words
from rightplace.journey.offers.usual import usual_of_offers
from rightplace.journey.panels.models import PanelItem
from rightplace.journey.placements.models import Placement
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.requests.reading import PARTS, ReadRequest, read_request

STANDING = ("submitted", "chosen", "accepted", "not_chosen")


@dataclass(frozen=True, slots=True)
class ItemRead:
    """An item read from the record: the children's names, and headed blocks of what is known."""

    children: tuple[str, ...]
    sections: tuple[tuple[str, tuple[Block, ...]], ...]


def read_item(actor: Actor, item: PanelItem, now: datetime) -> ItemRead:
    """Everything the record holds for an item; the look into each child's file is recorded."""
    today = timezone.localdate(now)
    request_id = item.request_id or _request_of(item.placement)
    rows = PlacementRequest.objects.filter(pk=request_id or 0, authority_id=item.authority_id)
    row = rows.prefetch_related(*PARTS).first()
    read = read_request(row, today=today) if row else None
    children = {one.pk: one for one in read.children} if read else {}
    if item.placement is not None:
        children.setdefault(item.placement.child_id, item.placement.child)
    for key in children:
        look(by=actor, now=now, child_id=key, words=f"Read panel item {item.pk}: {item.title}"[:500])
    sections = _of_variation(item.rise) if item.rise is not None else []
    sections += _of_request(read, today) if read else []
    sections.append(("Placements so far", (placements_so_far(list(children), today),)))
    if item.placement is not None:
        sections += _running_cost(item.placement, today)
    if row is not None and item.permission is not None:
        sections.append(("Offers considered", (_offers(row, len(children)),)))
        sections.append(("Whole cost by year", (_cost(item.permission),)))
        sections += _usual(item.permission, today)
    kept = tuple(one for one in sections if children or one[0] != "Placements so far")
    return ItemRead(tuple(str(one) for one in children.values()), kept)


def _request_of(placement: Placement | None) -> int | None:
    permission = placement.permission if placement is not None else None
    return permission.choice.request_id if permission is not None else None


def _of_request(read: ReadRequest, today: date) -> list[tuple[str, tuple[Block, ...]]]:
    row = read.row
    about = [("Request", row.reference), ("Social worker", str(row.social_worker))]
    about += [
        (str(one.child), _who(one.child.born_on, read.legal_statuses.get(one.child_id, ""), today))
        for one in read.asked
    ]
    about += [("Why now", row.why_now or "Not said"), ("About", row.about or "Not said")]
    needs = [
        (NeedKind.words_for(need.kind), SEVERITY_WORDS.get(need.severity, ""), need.evidence)
        for one in read.asked
        for need in one.needs.all()
    ]
    views = [(str(one.child), one.child_view or "Not recorded") for one in read.asked]
    outcomes = [(one.words, one.measure or "–") for one in row.outcomes.all()]
    return [
        ("Who and why", (Facts(tuple(about)),)),
        ("Needs", (_grid("Needs", ("Need", "How much", "Evidence"), needs, "No needs recorded."),)),
        ("The child’s view", (Facts(tuple(views)),)),
        ("Outcomes wanted", (_grid("Outcomes", ("Outcome", "Seen by"), outcomes, "No outcomes recorded."),)),
    ]


def _who(born_on: date, status: str, today: date) -> str:
    legal = f", legal status {status}: {meaning('LS', status)}" if status else ""
    return f"{age_on(born_on, today)} years old, born {born_on:%-d %B %Y}{legal}"


def placements_so_far(children: Sequence[int], today: date) -> Block:
    """Each child's placements, the earliest first."""
    rows = Placement.objects.filter(child_id__in=children, state__in=("started", "ended", "planned"))
    found = [
        (str(row.child), f"{row.period.lower:%-d %b %Y}", _until(row), _place(row), _weeks(row, today))
        for row in rows.select_related("child", "setting", "household").order_by("child_id", "period__startswith", "id")
    ]  # fmt: skip
    return _grid(
        "Placements", ("Child", "From", "To", "Home", "Weeks"), found, "None before this.", numbers=(4,)
    )


def _until(row: Placement) -> str:
    if row.period.upper is None:
        return "open" if row.state == "planned" else "now"
    return f"{row.period.upper:%-d %b %Y}"


def _place(row: Placement) -> str:
    if row.setting is not None:
        return row.setting.name
    return row.household.reference if row.household is not None else f"Placement code {row.place_code}"


def _weeks(row: Placement, today: date) -> str:
    if row.state == "planned":
        return "planned"
    return str((min(row.period.upper or today, today) - row.period.lower).days // 7)


def _running_cost(placement: Placement, today: date) -> list[tuple[str, tuple[Block, ...]]]:
    """What a placement that is looked at again costs a week today and over the stay agreed, by the contract that stands."""
    rows = Contract.objects.filter(placement=placement).order_by("-pk").prefetch_related("versions__lines")
    found = next(filter(None, map(standing, rows)), None)
    if found is None:
        return []
    terms = next(
        (found.terms[at] for at, part in ruling(found.terms, found.stay) if part.contains(today)), None
    )
    week = (
        pounds(weekly_rate(amounts_on(terms, today), today)) if terms else "nothing: the stay agreed is over"
    )
    whole = stay_cost(found.terms, found.stay).total_pence
    stay = f"{found.stay.start:%-d %B %Y} to {found.stay.closed_end:%-d %B %Y}"
    facts = (("A week now", week), (f"Whole stay, {stay}", pounds(whole)))
    return [("What it costs", (Facts(facts),))]


def _offers(request: PlacementRequest, children: int) -> Block:
    """Every offer that was submitted, its whole cost for the stay, and which one was chosen."""
    rows = Offer.objects.filter(search__request=request, state__in=STANDING)
    rows = rows.select_related("setting__provider", "household", "named_carer", "search").prefetch_related(
        "lines"
    )
    found = []
    for offer in rows.order_by("id"):
        cost = cost_for_all(offer, request, children)
        said = "Chosen" if offer.state in ("chosen", "accepted") else "Not chosen"
        found.append((home_words(offer), offer.reference, said, pounds(cost.total_pence) if cost else "–"))
    return _grid("Offers", ("Home", "Offer", "Choice", "Whole cost"), found, "No offers.", numbers=(3,))


def _usual(permission: Permission, today: date) -> list[tuple[str, tuple[Block, ...]]]:
    """Where the price stands beside what is usually paid for such a need; nothing where too few prices say."""
    offer = permission.choice.offer
    usual = usual_of_offers(permission.authority_id, offer.search_id, today).get(offer.pk)
    if usual is None:
        return []
    weekly = permission.weekly_pence // max(permission.choice.request.children.count(), 1)
    facts = (
        ("This price a week", pounds(weekly)),
        ("Usually paid", usual.words),
        ("It is", usual.reading(weekly)),
    )
    return [("Price beside what is usual", (Facts(facts),))]


def _of_variation(rise: RisePermission) -> list[tuple[str, tuple[Block, ...]]]:
    """What changes, why, and at what real cost of the whole stay; the price lines before and after."""
    version = rise.contract_version
    about = (
        ("Contract", version.contract.reference),
        ("New terms from", f"{version.in_force_from:%-d %B %Y}"),
        ("Because", version.reason),
        ("Dearer by", pounds(rise.rise_pence)),
        ("Whole cost as varied", pounds(rise.whole_cost_pence)),
        ("Whole cost before", pounds(rise.whole_cost_pence - rise.rise_pence)),
        ("A week at the dearest", pounds(rise.weekly_pence)),
        ("Asked by", str(rise.asked_by)),
    )
    head = ("What is paid for", "As it is", "As it would be")
    lines = [(what, was or "–", becomes or "–") for what, was, becomes in lines_before_and_after(rise)]
    grid = _grid("Price lines", head, lines, "No price line changes: the stay is longer.")
    return [("The variation", (Facts(about),)), ("Price lines before and after", (grid,))]


def _cost(permission: Permission) -> Block:
    rows = [(year.financial_year, pounds(year.pence)) for year in permission.years.all()]
    rows.append(("Whole stay", pounds(permission.whole_cost_pence)))
    head = ("Financial year", "Cost")
    caption = f"{pounds(permission.weekly_pence)} a week at the start"
    return Grid(caption, head, tuple(rows), numbers=(1,), has_total=True)


def _grid(
    caption: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]], empty: str, numbers: tuple[int, ...] = ()
) -> Block:  # fmt: skip
    return Grid(caption, head, tuple(rows), numbers) if rows else Words(empty)
