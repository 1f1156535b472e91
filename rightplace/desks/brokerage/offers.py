"""The comparison: offers of a closed search side by side, best fit first; cost is shown whole and never ranks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from rightplace.core.matching.vocabulary import Grade
from rightplace.core.pricing import WholeCost
from rightplace.desks.components import parts
from rightplace.desks.components.markup import element, joined, link
from rightplace.desks.components.svg import Bar, Figure, bars
from rightplace.desks.components.tables import note_beside
from rightplace.desks.components.words import count, day, number
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.portal.offer_forms import KIND_WORDS
from rightplace.desks.portal.offers import attachment
from rightplace.foundation.access.roles import BROKER, TEAM_MANAGER
from rightplace.journey.offers import queries
from rightplace.journey.offers.lot_terms import OfferTerms, Purchase, terms_of_offers
from rightplace.journey.offers.queries import Answered, Compared, Comparison, Sealed
from rightplace.journey.offers.states import OFFER
from rightplace.journey.offers.usual import UsualPrice, usual_of_offers

CHOOSABLE = frozenset({"offers_in"})
PRECISION = {
    "sector": "measured to the postcode sector",
    "outward code": "measured to the postcode district",
    "constituency centre": "roughly: measured to the middle of its constituency",
    "authority centre": "roughly: measured to the middle of its authority",
}
FIT_WORDS = {
    "needs": "Needs it says it can meet",
    "distance": "Near the places that matter",
    "essential": "Essential criteria known to be met",
    "kind": "Kind of home",
    "belonging": "Language, faith and culture",
    "grade": "Inspection",
    "siblings": "Brothers and sisters together",
    "desirable": "Desirable criteria known to be met",
}


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside each price, by offer: what we usually pay, and what the framework agreed."""

    usual: Mapping[int, UsualPrice]
    terms: Mapping[int, OfferTerms]


def compare(request: HttpRequest, search_id: int) -> HttpResponse:
    """The offers side by side, or how many there are while they are sealed."""
    actor = actor_of(request)
    held = found(queries.offers_to_compare(actor, search_id, timezone.now()))
    back = reverse("social_work:request", args=[held.request_id])
    if isinstance(held, Sealed):
        known = {"sealed": held, "request_url": back, "may_type": actor.role == BROKER}
        return render(request, "brokerage/offers_sealed.html", known)
    may_choose = actor.role == TEAM_MANAGER and can_choose(held)
    today = timezone.localdate()
    beside = Beside(
        usual_of_offers(actor.authority_id, search_id, today),
        terms_of_offers(actor.authority_id, purchase_of(held), today),
    )
    known = {
        "held": held,
        "table": table(held, beside, may_choose=may_choose),
        "figure": cost_chart(held),
        "may_choose": may_choose,
        "is_choosable": can_choose(held),
        "request_url": back,
        "stay_words": stay_words(held),
    }
    return render(request, "brokerage/offers_compare.html", known)


def file(request: HttpRequest, search_id: int, file_id: int) -> HttpResponse:
    """Evidence of an offer, once the search has closed."""
    actor = actor_of(request)
    return attachment(found(queries.evidence_file(actor, search_id, file_id, timezone.now())))


def on_behalf(request: HttpRequest, search_id: int) -> HttpResponse:
    """Who was asked and has made no offer: a broker types what a home said by telephone."""
    actor = actor_of(request)
    text = request.GET.get("text", "")[:100].replace("\x00", "")
    rows = found(queries.invited_without_offer(actor, search_id, timezone.now(), text=text))
    return render(
        request, "brokerage/offers_on_behalf.html", {"rows": rows, "text": text, "search_id": search_id}
    )


def can_choose(held: Comparison) -> bool:
    """Whether an offer can be chosen now: the search has closed, or it is an emergency."""
    return held.request_state in CHOOSABLE or (held.is_emergency and held.request_state == "searching")


def essential_words(one: Compared) -> str:
    """How many of the essential criteria an offer meets."""
    return f"{one.essential_met} of {len(one.essential)} met" if one.essential else "None asked for"


def stay_words(held: Comparison) -> str:
    """Over which stay the costs are."""
    if held.stay is None:
        return ""
    everyone = "both children" if held.children == 2 else f"all {held.children} children"
    whose = f", for {everyone}" if held.children > 1 else ""
    return f"the expected stay of {held.stay.nights // 7} weeks from each offer’s start{whose}"


def cost_chart(held: Comparison) -> Figure | None:
    """The whole cost of each offer as bars with their table, in the order of fit."""
    rows = [Bar(one.home, one.cost.total_pence) for one in held.offers if one.cost]
    return bars(rows, "Whole cost by offer", unit="pounds") if rows else None


def table(held: Comparison, beside: Beside, *, may_choose: bool) -> parts.Comparison:
    """The comparison, a column for each offer, with what stands beside its price."""
    offers = held.offers
    actions = [_action(held, one) for one in offers] if may_choose else []
    lines: list[parts.Compared | parts.CompareSection] = []
    if actions:
        lines.append(parts.Compared("Decide", actions))
    for label, rows in (
        ("What the kind of home has to meet", _answers(offers, "kind_musts")),
        ("Essential criteria", _essential(offers)),
        ("Fit with this child", _fit(offers)),
        ("Cost", [*_cost(offers), *_usual(held, beside.usual), *_terms(held, beside.terms)]),
        ("Place and time", _place(held)),
        ("How the child would live", _living(offers)),
        ("Needs", _answers(offers, "needs")),
        ("Desirable criteria", _answers(offers, "desirable")),
        ("Outcomes hoped for", _answers(offers, "outcomes")),
        ("Check", _checks(held)),
    ):
        lines += [parts.CompareSection(label), *rows] if rows else []
    return parts.Comparison("Offers side by side", [_option(one) for one in offers], lines, actions)


def _option(one: Compared) -> parts.Option:
    badge = "Own carers" if one.is_own else ""
    words = f"{one.provider}, {one.reference}" if not one.is_own else one.reference
    return parts.Option(one.home, words, badge=badge)


def _action(held: Comparison, one: Compared) -> SafeString:
    if one.state != "submitted":
        return SafeString("")
    url = reverse("social_work:choose", args=[held.request_id, one.offer_id])
    return link(
        url, joined(["Choose ", element("span", one.home, class_="govuk-visually-hidden"), "this offer"])
    )


def _essential(offers: tuple[Compared, ...]) -> list[parts.Compared]:
    total = max((len(one.essential) for one in offers), default=0)
    if not total:
        return []
    values = [essential_words(one) for one in offers]
    best = [place for place, one in enumerate(offers) if not one.unmet]
    return [
        parts.Compared("All together", values, best=best if len(best) < len(offers) else ()),
        *_answers(offers, "essential"),
    ]


def _answers(offers: tuple[Compared, ...], name: str) -> list[parts.Compared]:
    """A line for each topic, with each offer's answer."""
    held = [{one.words: one for one in getattr(offer, name)} for offer in offers]
    topics = dict.fromkeys(words for answers in held for words in answers)
    return [parts.Compared(words, [_answer(answers.get(words)) for answers in held]) for words in topics]


def _answer(one: Answered | None) -> object:
    if one is None or (one.is_met is None and not one.how.strip()):
        return "Not said"
    met = {True: "Met", False: "Not met", None: ""}[one.is_met]
    if not met:
        return one.how
    class_ = "rp-met rp-met--met" if one.is_met else "rp-met rp-met--not-met"
    return (
        note_beside(element("span", met, class_=class_), one.how)
        if one.how
        else element("span", met, class_=class_)
    )


def _fit(offers: tuple[Compared, ...]) -> list[parts.Compared]:
    scores = [one.score for one in offers]
    top = max((score for score in scores if score is not None), default=None)
    best = [place for place, score in enumerate(scores) if score is not None and score == top]
    whole = parts.Compared(
        "Fit, of 100",
        [None if score is None else number(score) for score in scores],
        best=best,
        note="by the criteria below",
    )
    held = [{row["code"]: row for row in one.reasons if row.get("of")} for one in offers]
    codes = [code for code in FIT_WORDS if any(code in rows for rows in held)]
    return [
        whole,
        *(parts.Compared(FIT_WORDS[code], [_points(rows.get(code)) for rows in held]) for code in codes),
    ]


def _points(row: dict[str, object] | None) -> object:
    if row is None:
        return None
    return note_beside(f"{number(float(str(row['points'])))} of {row['of']} points", row["words"])


def _cost(offers: tuple[Compared, ...]) -> list[parts.Compared]:
    costs = [one.cost for one in offers]
    years = sorted({year for cost in costs if cost for year in cost.by_financial_year})
    kinds = [kind for kind in KIND_WORDS if any(cost and kind in cost.by_kind for cost in costs)]
    lines = [
        parts.Compared(
            "Whole cost",
            [cost.total_pence if cost else None for cost in costs],
            "money",
            note="over the expected stay",
        ),
        parts.Compared(
            "Spread evenly, a week",
            [cost.weekly_equivalent_pence if cost else None for cost in costs],
            "money",
        ),
    ]
    lines += [parts.Compared(f"In {year}", [_part(cost, year) for cost in costs], "money") for year in years]
    return lines + [
        parts.Compared(f"Of which {KIND_WORDS[kind].lower()}", [_kind(cost, kind) for cost in costs], "money")
        for kind in kinds
    ]


def _usual(held: Comparison, usual: Mapping[int, UsualPrice]) -> list[parts.Compared]:
    """Where each price stands beside what we pay for a need like this; nothing where we have too few prices to say."""
    if not usual:
        return []
    values = [_beside_usual(held, one, usual.get(one.offer_id)) for one in held.offers]
    return [
        parts.Compared("Beside what we usually pay", values, note="a week for one child; it ranks no offer")
    ]


def _beside_usual(held: Comparison, one: Compared, usual: UsualPrice | None) -> object:
    weekly = None if one.cost is None else one.cost.weekly_equivalent_pence
    if usual is None or weekly is None:
        return "Paid by our rates" if one.is_own else "Too few prices to say"
    return note_beside(usual.reading(weekly // max(held.children, 1)), usual.words)


def purchase_of(held: Comparison) -> Purchase:
    """What is bought: children together, for the weeks of the expected stay."""
    weeks = held.stay.nights // 7 if held.stay is not None else 0
    return Purchase(held.search_id, held.children, weeks)


def _terms(held: Comparison, terms: Mapping[int, OfferTerms]) -> list[parts.Compared]:
    """Whether each price keeps to what its framework agreed; nothing where no framework says anything."""
    if not terms:
        return []
    values = [_beside_terms(held, one, terms.get(one.offer_id)) for one in held.offers]
    return [parts.Compared("Beside the framework’s terms", values, note="a week for one child")]


def _beside_terms(held: Comparison, one: Compared, terms: OfferTerms | None) -> object:
    cost = one.cost
    if terms is None or cost is None or cost.weekly_equivalent_pence is None:
        return "Paid by our rates" if one.is_own else "No terms to compare"
    weekly = cost.weekly_equivalent_pence // max(held.children, 1)
    return note_beside(terms.reading(weekly, cost.by_kind.get("discount", 0) < 0), terms.words)


def _part(cost: WholeCost | None, year: str) -> int | None:
    return cost.by_financial_year.get(year) if cost else None


def _kind(cost: WholeCost | None, kind: str) -> int | None:
    return cost.by_kind.get(kind) if cost else None


def _place(held: Comparison) -> list[parts.Compared]:
    offers = held.offers
    miles = [one.miles for one in offers]
    least = min((one for one in miles if one is not None), default=None)
    best = [place for place, one in enumerate(miles) if one is not None and one == least]
    return [
        parts.Compared(
            "Distance",
            [_distance(one) for one in offers],
            note="from home, straight line",
            best=best if len(offers) > 1 else (),
        ),
        parts.Compared(
            "Start",
            [_start(one, held) for one in offers],
            note=f"needed by {day(held.needed_by)}" if held.needed_by else "",
        ),
        parts.Compared("Stands until", [day(one.open_until) or "Not said" for one in offers]),
        parts.Compared("Registration", [one.registration for one in offers]),
        parts.Compared("Inspection", [_grade(one) for one in offers]),
    ]


def _distance(one: Compared) -> object:
    if one.miles is None:
        return "Not known"
    return note_beside(
        "1 mile" if one.miles == 1 else f"{number(one.miles)} miles", PRECISION.get(one.located_by, "")
    )


def _start(one: Compared, held: Comparison) -> object:
    if one.starts_on is None:
        return "Not said"
    late = (one.starts_on - held.needed_by).days if held.needed_by else 0
    note = f"{count(late, 'day')} late" if late > 0 else "in time"
    return note_beside(day(one.starts_on), note if held.needed_by else "")


def _grade(one: Compared) -> object:
    if one.is_own:
        return "Reviewed by the authority"
    return note_beside(
        Grade.words_for(one.grade) if one.grade else "No grade",
        f"inspected {day(one.graded_on)}" if one.graded_on else "date not known",
    )


def _living(offers: tuple[Compared, ...]) -> list[parts.Compared]:
    return [
        parts.Compared(label, [getattr(one, name) or "Not said" for one in offers])
        for label, name in (
            ("Support", "support"),
            ("Education", "education"),
            ("Who else lives there", "others_at_home"),
        )
    ]


def _checks(held: Comparison) -> list[parts.Compared]:
    offers = held.offers
    lines = [
        parts.Compared("Still to ask", [_list(one.missing) for one in offers]),
        parts.Compared("Evidence", [_evidence(held, one) for one in offers]),
        parts.Compared("State", [OFFER.states[one.state] for one in offers]),
    ]
    if any(one.is_on_behalf for one in offers):
        lines.append(
            parts.Compared(
                "Typed by",
                ["A broker, on behalf" if one.is_on_behalf else "Those who offer" for one in offers],
            )
        )
    if any(one.feedback for one in offers):
        lines.append(parts.Compared("Told why not", [one.feedback for one in offers]))
    return lines


def _list(words: tuple[str, ...]) -> str:
    said = "; ".join(words)
    return f"{said[:1].upper()}{said[1:]}" if said else "Nothing"


def _evidence(held: Comparison, one: Compared) -> object:
    if not one.evidence:
        return "None"
    links = (
        element("div", link(reverse("brokerage:search_offer_file", args=[held.search_id, key]), name))
        for key, name in one.evidence
    )
    return joined(links)
