"""What leaves of a request: no name, date of birth, full postcode, school or number, wherever somebody typed it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.audit.models import AuditEntry
from rightplace.journey.requests import actions, queries
from rightplace.journey.requests.disclosed import KEEP, MASK, WordsJudged
from rightplace.journey.requests.entries import COLUMNS, NeedGiven, OutcomeGiven, PlaceGiven
from rightplace.journey.requests.models import PlacementRequest, RequestChild
from rightplace.register.children.models import Child
from tests import make
from tests.cast import NOW, TODAY, Cast

PLANTED = (
    "Amber", "Fairweather", "Shirley Vale", "CR0 4XX", "CR0 8AA", "4 May 2012", "04/05/2012", "07700 900123",
    "QX99Z", "amber@example.org", "Zebedee Quill",
)  # fmt: skip
SENTENCE = (
    "Amber Fairweather goes to Shirley Vale School near CR0 4XX and CR0 8AA. She was born on 4 May 2012 (04/05/2012)."
    " Ring 07700 900123 or write to amber@example.org. Her number is QX99Z. Her uncle is Zebedee Quill."
)
FREE_TEXTS = sorted(name for name in COLUMNS if name.endswith("_words") or name in {"why_now", "about"})


@pytest.fixture
def planted(cast: Cast) -> PlacementRequest:
    """A request in which every free text of every part holds identifying words."""
    Child.objects.filter(pk=cast.amber.pk).update(local_number="QX99Z")
    row = make.request_draft(cast)
    who = {"by": cast.sadia, "now": NOW, "request_id": row.pk}
    row = actions.save_request(**who, version=row.version, changes=dict.fromkeys(FREE_TEXTS, SENTENCE)).done()
    row = actions.save_request(
        **who, version=row.version, changes={"language": "Amber QX99Z", "faith": "Shirley Vale"}
    ).done()
    asked = RequestChild.objects.get(request=row)
    needs = [NeedGiven("self_harm", 3, SENTENCE), NeedGiven("autism", 1, f"{SENTENCE} Twice.")]
    row = actions.save_needs(
        **who,
        version=row.version,
        request_child_id=asked.pk,
        needs=needs,
        strengths=SENTENCE,
        child_view=SENTENCE,
    ).done()
    row = actions.save_criteria(
        **who,
        version=row.version,
        essential=("own_bedroom", SENTENCE[:299]),
        desirable=(SENTENCE[:290] + "!",),
    ).done()
    row = actions.save_outcomes(
        **who, version=row.version, outcomes=[OutcomeGiven("safety", SENTENCE, SENTENCE[:290])]
    ).done()
    places = [
        PlaceGiven("home", "CR0 4XX", 5, "Amber’s home"),
        PlaceGiven("unsafe", "SE13 5AB", 3, "Zebedee Quill’s flat", is_unsafe=True, reason=SENTENCE[:290]),
    ]
    return actions.save_places(**who, version=row.version, places=places).done()


def test_no_planted_words_leave_in_any_field(cast: Cast, planted: PlacementRequest) -> None:
    told = json.dumps(queries.disclosed(planted.pk), ensure_ascii=False)
    assert [words for words in PLANTED if words.casefold() in told.casefold()] == []
    assert "SE13" not in told


def test_the_keys_of_the_snapshot_hold_no_number_of_a_child_and_no_unknown_field(
    cast: Cast, planted: PlacementRequest
) -> None:
    shown = queries.disclosed(planted.pk)
    assert {"children", "needs", "outcomes", "criteria", "home_district"} <= set(shown)
    hidden = {
        "legal_status",
        "unsafe_places",
        "ceiling_pence_week",
        "ceiling_reason",
        "social_worker",
        "home_postcode",
        "id",
    }
    assert hidden.isdisjoint(shown)
    assert [one["key"].split(":")[0] for one in (*shown["needs"], *shown["outcomes"], *shown["criteria"])] == [
        "need", "need", "outcome", "criterion", "criterion", "criterion",
    ]  # fmt: skip
    assert shown["children"][0]["age"] == 14
    assert shown["home_district"] == "CR0"


def test_every_planted_stretch_is_flagged_for_the_broker(cast: Cast, planted: PlacementRequest) -> None:
    with acting_as(cast.sadia):
        file = queries.request_file(cast.sadia, planted.pk, NOW)
        flagged = " | ".join(one.text for one in queries.words_to_judge(file)).casefold()
    for words in (
        "amber",
        "fairweather",
        "shirley vale",
        "cr0 4xx",
        "4 may 2012",
        "07700 900123",
        "qx99z",
        "zebedee",
    ):
        assert words in flagged


def test_words_that_a_broker_keeps_stay_and_those_masked_go(cast: Cast) -> None:
    row = make.request_draft(cast)
    row = actions.save_request(
        by=cast.sadia, now=NOW, request_id=row.pk, version=row.version,
        changes={"about": "Grace is what Tyrone calls her singing."},
    ).done()  # fmt: skip
    row = actions.submit_request(by=cast.sadia, now=NOW, request_id=row.pk, version=row.version).done()
    judged = [WordsJudged("Grace", KEEP), WordsJudged("Tyrone", MASK)]
    actions.pass_request(
        by=cast.bola, now=NOW, request_id=row.pk, version=row.version, confirmed_words=judged
    ).done()
    assert queries.disclosed(row.pk)["about"] == "Grace is what [removed] calls her singing."


def test_a_warning_says_that_few_children_share_the_facts_shown_until_five_do(cast: Cast) -> None:
    row = make.request_ready(cast)
    shown = queries.disclosed(row.pk)
    assert queries.few_share_facts(cast.bola, shown, today=TODAY) is not None
    for number in range(4):
        Child.objects.create(
            authority=cast.croydon, local_number=f"N{number}", sex="F", born_on=cast.amber.born_on, ethnicity="WBRI",
            language="English", home_postcode="CR0 1AB",
        )  # fmt: skip
    assert queries.few_share_facts(cast.bola, shown, today=TODAY) is None


def test_opening_a_request_is_a_look_into_each_childs_file(cast: Cast) -> None:
    row = make.request_submitted(cast, children=(cast.jude, cast.kiran))
    with acting_as(cast.bola):
        assert queries.request_file(cast.bola, row.pk, NOW) is not None
    looks = AuditEntry.objects.filter(is_look=True).values_list("actor_name", "child_id")
    assert set(looks) == {("Bola Adeyemi", cast.jude.pk), ("Bola Adeyemi", cast.kiran.pk)}


def test_another_authority_opens_nothing_and_no_look_is_recorded(cast: Cast) -> None:
    row = make.request_submitted(cast)
    with acting_as(cast.brenda):
        assert queries.request_file(cast.brenda, row.pk, NOW) is None
    assert not AuditEntry.objects.filter(is_look=True).exists()


def test_a_draft_is_not_shown_to_brokers(cast: Cast) -> None:
    row = make.request_draft(cast)
    assert list(queries.requests(cast.bola)) == []
    assert list(queries.requests(cast.sadia)) == [row]


def test_requests_are_found_by_number_and_by_a_childs_name(cast: Cast) -> None:
    amber = make.request_submitted(cast)
    boys = make.request_submitted(cast, children=(cast.jude, cast.kiran), needed_by=TODAY + timedelta(days=1))
    for words, wanted in (
        ("fairw", [amber]),
        (amber.reference, [amber]),
        ("Kiran Marlowe", [boys]),
        ("zz", []),
    ):
        assert list(queries.requests_found(cast.sadia, words=words)) == wanted
    assert list(queries.requests_waiting(cast.bola)) == [boys, amber]
