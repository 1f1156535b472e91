"""Addresses of shared blocks: for brokers who fill them, commissioners who keep them, finance and directors who sign."""

from __future__ import annotations

from rightplace.desks.finance import shared_block_deeds as deeds
from rightplace.desks.finance import shared_blocks
from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.foundation.access.roles import (
    BROKER,
    COMMISSIONER,
    DIRECTOR,
    FINANCE_OFFICER,
)
from rightplace.journey.blocks.states import KEEPERS, NOMINATORS, SETTLERS, SIGNERS

OURS = (BROKER, COMMISSIONER, FINANCE_OFFICER, DIRECTOR)
DOERS = (BROKER, COMMISSIONER, FINANCE_OFFICER)

urlpatterns = [
    page("blocks/", shared_blocks.block_list, roles=OURS, name="shared_blocks"),
    form_page("blocks/new/", shared_blocks.agree, roles=KEEPERS, name="agree_block"),
    page("blocks/<int:key>/", shared_blocks.shared_block, roles=OURS, name="shared_block"),
    form_page("blocks/<int:key>/do/<slug:verb>/", deeds.deed, roles=DOERS, name="block_deed"),
    form_page("blocks/nominations/<int:key>/take/", deeds.take, roles=NOMINATORS, name="take_bed"),
    verb(
        "blocks/nominations/<int:key>/withdraw/",
        deeds.ask_no_longer,
        roles=NOMINATORS,
        name="withdraw_nomination",
    ),
    form_page("blocks/stays/<int:key>/left/", deeds.leave, roles=NOMINATORS, name="leave_bed"),
    form_page(
        "blocks/stays/<int:key>/correct/",
        deeds.correct_nights,
        roles=(*NOMINATORS, FINANCE_OFFICER),
        name="correct_nights",
    ),
    verb("blocks/handovers/<int:key>/accept/", deeds.accept, roles=NOMINATORS, name="accept_handover"),
    verb("blocks/handovers/<int:key>/decline/", deeds.decline, roles=NOMINATORS, name="decline_handover"),
    verb("blocks/handovers/<int:key>/withdraw/", deeds.withdraw, roles=NOMINATORS, name="withdraw_handover"),
    page("blocks/settlements/<int:key>/", deeds.settlement, roles=OURS, name="block_settlement"),
    page(
        "blocks/settlements/<int:key>/statement.pdf", deeds.statement_pdf, roles=OURS, name="block_statement"
    ),
    form_page(
        "blocks/settlements/<int:key>/withdraw/",
        deeds.withdraw_month,
        roles=SETTLERS,
        name="withdraw_settlement",
    ),
    form_page(
        "blocks/settlements/<int:key>/correct/", deeds.correct_month, roles=SETTLERS, name="open_correction"
    ),
    verb("blocks/shares/<int:key>/sign/", deeds.sign, roles=SIGNERS, name="sign_statement"),
    form_page("blocks/shares/<int:key>/dispute/", deeds.dispute, roles=SIGNERS, name="dispute_statement"),
]
