"""Addresses of kinds of service, the directory, services for children and the transfer scheme, which several desks share."""

from __future__ import annotations

from rightplace.desks.commissioning import directory, service_figures, service_kinds, transfer
from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.desks.portal import services
from rightplace.desks.social_work import duty, packages, particulars
from rightplace.foundation.access.roles import (
    ANALYST,
    BROKER,
    COMMISSIONER,
    DIRECTOR,
    FINANCE_OFFICER,
    FOSTERING_OFFICER,
    PANEL_CHAIR,
    PROVIDER,
    REVIEWING_OFFICER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
)
from rightplace.journey.packages.states import ASKERS, BROKERS, KEEPERS
from rightplace.register.duty.actions import PLANNERS

CASE = (SOCIAL_WORKER, TEAM_MANAGER, BROKER, COMMISSIONER, PANEL_CHAIR, DIRECTOR, REVIEWING_OFFICER)
READERS = (*CASE, ANALYST, FOSTERING_OFFICER, FINANCE_OFFICER)
FIGURES = (COMMISSIONER, ANALYST, DIRECTOR, TEAM_MANAGER, BROKER)
DEED = "packages/<int:package_id>/<slug:verb>/"

urlpatterns = [
    page("service-kinds/", service_kinds.kind_list, roles=READERS, name="service_kinds"),
    form_page("service-kinds/new/", service_kinds.add, roles=(COMMISSIONER,), name="add_service_kind"),
    page("service-kinds/<slug:kind_code>/", service_kinds.kind_page, roles=READERS, name="service_kind"),
    form_page(
        "service-kinds/<slug:kind_code>/change/", service_kinds.change, roles=(COMMISSIONER,), name="change_service_kind"
    ),
    page("service-directory/", directory.directory, roles=READERS, name="service_directory"),
    form_page("service-directory/new/", directory.add, roles=(COMMISSIONER, BROKER), name="list_service"),
    page(
        "service-directory/open-referral.json", directory.open_referral_file, roles=READERS, name="open_referral"
    ),
    page("service-directory/<int:entry_id>/", directory.entry, roles=READERS, name="service_entry"),
    form_page(
        "service-directory/<int:entry_id>/confirm/", directory.confirm, roles=(COMMISSIONER, BROKER),
        name="confirm_service",
    ),
    page("portal/services/", directory.directory, roles=(PROVIDER,), name="portal_services"),
    form_page("portal/services/new/", directory.add, roles=(PROVIDER,), name="portal_list_service"),
    page("portal/services/<int:entry_id>/", directory.entry, roles=(PROVIDER,), name="portal_service"),
    form_page(
        "portal/services/<int:entry_id>/confirm/", directory.confirm, roles=(PROVIDER,), name="portal_confirm_service"
    ),
    page("packages/", packages.package_list, roles=CASE, name="packages"),
    page("packages/kinds/", packages.choose_kind, roles=ASKERS, name="choose_kind"),
    form_page("packages/kinds/<slug:kind_code>/", packages.ask, roles=ASKERS, name="ask_for_package"),
    page("packages/due/", packages.milestones, roles=CASE, name="milestones"),
    form_page("packages/due/<int:due_id>/", packages.meet, roles=KEEPERS, name="meet_milestone"),
    page("packages/school-places/", packages.school_places, roles=FIGURES, name="school_places"),
    page("packages/<int:package_id>/", packages.package, roles=CASE, name="package"),
    form_page("packages/<int:package_id>/known/", particulars.keep, roles=KEEPERS, name="keep_particulars"),
    form_page("packages/<int:package_id>/ask-services/", particulars.invite, roles=BROKERS, name="invite_services"),
    page("packages/<int:package_id>/side-by-side/", particulars.side_by_side, roles=CASE, name="side_by_side"),
    form_page("packages/due/<int:due_id>/later/", particulars.put_off, roles=KEEPERS, name="put_off"),
    verb(
        "service-invitations/<int:service_invitation_id>/take-back/", particulars.take_back, roles=BROKERS,
        name="take_back_invitation",
    ),
    page("portal/service-invitations/", services.invitations, roles=(PROVIDER,), name="portal_service_invitations"),
    page(
        "portal/service-invitations/<int:service_invitation_id>/", services.invitation, roles=(PROVIDER,),
        name="portal_service_invitation",
    ),
    form_page(
        "portal/service-invitations/<int:service_invitation_id>/offer/", services.offer, roles=(PROVIDER,),
        name="portal_offer_service",
    ),
    form_page(
        "portal/service-invitations/<int:service_invitation_id>/decline/", services.decline, roles=(PROVIDER,),
        name="portal_decline_service",
    ),
    form_page(DEED, packages.deed, roles=CASE, name="package_deed"),
    page("out-of-hours/", duty.rota, roles=(*CASE, FOSTERING_OFFICER), name="duty_rota"),
    form_page("out-of-hours/plan/", duty.plan, roles=PLANNERS, name="plan_duty"),
    verb("out-of-hours/<int:turn_id>/drop/", duty.drop, roles=PLANNERS, name="drop_duty"),
    page("service-figures/", service_figures.fare, roles=FIGURES, name="service_figures"),
    page("service-figures/steps/", service_figures.steps, roles=FIGURES, name="service_steps"),
    page("service-figures/plans/", service_figures.plans, roles=FIGURES, name="plan_figures"),
    page("service-figures/coming-of-age/", service_figures.coming_of_age, roles=CASE, name="coming_of_age"),
    page("transfer-scheme/", transfer.quotas, roles=FIGURES, name="transfer_scheme"),
    form_page("transfer-scheme/new/", transfer.enter, roles=(COMMISSIONER, ANALYST), name="enter_transfer_count"),
]  # fmt: skip
