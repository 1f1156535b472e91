"""Whoever leaves later is still here today; whoever has left is out at once, with every token."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from rightplace.foundation.access import people
from rightplace.foundation.access.models import Membership
from rightplace.foundation.safeguards import queries, reviewing
from rightplace.foundation.tokens import actions as tokens
from rightplace.foundation.tokens.models import ApiToken
from rightplace.foundation.tokens.using import token_in_use
from tests.cast import LONG_AGO, NOW, TODAY, Cast

SOON = TODAY + timedelta(days=10)


def test_who_leaves_next_week_can_still_be_named_and_is_in_the_review(cast: Cast) -> None:
    held = Membership.objects.filter(user_id=cast.sadia.user_id)
    held.update(ends_on=SOON)
    assert queries.may_be_named(cast.iggy, on=TODAY).filter(user_id=cast.sadia.user_id).exists()
    assert not queries.may_be_named(cast.iggy, on=SOON).filter(user_id=cast.sadia.user_id).exists()
    review = reviewing.open_review(by=cast.ada, now=NOW).done()
    line = review.lines.get(user_id=cast.sadia.user_id)
    reviewing.end_access(by=cast.ada, now=NOW, line_id=line.pk).done()
    assert held.get().ends_on == TODAY


def test_who_left_is_in_no_review(cast: Cast) -> None:
    Membership.objects.filter(user_id=cast.sadia.user_id).update(ends_on=TODAY)
    review = reviewing.open_review(by=cast.ada, now=NOW).done()
    assert not review.lines.filter(user_id=cast.sadia.user_id).exists()


def _token(cast: Cast, who: str = "bola") -> tokens.NewToken:
    by, now = getattr(cast, who), timezone.now()
    return tokens.make_token(by=by, now=now, name="Script", scopes=["read:requests"], days=30).done()


def test_the_tokens_of_somebody_who_left_end_at_once_and_for_good(cast: Cast) -> None:
    made, now = _token(cast), timezone.now()
    other = _token(cast, "sadia")
    assert token_in_use(made.secret, now) is not None
    people.record_leaver(
        by=cast.ada, now=now, person_id=cast.bola.person_id, ends_on=timezone.localdate()
    ).done()
    row = ApiToken.objects.get(pk=made.row.pk)
    assert (row.revoked_at, row.revoked_by) == (now, cast.ada.name)
    assert ApiToken.objects.get(pk=other.row.pk).revoked_at is None
    # Back in the role, the old token stays ended.
    Membership.objects.filter(user_id=cast.bola.user_id).update(ends_on=None)
    row.membership.user.__class__.objects.filter(pk=cast.bola.user_id).update(is_active=True)
    assert token_in_use(made.secret, now) is None


def test_a_token_in_a_role_elsewhere_stays(cast: Cast) -> None:
    made, now = _token(cast), timezone.now()
    elsewhere = Membership.objects.create(
        user_id=cast.bola.user_id, role="broker", authority=cast.sutton, starts_on=LONG_AGO
    )
    ApiToken.objects.filter(pk=made.row.pk).update(membership=elsewhere, authority=cast.sutton)
    here = _token(cast)
    people.record_leaver(
        by=cast.ada, now=now, person_id=cast.bola.person_id, ends_on=timezone.localdate()
    ).done()
    assert ApiToken.objects.get(pk=made.row.pk).revoked_at is None
    assert ApiToken.objects.get(pk=here.row.pk).revoked_at == now
