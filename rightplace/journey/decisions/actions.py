"""What may be decided: which offer, and whether the child may be placed there. Asking and agreeing are two people's acts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time

from django.db import IntegrityError, transaction
from django.utils import timezone

from rightplace.core.calendar import add_working_days
from rightplace.core.periods import Period
from rightplace.core.pricing import WholeCost, weekly_rate
from rightplace.core.problems import Problem
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse, require
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.foundation.reference.calendar import holidays
from rightplace.journey.decisions.choosing import (
    OVERTAKEN,
    choice_problems,
    feedback_problems,
    overtaken,
    suggestions,
    value_of,
)
from rightplace.journey.decisions.events import ChoiceUndone, OfferChosen, PlacementApproved, PlacementRefused
from rightplace.journey.decisions.limits import (
    Asked,
    Entitled,
    asked_of,
    kind_of,
    needed_role,
    standing_limits,
    weeks_of,
)
from rightplace.journey.decisions.models import Choice, Permission, PermissionYear
from rightplace.journey.decisions.states import HOME_KINDS, PERMISSION
from rightplace.journey.offers.models import Offer
from rightplace.journey.offers.prices import price_lines
from rightplace.journey.offers.queries import cost_for_all, stay_from
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.requests.states import REQUEST
from rightplace.register.frameworks.queries import approved, consortium_of

GONE = Problem(MISSING, "This decision is not there, or is not yours.")


@action
def choose_offer(
    *,
    by: Actor,
    now: datetime,
    request_id: int,
    version: int,
    offer_id: int,
    reason: str,
    few_offers_reason: str = "",
    feedback: Mapping[int, str] | None = None,
) -> Outcome[Permission]:
    """The team manager chooses an offer and says why; permission is asked at once, at the real cost of the whole stay.

    Fewer than three offers need a reason of their own. An emergency need not wait for the search to close: choosing
    closes it. Each offer that is not chosen is told why, once the placement is permitted, in words that do not identify
    the child; where none are given, those that the comparison suggests.
    """
    request = PlacementRequest.objects.filter(pk=request_id, authority_id=by.authority_id).first()
    offer = Offer.objects.filter(
        pk=offer_id, search__request_id=request_id, authority_id=by.authority_id
    ).first()
    if request is None or offer is None:
        return refuse(GONE)
    told = {key: words.strip() for key, words in (feedback or {}).items() if words.strip()}
    problems = choice_problems(by, now, request, offer, reason, few_offers_reason)
    if problems := problems or feedback_problems(request, offer, told):
        return refuse(problems)
    told = {**suggestions(offer), **told}
    system = system_actor(authority_id=request.authority_id)
    if problems := change_state(REQUEST, request, "mark_chosen", by=system, version=version):
        return refuse(overtaken(request) or problems)
    choice = _write_choice(by, now, request, offer, reason, few_offers_reason, told)
    if choice is None:
        return refuse(OVERTAKEN)
    permission = _ask_permission(by, now, request, offer, choice)
    words = f"Offer {offer.reference} chosen for {request.reference}; permission asked"
    audit(by=by, now=now, verb="choose_offer", words=words, subject="request", subject_id=request.pk)
    publish(
        OfferChosen(
            by=by,
            now=now,
            authority_id=request.authority_id,
            request_id=request.pk,
            search_id=offer.search_id,
            offer_id=offer.pk,
            permission_id=permission.pk,
            is_emergency=request.is_emergency,
        )
    )
    return Outcome(permission)


def _write_choice(
    by: Actor,
    now: datetime,
    request: PlacementRequest,
    offer: Offer,
    reason: str,
    few_offers_reason: str,
    feedback: dict[int, str],
) -> Choice | None:
    try:
        with transaction.atomic():
            return Choice.objects.create(
                authority_id=request.authority_id,
                request=request,
                offer=offer,
                by_id=by.person_id,
                at=now,
                reason=reason.strip(),
                few_offers_reason=few_offers_reason.strip(),
                feedback={str(key): words for key, words in feedback.items()},
            )
    except IntegrityError:  # the constraint one_current_choice: somebody was quicker
        return None


def real_cost(offer: Offer, request: PlacementRequest) -> tuple[Period, WholeCost, int]:
    """The stay, its whole cost for every child of the request, and the weekly rate on its first day.

    The stay is from the offered start for the likely length (the house's default when none is stated); every child of
    a group is paid for by the same lines.
    """
    if offer.starts_on is None:
        raise ValueError("an offer without a start date has no cost")
    stay = stay_from(offer.starts_on, request)
    children = request.children.count()
    cost = cost_for_all(offer, request, children)
    if cost is None:
        raise ValueError("an offer without a price has no cost")
    return stay, cost, weekly_rate(price_lines(offer), stay.start) * children


def _ask_permission(
    by: Actor, now: datetime, request: PlacementRequest, offer: Offer, choice: Choice
) -> Permission:
    stay, cost, weekly = real_cost(offer, request)
    is_spot, home_kind = _is_spot(offer, timezone.localdate(now)), home_kind_of(offer)
    wanted = Asked(
        request.authority_id, kind_of(is_emergency=request.is_emergency, is_spot=is_spot), home_kind,
        cost.total_pence, weekly, weeks_of(stay.start, stay.closed_end), frozenset(),
    )  # fmt: skip
    role = needed_role(request.authority_id, cost.total_pence, timezone.localdate(now), wanted)
    permission = Permission.objects.create(
        authority_id=request.authority_id,
        choice=choice,
        route="panel" if role == roles.PANEL_CHAIR else "delegated",
        needs_role=role,
        asked_by_id=by.person_id,
        asked_at=now,
        requested_by_id=request.social_worker_id,
        is_spot=is_spot,
        home_kind=home_kind,
        starts_on=stay.start,
        ends_on=stay.closed_end,
        whole_cost_pence=cost.total_pence,
        weekly_pence=weekly,
        is_retrospective=request.is_emergency,
        due_at=_approval_due(now) if request.is_emergency else None,
    )
    PermissionYear.objects.bulk_create(
        PermissionYear(
            authority_id=request.authority_id, permission=permission, financial_year=year, pence=pence
        )
        for year, pence in cost.by_financial_year.items()
    )
    return permission


def home_kind_of(offer: Offer) -> str:
    """The kind of home of an offer, as limits know it."""
    return offer.setting.kind if offer.setting is not None and offer.setting.kind in HOME_KINDS else "foster"


def _is_spot(offer: Offer, on: date) -> bool:
    """Whether a provider's offer stands on no framework of the authority's consortium on the day that reaches to its home."""
    if offer.provider_id is None:
        return False
    known = approved(consortium_of(offer.authority_id), on, offer.authority_id)
    route = known.get((offer.provider_id, home_kind_of(offer)))
    return route is None or not route.covers(offer.setting.region if offer.setting is not None else "")


def _approval_due(now: datetime) -> datetime:
    """By when an emergency placement must have its approval: the end of the last working day allowed."""
    today = timezone.localdate(now)
    last = add_working_days(today, value_of("retrospective_approval_within", today), holidays())
    return timezone.make_aware(datetime.combine(last, time(17, 0)))


@action
def approve_placement(
    *, by: Actor, now: datetime, permission_id: int, version: int, reason: str = "", conditions: str = ""
) -> Outcome[Permission]:
    """Give permission to place, perhaps on conditions, within one's delegated limit; never for what one asked oneself."""
    permission = _permission(by, permission_id)
    if permission is None:
        return refuse(GONE)
    words = {"reason": reason.strip(), "conditions": conditions.strip()}
    if problems := _decide(by, now, permission, "approve_placement", version, **words):
        return refuse(problems)
    choice = permission.choice
    on = " on conditions" if conditions.strip() else ""
    _record(by, now, permission, "approve_placement", f"Placement of {choice.request.reference} approved{on}")
    publish(
        PlacementApproved(
            by=by,
            now=now,
            authority_id=permission.authority_id,
            request_id=choice.request_id,
            search_id=choice.offer.search_id,
            offer_id=choice.offer_id,
            permission_id=permission.pk,
            is_retrospective=permission.is_retrospective,
            feedback={int(key): words for key, words in choice.feedback.items()},
        )
    )
    return Outcome(permission)


@action
def refuse_placement(
    *, by: Actor, now: datetime, permission_id: int, version: int, reason: str
) -> Outcome[Permission]:
    """Refuse permission, with the reason; the offers can then be chosen from again."""
    permission = _permission(by, permission_id)
    if permission is None:
        return refuse(GONE)
    if problems := _decide(by, now, permission, "refuse_placement", version, reason=reason.strip()):
        return refuse(problems)
    choice = permission.choice
    if not permission.is_retrospective:
        _open_choice_again(choice)
    _record(by, now, permission, "refuse_placement", f"Placement of {choice.request.reference} refused")
    publish(
        PlacementRefused(
            by=by,
            now=now,
            authority_id=permission.authority_id,
            request_id=choice.request_id,
            search_id=choice.offer.search_id,
            offer_id=choice.offer_id,
            permission_id=permission.pk,
            is_retrospective=permission.is_retrospective,
        )
    )
    return Outcome(permission)


@action
def undo_choice(
    *, by: Actor, now: datetime, permission_id: int, version: int, reason: str = ""
) -> Outcome[Permission]:
    """Undo a choice before it is decided on: the offers can be chosen from again."""
    permission = _permission(by, permission_id)
    if permission is None:
        return refuse(GONE)
    if permission.is_retrospective:
        return refuse(
            Problem("wrong_state", "The child may already be there: end or cancel the placement instead.")
        )
    if problems := follow_choice_undone(by, permission, version=version, reason=reason):
        return refuse(problems)
    _record(by, now, permission, "undo_choice", f"Choice for {permission.choice.request.reference} undone")
    publish(
        ChoiceUndone(
            by=by,
            now=now,
            authority_id=permission.authority_id,
            request_id=permission.choice.request_id,
            search_id=permission.choice.offer.search_id,
            offer_id=permission.choice.offer_id,
            permission_id=permission.pk,
        )
    )
    return Outcome(permission)


def follow_choice_undone(
    by: Actor, permission: Permission, *, version: int | None = None, reason: str = ""
) -> list[Problem]:
    """Undo a choice, as also follows when the chosen offer is withdrawn."""
    problems = change_state(
        PERMISSION, permission, "undo_choice", by=by, version=version, reason=reason.strip()
    )
    if not problems:
        _open_choice_again(permission.choice)
    return problems


def follow_placements_fell(by: Actor, now: datetime, permission_id: int) -> None:
    """Every placement of an emergency choice was cancelled: the choice is undone, and the offers can be chosen from again.

    A choice that was permitted meanwhile stays on record as it is; the brokers search again.
    """
    permission = Permission.objects.select_related("choice__request", "choice__offer").get(pk=permission_id)
    if not (permission.is_retrospective and permission.choice.is_current) or permission.state == "approved":
        return
    system = system_actor(authority_id=permission.authority_id)
    if permission.state == "asked":
        require(follow_choice_undone(system, permission, reason="Every placement was cancelled."))
    else:
        _open_choice_again(permission.choice)
    choice = permission.choice
    publish(
        ChoiceUndone(
            by=by,
            now=now,
            authority_id=permission.authority_id,
            request_id=choice.request_id,
            search_id=choice.offer.search_id,
            offer_id=choice.offer_id,
            permission_id=permission.pk,
        )
    )


def follow_searched_again(request_id: int) -> list[Problem]:
    """The search was opened again: a choice that still stands must be undone first; one whose placement came to
    nothing is set aside, so that another offer can be chosen."""
    choice = (
        Choice.objects.filter(request_id=request_id, is_current=True).select_related("permission").first()
    )
    if choice is None:
        return []
    if choice.permission.state == "asked":
        return [
            Problem("chosen", "An offer has been chosen and waits for permission. Undo the choice first.")
        ]
    Choice.objects.filter(pk=choice.pk).update(is_current=False)
    return []


@action
def send_to_panel(*, by: Actor, now: datetime, permission_id: int, version: int) -> Outcome[Permission]:
    """Bring a permission to the panel although a role's limit would do."""
    permission = _permission(by, permission_id)
    if permission is None:
        return refuse(GONE)
    if problems := change_state(
        PERMISSION,
        permission,
        "send_to_panel",
        by=by,
        version=version,
        route="panel",
        needs_role=roles.PANEL_CHAIR,
    ):
        return refuse(problems)
    _record(by, now, permission, "send_to_panel", f"{permission.choice.request.reference} sent to the panel")
    return Outcome(permission)


def _permission(by: Actor, permission_id: int) -> Permission | None:
    rows = Permission.objects.select_related("choice__request", "choice__offer")
    return rows.filter(pk=permission_id, authority_id=by.authority_id).first()


def _decide(
    by: Actor, now: datetime, permission: Permission, verb: str, version: int, **words: str
) -> list[Problem]:
    """Decide within a limit of one's own or of whom one covers for; the permission keeps under which, and for whom."""
    if problems := PERMISSION.problems(verb, state=permission.state, role=by.role):
        return problems
    standing = standing_limits(permission.authority_id, timezone.localdate(now))
    entitled, problems = standing.entitlement(by, asked_of(permission))
    if verb == "refuse_placement" and not problems and not words["reason"]:
        problems = [Problem("empty", "Say why permission is refused.", "reason")]
    if problems:
        return problems
    under = entitled or Entitled(None)
    return change_state(
        PERMISSION,
        permission,
        verb,
        by=by,
        version=version,
        decided_by_id=by.person_id,
        decided_at=now,
        decided_under=under.delegation,
        decided_for_id=under.for_user,
        **words,
    )


def _open_choice_again(choice: Choice) -> None:
    Choice.objects.filter(pk=choice.pk).update(is_current=False)
    system = system_actor(authority_id=choice.authority_id)
    change_state(REQUEST, choice.request, "mark_offers_in", by=system)


def _record(by: Actor, now: datetime, permission: Permission, verb: str, words: str) -> None:
    request_id = permission.choice.request_id
    audit(by=by, now=now, verb=verb, words=words, subject="request", subject_id=request_id)
