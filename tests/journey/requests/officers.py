"""A second reviewing officer of Croydon, arranged for tests."""

from __future__ import annotations

from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership, User
from tests.cast import LONG_AGO, Cast


def reviewing_officer(cast: Cast) -> Actor:
    """Idris Malone, who reviews cases beside Ida."""
    user = User.objects.create_user(
        "idris", "idris@example.org", None, first_name="Idris", last_name="Malone"
    )
    role = {"role": roles.REVIEWING_OFFICER, "authority": cast.croydon, "starts_on": LONG_AGO}
    return Membership.objects.create(user=user, **role).as_actor()
