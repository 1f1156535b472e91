"""Addresses about people's access; a part of the governance desk's."""

from __future__ import annotations

from rightplace.desks.governance import people, people_changing, people_inviting
from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.foundation.access.roles import ACCESS_OFFICER, COMMISSIONER, INFORMATION_OFFICER

READERS = (ACCESS_OFFICER, INFORMATION_OFFICER)
KEEPERS = (ACCESS_OFFICER,)
INVITERS = (ACCESS_OFFICER, COMMISSIONER)
PERSON = "governance/people/<int:person_id>/"
INVITATION = "governance/account-invitations/<int:account_invitation_id>/"

urlpatterns = [
    page("governance/people/", people.people_list, roles=READERS, name="people"),
    page("governance/people/changes/", people.changes_list, roles=READERS, name="people_changes"),
    form_page("governance/people/invite/", people_inviting.invite, roles=KEEPERS, name="invite_person"),
    page(PERSON, people.person_page, roles=READERS, name="person"),
    form_page(f"{PERSON}role/", people_changing.give_role, roles=KEEPERS, name="give_role"),
    form_page(f"{PERSON}end-role/", people_changing.end_role, roles=KEEPERS, name="end_role"),
    form_page(f"{PERSON}leave/", people_changing.leave, roles=KEEPERS, name="record_leaver"),
    form_page(f"{PERSON}second-step/", people_changing.reset_step, roles=KEEPERS, name="reset_second_step"),
    verb(f"{PERSON}end-sessions/", people_changing.end_sessions, roles=KEEPERS, name="end_sessions"),
    page(
        "governance/account-invitations/",
        people_inviting.invitation_list,
        roles=INVITERS,
        name="account_invitations",
    ),
    verb(f"{INVITATION}again/", people_inviting.again, roles=INVITERS, name="invite_again"),
    verb(
        f"{INVITATION}withdraw/", people_inviting.withdraw, roles=INVITERS, name="withdraw_account_invitation"
    ),
    page(
        "governance/provider-accounts/",
        people_inviting.provider_people,
        roles=INVITERS,
        name="provider_accounts",
    ),
    form_page(
        "governance/provider-accounts/invite/",
        people_inviting.invite_provider,
        roles=INVITERS,
        name="invite_provider_person",
    ),
    verb(
        "governance/provider-accounts/<int:membership_id>/end/",
        people_inviting.end_provider_person,
        roles=INVITERS,
        name="end_provider_person",
    ),
]
