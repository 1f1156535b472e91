"""Joiners, movers and leavers of the demo: invitations that wait, a role from next month, somebody who leaves soon."""

from datetime import datetime, timedelta

from django.utils import timezone

from rightplace.demo.staff import Cast
from rightplace.foundation.access import roles
from rightplace.foundation.access.invitations import Invited, invite_person
from rightplace.foundation.access.people import RoleToGive, give_role, record_leaver


def add_comings_and_goings(cast: Cast, moment: datetime) -> None:
    """In the first authority, by its access administrator and its commissioner."""
    authority, today = cast.authorities[0], timezone.localdate(moment)
    officer = cast.of(authority.pk, roles.ACCESS_OFFICER)
    commissioner = cast.of(authority.pk, roles.COMMISSIONER)
    broker = Invited("nia.newman@council.example", "Nia Newman", roles.BROKER, today)
    invite_person(by=officer, now=moment, invited=broker).done()
    if cast.by_provider:
        contact = Invited("lee.oakes@home.example", "Lee Oakes", roles.PROVIDER, today, None, min(cast.by_provider))
        invite_person(by=commissioner, now=moment, invited=contact).done()
    further = RoleToGive(roles.PANEL_MEMBER, today + timedelta(days=30))
    person = cast.of(authority.pk, roles.FINANCE_OFFICER).person_id
    give_role(by=officer, now=moment, person_id=person, given=further).done()
    leaver = cast.of(authority.pk, roles.PANEL_MEMBER, 1).person_id
    record_leaver(by=officer, now=moment, person_id=leaver, ends_on=today + timedelta(days=21)).done()
