"""The consortium's yearly report as one document: who, what is spent with whom, bought, agreed and kept together, how good it is.

From the records of the year themselves, counted over those members only that share what is counted. No child, no single price.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from rightplace.core.money import percentage, pounds
from rightplace.core.periods import Period
from rightplace.core.quality.outcomes import ACHIEVED
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.organisations.models import Authority, Consortium
from rightplace.foundation.safeguards.queries import sharing_authorities
from rightplace.journey.blocks.models import BlockSettlement
from rightplace.journey.contracts.document import Block, Document, Facts, Grid, Section, Words
from rightplace.journey.reviews.models import OutcomeScore
from rightplace.oversight.market.together import bought, spending, who_shares
from rightplace.register.buying.models import Answered, Application, BedTurn, Tender, UpliftRequest
from rightplace.register.buying.standing import consortium
from rightplace.register.buying.words import GROUNDS, TENDER_ROUTES
from rightplace.register.concerns.forums import forums
from rightplace.register.concerns.queries import concerns
from rightplace.register.concerns.words import GRADES
from rightplace.register.prices.models import ROUTES, AgreedPrice
from rightplace.register.prices.queries import standing
from rightplace.register.visits.queries import visits
from rightplace.register.visits.words import JUDGEMENTS

MOST_PROVIDERS = 20
FEWEST = 5
KINDS = (
    ("prices", "Prices"),
    ("providers", "What they know of providers"),
    ("concerns", "Concerns"),
    ("needs", "Needs"),
)


def yearly_report(actor: Actor, year: Period, name: str, today: date) -> Document | None:
    """The report of a financial year; None where the actor is of no consortium. Of a year that runs, up to today."""
    row = Consortium.objects.filter(pk=consortium(actor)).first()
    if row is None:
        return None
    last_day = year.closed_end - timedelta(days=1)
    on = min(today, last_day)
    until = f"up to {on:%-d %B %Y}" if on < last_day else "the whole year"
    return Document(
        title="Yearly report of the consortium",
        reference=f"{name}, {until}",
        authority=row.name,
        sections=(
            Section("The members", _members(actor, row, on)),
            Section("What is spent", _spent(actor, year, on)),
            Section("What was bought", _bought(row, year)),
            Section("Uplifts", _uplifts(row, year)),
            Section("Beds kept together", _blocks(row, year)),
            Section("Quality", _quality(actor, year)),
            Section("Beds that two wanted", _turns(row, year)),
        ),
    )


def _within(year: Period) -> tuple[datetime, datetime]:
    """The moments of a year, for columns that hold moments."""
    first, last = (
        timezone.make_aware(datetime.combine(day, time())) for day in (year.start, year.closed_end)
    )
    return first, last - timedelta(microseconds=1)


def _members(actor: Actor, row: Consortium, on: date) -> tuple[Block, ...]:
    names = list(Authority.objects.filter(consortium=row).order_by("name").values_list("pk", "name"))
    shares = {kind: set(sharing_authorities(actor, kind, on)) | {actor.authority_id} for kind, _ in KINDS}
    head = ("Member", *(words for _, words in KINDS))
    rows = tuple(
        (name, *("Shares" if key in shares[kind] else "–" for kind, _ in KINDS)) for key, name in names
    )
    return (
        Words(
            "What is counted below is counted over those members only that share it by an agreement in force."
        ),
        Grid(f"{len(names)} members", head, rows),
    )


def _spent(actor: Actor, year: Period, on: date) -> tuple[Block, ...]:
    whose = who_shares(actor, "prices", on)
    with as_system():
        held = standing(AgreedPrice.objects.filter(authority_id__in=whose), on).order_by()
        by_route = {
            route: (many, pence)
            for route, many, pence in held.values_list("route").annotate(
                Count("id"), total=Sum("weekly_pence")
            )
        }
        new = AgreedPrice.objects.filter(
            authority_id__in=whose, starts_on__gte=year.start, starts_on__lt=year.end
        ).count()
    whole = sum(pence for _, pence in by_route.values())
    rows = [
        (ROUTES[route], str(many), pounds(pence), f"{pence / whole:.0%}" if whole else "–")
        for route, (many, pence) in sorted(by_route.items())
    ]
    rows.append(
        ("All", str(sum(many for many, _ in by_route.values())), pounds(whole), "100%" if whole else "–")
    )
    providers = [
        (one.provider, str(one.authorities), str(one.placements), pounds(one.weekly_pence))
        for one in spending(bought(actor, on), MOST_PROVIDERS).first
    ]
    return (
        Words(f"On {on:%-d %B %Y}. {new} prices were agreed in the year. What is not on a framework or a block is spot."),
        Grid("A week, by route", ("Route", "Placements", "A week", "Share"), tuple(rows), (1, 2, 3), has_total=True),
        _grid(f"Largest providers, of {FEWEST} placements or more", ("Provider", "Members", "Placements", "A week"), providers,
              (1, 2, 3), "No provider has five placements or more."),
    )  # fmt: skip


def _bought(row: Consortium, year: Period) -> tuple[Block, ...]:
    moments = _within(year)
    applied = Application.objects.filter(consortium=row, applied_at__range=moments)
    decided = Counter(
        Application.objects.filter(consortium=row, decided_at__range=moments).values_list("state", flat=True)
    )
    awarded = Tender.objects.filter(consortium=row, awarded_at__range=moments).order_by("awarded_at", "id")
    won = {
        one.tender_id: str(one.provider)
        for one in Answered.objects.filter(tender__in=awarded, is_winner=True).select_related("provider")
    }
    rows = [
        (
            one.title,
            TENDER_ROUTES[one.route],
            won.get(one.pk, "–"),
            str(one.places),
            GROUNDS.get(one.ground, "Competition"),
        )
        for one in awarded
    ]
    facts = (
        ("Applications to frameworks and markets", str(applied.count())),
        ("Admitted", str(decided["admitted"])), ("Refused", str(decided["refused"])),
    )  # fmt: skip
    head = ("Award", "Route", "To", "Places", "On what ground")
    return (Facts(facts), _grid("Awards", head, rows, (3,), "Nothing was awarded."))


def _uplifts(row: Consortium, year: Period) -> tuple[Block, ...]:
    decided = UpliftRequest.objects.filter(consortium=row, decided_at__range=_within(year)).select_related(
        "provider"
    )
    rows, saved = [], 0
    for one in decided.order_by("decided_at", "id"):
        agreed = one.agreed_basis_points
        saved += one.saved_pence_year or 0
        given = percentage(agreed) if agreed is not None else "Refused"
        rows.append(
            (str(one.provider), percentage(one.asked_basis_points), given, pounds(one.saved_pence_year or 0))
        )
    if rows:
        rows.append(("All", "", "", pounds(saved)))
    words = "What the members do not pay in a year of what was asked, at the prices of the day of asking."
    head = ("Provider", "Asked", "Agreed", "Not paid in a year")
    grid = _grid("Requests decided", head, rows, (1, 2, 3), "No request was decided.", has_total=bool(rows))
    return (Words(words), grid)


def _blocks(row: Consortium, year: Period) -> tuple[Block, ...]:
    with as_system():
        made = BlockSettlement.objects.filter(
            consortium=row, state="agreed", month__gte=year.start, month__lt=year.end
        )
        found = list(
            made.select_related("block__setting").prefetch_related("shares").order_by("block__name", "month")
        )
    months: dict[int, list[BlockSettlement]] = {}
    for one in found:
        months.setdefault(one.block_id, []).append(one)
    rows = [_block_row(each) for each in months.values()]
    head = ("Block", "Months signed", "Bed nights", "Filled", "Cost", "Risk or reward")
    return (
        _grid(
            "Blocks, by the months that all signed",
            head,
            rows,
            (1, 2, 3, 4, 5),
            "No month of a block was signed.",
        ),
    )


def _block_row(made: list[BlockSettlement]) -> tuple[str, ...]:
    nights = sum(one.bed_nights for one in made)
    filled = sum(share.nights + share.handed_nights for one in made for share in one.shares.all())
    block = made[0].block
    return (
        f"{block.name}, {block.setting.name}", str(len(made)), f"{nights:,}", f"{filled / nights:.0%}" if nights else "–",
        pounds(sum(one.cost_pence for one in made)), pounds(sum(one.risk_pence for one in made)),
    )  # fmt: skip


def _quality(actor: Actor, year: Period) -> tuple[Block, ...]:
    moments = _within(year)
    raised = Counter(concerns(actor).filter(raised_at__range=moments).values_list("grade", flat=True))
    standing_now = Counter(concerns(actor).exclude(state="lifted").values_list("grade", flat=True))
    grid = tuple(
        (f"{grade}. {words}", str(raised[grade]), str(standing_now[grade])) for grade, words in GRADES.items()
    )
    done = visits(actor).filter(state="done", visited_on__gte=year.start, visited_on__lt=year.end)
    # A visit that members made together counts once.
    done = done.exclude(joined__in=done.values("pk"))
    judged = Counter(done.values_list("judgement", flat=True))
    held = forums(actor).filter(state="held", held_on__gte=year.start, held_on__lt=year.end).count()
    facts = [("Forums of concerns held", str(held)), ("Visits written up, own and shared", str(done.count()))]
    facts += [(f"– {words.lower()}", str(judged[code])) for code, words in JUDGEMENTS.items()]
    return (
        Grid("Concerns that are shared", ("Grade", "Raised in the year", "Standing now"), grid, (1, 2)),
        Facts((*facts, ("Outcomes achieved at reviews", _outcomes(actor, year)))),
    )


def _outcomes(actor: Actor, year: Period) -> str:
    """Of all outcomes that reviewing officers scored, how many were achieved, over members that share what they know."""
    whose = who_shares(actor, "providers", year.start)
    with as_system():
        rows = OutcomeScore.objects.filter(
            authority_id__in=whose, side="reviewing_officer", at__range=_within(year)
        )
        many, achieved = rows.count(), rows.filter(half_points=ACHIEVED).count()
    return f"{achieved} of {many}" if many >= FEWEST else "Fewer than five were scored"


def _turns(row: Consortium, year: Period) -> tuple[Block, ...]:
    settled: QuerySet[BedTurn] = BedTurn.objects.filter(consortium=row, decided_at__range=_within(year))
    by_member = settled.order_by().values_list("authority__name").annotate(n=Count("id"))
    rows = [(name, str(many)) for name, many in sorted(by_member)]
    empty = "No two members wanted one bed at the same time, or none was settled."
    return (_grid(f"{settled.count()} were settled by the rule", ("Went first", "Times"), rows, (1,), empty),)


def _grid(
    caption: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]], numbers: tuple[int, ...], empty: str, *,
    has_total: bool = False,
) -> Block:  # fmt: skip
    return Grid(caption, head, tuple(rows), numbers, has_total) if rows else Words(empty)
