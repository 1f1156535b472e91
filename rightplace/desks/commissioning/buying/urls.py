"""Addresses of buying at the commissioning desk; the consortium's officer buys here too. Names are `commissioning:…`."""

from __future__ import annotations

from rightplace.desks.commissioning.buying import (
    applications,
    judging,
    notices,
    pipeline,
    prices,
    spot,
    tenders,
    terms,
    together,
    uplifts,
    yearly,
)
from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.foundation.access.roles import ANALYST, COMMISSIONER, CONSORTIUM_OFFICER

SEE = (COMMISSIONER, ANALYST, CONSORTIUM_OFFICER)
BUY = (COMMISSIONER, CONSORTIUM_OFFICER)
OWN = (COMMISSIONER, ANALYST)
START = "commissioning/"
PAGES = (
    ("frameworks/<int:framework_id>/", terms.framework_page, "framework"),
    ("applications/", applications.application_list, "applications"),
    ("applications/<int:application_id>/", applications.application_page, "application"),
    ("evidence/", applications.evidence_list, "evidence"),
    ("documents/<int:document_id>/", applications.document, "document"),
    ("tenders/", tenders.tender_list, "tenders"),
    ("tenders/<int:tender_id>/", tenders.tender_page, "tender"),
    ("releases/", notices.release_list, "releases"),
    ("releases/<int:release_id>/", notices.release, "release"),
    ("releases/package/", notices.release_package, "release_package"),
    ("public-releases/", notices.public_releases, "public_releases"),
    ("plans/", pipeline.plan_list, "plans"),
    ("plans/<int:plan_id>/", pipeline.plan_page, "plan"),
    ("plans/ending/", pipeline.ending_page, "ending"),
    ("prices/beside-need/", prices.comparison, "price_comparison"),
    ("prices/providers/<int:provider_id>/", prices.provider_prices, "provider_prices"),
    ("uplifts/", uplifts.uplift_list, "uplifts"),
    ("uplifts/<int:uplift_id>/", uplifts.uplift_page, "uplift"),
    ("consortium/", together.overview, "consortium"),
    ("consortium/year/", yearly.report, "yearly"),
    ("consortium/year/<slug:year_name>/", yearly.report, "yearly_of"),
    ("consortium/year/<slug:year_name>/report.pdf", yearly.report_pdf, "yearly_pdf"),
    ("leads/", together.lead_list, "leads"),
    ("services/", together.service_list, "services"),
    ("spending/market/", together.market, "market_picture"),
)
FORMS = (
    ("frameworks/<int:framework_id>/terms/", terms.keep_terms, "keep_terms"),
    ("frameworks/<int:framework_id>/members/", terms.join_framework, "join_framework"),
    (
        "frameworks/<int:framework_id>/members/<int:joining_id>/leave/",
        terms.leave_framework,
        "leave_framework",
    ),
    ("frameworks/<int:framework_id>/windows/", terms.open_window, "open_window"),
    ("frameworks/<int:framework_id>/evidence/", terms.ask_for_evidence, "ask_for_evidence"),
    ("lots/<int:lot_id>/ceilings/", terms.set_ceiling, "set_ceiling"),
    ("lots/<int:lot_id>/regions/", terms.set_regions, "set_regions"),
    ("lots/<int:lot_id>/discounts/", terms.agree_discount, "agree_discount"),
    ("lots/<int:lot_id>/members/<int:member_id>/suspend/", terms.suspend_member, "suspend_member"),
    ("applications/<int:application_id>/admit/", applications.admit_provider, "admit_provider"),
    ("applications/<int:application_id>/refuse/", applications.refuse_provider, "refuse_provider"),
    ("evidence/<int:shown_id>/", applications.check_evidence, "check_evidence"),
    ("tenders/new/", tenders.make_tender, "make_tender"),
    ("tenders/direct/", tenders.award_directly, "award_directly"),
    ("tenders/<int:tender_id>/criteria/", tenders.add_criterion, "add_criterion"),
    ("tenders/<int:tender_id>/evaluators/", tenders.name_evaluator, "name_evaluator"),
    ("tenders/<int:tender_id>/cancel/", tenders.cancel_tender, "cancel_tender"),
    ("tenders/<int:tender_id>/scores/<int:answered_id>/", judging.score, "score_tender"),
    (
        "tenders/<int:tender_id>/scores/<int:answered_id>/criteria/<int:criterion_id>/",
        judging.moderate,
        "moderate",
    ),
    ("tenders/<int:tender_id>/award/", judging.award, "award_tender"),
    ("plans/new/", pipeline.make_plan, "make_plan"),
    ("plans/<int:plan_id>/milestones/", pipeline.add_milestone, "add_milestone"),
    ("plans/<int:plan_id>/decision/", pipeline.decide_plan, "decide_plan"),
    ("uplifts/<int:uplift_id>/answer/", uplifts.answer_uplift, "answer_uplift"),
    ("uplifts/<int:uplift_id>/agree/", uplifts.agree_uplift, "agree_uplift"),
    ("uplifts/<int:uplift_id>/refuse/", uplifts.refuse_uplift, "refuse_uplift"),
    ("consortium/beds/<int:setting_id>/", together.settle, "settle_bed_turn"),
    ("leads/new/", together.lead_provider, "lead_provider"),
    ("services/new/", together.list_service, "list_service"),
)
VERBS = (
    ("lots/<int:lot_id>/members/<int:member_id>/allow/", terms.allow_member, "allow_member"),
    ("applications/<int:key>/begin/", applications.begin_evaluation, "begin_evaluation"),
    (
        "tenders/<int:tender_id>/criteria/<int:criterion_id>/take-off/",
        tenders.take_off_criterion,
        "take_off_criterion",
    ),
    ("tenders/<int:key>/open/", tenders.open_tender, "open_tender"),
    ("tenders/<int:key>/begin-scoring/", tenders.begin_scoring, "begin_scoring"),
    ("tenders/<int:tender_id>/finish-scoring/", judging.finish_scoring, "finish_scoring"),
    ("tenders/<int:key>/begin-moderation/", tenders.begin_moderation, "begin_moderation"),
    ("tenders/<int:tender_id>/publish/<slug:notice>/", notices.publish, "publish"),
    ("plans/<int:plan_id>/milestones/<int:milestone_id>/", pipeline.tick_milestone, "tick_milestone"),
    ("plans/<int:key>/finish/", pipeline.finish_plan, "finish_plan"),
    ("services/<int:service_id>/end/", together.end_service, "end_service"),
)

urlpatterns = [
    page(f"{START}spot/", spot.spot_list, roles=OWN, name="spot"),
    page(f"{START}prices/", prices.price_list, roles=OWN, name="prices"),
    form_page(f"{START}public-releases/import/", notices.import_page, roles=OWN, name="import_releases"),
    *(page(f"{START}{route}", view, roles=SEE, name=name) for route, view, name in PAGES),
    *(form_page(f"{START}{route}", view, roles=BUY, name=name) for route, view, name in FORMS),
    *(verb(f"{START}{route}", view, roles=BUY, name=name) for route, view, name in VERBS),
]
