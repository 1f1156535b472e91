"""Safeguards in the demo: what is shared, a restricted case opened in an emergency, support that asks, a review of access."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from rightplace.demo.staff import Cast
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership, User
from rightplace.foundation.access.queries import SYSTEMS
from rightplace.foundation.safeguards import emergencies, restricting, reviewing, visits
from rightplace.foundation.safeguards.models import Restriction
from rightplace.foundation.safeguards.sharing import NewAgreement, record_agreement
from rightplace.register.children.models import Child

SHARED = ("concerns", "prices", "needs", "profiles")
REASON = "A member of the placements team is related to the child."
WHY = "The child is missing tonight, the police ask for the last address and nobody who is named answers."


def add_safeguards(cast: Cast, moment: datetime) -> None:
    """Agreements of every authority; in the first one work at the governance desk."""
    for authority in cast.authorities:
        _share(cast, authority.pk, moment)
    _work(cast, cast.authorities[0].pk, moment)


def _share(cast: Cast, authority_id: int, moment: datetime) -> None:
    officer, director = (cast.of(authority_id, role) for role in (roles.INFORMATION_OFFICER, roles.DIRECTOR))
    for kind in SHARED:
        signed = timezone.localdate(moment) - timedelta(days=200)
        agreement = NewAgreement(
            kind,
            signed,
            date(signed.year + 2, 4, 1),
            f"{director.name}, director of children's services",
            signed,
        )
        record_agreement(by=officer, now=moment - timedelta(days=199), agreement=agreement).done()


def _work(cast: Cast, authority_id: int, moment: datetime) -> None:
    officer, worker = (
        cast.of(authority_id, role) for role in (roles.INFORMATION_OFFICER, roles.SOCIAL_WORKER)
    )
    manager, broker = (cast.of(authority_id, role) for role in (roles.TEAM_MANAGER, roles.BROKER))
    for turn, number in enumerate(_quiet_children(authority_id)):
        row = restricting.restrict_case(
            by=officer, now=moment - timedelta(days=80 + 20 * turn), child_number=number, reason=REASON,
            people=[worker.person_id, manager.person_id],
        ).done()  # fmt: skip
        if not turn:
            _emergency(broker, row, moment)
    _have_signed_in(authority_id, moment)
    reviewing.open_review(by=cast.of(authority_id, roles.ACCESS_OFFICER), now=moment).done()
    visits.ask_visit(
        by=_support(cast), now=moment - timedelta(hours=1), authority_id=authority_id, as_role=roles.BROKER,
        reason="A search page was reported as slow: look at it as a broker sees it.", hours=2,
    ).done()  # fmt: skip


def _have_signed_in(authority_id: int, moment: datetime) -> None:
    """Most people have been there within the month; every ninth has not for four, so that the review has somebody to ask."""
    users = list(User.objects.filter(memberships__authority_id=authority_id).order_by("pk").distinct())
    users = [user for user in users if not user.username.startswith(SYSTEMS)]
    for turn, user in enumerate(users):
        days = 125 if turn % 9 == 8 else turn * 5 % 28
        user.last_login = moment - timedelta(days=days, hours=1)
    User.objects.bulk_update(users, ["last_login"])


def _emergency(by: Actor, row: Restriction, moment: datetime) -> None:
    emergencies.open_in_emergency(
        by=by,
        now=moment - timedelta(hours=3),
        child_number=row.child_number,
        reason=WHY,
    ).done()


def _quiet_children(authority_id: int) -> list[str]:
    """Two children in care for whom nobody asks for a placement just now."""
    rows = Child.objects.filter(authority_id=authority_id, asked_in__isnull=True).order_by("pk")
    return list(rows.values_list("local_number", flat=True)[:2])


def _support(cast: Cast) -> Actor:
    user = User.objects.create_user(
        "support@consortium.example.org",
        "support@consortium.example.org",
        None,
        first_name="Robin",
        last_name="Ellery",
    )
    held = Membership.objects.create(
        user=user, role=roles.SUPPORT, consortium_id=cast.consortium_id, starts_on=date(2025, 1, 1)
    )
    return held.as_actor()
