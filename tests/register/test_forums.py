"""The forum of concerns: its agenda is what stands and is shared; what is agreed is read by those who may read the concern."""

from __future__ import annotations

from datetime import timedelta

from rightplace.foundation.access import roles
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.notices.models import Notice
from rightplace.foundation.organisations.models import Authority
from rightplace.register.concerns.forums import (
    agenda,
    agree_in_forum,
    agreed_about,
    close_forum,
    forums,
    plan_forum,
)
from rightplace.register.concerns.models import Concern, Forum, ForumItem
from tests.cast import NOW, TODAY, Cast, person
from tests.register.test_concerns import end_sharing, raised

SOON = TODAY + timedelta(days=14)


def planned(cast: Cast) -> Forum:
    return plan_forum(by=cast.conrad, now=NOW, held_on=TODAY, place="Town hall").done()


def agreed(cast: Cast, forum: Forum, concern: Concern, **facts: object) -> ForumItem:
    forum.refresh_from_db()
    given = {"words": "Sutton asks for the rotas.", "owner_id": cast.sutton.pk, "due_on": SOON, **facts}
    with acting_as(cast.cora):
        return agree_in_forum(
            by=cast.cora, now=NOW, forum_id=forum.pk, version=forum.version, concern_id=concern.pk, **given
        ).done()


def test_the_agenda_is_what_stands_and_who_does_something_is_told(cast: Cast) -> None:
    concern, forum = raised(cast), planned(cast)
    with acting_as(cast.conrad):
        assert [one.concern for one in agenda(cast.conrad, forum)] == [concern]
    agreed(cast, forum, concern)
    assert Notice.objects.get(
        authority=cast.sutton, role=roles.COMMISSIONER, words__contains="does something"
    )
    agreed(cast, forum, concern, words="Nothing more.", owner_id=None)
    item = ForumItem.objects.get()
    assert (item.words, item.owner, item.due_on) == ("Nothing more.", None, None)
    with acting_as(cast.brenda):
        assert agreed_about(cast.brenda, concern.pk) == [item]


def test_whoever_may_not_read_a_concern_reads_nothing_that_was_agreed_about_it(cast: Cast) -> None:
    concern, forum = raised(cast), planned(cast)
    agreed(cast, forum, concern)
    end_sharing(cast)
    with acting_as(cast.brenda):
        assert agreed_about(cast.brenda, concern.pk) == []
        assert not ForumItem.objects.exists()
        assert forums(cast.brenda).get().pk == forum.pk
    stranger = person(
        "Zoe Yates", roles.COMMISSIONER, authority=Authority.objects.create(name="Far", gss_code="E09999998")
    )
    with acting_as(stranger):
        assert not Forum.objects.exists() and not forums(stranger).exists()
    assert plan_forum(by=stranger, now=NOW, held_on=TODAY).problems[0].code == "no_consortium"


def test_a_forum_that_was_held_changes_no_more(cast: Cast) -> None:
    concern, forum = raised(cast), planned(cast)
    assert plan_forum(by=cast.cora, now=NOW, held_on=TODAY).problems[0].code == "taken"
    assert plan_forum(by=cast.bola, now=NOW, held_on=SOON).problems[0].code == "not_yours"
    agreed(cast, forum, concern)
    forum.refresh_from_db()
    facts = {"by": cast.cora, "now": NOW, "forum_id": forum.pk}
    wrong = agree_in_forum(
        **facts, version=forum.version, concern_id=concern.pk, words="", owner_id=cast.sutton.pk
    )
    assert [one.code for one in wrong.problems] == ["words", "due_on"]
    assert close_forum(**facts, version=forum.version, words=" ").problems[0].code == "words"
    closed = close_forum(**facts, version=forum.version, words="Croydon and Sutton took part.").done()
    again = agree_in_forum(**facts, version=closed.version, concern_id=concern.pk, words="More")
    assert [one.code for one in again.problems] == ["wrong_state"]
