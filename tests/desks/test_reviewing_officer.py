"""The reviewing officer reads what the case holds, of the own authority, and changes nothing."""

from __future__ import annotations

from rightplace.core.workflow import Workflow
from rightplace.foundation.access.roles import REVIEWING_OFFICER
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.notices.models import Notice
from tests import make
from tests.cast import Cast
from tests.journey.requests.officers import reviewing_officer
from tests.rules.test_states import LIVES
from tests.visit import send, signed_in


def test_the_file_the_request_the_placement_the_contract_and_the_move_are_read_and_each_look_is_recorded(
    cast: Cast,
) -> None:
    contract = make.placement_started(cast, make.contract_in_force(cast))
    placement = contract.placement
    move = make.move_proposed(cast, placement)
    request = placement.offer.search.request
    client = signed_in(cast.ida)
    assert Notice.objects.filter(role=REVIEWING_OFFICER, words__contains=move.reference).exists()
    home = client.get("/social-work/").content.decode()
    assert f"{move.reference} · Amber Fairweather" in home
    urls = {
        f"/social-work/children/{cast.amber.pk}/": "Fairweather",
        f"/social-work/requests/{request.pk}/": request.reference,
        f"/placements/{placement.pk}/": "Acorn House",
        f"/contracts/{contract.pk}/": make.OUTCOMES[0].words,
        f"/moves/{move.pk}/": "She is sad to go",
    }
    for url, words in urls.items():
        before = AuditEntry.objects.filter(is_look=True, child_id=cast.amber.pk).count()
        page = client.get(url)
        assert (page.status_code, words in page.content.decode()) == (200, True), url
        assert AuditEntry.objects.filter(is_look=True, child_id=cast.amber.pk).count() == before + 1, url
        # No form but those of the frame (signing out, changing the role, reading notices).
        assert 'name="version"' not in page.content.decode(), url
    assert cast.amber.last_name in client.get("/social-work/children/").content.decode()
    assert request.reference in client.get("/social-work/requests/").content.decode()


def test_another_authoritys_child_is_not_there(cast: Cast) -> None:
    assert signed_in(cast.ida).get(f"/social-work/children/{cast.lena.pk}/").status_code == 404


def test_no_step_of_a_case_is_open_to_the_role(cast: Cast) -> None:
    open_to = {
        (life.name, step.verb)
        for life in LIVES
        for step in life.transitions
        if REVIEWING_OFFICER in step.roles
    }
    # Chairing reviews is the officer's own work (regulation 36); a concern may be raised by anybody.
    chairing = ("set_review_day", "send_review_papers", "score_outcomes", "give_child_link", "hold_review")
    own = {("review", verb) for verb in chairing}
    own |= {("follow_up", "finish_follow_up"), ("concern", "add_to_concern")}
    assert open_to == {("panel_action", "finish_action")} | own
    assert all(isinstance(life, Workflow) for life in LIVES)


def test_what_changes_a_case_is_behind_closed_doors(cast: Cast) -> None:
    client = signed_in(cast.ida)
    for url in (
        "/social-work/children/add/",
        f"/social-work/children/{cast.amber.pk}/start/",
        f"/social-work/children/{cast.amber.pk}/corrections/",
        f"/social-work/children/{cast.amber.pk}/legal-status/",
    ):
        assert (client.get(url).status_code, send(client, url).status_code) == (403, 403), url


def test_the_name_of_the_officer_stands_in_the_file_and_is_changed_by_a_colleague(cast: Cast) -> None:
    idris = reviewing_officer(cast)
    file, form = (
        f"/social-work/children/{cast.amber.pk}/",
        f"/social-work/children/{cast.amber.pk}/reviewing-officer/",
    )
    client = signed_in(cast.ida)
    assert "Reviewing officer" in client.get(file).content.decode()
    assert "Idris Malone" in client.get(form).content.decode()
    assert send(client, form, user_id=idris.user_id, version=cast.amber.version).status_code == 303
    assert "Idris Malone" in client.get(file).content.decode()
    cast.amber.refresh_from_db()
    again = send(signed_in(idris), form, user_id=idris.user_id, version=cast.amber.version)
    assert again.status_code == 422
    assert "reviews this case already" in again.content.decode()


def test_a_team_manager_gives_a_case_and_may_not_give_it_to_who_reviews_it(cast: Cast) -> None:
    form = f"/social-work/children/{cast.amber.pk}/social-worker/"
    client = signed_in(cast.moses)
    page = client.get(form).content.decode()
    assert str(cast.sadia.name) in page
    answer = send(client, form, user_id=cast.sadia.user_id, version=cast.amber.version)
    assert answer.status_code == 303
    assert send(client, form, user_id=cast.ida.user_id, version=cast.amber.version + 1).status_code == 422
