"""Addresses of who waits and of the homes proposed for everyone: brokers act, managers and directors look."""

from __future__ import annotations

from rightplace.desks.brokerage import ruling_out, who_waits
from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.foundation.access.roles import BROKER, DIRECTOR, FOSTERING_OFFICER, TEAM_MANAGER

READERS = (BROKER, FOSTERING_OFFICER, TEAM_MANAGER, DIRECTOR)
BROKERS = (BROKER,)
WAITS = "brokerage/who-waits/"
RULE_OUT = f"{WAITS}requests/<int:request_id>/rule-out/"

urlpatterns = [
    page(WAITS, who_waits.who_waits, roles=READERS, name="who_waits"),
    page(f"{WAITS}proposal/", who_waits.proposal, roles=READERS, name="proposal"),
    verb(f"{WAITS}propose/", who_waits.propose, roles=BROKERS, name="propose"),
    verb(f"{WAITS}requests/<int:request_id>/mark/", who_waits.mark, roles=BROKERS, name="mark_home"),
    form_page(
        f"{RULE_OUT}household/<int:household_id>/", ruling_out.rule_out, roles=BROKERS, name="rule_out_own"
    ),
    form_page(f"{RULE_OUT}home/<int:setting_id>/", ruling_out.rule_out, roles=BROKERS, name="rule_out"),
    page(f"{WAITS}ruled-out/", ruling_out.ruled_out, roles=READERS, name="ruled_out"),
    verb(f"{WAITS}marks/<int:mark_id>/undo/", who_waits.undo, roles=BROKERS, name="undo_mark"),
]
