"""Addresses of the layout: front door, sign-in, one's own account, notices."""

from __future__ import annotations

from rightplace.desks.layout import (
    account,
    account_invitation,
    pages,
    sign_in,
    sign_in_elsewhere,
    sign_in_forgotten,
    sign_in_steps,
)
from rightplace.desks.layout.doors import ANYONE, form_page, page, verb
from rightplace.foundation.access.roles import EVERYONE

urlpatterns = [
    page("", sign_in.home, roles=ANYONE, name="home"),
    form_page("sign-in/", sign_in.sign_in, roles=ANYONE, name="sign_in"),
    form_page("sign-in/second-step/", sign_in_steps.second_step, roles=ANYONE, name="second_step"),
    form_page("sign-in/set-up/", sign_in_steps.set_up, roles=ANYONE, name="set_up_second_step"),
    verb("sign-in/passkey-options/", sign_in_steps.passkey_options, roles=ANYONE, name="passkey_options"),
    verb("sign-in/passkey/", sign_in_steps.sign_in_with_passkey, roles=ANYONE, name="sign_in_with_passkey"),
    page("sign-in/elsewhere/", sign_in_elsewhere.elsewhere, roles=ANYONE, name="sign_in_elsewhere"),
    page("sign-in/elsewhere/back/", sign_in_elsewhere.back, roles=ANYONE, name="sign_in_elsewhere_back"),
    form_page("sign-in/forgotten/", sign_in_forgotten.forgotten, roles=ANYONE, name="forgotten_password"),
    form_page("sign-in/new-password/", sign_in_forgotten.new_password, roles=ANYONE, name="new_password"),
    form_page("invitation/", account_invitation.invitation, roles=ANYONE, name="account_invitation"),
    page("account/", account.account, roles=EVERYONE, name="account"),
    form_page("account/confirm/", account.confirm, roles=EVERYONE, name="account_confirm"),
    form_page("account/password/", account.password, roles=EVERYONE, name="account_password"),
    form_page("account/app/", account.authenticator, roles=EVERYONE, name="account_app"),
    form_page("account/passkey/", account.passkey, roles=EVERYONE, name="account_passkey"),
    verb("account/second-step/remove/", account.remove_step, roles=EVERYONE, name="account_remove_step"),
    page("account/recovery-codes/", account.recovery_codes, roles=EVERYONE, name="recovery_codes"),
    verb("account/recovery-codes/kept/", account.codes_kept, roles=EVERYONE, name="recovery_codes_kept"),
    verb("account/recovery-codes/new/", account.new_codes, roles=EVERYONE, name="recovery_codes_new"),
    verb("account/sessions/end/", account.end_own_session, roles=EVERYONE, name="account_end_session"),
    verb("sign-out/", sign_in.sign_out, roles=EVERYONE, name="sign_out"),
    verb("switch-role/", sign_in.switch_role, roles=EVERYONE, name="switch_role"),
    page("notices/", sign_in.notice_page, roles=EVERYONE, name="notices"),
    verb("notices/read/", sign_in.notices_read, roles=EVERYONE, name="notices_read"),
    page("about/", pages.about, roles=ANYONE, name="about"),
    page("accessibility/", pages.accessibility, roles=ANYONE, name="accessibility"),
    page("privacy/", pages.privacy, roles=ANYONE, name="privacy"),
    page("cookies/", pages.cookies, roles=ANYONE, name="cookies"),
]
