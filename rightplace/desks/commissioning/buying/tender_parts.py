"""What the page of a tender shows at each stage: criteria, evaluators, what was tendered, scores, result and its steadiness."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from rightplace.core.buying.award import Room, rooms, steady_words
from rightplace.desks.components.parts import NavItem, SummaryRow
from rightplace.desks.components.svg import Figure, Stack, stacked_bars
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import count, day, moment
from rightplace.desks.layout.record import Button, Part, Record
from rightplace.exchange.ocds.publishing import kinds_due
from rightplace.foundation.access.actor import Actor
from rightplace.register.buying import queries, scoring, tenders
from rightplace.register.buying.models import Answered, Moderated, Score, Tender
from rightplace.register.buying.states import TENDER
from rightplace.register.buying.words import GROUNDS, RELEASE_KINDS, TENDER_ROUTES

FORMS = (
    ("add_criterion", "Add a criterion"), ("name_evaluator", "Name an evaluator"), ("cancel_tender", "Cancel"),
)  # fmt: skip
BUTTONS = (
    ("open_tender", "Open it"),
    ("begin_scoring", "Open what was tendered"),
    ("begin_moderation", "Begin the moderation"),
)


def tender_url(tender_id: int) -> str:
    """The page of a tender."""
    return reverse("commissioning:tender", args=[tender_id])


def _at(verb: str, *keys: int) -> str:
    return reverse(f"commissioning:{verb}", args=keys)


def record(actor: Actor, row: Tender) -> Record:
    """One tender as its page shows it to this person."""
    verbs = {one.verb for one in TENDER.open_to(state=row.state, role=actor.role)}
    buttons = [
        Button(_at(verb, row.pk), label, row.version, "primary") for verb, label in BUTTONS if verb in verbs
    ]
    links = [NavItem(label, _at(verb, row.pk)) for verb, label in FORMS if verb in verbs]
    if row.state == "moderating" and "award_tender" in verbs:
        links = [NavItem("Award", _at("award_tender", row.pk)), *links]
    parts = [
        Part(summary=_summary(row)),
        *_judging(row, "take_off_criterion" in verbs),
        *_stage(actor, row, verbs),
    ]
    return Record(
        row.title,
        "Tenders",
        reverse("commissioning:tenders"),
        caption=row.reference,
        lead=row.about,
        state=(row.state, TENDER.states[row.state]),
        links=links,
        buttons=buttons,
        parts=[*parts, *_notices(row, bool(verbs) or row.state in ("awarded", "cancelled"))],
    )


def _summary(row: Tender) -> list[SummaryRow]:
    lot = f"{row.lot.framework.name}, {row.lot.name}" if row.lot else "none"
    known = [
        SummaryRow("Route", TENDER_ROUTES[row.route]),
        SummaryRow("Led by", row.lead.name),
        SummaryRow("Lot", lot),
        SummaryRow("Contract", f"{count(row.places, 'place')}, {day(row.starts_on)} to {day(row.ends_on)}"),
    ]
    if row.closes_at:
        known.append(
            SummaryRow(
                "Closes",
                moment(row.closes_at),
                note=f"{count(queries.how_many_tendered(row), 'tender')} submitted",
            )
        )
    if row.ground:
        known.append(SummaryRow("Ground", GROUNDS[row.ground], note=row.reason))
    elif row.reason:
        known.append(SummaryRow("Why it was cancelled", row.reason))
    return known


def _judging(row: Tender, may_change: bool) -> list[Part]:
    if row.route == "direct":
        return []
    weights = [
        (one.pk, one.name, one.weight, one.least if not one.is_cost else None, one.about)
        for one in row.criteria.all()
    ]
    columns = [
        Column("Criterion", lambda one: one[1]), Column("Weight", lambda one: one[2], "number"),
        Column("Least points", lambda one: one[3], "number"), Column("What is looked for", lambda one: one[4]),
    ]  # fmt: skip
    people = Table(
        (Column("Who", lambda one: str(one)), Column("Finished", "finished_at", "moment")),
        row.evaluators.select_related("user"), "Who scores", id="evaluators", empty="Nobody is named.", hide_caption=True,
    )  # fmt: skip
    total = sum(one[2] for one in weights)
    words = "" if total == 100 else f"The weights add up to {total}; they have to be 100."
    removing = (
        [
            Button(_at("take_off_criterion", row.pk, one[0]), f"Take off “{one[1]}”", row.version)
            for one in weights
        ]
        if may_change
        else []
    )
    table = Table(
        columns,
        weights,
        "Criteria",
        id="criteria",
        empty="None yet.",
        totals={"Weight": total},
        hide_caption=True,
    )
    return [Part("Criteria", words=words, table=table, buttons=removing), Part("Who scores", table=people)]


def _stage(actor: Actor, row: Tender, verbs: set[str]) -> list[Part]:
    if row.state in ("draft", "open", "cancelled"):
        return []
    if row.state == "evaluating":
        return _to_score(actor, row, verbs)
    if row.state == "moderating":
        return [*_to_moderate(row, verbs), *_standing(row)]
    return _result(row)


def _to_score(actor: Actor, row: Tender, verbs: set[str]) -> list[Part]:
    mine = queries.evaluator(actor, row)
    given = {one.answered_id for one in queries.scores_seen(actor, row).filter(user_id=actor.user_id or 0)}
    can = mine is not None and mine.finished_at is None and "score_tender" in verbs
    columns = (
        Column("Provider", lambda one: one.provider.name, link=lambda one: _at("score_tender", row.pk, one.pk) if can else ""),
        Column("Submitted", "submitted_at", "moment"),
        Column("You", lambda one: ("done", "Scored") if one.pk in given else ("waiting", "To be scored"), "status"),
    )  # fmt: skip
    tendered = queries.tendered(actor, row)
    table = Table(
        columns if can else columns[:2],
        tendered,
        "What was tendered",
        id="tendered",
        empty="Nobody tendered.",
        hide_caption=True,
    )
    finish = [Button(_at("finish_scoring", row.pk), "I have finished: my scores stand")] if can else []
    words = "" if mine else "Those who were named score it, each alone."
    return [Part("What was tendered", words=words, table=table, buttons=finish)]


def _to_moderate(row: Tender, verbs: set[str]) -> list[Part]:
    """Everyone's points beside each other, with what was agreed on."""
    given: dict[tuple[int, int], list[Score]] = {}
    for one in Score.objects.filter(tender=row).select_related("user").order_by("user_id"):
        given.setdefault((one.answered_id, one.criterion_id), []).append(one)
    agreed = {
        (one.answered_id, one.criterion_id): one for one in Moderated.objects.filter(answered__tender=row)
    }
    names = dict(Answered.objects.filter(tender=row).values_list("pk", "provider__name"))
    criteria = {one.pk: one.name for one in row.criteria.all()}
    rows = [
        (
            names[key[0]],
            criteria[key[1]],
            ", ".join(f"{one.user.get_full_name()} {one.points}" for one in scores),
            agreed.get(key),
            key,
        )
        for key, scores in sorted(given.items(), key=lambda pair: (names[pair[0][0]], pair[0][1]))
    ]
    may = "moderate_points" in verbs
    columns = (
        Column("Provider", lambda one: one[0]),
        Column("Criterion", lambda one: one[1]),
        Column("Given", lambda one: one[2]),
        Column("Agreed on", lambda one: one[3].points if one[3] else None, "number"),
        Column(
            "Why",
            lambda one: one[3].reason if one[3] else "",
        ),
        Column(
            "Moderate",
            lambda one: "Moderate" if may else "",
            link=lambda one: _at("moderate", row.pk, *one[4]) if may else "",
        ),
    )
    return [Part("Moderation", table=Table(columns, rows, "Moderation", id="moderation", hide_caption=True))]


def _standing(row: Tender) -> list[Part]:
    """Who leads as the points now stand, each weight's share in a picture, and how steady that is."""
    if left := scoring.points_left(row):
        words = f"{count(left, 'score')} to be agreed. Who leads is shown when all are."
        return [Part("As it stands", words=words)]
    ranked = scoring.results(row)
    if not ranked:
        return []
    names = dict(Answered.objects.filter(tender=row).values_list("pk", "provider__name"))
    weights = tenders.weighted(row)
    return [Part("As it stands", figure=_figure(weights, ranked, names)), steadiness(rooms(weights, ranked))]


def _figure(weights: Any, ranked: Any, names: dict[int, str]) -> Figure:
    data = [
        Stack(
            f"{place}. {names[one.key]}",
            [round(float(one.shares[each.code]) * each.weight, 1) for each in weights],
        )
        for place, one in enumerate(ranked, 1)
    ]
    return stacked_bars(data, [one.name for one in weights], "Points of a hundred, by criterion")


def steadiness(found: tuple[Room, ...]) -> Part:
    """Between which weights the same provider wins."""
    rows = [(one.name, one.weight, _side(one.lowest), _side(one.highest)) for one in found]
    columns = (
        Column("Criterion", lambda one: one[0]), Column("Weight", lambda one: one[1], "number"),
        Column("Somebody else wins below", lambda one: one[2]), Column("or above", lambda one: one[3]),
    )  # fmt: skip
    table = Table(columns, rows, "How steady the result is", id="steady", hide_caption=True)
    return Part("How steady the result is", words=steady_words(found), table=table)


def _side(value: Any) -> str:
    return "" if value is None else f"{float(value):.1f}"


def _result(row: Tender) -> list[Part]:
    known = (
        Answered.objects.filter(tender=row, state="submitted")
        .select_related("provider")
        .order_by("place", "id")
    )
    columns = (
        Column("Place", "place", "number"), Column("Provider", "provider.name"),
        Column("Points of 100", lambda one: one.total / 100 if one.total is not None else None, "number"),
        Column("Whole cost", lambda one: scoring.cost_of(row, one), "pounds"), Column("A place a week", "weekly_pence", "money"),
        Column("Feedback", "feedback"),
    )  # fmt: skip
    table = Table(columns, known, "The result", id="result", hide_caption=True)
    parts = [Part("The award", table=table)]
    return parts if row.route == "direct" else [*parts, *_standing(row)]


def _notices(row: Tender, may_publish: bool) -> list[Part]:
    columns = (
        Column("Notice", lambda one: RELEASE_KINDS[one.kind], link=lambda one: reverse("commissioning:release", args=[one.pk])),
        Column("Published", "published_at", "moment"), Column("Number", "number", "reference"),
    )  # fmt: skip
    table = Table(
        columns,
        row.releases.order_by("id"),
        "Notices",
        id="notices",
        empty="Nothing is published.",
        hide_caption=True,
    )
    buttons = [
        Button(
            reverse("commissioning:publish", args=[row.pk, kind]),
            f"Publish the {RELEASE_KINDS[kind].lower()}",
        )
        for kind in kinds_due(row)
    ]
    return [Part("Notices", table=table, buttons=buttons if may_publish else ())]
