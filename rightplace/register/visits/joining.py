"""Two authorities at one home on one day: the visit of one is linked to the other's, and what was found is written once.

The authority that plans lets those it shares concerns with come along; another joins, which gives it a visit of its own,
linked to the first. Whoever leads writes it up. The others read the findings through the link for as long as the
agreement to share concerns holds, and take the day and the judgement over with one press. Without an agreement: nothing.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action, change_state, refuse
from rightplace.register.providers.holding import shared_with
from rightplace.register.visits import events
from rightplace.register.visits.actions import GONE, own_visit_row, record_visit, tell_of_visit
from rightplace.register.visits.models import Visit
from rightplace.register.visits.queries import visit_page, visits
from rightplace.register.visits.states import VISIT, VISITORS


def lead_of(actor: Actor, visit: Visit) -> Visit | None:
    """The visit that this one joined, with its findings and actions; None where it joined none, or it is not shared any more."""
    return visit_page(actor, visit.joined_id) if visit.joined_id is not None else None


def companions(actor: Actor, visit: Visit) -> QuerySet[Visit]:
    """The visits that joined this one, as far as the actor may read them."""
    return visits(actor).filter(joined_id=visit.pk).order_by("authority__name", "id")


def coming_along(visit: Visit, on: date) -> list[Visit]:
    """The visits of other authorities that go along with this one, as far as it is still shared with them."""
    sharers = shared_with(visit.authority_id, on)
    rows = Visit.objects.filter(joined_id=visit.pk, authority_id__in=sharers).exclude(state="not_done")
    return list(rows.order_by("id"))


def may_join(actor: Actor, visit: Visit) -> bool:
    """Whether the actor may come along: a planned visit to a home that another authority leads and shares, not joined yet."""
    is_open = visit.state == VISIT.initial and visit.setting_id is not None and visit.joined_id is None
    is_other = actor.authority_id not in (0, visit.authority_id)
    return is_open and is_other and actor.role in VISITORS and _own_of(actor, visit) is None


def _own_of(actor: Actor, visit: Visit) -> Visit | None:
    rows = Visit.objects.filter(authority_id=actor.authority_id, joined_id=visit.pk)
    return rows.exclude(state="not_done").first()


@action
def join_visit(*, by: Actor, now: datetime, visit_id: int) -> Outcome[Visit]:
    """Come along to a visit that another authority shares: a visit of one's own, on the same day, linked to it."""
    lead = visit_page(by, visit_id)
    if lead is None:
        return refuse(GONE)
    if not may_join(by, lead):
        return refuse(
            Problem("not_to_join", "This visit cannot be joined: it is your own, made already, or joined.")
        )
    own = Visit.objects.create(
        authority_id=by.authority_id, provider_id=lead.provider_id, setting_id=lead.setting_id, joined=lead, kind=lead.kind,
        why=f"Together with {lead.authority}", planned_on=lead.planned_on, visitor_id=by.person_id, is_shared=True,
    )  # fmt: skip
    record_visit(by, now, own, "join_visit", f"{own.reference} joins {lead.reference} of {lead.authority}")
    tell_of_visit(events.VisitJoined, by, now, lead)
    return Outcome(own)


@action
def take_findings(*, by: Actor, now: datetime, visit_id: int, version: int) -> Outcome[Visit]:
    """Take over what the leading authority wrote up: day, judgement and counts. The findings stay with it, read by the link."""
    visit = own_visit_row(by, visit_id)
    if visit is None:
        return refuse(GONE)
    lead = lead_of(by, visit)
    if lead is None or lead.state != "done":
        return refuse(
            Problem("nothing_to_take", "Nothing that is shared with you was written up for this visit yet.")
        )
    if problems := change_state(
        VISIT, visit, "take_findings", by=by, version=version, visited_on=lead.visited_on, judgement=lead.judgement,
        posts=lead.posts, posts_empty=lead.posts_empty, children_heard=lead.children_heard, written_at=now,
    ):  # fmt: skip
        return refuse(problems)
    record_visit(by, now, visit, "take_findings", f"{visit.reference}: taken over from {lead.reference}")
    return Outcome(visit)
