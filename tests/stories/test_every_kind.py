"""One story for every kind of service, by role through HTTP: the terms of a kind say what happens, so a new one needs no copy.

Asked for, a provider asked to offer, chosen, permitted by whoever the kind says, under contract, begun once checked, what is
known kept, reviewed, ended, and counted with no other kind's number touched.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from rightplace.core.calendar import age_on
from rightplace.core.services.kinds import KindTerms
from rightplace.core.services.particulars import ParticularRule, particular_rules
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.audit.queries import check_chains
from rightplace.journey.contracts.models import Contract
from rightplace.journey.packages import queries
from rightplace.journey.packages.models import Package
from rightplace.journey.payments.models import ScheduleLine
from rightplace.register.children.models import Child
from rightplace.register.services.actions import ServiceGiven, add_kind, list_service
from rightplace.register.services.queries import kind_on, packaged_kinds
from tests import make
from tests.cast import Cast
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.django_db
TODAY = make.LATER.date()
KINDS = {one.code: one for one in packaged_kinds()}
HOMES = sorted(code for code, one in KINDS.items() if one.is_home)
SERVICES = sorted(set(KINDS) - set(HOMES))
PERMITTERS = {"": "moses", "panel": "pearl", "director": "dev"}
SAID: dict[str, Callable[[ParticularRule], str]] = {
    "choice": lambda rule: rule.choices[0],
    "pounds": lambda _: "52",
    "number": lambda _: "16",
    "words": lambda _: "As it was told.",
}


def day(name: str, on: date) -> dict[str, object]:
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.LATER)


def grown(child: Child, kind: KindTerms) -> Child:
    """Amber at the youngest age of a kind, or as old as she is where that is among its ages."""
    age = age_on(child.born_on, TODAY)
    if not kind.takes_age(age):
        child.born_on = date(TODAY.year - kind.min_age, 1, 2)
        child.save()
    return child


def counted(actor: Actor) -> dict[str, tuple[int, int, int]]:
    rows = queries.figures_by_kind(actor, TODAY)
    return {one.terms.code: (one.asked, one.running, one.weekly_pence) for one in rows}


def asked(cast: Cast, kind: KindTerms) -> Package:
    words = {f"part_{number}": "As in the plan." for number in range(len(kind.form_parts))}
    page = Visitor(cast.sadia).opens(f"/packages/kinds/{kind.code}/").sees(*kind.form_parts)
    page.presses("Ask for it", child=str(grown(cast.amber, kind).pk), **words, **day("needed_by", TODAY))
    return Package.objects.latest("pk")


def offered_in_the_portal(cast: Cast, row: Package, kind: KindTerms) -> None:
    """The broker asks, the provider sees what an offer has to meet, and offers by the kind's first unit."""
    given = ServiceGiven(name=f"Oak {row.reference}", kind_code=kind.code, max_age=25)
    service = list_service(by=cast.priya, now=make.LATER, given=given).done()
    bola = Visitor(cast.bola).opens(f"/packages/{row.pk}/").follows("Ask services to offer")
    bola.presses("Ask them", services=str(service.pk), told="As in the plan.", **day("answer_by", TODAY))
    sent = row.invitations.get()
    price = {"amount_pence": "90.00", "unit": kind.price_units[0], "quantity": "1", **day("starts_on", TODAY)}
    priya = (
        Visitor(cast.priya).opens(f"/portal/service-invitations/{sent.pk}/").sees(kind.name).follows("Offer")
    )
    met = {f"must_{number}": "on" for number in range(len(kind.musts))}
    priya.sees(*kind.musts).presses("Offer", **price, **met).sees("Your offer")


def chosen_and_permitted(cast: Cast, row: Package, kind: KindTerms) -> Contract:
    offer = row.offers.get()
    Visitor(cast.sadia).opens(f"/packages/{row.pk}/choose/").presses(
        "Choose an offer", offer_id=str(offer.pk), reason="It meets the plan."
    )
    Visitor(getattr(cast, PERMITTERS[kind.panel.lower()])).opens(f"/packages/{row.pk}/permit/").presses(
        "Give permission", words="Yes."
    ).sees("Agreed, not begun")
    return Contract.objects.get(package=row)


def begun(cast: Cast, row: Package, kind: KindTerms) -> None:
    sadia, checked = Visitor(cast.sadia), {f"check_{number}": "on" for number in range(len(kind.checks))}
    if kind.checks:
        page = sadia.opens(f"/packages/{row.pk}/start/")
        page.presses("It has begun", expect=422, **day("starts_on", TODAY)).sees("Not done yet")
    sadia.opens(f"/packages/{row.pk}/start/").presses("It has begun", **checked, **day("starts_on", TODAY))
    sadia.sees("Running")


def known(cast: Cast, row: Package, kind: KindTerms) -> None:
    rules = particular_rules(kind.particulars)[0]
    said: dict[str, object] = {}
    for number, rule in enumerate(rules):
        name = f"particular_{number}"
        said |= day(name, TODAY) if rule.shape == "date" else {name: SAID[rule.shape](rule)}
    if rules:
        page = Visitor(cast.sadia).opens(f"/packages/{row.pk}/").follows("Keep what is known")
        page.presses("Keep this", **day("said_on", TODAY), **said).sees(*(rule.words for rule in rules))


def reviewed(cast: Cast, row: Package) -> None:
    due = row.milestones.filter(done_on=None).first()
    if due is not None:
        page = Visitor(cast.sadia).opens(f"/packages/due/{due.pk}/")
        found = {name: "It goes well." for name in page.page.forms[-1].names if name.startswith("found_")}
        page.presses("Keep what was found", **found, **day("done_on", TODAY)).sees("It goes well.")


def ended(cast: Cast, row: Package) -> None:
    page = Visitor(cast.sadia).opens(f"/packages/{row.pk}/end/")
    page.presses("It has ended", words="As planned.", **day("ended_on", TODAY)).sees("As planned.")


def carried_through(cast: Cast, kind: KindTerms) -> None:
    """The whole story of one kind."""
    before = counted(cast.cora)
    row = asked(cast, kind)
    contract = None
    if kind.is_bought:
        offered_in_the_portal(cast, row, kind)
        contract = chosen_and_permitted(cast, row, kind)
    begun(cast, row, kind)
    known(cast, row, kind)
    after = counted(cast.cora)
    assert after.pop(kind.code)[:2] == (0, 1)
    assert after == {code: figures for code, figures in before.items() if code != kind.code}
    reviewed(cast, row)
    ended(cast, row)
    assert counted(cast.cora) == before
    if contract is not None:
        contract.refresh_from_db()
        assert contract.state == "ended"
        assert {line.contract.package_id for line in ScheduleLine.objects.filter(state="due")} <= {row.pk}
    assert check_chains().is_whole


@pytest.mark.parametrize("code", SERVICES)
def test_a_service_of_every_kind_goes_from_the_request_to_the_end_by_its_terms_alone(
    cast: Cast, code: str
) -> None:
    carried_through(cast, KINDS[code])


def test_alternatives_of_the_same_group_stand_beside_with_what_they_usually_cost_here(cast: Cast) -> None:
    running = asked(cast, KINDS["parenting_community"])
    offered_in_the_portal(cast, running, KINDS["parenting_community"])
    chosen_and_permitted(cast, running, KINDS["parenting_community"])
    begun(cast, running, KINDS["parenting_community"])
    Package.objects.filter(pk=running.pk).update(child=cast.jude)
    row = asked(cast, KINDS["parenting_residential"])
    page = Visitor(cast.sadia).opens(f"/packages/{row.pk}/side-by-side/")
    page.sees("Alternatives not asked for yet", "£90.00", "£2,340.00").does_not_see("Mentoring")
    page.follows("Parenting assessment in the community").sees("Which home visits, at which times of day?")


@pytest.mark.parametrize("code", HOMES)
def test_a_home_is_asked_for_as_a_placement_whatever_its_kind(cast: Cast, code: str) -> None:
    kind = KINDS[code]
    words = {f"part_{number}": "As in the plan." for number in range(len(kind.form_parts))}
    page = Visitor(cast.sadia).opens(f"/packages/kinds/{kind.code}/")
    page.presses(
        "Ask for it", expect=422, child=str(grown(cast.amber, kind).pk), **words, **day("needed_by", TODAY)
    )
    page.sees("by a placement request")


def test_every_group_of_kinds_is_in_the_story() -> None:
    """Eight groups of kinds; the ninth, the authority's own fostering, is no child's service: `test_fostering.py`."""
    assert len({KINDS[code].group for code in (*SERVICES, *HOMES)}) == 8
    assert {one.panel.lower() for one in KINDS.values()} <= set(PERMITTERS)


def test_a_kind_that_a_commissioner_adds_has_the_same_story_the_same_minute(cast: Cast) -> None:
    wild = KindTerms(
        code="", name="Therapeutic wilderness programme", starts_on=TODAY, group="Edge of care", min_age=11, max_age=17,
        form_parts=("What draws the child outdoors?",), musts=("A mountain leader with each group",),
        checks=("Medical form signed",), clocks=("Review: 4 weeks after start, again",), questions=("What changed?",),
        particulars=("Travel: pounds a week, on top", "Stage: one of Base camp, Summit, in order"), price_units=("session",),
        panel="Panel",
    )  # fmt: skip
    add_kind(by=cast.cora, now=make.LATER, terms=wild).done()
    added = kind_on(cast.croydon.pk, "therapeutic_wilderness_programme", TODAY)
    assert added is not None
    carried_through(cast, added)
