"""Addresses of the layout: front door, sign-in, notices."""

from __future__ import annotations

from rightplace.desks.layout import pages, sign_in
from rightplace.desks.layout.doors import ANYONE, form_page, page, verb
from rightplace.foundation.access.roles import EVERYONE

urlpatterns = [
    page("", sign_in.home, roles=ANYONE, name="home"),
    form_page("sign-in/", sign_in.sign_in, roles=ANYONE, name="sign_in"),
    verb("sign-out/", sign_in.sign_out, roles=EVERYONE, name="sign_out"),
    verb("switch-role/", sign_in.switch_role, roles=EVERYONE, name="switch_role"),
    page("notices/", sign_in.notice_page, roles=EVERYONE, name="notices"),
    verb("notices/read/", sign_in.notices_read, roles=EVERYONE, name="notices_read"),
    page("about/", pages.about, roles=ANYONE, name="about"),
    page("accessibility/", pages.accessibility, roles=ANYONE, name="accessibility"),
    page("privacy/", pages.privacy, roles=ANYONE, name="privacy"),
    page("cookies/", pages.cookies, roles=ANYONE, name="cookies"),
]
