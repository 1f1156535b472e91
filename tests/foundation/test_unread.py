"""The number of unread notices on every page is that of the notices themselves, for everybody."""

from __future__ import annotations

import pytest

from rightplace.foundation.notices.actions import tell_provider, tell_role, tell_user
from rightplace.foundation.notices.models import Notice
from rightplace.foundation.notices.queries import notices, unread_count
from tests.cast import NOW, Cast


@pytest.mark.parametrize(
    ("who", "number"), [("bola", 0), ("brenda", 1), ("sadia", 1), ("priya", 2), ("conrad", 0), ("moses", 0)]
)
def test_what_is_counted_is_what_is_listed(cast: Cast, who: str, number: int) -> None:
    actor = getattr(cast, who)
    words, link = "Something waits", "/"
    for authority in (cast.croydon, cast.sutton):
        tell_role(authority_id=authority.pk, role="broker", words=words, link=link, now=NOW)
        tell_provider(
            authority_id=authority.pk, provider_id=cast.oakhouse.pk, words=words, link=link, now=NOW
        )
    tell_user(authority_id=cast.croydon.pk, user_id=cast.sadia.person_id, words=words, link=link, now=NOW)
    Notice.objects.filter(authority=cast.croydon, role="broker").update(read_at=NOW)
    assert unread_count(actor) == notices(actor).filter(read_at__isnull=True).count() == number
