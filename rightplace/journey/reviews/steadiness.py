"""The stability watch: signs are told, add up by stated points, and ask for a meeting to hold the placement.

A placement that broke down asks for a disruption meeting; what is learnt from it stands on the provider's profile.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.core.quality.stability import MEET, SIGNS, Stability, stability
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import PROVIDER
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.foundation.reference.clocks import number_of, within_working_days
from rightplace.journey.contracts.models import Contract
from rightplace.journey.placements.events import PlacementEnded
from rightplace.journey.placements.models import Placement
from rightplace.journey.placements.queries import placements
from rightplace.journey.reviews.clocks import stability_rule
from rightplace.journey.reviews.events import PlacementShaky, SignTold
from rightplace.journey.reviews.models import StabilityMeeting, StabilitySign
from rightplace.journey.reviews.states import NOTICERS, STABILITY_MEETING

GONE = Problem(MISSING, "This placement is not there, or is not yours.")
OLDEST = timedelta(days=366)


@action
def tell_sign(
    *, by: Actor, now: datetime, kind: str, happened_on: date, words: str, placement_id: int | None = None,
    contract_id: int | None = None, is_notified: bool = False,
) -> Outcome[StabilitySign]:  # fmt: skip
    """Tell of something that may shake a placement: by the authority's people, or by the home for its own contract.

    `is_notified`: whether Ofsted was notified of it (regulation 40 of the Children's Homes Regulations 2015).
    """
    facts = _whose(by, placement_id, contract_id)
    if facts is None:
        return refuse(GONE)
    authority_id, provider_id, placement_pk, child_id = facts
    if problems := _sign_problems(by, kind, happened_on, words, timezone.localdate(now)):
        return refuse(problems)
    row = StabilitySign.objects.create(
        authority_id=authority_id, provider_id=provider_id, placement_id=placement_pk, kind=kind, happened_on=happened_on,
        words=words.strip(), is_notified=is_notified, by_name=by.name, by_role=by.role, at=now,
    )  # fmt: skip
    audit(
        by=by, now=now, verb="tell_sign", words=f"{SIGNS[kind]} told for P-{placement_pk:06d}", subject="placement",
        subject_id=placement_pk, authority_id=authority_id, provider_id=provider_id, child_id=child_id,
    )  # fmt: skip
    publish(SignTold(by=by, now=now, authority_id=authority_id, placement_id=placement_pk, sign_id=row.pk))
    return Outcome(row)


def _whose(
    by: Actor, placement_id: int | None, contract_id: int | None
) -> tuple[int, int | None, int, int | None] | None:
    if by.role == PROVIDER:
        rows = Contract.objects.filter(pk=contract_id or 0, provider_id=by.provider_id or 0)
        contract = rows.exclude(state__in=["draft", "cancelled"]).first()
        # The placement itself is not the provider's to read: its number is all that is asked for.
        if contract is None or contract.placement_id is None:
            return None
        return contract.authority_id, contract.provider_id, contract.placement_id, contract.child_id
    row = placements(by).filter(pk=placement_id or 0).first()
    return (row.authority_id, row.provider_id, row.pk, row.child_id) if row is not None else None


def _sign_problems(by: Actor, kind: str, happened_on: date, words: str, today: date) -> list[Problem]:
    problems = []
    if by.role not in NOTICERS:
        problems.append(Problem("not_yours", "Your role may not do this."))
    if kind not in SIGNS:
        problems.append(Problem("kind", "Choose what happened.", "kind"))
    if not today - OLDEST <= happened_on <= today:
        problems.append(
            Problem("happened_on", "Enter a day of the last year, today or before.", "happened_on")
        )
    if not words.strip() or len(words) > 1000:
        problems.append(Problem("words", "Say what happened, within 1,000 characters.", "words"))
    return problems


def weigh_signs(placement_id: int, now: datetime) -> Stability:
    """How a placement stands today."""
    today = timezone.localdate(now)
    signs = StabilitySign.objects.filter(placement_id=placement_id).values_list("kind", "happened_on")
    return stability(list(signs), today, stability_rule(today))


def follow_sign_told(event: SignTold) -> None:
    """Ask for a meeting where the signs now add up to one and none is asked for; runs for the authority."""
    stands = weigh_signs(event.placement_id, event.now)
    asked = StabilityMeeting.objects.filter(placement_id=event.placement_id, kind="holding", state="asked")
    if stands.level != MEET or asked.exists():
        return
    today = timezone.localdate(event.now)
    counted_from = today - timedelta(days=number_of("stability_counts_for", today))
    held = StabilityMeeting.objects.filter(
        placement_id=event.placement_id, kind="holding", held_on__gt=counted_from
    )
    last = held.order_by("-held_on").first()
    if last is not None and not StabilitySign.objects.filter(
        placement_id=event.placement_id, happened_on__gte=last.held_on, pk=event.sign_id
    ):
        return
    row = _ask(
        event.authority_id, event.placement_id, "holding", stands.why, event.now, "stability_meeting_within"
    )
    publish(
        PlacementShaky(
            by=event.by,
            now=event.now,
            authority_id=event.authority_id,
            placement_id=event.placement_id,
            meeting_id=row.pk,
        )
    )


def follow_placement_ended(event: PlacementEnded) -> None:
    """A placement that broke down is talked about with those who were there, to learn from it."""
    if not event.is_breakdown:
        return
    asked = StabilityMeeting.objects.filter(placement_id=event.placement_id, kind="disruption")
    if not asked.exists():
        _ask(
            event.authority_id, event.placement_id, "disruption", "The placement broke down", event.now,
            "disruption_meeting_within",
        )  # fmt: skip


def _ask(
    authority_id: int, placement_id: int, kind: str, why: str, now: datetime, clock: str
) -> StabilityMeeting:
    return StabilityMeeting.objects.create(
        authority_id=authority_id, placement_id=placement_id, kind=kind, why=why[:300], asked_at=now,
        due_on=within_working_days(clock, timezone.localdate(now)),
    )  # fmt: skip


@action
def record_stability_meeting(
    *,
    by: Actor,
    now: datetime,
    meeting_id: int,
    version: int,
    held_on: date,
    who: str,
    agreed: str,
    lesson: str = "",
) -> Outcome[StabilityMeeting]:
    """Record a meeting about a placement: who took part, what was agreed, and (named by nobody) what is learnt for next time."""
    own = Placement.objects.filter(pk__in=placements(by).values("pk"))
    row = (
        StabilityMeeting.objects.filter(pk=meeting_id, placement__in=own).select_related("placement").first()
    )
    if row is None:
        return refuse(GONE)
    problems = []
    if held_on > timezone.localdate(now) or held_on < timezone.localdate(row.asked_at) - OLDEST:
        problems.append(Problem("held_on", "Enter the day of the meeting, today or before.", "held_on"))
    if not who.strip() or len(who) > 300:
        problems.append(Problem("who", "Say who took part, within 300 characters.", "who"))
    if not agreed.strip():
        problems.append(Problem("agreed", "Say what was agreed.", "agreed"))
    if row.kind == "disruption" and not lesson.strip():
        problems.append(Problem("lesson", "Say what is learnt for next time, naming nobody.", "lesson"))
    if problems := problems or change_state(
        STABILITY_MEETING, row, "record_stability_meeting", by=by, version=version, held_on=held_on, who=who.strip(),
        agreed=agreed.strip(), lesson=lesson.strip()[:500], recorded_by_id=by.user_id,
    ):  # fmt: skip
        return refuse(problems)
    audit(
        by=by, now=now, verb="record_stability_meeting", words=f"Meeting about {row.placement.reference} recorded",
        subject="placement", subject_id=row.placement_id, child_id=row.placement.child_id,
    )  # fmt: skip
    return Outcome(row)
