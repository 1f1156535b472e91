"""What the pages of a search show: tiles, tabs, map, rows with their reasons. Values in, page parts out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from rightplace.core.calendar import working_days_between
from rightplace.core.matching.vocabulary import HomeKind, NeedKind
from rightplace.desks.components import maps, parts
from rightplace.desks.components.svg import Figure
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import count, day, moment, number
from rightplace.desks.layout.navigation import opens_for
from rightplace.foundation.reference.boundaries import districts_of, with_neighbours
from rightplace.foundation.reference.calendar import holidays
from rightplace.journey.requests.child_files import age_of
from rightplace.journey.search.kind_musts import kind_musts
from rightplace.journey.search.models import Candidate, Invitation, Search
from rightplace.journey.search.planning import STRATEGY_WORDS
from rightplace.journey.search.queries import SearchFile
from rightplace.journey.search.reasons import DECLINE_REASONS
from rightplace.journey.search.states import INVITATION, SEARCH
from rightplace.register.occupancy import LikeNeeds

MAP_HOMES = 15
NEARBY = 12.0
KINDS = {"foster": "carer", "residential": "home", "supported": "supported", "secure": "secure"}


def tabs(file: SearchFile, current: str, role: str) -> list[parts.NavItem]:
    """The pages of one search that open for this role."""
    number_of = {
        "search": None,
        "search_own": file.own_eligible,
        "search_homes": file.market_eligible,
        "search_left_out": file.own_excluded + file.market_excluded,
        "search_asked": file.invited,
        "search_offers": file.by_state.get("offered", 0),
        "search_questions": len(file.questions),
    }
    labels = ("Overview", "Own carers", "Homes", "Left out", "Asked", "Offers", "Questions")
    items = [
        parts.NavItem(label, reverse(f"brokerage:{name}", args=[file.row.pk]), name == current, found)
        for label, (name, found) in zip(labels, number_of.items(), strict=True)
    ]
    return [item for item in items if opens_for(item.url, role)]


def tiles(file: SearchFile) -> list[parts.Tile]:
    """The search at a glance."""
    states, pk = file.by_state, file.row.pk
    asked = reverse("brokerage:search_asked", args=[pk])
    waiting = states.get("sent", 0) + states.get("seen", 0)
    is_sealed = file.row.closed_at is None and not file.request.is_emergency
    sealed = "sealed until the search closes" if is_sealed else ""
    return [
        parts.Tile("Asked", file.invited, f"{states.get('seen', 0)} opened, not answered", asked),
        parts.Tile("Offers made", states.get("offered", 0), sealed, f"{asked}?state=offered"),
        parts.Tile("Declined", states.get("declined", 0), "with their reasons", f"{asked}?state=declined"),
        parts.Tile("Not answered", waiting, "remind them before closing" if waiting else "", asked, tone_of(waiting)),
        parts.Tile(
            "Questions to answer", file.unanswered_questions, f"of {count(len(file.questions), 'question')}",
            reverse("brokerage:search_questions", args=[pk]), tone_of(file.unanswered_questions),
        ),
    ]  # fmt: skip


def facts(file: SearchFile) -> list[parts.SummaryRow]:
    """How the search is run."""
    row = file.row
    rows = [
        parts.SummaryRow("State", SEARCH.states[row.state], note=row.stop_reason),
        parts.SummaryRow("Strategy", STRATEGY_WORDS.get(row.strategy, row.strategy), note=_override(row)),
        parts.SummaryRow("Opened", moment(row.opened_at), note=f"by {row.broker}"),
    ]
    if row.own_until:
        rows.append(parts.SummaryRow("Own carers alone until", moment(row.own_until)))
    if row.market_opened_at:
        rows.append(parts.SummaryRow("All providers asked", moment(row.market_opened_at)))
    closing = ("Closed", moment(row.closed_at)) if row.closed_at else ("Closes", moment(row.closes_at))
    return [*rows, parts.SummaryRow(*closing), parts.SummaryRow("Needed by", day(file.request.needed_by))]


def musts_asked(file: SearchFile) -> list[parts.SummaryRow]:
    """By kind of home what each of its offers has to meet, as its kind of service asked it when the search was opened."""
    on = timezone.localdate(file.row.opened_at)
    ages = [age_of(one.child, on) for one in file.request.children.select_related("child")]
    return [
        parts.SummaryRow(HomeKind.words_for(kind), "; ".join(one["words"] for one in musts))
        for kind, musts in kind_musts(file.row.authority_id, on, ages).items()
        if musts
    ]


def _override(row: Search) -> str:
    if not row.override_reason:
        return "as suggested"
    suggested = STRATEGY_WORDS.get(row.suggested_strategy, row.suggested_strategy).lower()
    return f"Suggested was: {suggested}. Reason: {row.override_reason}"


def tone_of(waiting: int) -> str:
    """A tile needs care when something waits in it."""
    return "care" if waiting else "plain"


def happenings(file: SearchFile, now: datetime) -> list[parts.Happening]:
    """The journey of the search as a timeline, what comes next included."""
    row = file.row
    own = (
        f"{count(file.own_eligible, 'household')} asked"
        if file.own_eligible
        else "no household could be asked"
    )
    steps = [
        parts.Happening("Search opened", row.opened_at, str(row.broker)),
        parts.Happening("Own carers asked", row.opened_at, detail=own),
    ]
    if row.market_opened_at:
        homes = count(max(file.invited - file.own_eligible, 0), "home")
        steps.append(
            parts.Happening(
                "All eligible providers asked", row.market_opened_at, detail=f"{homes} at the same time"
            )
        )
    elif row.own_until:
        steps.append(parts.Happening("All eligible providers are asked", row.own_until, state="todo"))
    if row.state == "stopped":
        return [*steps, parts.Happening("Stopped", row.closed_at, detail=row.stop_reason, state="problem")]
    closed = row.closed_at is not None
    steps.append(
        parts.Happening(
            "Closed" if closed else "Closes",
            row.closed_at or row.closes_at,
            state="done" if closed else "todo",
        )
    )
    return [*steps, parts.Happening("Offers compared and one chosen", state="todo")]


def home_map(file: SearchFile, shown: Sequence[Candidate], own_code: str) -> Figure | None:
    """The homes of the first ranks on the boundaries, with rings of distance around the child's home area."""
    places = [place for row in shown if (place := _place(row)) is not None][:MAP_HOMES]
    if file.centre is None or not places:
        return None
    areas = maps.areas_from(
        districts_of(with_neighbours(with_neighbours([own_code]))), own=[own_code], code="authority"
    )
    reach = max(NEARBY, *(place.miles or 0 for place in places)) * 1.08
    rings = [miles for miles in (2, 5, 10, 20, 40, 80) if miles <= reach][-3:]
    title = "Where they are from the child’s home area"
    return maps.place_map(
        areas, places, title, (file.centre.longitude, file.centre.latitude), rings, min(reach, 90)
    )


def _place(row: Candidate) -> maps.Place | None:
    at = row.household or row.setting
    if at is None or at.latitude is None or at.longitude is None:
        return None
    kind = "carer" if row.household else KINDS.get(row.setting.kind if row.setting else "", "home")
    url = reverse("brokerage:search_option", args=[row.search_id, row.pk])
    return maps.Place(name_of(row), at.longitude, at.latitude, kind, row.miles, f"fit {fit(row)}", url)


def name_of(row: Candidate | Invitation) -> str:
    """What a household or home is called on the broker's pages; names the register withholds say so."""
    if row.household is not None:
        return f"{row.household.carers} ({row.household.reference})"
    setting = row.setting
    if setting is None:
        return ""
    return f"{setting.provider.name}: home {setting.urn}" if setting.is_name_withheld else setting.name


def kind_of(row: Candidate | Invitation) -> str:
    """Which kind of home it is."""
    return (
        "Own carers"
        if row.household is not None
        else HomeKind.words_for(row.setting.kind if row.setting else "")
    )


def fit(row: Candidate) -> str:
    """The fit out of 100, as written."""
    return "" if row.score is None else number(float(row.score))


def distance(row: Candidate) -> str:
    """Straight-line miles, with how exactly the place is known where that is coarse."""
    if row.miles is None:
        return "not known"
    coarse = f" (to the {row.located_by})" if "centre" in row.located_by else ""
    return f"{number(row.miles)} miles{coarse}"


def where_of(row: Candidate) -> str:
    """How far, what kind of home, and in whose area: one line."""
    area = row.setting.local_authority if row.setting else ""
    return " · ".join(filter(None, (distance(row), kind_of(row), area)))


def why(row: Candidate) -> list[parts.Reason]:
    """The contribution of each criterion, as the weighing explained it."""
    return [parts.Reason(one["words"], one["points"], one["of"]) for one in row.explanation if one.get("of")]


LIKE_NEEDS = (
    Column("Need", lambda row: NeedKind.words_for(row.need)),
    Column("Children", "children", "number"),
    Column("Nights", "nights", "number"),
    Column("Broke down", lambda row: row.broke_down or "none"),
)


def like_needs_table(rows: Sequence[LikeNeeds]) -> Table | None:
    """Which of the child's needs the home has cared for, by the authority's own placements; None where it has for none."""
    caption = "Needs like these, cared for here"
    return Table(LIKE_NEEDS, rows, caption, id="like-needs", hide_caption=True) if rows else None


def to_ask(row: Candidate) -> list[str]:
    """What is not known and should be asked before placing."""
    return [one["ask"] for one in row.explanation if one.get("ask")]


def ranked_by(row: Search) -> str:
    """By which policy homes were ranked, and how steady the first are."""
    if not row.ranked_by:
        return ""
    which = (
        f"the matching policy from {day(row.policy.starts_on)}" if row.policy else "the product’s own policy"
    )
    return f"Ranked by {which}. {row.steadiness}".strip()


def against(row: Candidate) -> list[parts.Reason]:
    """Each rule that left a home out, and whether it may be set aside."""
    return [
        parts.Reason(one.words, met=False, note="" if one.may_waive else "Law or safety: cannot be set aside")
        for one in row.exclusions.all()
    ]


def waiting_searches(rows: Iterable[Search], now: datetime) -> list[parts.Waiting]:
    """Searches that run now, as things that wait on the broker's desk, with working days until they close."""
    today = timezone.localdate(now)
    found = []
    for row in rows:
        closes_on = timezone.localdate(row.closes_at)
        asked = f"{getattr(row, 'asked', 0)} asked, {getattr(row, 'offered', 0)} offers, {getattr(row, 'declined', 0)} declined"
        left = working_days_between(today, closes_on, holidays())
        url = reverse("brokerage:search", args=[row.pk])
        found.append(
            parts.Waiting(
                f"Search for {row.request.reference}", url, asked, closes_on, row.state, "Open", left
            )
        )
    return found


def invitation_state(row: Invitation) -> tuple[str, str]:
    """The state of an invitation with the words of its table."""
    return row.state, INVITATION.states[row.state]


def declined_because(row: Invitation) -> str:
    """The reasons of a decline in words."""
    words = [DECLINE_REASONS.get(code, code) for code in row.decline_reasons]
    return "; ".join([*words, row.decline_words] if row.decline_words else words)


def lead_of(file: SearchFile) -> str:
    """How the search stands, in a sentence."""
    row = file.row
    if row.state == "own_carers" and row.own_until:
        window, closing = moment(row.own_until), moment(row.closes_at)
        return f"Own carers are asked alone until {window}; then all eligible providers. Closes {closing}."
    if row.state == "market":
        return f"Own carers and all eligible providers are asked. Closes {moment(row.closes_at)}."
    if row.state == "stopped":
        return f"Stopped {moment(row.closed_at)}: {row.stop_reason}"
    return f"Closed {moment(row.closed_at)}. Offers can be compared."
