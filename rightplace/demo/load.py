"""Loading the demo consortium into an empty database.

The boroughs and the providers are real; children, carers, staff and prices are synthetic, seeded, and as many and
as mixed as the published figures say. First the standing books and two years of history are written at once;
then people of each desk do some work through the real verbs, so that something waits for everyone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from rightplace.demo import calibration, history, homes, identity, people, prices
from rightplace.demo.accounts import add_comings_and_goings
from rightplace.demo.agreements import contracts_begin, write_contracts
from rightplace.demo.asking import Office
from rightplace.demo.beds import keep_a_bed
from rightplace.demo.blocks import keep_blocks
from rightplace.demo.buying import buy
from rightplace.demo.calibration import Borough
from rightplace.demo.case_system import exchange_with_case_system
from rightplace.demo.chance import Generator
from rightplace.demo.charging import keep_charges, record_absences
from rightplace.demo.forecasting import keep_scenarios
from rightplace.demo.funding import share_costs
from rightplace.demo.invoices import invoice_at_every_state, let_providers_in
from rightplace.demo.kinds_of_service import foster, list_by_kind, serve_by_kind
from rightplace.demo.ledger import Three, pay, wait_for_a_second
from rightplace.demo.living import write_placements
from rightplace.demo.living_with import keep_living_facts
from rightplace.demo.market import (
    REGIONS,
    Register,
    add_framework,
    add_profiles,
    import_register,
    providers_with_people,
    read_register,
)
from rightplace.demo.market_and_quality import meet_and_order
from rightplace.demo.matching import agree_policies
from rightplace.demo.own_carers import let_carers_in
from rightplace.demo.paid_services import pay_for_services
from rightplace.demo.panels import hold_panels
from rightplace.demo.past_costs import look_back
from rightplace.demo.planning import open_books, plan_money
from rightplace.demo.quality import assure_quality
from rightplace.demo.recoveries import recover
from rightplace.demo.retention import keep_records
from rightplace.demo.returns import state_returns
from rightplace.demo.safeguards import add_safeguards
from rightplace.demo.services import list_services, serve_children
from rightplace.demo.simulations import simulate_market
from rightplace.demo.staff import Cast, add_provider_people, make_cast
from rightplace.demo.standing import write_children, write_households
from rightplace.demo.systems import connect_systems, let_systems_hear
from rightplace.demo.work import BUSY, QUIET, SOME, do_work

Progress = Callable[[str, int, int], None]
SEED = 20_180_718
HISTORY_DAYS = 730


@dataclass(frozen=True, slots=True)
class Size:
    """How much to load: which boroughs, what share of their children, and how often children moved."""

    boroughs: tuple[str, ...]
    scale: float
    pace: history.Pace
    busy: tuple[str, ...]
    some: tuple[str, ...] = ()
    regions: tuple[str, ...] = REGIONS


SIZES = {
    "small": Size(("Croydon", "Lewisham", "Sutton"), 0.12, history.Pace(), ("Croydon",), regions=("London",)),
    "full": Size((), 1.0, history.Pace(), ("Croydon",), ("Lewisham",)),
    "benchmark": Size((), 1.436, history.Pace(never_moved=0.02, no_earlier=0.02, hurry=3.2), ("Croydon",)),
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was written, in numbers."""

    authorities: int
    children: int
    placements: int
    households: int
    contracts: int


def load_demo(
    *, size: str = "full", seed: int = SEED, now: datetime | None = None, progress: Progress | None = None
) -> Loaded:
    """Load the demo of a size (`small`, `full` or `benchmark`) into a migrated, empty database.

    The same size, seed and moment give the same demo. `progress` is called with words, done and total.
    """
    plan = SIZES[size]
    moment = now or timezone.now()
    say = Steps(progress)
    rng = np.random.default_rng(seed)
    boroughs = tuple(b for b in calibration.boroughs() if not plan.boroughs or b.name in plan.boroughs)
    with transaction.atomic():
        say("Reading Ofsted's register of providers")
        register = _market(rng, plan, moment)
        say("Making the authorities and their staff")
        cast = make_cast(rng, boroughs, timezone.localdate(moment) - timedelta(days=HISTORY_DAYS))
        add_provider_people(rng, cast, providers_with_people(register), timezone.localdate(moment))
        add_framework(rng, cast.consortium_id, register, timezone.localdate(moment))
        loaded = _standing(rng, plan, boroughs, cast, register, moment, say)
        _analyse()
        connect_systems(cast, moment)
        say("Doing some work at every desk")
        _work(rng, plan, cast, moment)
        let_systems_hear(moment)
    say("Ready")
    _analyse()
    return loaded


class Steps:
    """Says each step of the load as it begins."""

    TOTAL = 8

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._done = 0

    def __call__(self, words: str) -> None:
        """Begin the next step."""
        self._done += 1
        if self._progress:
            self._progress(words, self._done, self.TOTAL)


def _market(rng: Generator, plan: Size, moment: datetime) -> Register:
    import_register(moment, plan.regions)
    register = read_register()
    add_profiles(rng, register, moment)
    return register


def _standing(
    rng: Generator,
    plan: Size,
    boroughs: tuple[Borough, ...],
    cast: Cast,
    register: Register,
    moment: datetime,
    say: Steps,
) -> Loaded:
    """The standing books and the history: everything but the work of today."""
    today = timezone.localdate(moment)
    say("Making up the children")
    children, family = identity.at_home_together(rng, _children(rng, boroughs, plan.scale, today))
    who = identity.identities(rng, children, family, today)
    child_keys = write_children(rng, cast, children, who, history.legal_statuses(rng, children))
    say("Finding them homes")
    stays = history.placements(rng, children, today, plan.pace)
    own = homes.households(rng, boroughs, plan.scale)
    where, own = homes.settle(rng, boroughs, children, stays, own, register.market)
    say("Writing carers and placements")
    household_keys = write_households(rng, cast, own, children, stays, where, today)
    lives = write_placements(rng, cast, children, stays, where, register, child_keys, household_keys, today)
    say("Writing contracts and payment schedules")
    priced_on = np.maximum(stays.started_on, contracts_begin(today))
    weekly = prices.weekly_pence(rng, where.kind, priced_on, children.is_unaccompanied[stays.child])
    contracts = write_contracts(rng, stays, where, lives, who, weekly, moment)
    return Loaded(len(boroughs), len(children), len(stays), len(household_keys), contracts)


def _work(rng: Generator, plan: Size, cast: Cast, moment: datetime) -> None:
    """Requests at every stage in the busy authorities, and a few in the others."""
    payers: dict[int, Three] = {}
    for authority in cast.authorities:
        stages = BUSY if authority.name in plan.busy else SOME if authority.name in plan.some else QUIET
        office = Office(rng, cast, authority.pk, moment)
        if stages is BUSY:
            keep_charges(office)
            keep_living_facts(office)
            open_books(office)
        do_work(office, stages)
        hold_panels(office)
        if stages is BUSY:
            agree_policies(office)
            record_absences(office)
            share_costs(office)
            let_providers_in(office)
            keep_a_bed(office)
            three = payers[authority.pk] = pay(office)
            invoice_at_every_state(office)
            recover(office, three)
            wait_for_a_second(office, three)
            look_back(office)
            simulate_market(office)
            keep_scenarios(office)
            plan_money(office)
            keep_records(office)
    keep_blocks(cast, moment)
    buy(rng, cast, moment)
    add_safeguards(cast, moment)
    list_services(cast, moment)
    list_by_kind(cast, moment)
    for authority in cast.authorities:
        if authority.name in plan.busy:
            serve_children(cast, authority.pk, moment)
            serve_by_kind(cast, authority.pk, moment)
            let_carers_in(Office(rng, cast, authority.pk, moment), payers[authority.pk])
            pay_for_services(Office(rng, cast, authority.pk, moment), payers[authority.pk])
            foster(cast, authority.pk, moment)
            assure_quality(Office(rng, cast, authority.pk, moment))
            meet_and_order(Office(rng, cast, authority.pk, moment))
    for authority in cast.authorities:
        state_returns(authority.pk, moment)
        if authority.name in plan.busy:
            exchange_with_case_system(Office(rng, cast, authority.pk, moment))
    add_comings_and_goings(cast, moment)


def _children(rng: Generator, boroughs: tuple[Borough, ...], scale: float, today: date) -> people.Children:
    parts = []
    for index, borough in enumerate(boroughs):
        looked_after, left = round(borough.looked_after * scale), round(2 * borough.ceased * scale)
        parts.append(people.looked_after_children(rng, borough, index, looked_after, today))
        parts.append(people.children_who_left(rng, borough, index, left, today))
    return people.joined(parts)


def _analyse() -> None:
    """Let the planner know what has come, so that what follows is quick."""
    # Our own tables by name: the database's catalogues are shared with others who load at the same time.
    tables = [connection.ops.quote_name(model._meta.db_table) for model in apps.get_models()]
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")
