"""Addresses of keeping and destroying, holds, requests for one's own data, corrections and the record of processing."""

from __future__ import annotations

from rightplace.desks.governance import data_requests, holds, records, retention
from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.foundation.access.roles import ACCESS_OFFICER, DIRECTOR, INFORMATION_OFFICER

AGREEING = (INFORMATION_OFFICER, DIRECTOR)
OFFICER = (INFORMATION_OFFICER,)
LIST = "governance/retention/lists/<int:destruction_id>/"
ASKED = "governance/data-requests/<int:data_request_id>/"

urlpatterns = [
    page("governance/retention/", retention.overview, roles=AGREEING, name="retention"),
    verb("governance/retention/propose/", retention.propose, roles=AGREEING, name="propose_destruction"),
    page(LIST, retention.destruction, roles=AGREEING, name="destruction"),
    verb(f"{LIST}agree/", retention.agree, roles=AGREEING, name="agree_destruction"),
    verb(f"{LIST}refuse/", retention.refuse, roles=AGREEING, name="refuse_destruction"),
    verb(f"{LIST}stop/", retention.stop, roles=AGREEING, name="stop_destruction"),
    verb(f"{LIST}resume/", retention.resume, roles=AGREEING, name="resume_destruction"),
    verb(f"{LIST}keep/", retention.keep, roles=AGREEING, name="keep_record"),
    page(f"{LIST}certificate/", retention.certificate, roles=AGREEING, name="destruction_certificate"),
    page("governance/holds/", holds.hold_list, roles=AGREEING, name="record_holds"),
    form_page("governance/holds/place/", holds.place, roles=AGREEING, name="place_hold"),
    form_page("governance/holds/<int:record_hold_id>/lift/", holds.lift, roles=AGREEING, name="lift_hold"),
    page("governance/data-requests/", data_requests.request_list, roles=AGREEING, name="data_requests"),
    form_page("governance/data-requests/new/", data_requests.ask, roles=AGREEING, name="ask_for_data"),
    page(ASKED, data_requests.data_request, roles=AGREEING, name="data_request"),
    verb(f"{ASKED}stop/", data_requests.pause, roles=OFFICER, name="pause_gathering"),
    verb(f"{ASKED}go-on/", data_requests.resume, roles=OFFICER, name="resume_gathering"),
    form_page(f"{ASKED}review/", data_requests.review, roles=OFFICER, name="review_words"),
    verb(f"{ASKED}reviewed/", data_requests.reviewed, roles=OFFICER, name="finish_review"),
    verb(f"{ASKED}look-again/", data_requests.look_again, roles=AGREEING, name="reopen_review"),
    verb(f"{ASKED}release/", data_requests.release, roles=AGREEING, name="release_bundle"),
    verb(f"{ASKED}handed-over/", data_requests.handed_over, roles=OFFICER, name="hand_over"),
    form_page(f"{ASKED}extend/", data_requests.extend, roles=OFFICER, name="extend_time"),
    form_page(f"{ASKED}refuse/", data_requests.refuse, roles=OFFICER, name="refuse_data_request"),
    page(f"{ASKED}bundle/", data_requests.bundle, roles=OFFICER, name="bundle"),
    page("governance/corrections/", records.correction_list, roles=OFFICER, name="corrections"),
    page("governance/processing/", records.processing, roles=(*AGREEING, ACCESS_OFFICER), name="processing"),
]
