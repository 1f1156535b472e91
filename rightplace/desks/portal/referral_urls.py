"""Addresses of referrals and own homes in the portal."""

from __future__ import annotations

from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.desks.portal import home, homes, referrals
from rightplace.foundation.access.roles import PROVIDER

OURS = (PROVIDER,)
REFERRAL = "portal/referrals/<int:invitation_id>/"
HOME = "portal/homes/<int:setting_id>/"

urlpatterns = [
    page("portal/", home.home, roles=OURS, name="home"),
    page("portal/referrals/", referrals.referral_list, roles=OURS, name="referrals"),
    page(REFERRAL, referrals.referral, roles=OURS, name="referral"),
    verb(f"{REFERRAL}open/", referrals.open_referral, roles=OURS, name="referral_open"),
    verb(f"{REFERRAL}ask/", referrals.ask, roles=OURS, name="referral_ask"),
    form_page(f"{REFERRAL}decline/", referrals.decline, roles=OURS, name="referral_decline"),
    verb(f"{REFERRAL}undo-decline/", referrals.undo_decline, roles=OURS, name="referral_undo"),
    page("portal/homes/", homes.home_list, roles=OURS, name="homes"),
    page(HOME, homes.home_page, roles=OURS, name="home_page"),
    verb(f"{HOME}vacancies/", homes.state_vacancies, roles=OURS, name="home_vacancies"),
    form_page(f"{HOME}edit/", homes.edit, roles=OURS, name="home_edit"),
]
