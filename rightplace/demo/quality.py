"""Quality in the demonstration: concerns, visits, reviews with outcomes, signs, complaints, a survey. All of it is synthetic."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from rightplace.demo.asking import Office
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership
from rightplace.foundation.reference.quality import quality_areas
from rightplace.journey.contracts.models import Contract, ContractOutcome
from rightplace.journey.placements.models import Placement
from rightplace.journey.placements.queries import placements
from rightplace.journey.reviews import actions as reviews
from rightplace.journey.reviews import complaints, following, planning, steadiness, surveys
from rightplace.journey.reviews.models import OutcomeScore, Review
from rightplace.register.children.queries import reviewing_officer_on
from rightplace.register.concerns import actions as concerns
from rightplace.register.concerns.actions import EntryGiven
from rightplace.register.concerns.models import Concern
from rightplace.register.visits import actions as visits
from rightplace.register.visits.actions import ActionGiven, FindingGiven, Written

DAY = timedelta(days=1)
STILL_LATE = 4
OUTCOMES = (
    ("Feels safe at home and sleeps through the night", "Fewer than two disturbed nights a month"),
    ("Goes to school every day", "Attendance above 95%"),
    ("Sees brothers and sisters as the plan says", "Each planned visit took place"),
)
EVIDENCE = ("School report of this term", "The home’s monthly record", "What was seen on a visit")
SAID = {
    "registered": ("Two of seven night shifts had one adult", "Rotas seen on an announced visit"),
    "asked": "We asked for the rotas of two months and a staffing plan.",
    "told": "Please send us the night rotas of the last two months and your plan for nights.",
    "reply": "Two new night workers start next week. The rotas are on their way.",
}


def assure_quality(office: Office) -> None:
    """Everything of quality in one authority, few of each and through the real verbs; past reviews stand as they were."""
    planning.plan_reviews(by=office.who(roles.REVIEWING_OFFICER), now=office.now).done()
    lived = _placements(office)
    contracts = [
        one.contract for one in lived if hasattr(one, "contract") and one.contract.state == "in_force"
    ]
    _outcomes(office, contracts[:60])
    _past_reviews(office, contracts[:45])
    _reviews_now(office)
    _concerns(office, lived)
    _visits(office, lived)
    _signs(office, lived)
    _heard(office, lived)


def _placements(office: Office) -> list[Placement]:
    """Where children live now, children's homes first; without restricted cases, which not everybody may open."""
    seen = (
        placements(office.who(roles.COMMISSIONER))
        .filter(state="started")
        .select_related("contract", "setting", "child")
    )
    homes = list(seen.filter(setting__kind="residential").order_by("setting_id", "pk"))
    return homes + list(seen.exclude(setting__kind="residential").order_by("pk")[:60])


def _outcomes(office: Office, contracts: list[Contract]) -> None:
    """Outcomes as the contracts of the past agreed them."""
    rows = []
    for contract in contracts:
        version = contract.versions.order_by("-number").first()
        if version is not None and not version.outcomes.exists():
            rows += [
                ContractOutcome(
                    authority_id=contract.authority_id, provider_id=contract.provider_id, contract_version=version,
                    words=words, measure=measure,
                )
                for words, measure in OUTCOMES
            ]  # fmt: skip
    ContractOutcome.objects.bulk_create(rows)


def _past_reviews(office: Office, contracts: list[Contract]) -> None:
    """Reviews held in the last half year with the scores of three sides, as they would stand after a year of use."""
    open_now = {
        row.child_id: row for row in Review.objects.filter(authority_id=office.authority_id, state="due")
    }
    chair = office.who(roles.REVIEWING_OFFICER)
    for turn, contract in enumerate(contracts):
        row = open_now.get(contract.placed.child_id)
        held_on = office.today - timedelta(days=20 + 3 * turn)
        if row is None or held_on <= row.looked_after_since or held_on <= contract.starts_on:
            continue
        Review.objects.filter(pk=row.pk).update(
            state="held", due_on=held_on + 5 * DAY, held_on=held_on, chaired_by_id=chair.user_id,
            words="The plan goes on. The home keeps what works.",
        )  # fmt: skip
        _scores(office, row, contract, turn)
    _held_lately(office)
    planning.see_to_reviews(office.authority_id, None, office.today)


def _held_lately(office: Office) -> None:
    """All but a few of the reviews that would be late were held within the last weeks; these are some days or weeks late.

    The record begins in the middle of children's stays, so what the rules alone make due may lie years back.
    """
    chair = office.who(roles.REVIEWING_OFFICER)
    late = list(
        Review.objects.filter(
            authority_id=office.authority_id, state="due", due_on__lt=office.today
        ).order_by("pk")
    )
    for turn, row in enumerate(late[:STILL_LATE]):
        row.due_on = max(row.looked_after_since + DAY, row.due_on, office.today - (4 + 9 * turn) * DAY)
    for row in late[STILL_LATE:]:
        row.held_on = max(row.looked_after_since + DAY, office.today - int(office.rng.integers(3, 80)) * DAY)
        row.due_on = max(row.due_on, row.held_on + int(office.rng.integers(-3, 12)) * DAY)
        row.state, row.chaired_by_id, row.words = "held", chair.user_id, "The plan goes on."
    Review.objects.bulk_update(late, ["due_on", "held_on", "state", "chaired_by", "words"])


def _scores(office: Office, row: Review, contract: Contract, turn: int) -> None:
    version = contract.versions.order_by("-number").first()
    listed = list(version.outcomes.order_by("id")) if version is not None else []
    drawn = office.rng.choice(3, size=(len(listed), 3), p=[0.18, 0.3, 0.52])
    OutcomeScore.objects.bulk_create(
        OutcomeScore(
            authority_id=contract.authority_id, provider_id=contract.provider_id, review=row, contract=contract, outcome=one,
            side=side, half_points=int(drawn[place][other]), evidence=EVIDENCE[(turn + place) % 3],
            by_name=side.replace("_", " "),
            at=office.ago(20 + 3 * turn),
        )
        for place, one in enumerate(listed)
        for other, side in enumerate(("reviewing_officer", "social_worker", "carer"))
    )  # fmt: skip


def _reviews_now(office: Office) -> None:
    """Papers out for the next reviews; one review scored and held today, with what follows."""
    rows = Review.objects.filter(
        authority_id=office.authority_id, state="due", child__placements__contract__state="in_force"
    )
    rows = (
        rows.filter(child__placements__contract__versions__outcomes__isnull=False)
        .distinct()
        .order_by("due_on", "pk")
    )
    for turn, row in enumerate(rows[:6]):
        officer = reviewing_officer_on(row.child_id, office.today)
        if officer is None:
            continue
        by = Actor(officer.user_id, str(officer.user), roles.REVIEWING_OFFICER, office.authority_id)
        reviews.send_review_papers(by=by, now=office.ago(2), review_id=row.pk, version=row.version).done()
        if turn < 2:
            _held(office, by, row)


def _held(office: Office, by: Actor, row: Review) -> None:
    papers = row.papers.select_related("contract").first()
    if papers is None:
        return
    listed = reviews.outcomes_of(papers.contract, office.today)
    given = [
        reviews.ScoreGiven(one.pk, 2 - place % 2, EVIDENCE[place % 3]) for place, one in enumerate(listed)
    ]
    reviews.score_outcomes(by=by, now=office.ago(1), review_id=row.pk, scores=given).done()
    row.refresh_from_db()
    reviews.hold_review(
        by=by, now=office.now, review_id=row.pk, version=row.version, held_on=office.today,
        words="The child is settled. Contact with the sister goes on every other week.",
    ).done()  # fmt: skip
    following.begin_follow_up(
        by=by, now=office.now, placement_id=papers.contract.placed.pk, review_id=row.pk, kind="support",
        words="Two hours more of learning support a week until the summer.", owner_id=office.who(roles.BROKER).person_id,
        due_on=office.today + 14 * DAY,
    ).done()  # fmt: skip


def _concerns(office: Office, lived: list[Placement]) -> None:
    """One that stops placements, with the provider's reply; one noted; one whose lifting waits for a second person."""
    homes = list(dict.fromkeys(one.setting_id for one in lived if one.setting_id is not None))[:3]
    by = office.who(roles.COMMISSIONER)
    for turn, (setting_id, grade, title, about) in enumerate(
        zip(homes, (3, 2, 3), ("Nights with too few adults", "Medicines kept in the office", "Two managers within a year"),
            ("staffing", "care", "staffing"), strict=False)
    ):  # fmt: skip
        words, how = SAID["registered"]
        concern = concerns.raise_concern(
            by=by, now=office.ago(20 - turn), setting_id=setting_id, about=about, grade=grade, title=title,
            first=EntryGiven("fact", f"{words}.", how),
        ).done()  # fmt: skip
        step: dict[str, Any] = {"by": by, "concern_id": concern.pk}
        concern = concerns.add_to_concern(
            **step,
            now=office.ago(19 - turn),
            version=concern.version,
            entry=EntryGiven("step", str(SAID["asked"])),
        ).done()
        if turn != 1:
            _answered(office, by, concern)
        if turn == 2:
            concern.refresh_from_db()
            concerns.propose_lifting(
                **step,
                now=office.ago(1),
                version=concern.version,
                reason="A manager is in post, and two visits found steady nights.",
            ).done()


def _answered(office: Office, by: Actor, concern: Concern) -> None:
    concerns.tell_provider_of_concern(
        by=by, now=office.ago(15), concern_id=concern.pk, version=concern.version, words=str(SAID["told"])
    ).done()
    person = (
        Membership.objects.filter(provider_id=concern.provider_id, role=roles.PROVIDER)
        .select_related("user")
        .first()
    )
    if person is not None:
        concerns.reply_to_concern(
            by=person.as_actor(), now=office.ago(12), concern_id=concern.pk, words=str(SAID["reply"])
        ).done()


def _visits(office: Office, lived: list[Placement]) -> None:
    """Three visits written up with actions, one of them late, and two to come."""
    homes = list(dict.fromkeys(one.setting_id for one in lived if one.setting_id is not None))[:5]
    by = office.who(roles.COMMISSIONER)
    for turn, setting_id in enumerate(homes):
        planned = (
            office.today - timedelta(days=30 - 8 * turn)
            if turn < 3
            else office.today + timedelta(days=7 * turn)
        )
        now = office.ago(31 - 8 * turn) if turn < 3 else office.ago(1)
        visit = visits.plan_visit(
            by=by, now=now, setting_id=setting_id, kind="announced" if turn % 2 else "unannounced",
            why="The plan of visits" if turn else "A concern about nights", planned_on=planned, is_shared=turn == 3,
        ).done()  # fmt: skip
        if turn < 3:
            visit = visits.write_visit(
                by=by,
                now=office.ago(29 - 8 * turn),
                visit_id=visit.pk,
                version=visit.version,
                written=_written(planned, turn),
            ).done()
        if turn == 0:
            visits.share_visit(by=by, now=office.ago(28), visit_id=visit.pk, version=visit.version).done()


def _written(on: date, turn: int) -> Written:
    findings = tuple(
        FindingGiven(
            one.code, 2 + (place + turn) % 3, "As the children and the records told." if place % 2 else ""
        )
        for place, one in enumerate(quality_areas(on))
    )
    actions = (
        ActionGiven("Two adults awake each night", "provider", "The manager", on + timedelta(days=14)),
        ActionGiven(
            "Send the training record of the team", "provider", "The deputy", on + timedelta(days=40)
        ),
    )
    judgement = ("plan", "actions", "assured")[turn]
    return Written(
        on,
        judgement,
        "A warm house by day. Nights need more people.",
        findings,
        actions if turn < 2 else (),
        12,
        3 - turn,
        2,
    )


def _signs(office: Office, lived: list[Placement]) -> None:
    """Signs in three placements, one of which asks for a meeting."""
    by = office.who(roles.SOCIAL_WORKER)
    told = (
        (0, "missing", 12, "Back by midnight, found with friends."),
        (0, "exclusion", 5, "Three days, after a fight at lunch."),
        (0, "incident", 3, "Broke a door after a call with the family."),
        (1, "support_request", 9, "The home asks for night support."),
        (1, "missing", 4, "Two hours late from the town."), (2, "incident", 30, "An argument about bedtime."),
    )  # fmt: skip
    for place, kind, days, words in told:
        if place < len(lived):
            steadiness.tell_sign(
                by=by, now=office.ago(days), kind=kind, happened_on=office.day(days), words=words,
                placement_id=lived[place].pk, is_notified=kind == "missing",
            ).done()  # fmt: skip


def _heard(office: Office, lived: list[Placement]) -> None:
    """Complaints at their stages, praise, and a survey with answers enough to show."""
    by = office.who(roles.COMMISSIONER)
    said = (
        (False, "parent", 6, "Nobody tells me when contact is put off."),
        (False, "child", 16, "My room was changed while I was at school."),
        (True, "worker", 8, "The key worker reads to him every night."),
        (True, "parent", 30, "They sent photographs of the school play."),
    )  # fmt: skip
    for place, (is_compliment, whom, days, words) in enumerate(said):
        if place < len(lived):
            complaints.record_complaint(
                by=by, now=office.ago(days), is_compliment=is_compliment, placement_id=lived[place].pk, from_whom=whom,
                words=words, received_on=office.day(days),
            ).done()  # fmt: skip
    survey = surveys.open_survey(
        by=by, now=office.ago(20), audience="social_workers", title="How placements are found, this term", is_anonymous=True,
        closes_on=office.today + 10 * DAY,
    ).done()  # fmt: skip
    tokens = surveys.ask_in_survey(
        by=by, now=office.ago(20), survey_id=survey.pk, version=survey.version, number=12
    ).done()
    for turn, token in enumerate(tokens[:8]):
        words = "More offers near the school, please." if turn == 3 else ""
        scores = [5 - turn % 3, 3 + turn % 2, 4]
        surveys.answer_survey(by=by, now=office.ago(10), token=token, scores=scores, words=words).done()
