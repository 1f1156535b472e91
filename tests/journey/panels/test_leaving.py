"""Somebody who has left the authority sits on no panel, and the private address of their calendar opens nothing."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client

from rightplace.foundation.access import people
from rightplace.foundation.access.models import Membership, User
from rightplace.foundation.notices.models import Notice
from rightplace.journey.panels import kinds
from rightplace.journey.panels.feeds import feed_of, feed_token
from rightplace.journey.panels.models import PanelMember
from rightplace.journey.panels.standing import members_on
from tests.cast import LONG_AGO, NOW, TODAY, Cast
from tests.journey.panels.arranged import Panel


def address(panel: Panel, member: PanelMember) -> str:
    """The word of a calendar address that the clerk has made."""
    return feed_token(kinds.make_feed(by=panel.cast.clem, now=NOW, member_id=member.pk).done())


def left(cast: Cast) -> None:
    people.record_leaver(by=cast.ada, now=NOW, person_id=cast.mel.person_id, ends_on=TODAY).done()


def test_who_leaves_sits_on_no_panel_from_that_day_and_the_clerk_is_told(panel: Panel, cast: Cast) -> None:
    word, of_hana = address(panel, panel.mel), address(panel, panel.hana)
    assert panel.mel in members_on(panel.kind.pk, TODAY)
    left(cast)
    assert [row.name for row in members_on(panel.kind.pk, TODAY)] == [
        "Pearl Baptiste",
        "Vera Quist",
        "Hana Fry",
    ]
    panel.mel.refresh_from_db()
    assert (panel.mel.ends_on, panel.mel.feed_nonce) == (TODAY, "")
    assert Client().get(f"/panel/feeds/{word}/").status_code == 404
    assert feed_of(word, NOW) is None
    assert feed_of(of_hana, NOW) is not None, "a partner has no account, and their address stays"
    told = Notice.objects.get(words__contains="no longer sits on")
    assert (told.role, told.link) == ("panel_clerk", f"/panel/kinds/{panel.kind.pk}/")
    assert told.words == f"{panel.mel.name} has left and no longer sits on Care panel"


def test_a_seat_in_another_authority_stays_while_a_role_is_held_there(panel: Panel, cast: Cast) -> None:
    theirs = {"authority": cast.sutton, "user_id": cast.mel.user_id}
    Membership.objects.create(**theirs, role="panel_member", starts_on=LONG_AGO)
    kind = panel.kind.__class__.objects.create(authority=cast.sutton, code="care", name="Care panel")
    row = PanelMember.objects.create(**theirs, kind=kind, name="Mel", part="member", starts_on=LONG_AGO)
    left(cast)
    row.refresh_from_db()
    assert (row.ends_on, PanelMember.objects.get(pk=panel.mel.pk).ends_on) == (None, TODAY)


def test_a_calendar_address_stops_with_the_last_role_here_before_anybody_ends_the_seat(
    panel: Panel, cast: Cast
) -> None:
    word, held = address(panel, panel.mel), Membership.objects.filter(user_id=cast.mel.user_id)
    later = NOW + timedelta(days=3)
    held.update(ends_on=TODAY + timedelta(days=3))
    assert feed_of(word, NOW) is not None
    assert feed_of(word, later) is None
    held.update(ends_on=None)
    assert feed_of(word, later) is not None
    User.objects.filter(pk=cast.mel.user_id).update(is_active=False)
    assert feed_of(word, later) is None
    User.objects.filter(pk=cast.mel.user_id).update(is_active=True)
    held.update(authority=cast.sutton)
    assert feed_of(word, later) is None, "a role elsewhere opens no panel here"
