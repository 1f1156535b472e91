"""The social work desk through its pages: home, children, the step-by-step form, one request, the list and its file."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rightplace.foundation.audit.models import AuditEntry
from rightplace.journey.requests import actions
from rightplace.journey.requests.models import Criterion, Need, PlacementRequest
from rightplace.register.children.models import Child
from tests import make
from tests.cast import TODAY, Cast
from tests.visit import send, signed_in

REQUEST = "/social-work/requests/{}/"
STEPS = ("why", "children", "needs", "home", "identity", "places", "criteria", "outcomes", "cost", "check")


def soon() -> dict:
    return {"now": timezone.now(), "needed_by": timezone.localdate() + timedelta(days=30)}


def text(response) -> str:
    return response.content.decode()


def test_the_home_shows_what_waits_with_the_returned_request_first(cast: Cast) -> None:
    make.request_draft(cast, **soon())
    row = make.request_submitted(cast, **soon())
    actions.return_request(
        by=cast.bola,
        now=timezone.now(),
        request_id=row.pk,
        version=row.version,
        comments=[("needs", "When?")],
    ).done()
    page = text(signed_in(cast.sadia).get("/social-work/"))
    assert page.index(f"{row.reference} ·") < page.index("Finish and send")
    assert "Answer the comments" in page
    assert "Finish and send" in page


def test_a_childs_file_shows_facts_and_family_and_records_the_look(cast: Cast) -> None:
    client = signed_in(cast.sadia)
    page = text(client.get(f"/social-work/children/{cast.jude.pk}/"))
    assert "Kiran Marlowe" in page
    assert "Shirley Vale School" in page
    look = AuditEntry.objects.get(is_look=True)
    assert (look.actor_name, look.child_id) == ("Sadia Rahman", cast.jude.pk)
    assert "Opened the child&#x27;s file" in text(client.get(f"/social-work/children/{cast.jude.pk}/"))


def test_another_authoritys_child_and_request_are_not_found(cast: Cast) -> None:
    row = make.request_draft(cast, **soon())
    client = signed_in(cast.simon)
    urls = [
        f"/social-work/children/{cast.amber.pk}/",
        f"/social-work/children/{cast.amber.pk}/start/",
        REQUEST.format(row.pk),
    ]
    urls += [f"{REQUEST.format(row.pk)}steps/{step}/" for step in STEPS]
    assert {client.get(url).status_code for url in urls} == {404}
    assert {send(client, url, 1).status_code for url in urls[3:]} == {404}


def test_children_are_searched_by_name_and_number(cast: Cast) -> None:
    client = signed_in(cast.sadia)
    assert "Amber Fairweather" in text(client.get("/social-work/children/?words=fair"))
    assert "Amber Fairweather" not in text(client.get("/social-work/children/?words=marlowe"))
    assert "Kiran Marlowe" in text(client.get("/social-work/children/?words=1003"))


def test_a_request_for_brothers_starts_from_the_file_of_one(cast: Cast) -> None:
    client = signed_in(cast.sadia)
    answer = send(client, f"/social-work/children/{cast.jude.pk}/start/", siblings=[cast.kiran.pk])
    row = PlacementRequest.objects.get()
    assert answer.status_code == 303
    assert answer["Location"] == f"{REQUEST.format(row.pk)}steps/why/"
    assert row.children.count() == 2


def test_every_step_opens_for_a_new_request_and_for_a_full_one(cast: Cast) -> None:
    client = signed_in(cast.sadia)
    send(client, f"/social-work/children/{cast.jude.pk}/start/")
    rows = [PlacementRequest.objects.get(), make.request_draft(cast, **soon())]
    for row in rows:
        for step in STEPS:
            assert client.get(f"{REQUEST.format(row.pk)}steps/{step}/").status_code == 200, step


def test_the_whole_form_is_filled_in_step_by_step_and_sent(cast: Cast) -> None:
    client = signed_in(cast.sadia)
    send(client, f"/social-work/children/{cast.jude.pk}/start/")
    row = PlacementRequest.objects.get()
    day = timezone.localdate() + timedelta(days=20)
    for step, entries in filled_in(cast, day):
        row.refresh_from_db()
        answer = send(client, f"{REQUEST.format(row.pk)}steps/{step}/", row.version, **entries)
        assert answer.status_code == 303, (step, text(answer))
    row.refresh_from_db()
    assert send(client, f"{REQUEST.format(row.pk)}steps/check/", row.version).status_code == 303
    row.refresh_from_db()
    assert (row.state, row.urgency, row.ceiling_pence_week) == ("submitted", "over_5_days", 123_450)
    assert set(Need.objects.values_list("kind", "severity")) == {("going_missing", 3), ("autism", 1)}
    assert set(Criterion.objects.values_list("code", "words", "is_essential")) == {
        ("own_bedroom", "A bedroom of the child's own", True),
        ("", "A garden", False),
    }
    assert [place.is_unsafe for place in row.places.all()] == [False, True]
    assert row.sibling_wishes.get().wish == "together"


def filled_in(cast: Cast, day) -> list[tuple[str, dict]]:
    """What somebody types, step by step."""
    rows = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 0}
    near = {
        f"near-{k}": v for k, v in (rows | {"0-kind": "home", "0-postcode": "cr04xx", "0-miles": 10}).items()
    }
    unsafe = {
        f"unsafe-{k}": v
        for k, v in (rows | {"0-postcode": "SE13 5AB", "0-miles": 3, "0-reason": "A gang"}).items()
    }
    outcome = {
        "0-area": "safety",
        "0-words": "He comes home every night at the agreed time",
        "0-measure": "None missing for 3 months",
    }
    evidence = "Left home without telling anyone four times since June; a call from his brother brings him back home."
    return [
        ("why", {"why_now": "His carers have retired and cannot go on.", "needed_by_day": day.day, "needed_by_month": day.month,
                 "needed_by_year": day.year, "about": "Funny and kind."}),
        ("children", {f"wish_{cast.kiran.pk}": "together"}),
        ("needs", {"risks_to_child": ["going_missing"], "going_missing_severity": "3", "going_missing_evidence": evidence,
                   "needs": ["autism"], "autism_severity": "1", "autism_evidence": "Needs a routine.", "child_view": "A dog."}),
        ("home", {"foster_suitability": "preferred", "residential_suitability": "unsuitable",
                  "supported_suitability": "not_specified", "living_companions": "solo", "pets": "must"}),
        ("identity", {"language": "English", "health_words": "Well, no medicines or allergies.", "keep_school": "yes"}),
        ("places", near | unsafe),
        ("criteria", {"own_bedroom": "essential", "own-TOTAL_FORMS": 1, "own-INITIAL_FORMS": 0, "own-0-words": "A garden",
                      "own-0-weight": "desirable"}),
        ("outcomes", {f"outcomes-{k}": v for k, v in (rows | outcome).items()}),
        ("cost", {"likely_weeks": "26", "ceiling_pence_week": "1,234.50", "ceiling_reason": "As now."}),
    ]  # fmt: skip


def test_save_and_come_back_later_leads_to_the_request(cast: Cast) -> None:
    row = make.request_draft(cast, **soon())
    client = signed_in(cast.sadia)
    answer = send(
        client, f"{REQUEST.format(row.pk)}steps/identity/", row.version, then="leave", language="Welsh"
    )
    assert answer["Location"] == REQUEST.format(row.pk)
    row.refresh_from_db()
    assert row.language == "Welsh"


def test_a_stale_step_is_answered_with_what_changed_and_loses_nothing(cast: Cast) -> None:
    row = make.request_draft(cast, **soon())
    seen = row.version
    url = f"{REQUEST.format(row.pk)}steps/identity/"
    send(signed_in(cast.moses), url, seen, language="Welsh", faith="Quaker")
    answer = send(signed_in(cast.sadia), url, seen, language="Urdu", health_words="Asthma.")
    page = text(answer)
    assert answer.status_code == 409
    assert "Moses Okoro saved this before you" in page
    for words in ("Welsh", "Quaker", "Urdu", "Asthma."):
        assert words in page
    row.refresh_from_db()
    assert row.language == "Welsh"
    again = send(signed_in(cast.sadia), url, row.version, language="Urdu", health_words="Asthma.")
    assert again.status_code == 303


def test_rows_that_two_people_changed_are_compared_too(cast: Cast) -> None:
    row = make.request_draft(cast, **soon())
    url = f"{REQUEST.format(row.pk)}steps/outcomes/"
    rows = {"outcomes-TOTAL_FORMS": 1, "outcomes-INITIAL_FORMS": 0, "outcomes-0-area": "health"}
    send(signed_in(cast.moses), url, row.version, **rows, **{"outcomes-0-words": "Sleeps through each night"})
    answer = send(
        signed_in(cast.sadia), url, row.version, **rows, **{"outcomes-0-words": "Eats breakfast each day"}
    )
    assert answer.status_code == 409
    assert "Sleeps through each night" in text(answer)
    assert "Eats breakfast each day" in text(answer)


def test_a_double_click_on_send_has_one_effect(cast: Cast) -> None:
    row = make.request_draft(cast, **soon())
    client = signed_in(cast.sadia)
    key = "0" * 31 + "1"
    answers = [send(client, f"{REQUEST.format(row.pk)}steps/check/", row.version, key) for _ in range(3)]
    assert {answer["Location"] for answer in answers} == {REQUEST.format(row.pk)}
    assert AuditEntry.objects.filter(verb="submit_request").count() == 1


def test_what_lacks_an_answer_is_not_sent_and_says_all_of_it(cast: Cast) -> None:
    client = signed_in(cast.sadia)
    send(client, f"/social-work/children/{cast.amber.pk}/start/")
    row = PlacementRequest.objects.get()
    answer = send(client, f"{REQUEST.format(row.pk)}steps/check/", row.version)
    assert answer.status_code == 422
    assert "Say by when the placement is needed" in text(answer)
    assert "Name at least one need or risk" in text(answer)


def test_a_wrong_entry_is_explained_at_its_field_and_what_was_typed_stays(cast: Cast) -> None:
    row = make.request_draft(cast, **soon())
    client = signed_in(cast.sadia)
    why = send(client, f"{REQUEST.format(row.pk)}steps/why/", row.version, why_now="Because.", needed_by_day="31",
               needed_by_month="2", needed_by_year="2027")  # fmt: skip
    assert why.status_code == 422
    assert "must be a real date" in text(why)
    assert "Because." in text(why)
    cost = send(
        client, f"{REQUEST.format(row.pk)}steps/cost/", row.version, ceiling_pence_week="99999999999999"
    )
    assert cost.status_code == 422


@pytest.mark.parametrize("step", ["places", "outcomes", "criteria"])
def test_a_row_button_adds_a_row_and_saves_nothing(cast: Cast, step: str) -> None:
    row = make.request_draft(cast, **soon())
    prefix = {"places": "near", "outcomes": "outcomes", "criteria": "own"}[step]
    forms = {f"{name}-{part}": value for name in ("near", "unsafe", "outcomes", "own")
             for part, value in (("TOTAL_FORMS", 1), ("INITIAL_FORMS", 0))}  # fmt: skip
    answer = send(
        signed_in(cast.sadia), f"{REQUEST.format(row.pk)}steps/{step}/", row.version, add=prefix, **forms
    )
    assert answer.status_code == 200
    assert f'name="{prefix}-TOTAL_FORMS" value="2"' in text(answer)
    before = row.version
    row.refresh_from_db()
    assert row.version == before


def test_the_request_page_tells_the_journey_the_comments_and_the_history(cast: Cast) -> None:
    row = make.request_submitted(cast, **soon())
    actions.return_request(
        by=cast.bola,
        now=timezone.now(),
        request_id=row.pk,
        version=row.version,
        comments=[("needs", "When was that?")],
    ).done()
    page = text(signed_in(cast.sadia).get(REQUEST.format(row.pk)))
    assert "When was that?" in page
    assert "returned with 1 comment" in page
    assert "The clock stands until then" in page
    assert "Check and send" in page


def test_a_sent_request_can_be_taken_back_and_withdrawn_with_a_reason(cast: Cast) -> None:
    row = make.request_submitted(cast, **soon())
    client = signed_in(cast.sadia)
    assert send(client, f"{REQUEST.format(row.pk)}recall/", row.version).status_code == 303
    row.refresh_from_db()
    assert send(client, f"{REQUEST.format(row.pk)}withdraw/", row.version).status_code == 422
    assert (
        send(client, f"{REQUEST.format(row.pk)}withdraw/", row.version, reason="Went home.").status_code
        == 303
    )
    row.refresh_from_db()
    assert (row.state, row.close_reason) == ("withdrawn", "Went home.")


def test_the_list_filters_and_its_file_cannot_run_formulas(cast: Cast) -> None:
    Child.objects.filter(pk=cast.amber.pk).update(first_name="=cmd()")
    row = make.request_draft(cast, **soon())
    client = signed_in(cast.sadia)
    assert row.reference in text(client.get("/social-work/requests/?state=open&mine=on"))
    assert row.reference not in text(client.get("/social-work/requests/?state=placed"))
    lines = text(client.get("/social-work/requests/?download=csv&state=open")).splitlines()
    assert len(lines) == 2
    assert ",'=cmd() Fairweather," in lines[1]


def test_scripts_in_any_text_are_shown_as_text(cast: Cast) -> None:
    row = make.request_draft(cast, **soon())
    evil = "<script>alert(1)</script>"
    client = signed_in(cast.sadia)
    send(
        client,
        f"{REQUEST.format(row.pk)}steps/identity/",
        row.version,
        health_words=evil,
        language="<b>x</b>",
    )
    for url in (
        REQUEST.format(row.pk),
        f"{REQUEST.format(row.pk)}steps/check/",
        f"{REQUEST.format(row.pk)}steps/identity/",
    ):
        page = text(client.get(url))
        assert evil not in page
        assert "&lt;script&gt;" in page


def test_lists_ask_the_database_equally_often_however_long_they_are(cast: Cast) -> None:
    client = signed_in(cast.sadia)
    counts = []
    for _ in range(2):
        make.request_draft(cast, **soon())
        make.request_draft(cast, children=(cast.jude, cast.kiran), **soon())
        found = []
        for url in (
            "/social-work/",
            "/social-work/requests/",
            "/social-work/children/",
            f"/social-work/children/{cast.jude.pk}/",
        ):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                client.get(url)
            found.append(len(asked))
        counts.append(found)
    assert counts[0] == counts[1]


def test_desks_without_social_work_are_kept_out(cast: Cast) -> None:
    row = make.request_draft(cast, **soon())
    for actor in (cast.priya, cast.fin, cast.conrad):
        client = signed_in(actor)
        for url in (
            "/social-work/",
            "/social-work/children/",
            REQUEST.format(row.pk),
            f"/social-work/children/{cast.amber.pk}/",
        ):
            assert client.get(url).status_code == 403


def test_the_request_page_leads_to_what_became_of_it(cast: Cast) -> None:
    row = make.offers_closed(cast)
    client = signed_in(cast.moses)
    page = text(client.get(REQUEST.format(row.request_id)))
    assert f"/brokerage/searches/{row.pk}/offers/" in page
    assert "Compare the offers" in text(client.get("/social-work/"))
    permission = make.placement_approved(cast, row, cast.acorn_house)
    page = text(client.get(REQUEST.format(row.request_id)))
    assert f"/panel/permissions/{permission.pk}/" in page
    assert "Acorn House" in page
    assert "It meets every need." in page
    assert "/placements/" in page


def test_a_childs_placements_are_drawn_and_told_as_a_table(cast: Cast) -> None:
    make.placement_started(cast, make.contract_in_force(cast), on=TODAY)
    page = text(signed_in(cast.sadia).get(f"/social-work/children/{cast.amber.pk}/"))
    assert "Where the child has lived" in page
    assert "<svg" in page
    assert page.count("Acorn House") > 1


def test_a_manager_sees_the_permissions_that_are_theirs_to_give(cast: Cast) -> None:
    permission = make.offer_chosen(cast, make.offers_closed(cast), cast.adams)
    page = text(signed_in(make.approver_of(cast, permission)).get("/social-work/"))
    assert ("Permission to place for" in page) == (permission.needs_role == "team_manager")
