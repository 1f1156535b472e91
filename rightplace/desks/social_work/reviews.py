"""Reviews at the desks: what is due, outcomes as each side sees them, papers, scoring, the child's link, what follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth import logout
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.money import percentage
from rightplace.core.quality.outcomes import WORDS
from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.components.svg import Stack, stacked_bars
from rightplace.desks.components.tables import Column, Table, note_beside
from rightplace.desks.components.words import day, moment
from rightplace.desks.layout.answers import add_problems, answer, see_other, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.record import Deed, deed_page
from rightplace.desks.layout.verbs import Verb, verb_page
from rightplace.desks.social_work.score_forms import ScoreForm
from rightplace.foundation.access.actor import Actor
from rightplace.journey.reviews import actions, child_page, following, queries
from rightplace.journey.reviews.models import FollowUp, Review
from rightplace.journey.reviews.queries import ReviewPage, Scored
from rightplace.journey.reviews.states import FOLLOW_UP, FOLLOWERS, REVIEW, SCORERS, TEAM
from rightplace.journey.reviews.words import FOLLOW_UPS, SIDES


class ReviewFilter(forms.Form):
    """Which reviews."""

    q = forms.CharField(label="Child", required=False, max_length=60)
    state = forms.ChoiceField(
        label="State", required=False, choices=(("", "Still to be held"), *REVIEW.states.items())
    )


class DayForm(forms.Form):
    """The day of a review."""

    set_for = DateInPartsField(label="Day of the review")


class HeldForm(forms.Form):
    """A review that was held."""

    held_on = DateInPartsField(label="Held on")
    words = forms.CharField(
        label="What was decided", max_length=8000, widget=forms.Textarea(attrs={"rows": 6})
    )


class FollowForm(forms.Form):
    """What follows."""

    kind = forms.ChoiceField(label="What follows?", choices=tuple(FOLLOW_UPS.items()))
    words = forms.CharField(
        label="What is to be done, and why", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    owner_id = forms.TypedChoiceField(label="Who does it?", coerce=int)
    due_on = DateInPartsField(label="By when")

    def __init__(self, *args: Any, people: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["owner_id"].choices = people  # type: ignore[attr-defined]  # a ChoiceField


class DoneForm(forms.Form):
    """What was done."""

    words = forms.CharField(label="What was done", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class FeeRuleForm(forms.Form):
    """By which rule the fee follows the outcomes, in per cent."""

    up_from = forms.DecimalField(
        label="The fee goes up from, % of all points", min_value=0, max_value=100, decimal_places=2
    )
    down_below = forms.DecimalField(
        label="It goes down below, % of all points", min_value=0, max_value=100, decimal_places=2
    )
    change = forms.DecimalField(label="By, % of the fee", min_value=0, max_value=50, decimal_places=2)
    in_a_row = forms.IntegerField(
        label="When so many reviews in a row say so", min_value=1, max_value=6, initial=1
    )
    clause = forms.CharField(label="Clause of the contract", max_length=200)

    def clean(self) -> dict[str, Any]:
        """Per cent as basis points."""
        typed = super().clean() or {}
        for name in ("up_from", "down_below", "change"):
            if typed.get(name) is not None:
                typed[name] = int(typed[name] * 100)
        return typed


def review_list(request: HttpRequest) -> HttpResponse:
    """Reviews by the statutory clock."""
    actor, today = actor_of(request), timezone.localdate()

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Review]:
        return queries.reviews_found(
            actor, today, words=filters.get("q") or "", state=filters.get("state") or "", order=sort
        )

    columns = (
        Column(
            "Child",
            lambda row: str(row.child),
            sort="child",
            link=lambda row: reverse("review", args=[row.pk]),
        ),
        Column("Review", "number", "number"),
        Column(
            "Due",
            lambda row: (row.due_on, None) if row.state in ("due", "sent") else None,
            "clock",
            sort="due",
        ),
        Column("Why then", "why"),
        Column("Set for", "set_for", "date"),
        Column("Held", "held_on", "date"),
        Column("State", lambda row: (look(row), REVIEW.states[row.state]), "status", sort="state"),
    )
    lead = "First within 20 working days, then within 3 months, then every 6 months."
    listing = Listing(
        "Reviews", "review", columns, rows, ReviewFilter, sort="due", is_file=False, empty="No review waits for you.",
        context={"lead": lead},
    )  # fmt: skip
    return list_page(request, "social_work/reviews.html", listing)


def look(row: Review) -> str:
    """The colour of a review's state."""
    if row.state == "held":
        return "done"
    late = row.state in ("due", "sent") and row.due_on < timezone.localdate()
    return "late" if late else {"due": "draft", "sent": "open"}.get(row.state, "draft")


def review(request: HttpRequest, key: int, form: ScoreForm | None = None, code: int = 200) -> HttpResponse:
    """One review."""
    actor = actor_of(request)
    page = _page(request, key)
    row = page.row
    verbs = {step.verb for step in REVIEW.open_to(state=row.state, role=actor.role)}
    if not page.is_chair:
        verbs.discard("hold_review")
    side = SCORERS.get(actor.role, "")
    may_score = page.papers is not None and "score_outcomes" in verbs and bool(page.scored)
    may_score = may_score and (side != "carer" or page.papers.provider_id is None)  # type: ignore[union-attr]  # checked before
    known = {
        "page": page,
        "row": row,
        "state": (look(row), REVIEW.states[row.state]),
        "facts": fact_rows(page),
        "outcomes": outcome_table(page.scored),
        "chart": outcome_chart(page),
        "fee": fee_words(page),
        "verbs": verbs,
        "may_score": may_score,
        "side": SIDES.get(side, ""),
        "form": form or (ScoreForm(outcomes=score_rows(page.scored, side)) if may_score else None),
        "may_follow": actor.role in FOLLOWERS and page.placement is not None,
        "may_set_fee": actor.role in TEAM,
        "follow_ups": follow_table(page.follow_ups),
    }
    return render(request, "social_work/review.html", known, status=code)


def _page(request: HttpRequest, key: int) -> ReviewPage:
    page: ReviewPage = found(
        queries.review_page(actor_of(request), key, timezone.now(), timezone.localdate())
    )
    return page


def fact_rows(page: ReviewPage) -> list[SummaryRow]:
    """A review at a glance."""
    row, papers = page.row, page.papers
    sent = (
        f"{moment(papers.sent_at)}"
        if papers
        else f"not yet: send them by {day(queries.send_by(row, timezone.localdate()))}"
    )
    rows = [
        SummaryRow("Due", day(row.due_on), note=row.why),
        SummaryRow("Looked after since", day(row.looked_after_since)),
        SummaryRow("Set for", day(row.set_for) or "no day yet"),
        SummaryRow("Reviewing officer", page.officer or "nobody named yet"),
        SummaryRow("Papers to the carer", sent),
    ]
    if papers is not None:
        answered = f"answered {moment(papers.answered_at)}" if papers.answered_at else "no answer yet"
        rows.append(SummaryRow("Carer", str(papers.provider or "Our own carers"), note=answered))
    if row.held_on:
        rows.append(SummaryRow("Held", day(row.held_on), note=str(row.chaired_by)))
    return rows


def score_rows(scored: tuple[Scored, ...], side: str) -> list[tuple[int, str, str, int | None, str]]:
    """The outcomes with what one side said of them so far."""
    return [
        (
            one.outcome.pk, one.outcome.words, one.outcome.measure,
            one.sides[side].half_points if side in one.sides else None,
            one.sides[side].evidence if side in one.sides else "",
        )
        for one in scored
    ]  # fmt: skip


def outcome_table(scored: tuple[Scored, ...]) -> Table:
    """Each outcome as each side sees it."""

    def seen(side: str) -> Any:
        def cell(one: Scored) -> object:
            score = one.sides.get(side)
            return note_beside(WORDS[score.half_points], score.evidence) if score is not None else None

        return cell

    columns = (
        Column("Outcome", lambda one: note_beside(one.outcome.words, one.outcome.measure)),
        *(Column(label, seen(side)) for side, label in SIDES.items()),
    )
    empty = "No outcome is agreed in a contract in force."
    return Table(columns, scored, "Outcomes", id="outcomes", empty=empty, hide_caption=True)


def outcome_chart(page: ReviewPage) -> Any:
    """What each side's scores come to."""
    stacks = []
    for side, label in SIDES.items():
        points = [one.sides[side].half_points for one in page.scored if side in one.sides]
        if points:
            stacks.append(Stack(label, [points.count(2), points.count(1), points.count(0)]))
    return (
        stacked_bars(stacks, ["Achieved", "Partly", "Not yet"], "Outcomes by who sees them")
        if stacks
        else None
    )


def fee_words(page: ReviewPage) -> str:
    """What the contract's rule says of the fee."""
    rule = page.fee_rule
    if rule is None:
        return ""
    if not page.fee_change:
        return f"By {rule.clause} the fee stays as it is."
    way = "up" if page.fee_change > 0 else "down"
    return f"By {rule.clause} the fee goes {way} by {percentage(abs(page.fee_change))}."


def follow_table(rows: Any) -> Table:
    """What follows, with owners and days."""
    columns = (
        Column(
            "What follows",
            lambda one: FOLLOW_UPS[one.kind],
            link=lambda one: reverse("follow_up", args=[one.pk]),
        ),
        Column("In words", "words"),
        Column("By", lambda one: str(one.owner)),
        Column("By when", "due_on", "date"),
        Column("State", lambda one: (one.state, FOLLOW_UP.states[one.state]), "status"),
    )
    return Table(columns, rows, "What follows", id="follow-ups", empty="Nothing yet.", hide_caption=True)


def score(request: HttpRequest, key: int) -> HttpResponse:
    """Keep one's own scores."""
    page = _page(request, key)
    side = SCORERS.get(actor_of(request).role, "")
    form = ScoreForm(request.POST, outcomes=score_rows(page.scored, side))
    if not form.is_valid():
        return review(request, key, form=form, code=422)
    outcome = actions.score_outcomes(
        by=actor_of(request),
        now=timezone.now(),
        review_id=key,
        scores=form.given,
        words=form.cleaned_data.get("words", ""),
    )
    if not outcome.is_done and status_of(outcome.problems) == 422:
        add_problems(form, outcome.problems)
        return review(request, key, form=form, code=422)
    return answer(request, outcome, then=reverse("review", args=[key]), said="Your scores are kept.")


def send_papers(request: HttpRequest, key: int) -> HttpResponse:
    """Send contract and outcomes to the carer."""
    outcome = actions.send_review_papers(
        by=actor_of(request), now=timezone.now(), review_id=key, version=version_of(request)
    )
    return answer(
        request,
        outcome,
        then=reverse("review", args=[key]),
        said="The contract and its outcomes are with the carer.",
    )


def set_day(request: HttpRequest, key: int) -> HttpResponse:
    """Set the day."""
    row = _page(request, key).row
    deed = Verb(
        "Set the day",
        f"{row.child}, due {day(row.due_on)}",
        "The day is set.",
        reverse("review", args=[key]),
        row.reference,
        row.version,
    )
    return verb_page(request, DayForm, actions.set_review_day, {"review_id": key}, deed)


def hold(request: HttpRequest, key: int) -> HttpResponse:
    """Record the review."""
    row = _page(request, key).row
    lead = "The next review is due from this day on by the statutory clock."
    deed = Verb(
        "Record the review",
        lead,
        "The review is recorded.",
        reverse("review", args=[key]),
        row.reference,
        row.version,
    )
    return verb_page(request, HeldForm, actions.hold_review, {"review_id": key}, deed)


def child_link(request: HttpRequest, key: int) -> HttpResponse:
    """Make a link for the child: to give, or to open here, which signs the worker out first."""
    outcome = child_page.give_child_link(
        by=actor_of(request), now=timezone.now(), review_id=key, version=version_of(request)
    )
    if not outcome.is_done:
        return answer(request, outcome, then=reverse("review", args=[key]), said="")
    address = reverse("child_review", args=[outcome.done()])
    if request.POST.get("here") == "yes":
        logout(request)
        return see_other(address)
    known = {"row": _page(request, key).row, "link": request.build_absolute_uri(address)}
    return render(request, "social_work/child_link.html", known)


def follow(request: HttpRequest, key: int) -> HttpResponse:
    """Begin what follows from a review."""
    actor, page = actor_of(request), _page(request, key)
    placement = found(page.placement)
    form = FollowForm(
        request.POST or None,
        people=queries.people(actor, timezone.localdate()),
        initial={"owner_id": actor.user_id},
    )
    back = reverse("review", args=[key])

    def do(typed: dict[str, Any]) -> Any:
        whose = {"placement_id": placement.pk, "review_id": key}
        return following.begin_follow_up(by=actor, now=timezone.now(), **whose, **typed)

    deed = Deed("What follows", "Begin it", page.row.reference, back, lead=fee_words(page))
    return deed_page(request, deed, form, do, said="It is with whoever does it.")


def follow_up_list(request: HttpRequest) -> HttpResponse:
    """What is to be done after reviews."""
    actor = actor_of(request)
    known = {
        "mine": follow_table(queries.follow_ups(actor, mine=True)),
        "all": follow_table(queries.follow_ups(actor)[:100]),
    }
    return render(request, "social_work/follow_ups.html", known)


def follow_up(request: HttpRequest, key: int) -> HttpResponse:
    """One follow-up; whoever owns it says what was done."""
    row: FollowUp = found(queries.follow_ups(actor_of(request), state="").filter(pk=key).first())
    facts = [
        SummaryRow("By", str(row.owner)), SummaryRow("By when", day(row.due_on)), SummaryRow("Began", moment(row.made_at)),
        SummaryRow("Done", day(row.done_on) or "not yet", note=row.done_words),
    ]  # fmt: skip
    known = {
        "row": row,
        "kind": FOLLOW_UPS[row.kind],
        "facts": facts,
        "state": (row.state, FOLLOW_UP.states[row.state]),
    }
    return render(request, "social_work/follow_up.html", known)


def finish(request: HttpRequest, key: int) -> HttpResponse:
    """Say what was done."""
    row: FollowUp = found(queries.follow_ups(actor_of(request), state="").filter(pk=key).first())
    deed = Verb(
        "Record what was done",
        row.words,
        "Recorded.",
        reverse("follow_up", args=[key]),
        FOLLOW_UPS[row.kind],
        row.version,
    )
    return verb_page(request, DoneForm, following.finish_follow_up, {"follow_up_id": key}, deed)


def fee_rule(request: HttpRequest, key: int) -> HttpResponse:
    """Keep by which rule a contract's fee follows the outcomes."""
    page = _page(request, key)
    contract = found(page.contract)
    rule = page.fee_rule
    lead = "As the contract says it. Achieved counts 1, partly one half. The review says what follows; a variation makes it so."
    deed = Verb(
        "Fee by outcomes",
        lead,
        "The rule is kept.",
        reverse("review", args=[key]),
        page.row.reference,
        rule.version if rule else 0,
    )
    return verb_page(request, FeeRuleForm, actions.keep_fee_rule, {"contract_id": contract.pk}, deed)


def reviews_late(actor: Actor) -> int:
    """How many of this person's reviews are late."""
    today = timezone.localdate()
    return queries.reviews_found(actor, today).filter(due_on__lt=today).count()
