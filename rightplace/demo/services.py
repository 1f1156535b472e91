"""Services in the demonstration: the directory, and services of several kinds at every stage. All of it is synthetic."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from rightplace.core.services.particulars import Said
from rightplace.demo.staff import Cast
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.reference.authorities import authorities, children
from rightplace.foundation.reference.rules import rule
from rightplace.foundation.safeguards.hiding import without_hidden
from rightplace.journey.packages import actions, running
from rightplace.journey.packages.actions import OfferGiven, PackageGiven
from rightplace.journey.packages.models import Package
from rightplace.journey.pathways.actions import keep_particulars
from rightplace.register.children.models import Child
from rightplace.register.services import actions as services
from rightplace.register.services.actions import ServiceGiven
from rightplace.register.services.models import Service
from rightplace.register.services.queries import kind_on

DAY = timedelta(days=1)
# Name, kind, postcode, needs, in the area.
LISTED = (
    ("Bridge Mentors", "mentoring", "CR0 1AA", ("exclusion", "gangs"), True),
    ("Lantern Family Support", "family_support", "SE13 5AB", ("neglect", "parenting"), True),
    ("Calm Waters", "substance_misuse", "SM1 1AA", ("cannabis", "alcohol"), True),
    ("Harbour Respite", "short_breaks", "CR0 2AA", ("autism", "overnight care"), True),
    ("Steady Hands", "care_package", "CR0 3AA", ("personal care", "epilepsy"), True),
    ("Orchard School", "send_day", "CR0 4AA", ("autism", "speech and language"), True),
    ("Ridgeway School", "send_residential_38", "BN1 1AA", ("autism", "challenging behaviour"), False),
    ("Doorstep Parenting", "parenting_community", "SE6 1AA", ("court",), True),
    ("Stepwise Homes", "housing_pathway", "CR0 5AA", ("own tenancy",), True),
)
# Kind, age, unit, pence, quantity needed and bought, how far it has come.
RUNNING = (
    ("care_package", 9, "hour", 2_450, "10", "14", "reviewed_late"),
    ("short_breaks", 11, "night", 26_000, "1", "1", "reviewed_late"),
    ("care_package", 13, "hour", 2_600, "12", "9", "running"),
    ("send_day", 10, "week", 62_000, "1", "1", "permit"),
    ("family_support", 12, "hour", 3_900, "4", "4", "ended"),
    ("mentoring", 15, "hour", 3_200, "3", "3", "choose"),
    ("substance_misuse", 16, "session", 7_500, "1", "1", "ask"),
    ("parenting_community", 17, "session", 14_000, "3", "3", "running"),
)
PATHWAYS = (("unaccompanied_arrival", 16), ("connected_person", 7))
# Orders that deprive of liberty: made and discharged so many days ago (None: in force).
ORDERS: tuple[tuple[int, int | None], ...] = ((150, 60), (26, None), (12, None))
IN_A_HOME = "K2"


def list_services(cast: Cast, moment: datetime) -> None:
    """The directory, and published numbers of the transfer scheme that are made up around the threshold."""
    first = cast.authorities[0]
    by = cast.of(first.pk, roles.COMMISSIONER)
    for name, kind, postcode, needs, is_in_area in LISTED:
        given = ServiceGiven(name=name, kind_code=kind, postcode=postcode, needs=needs, is_in_area=is_in_area,
                             about="Made up for the demonstration.", max_age=25)  # fmt: skip
        services.list_service(by=by, now=moment, given=given).done()
    on = timezone.localdate(moment) - 30 * DAY
    held = rule("uasc_transfer_threshold", on)
    share = float(held.value) if held else 0.0
    for place, code in enumerate(code for code, one in authorities().items() if one.region == "London"):
        number = round(children(code, on.year - 1) * share * (0.55 + 0.1 * (place % 9)))
        services.enter_transfer_count(
            by=by, now=moment, gss_code=code, as_at=on, number=number, source="Made up for the demonstration"
        ).done()


def serve_children(cast: Cast, authority_id: int, moment: datetime) -> None:
    """Services and pathways at every stage, for children of the right age."""
    for number, (kind, age, unit, pence, needed, bought, stage) in enumerate(RUNNING):
        begun = (
            moment - (240 - 20 * number) * DAY if stage in ("reviewed_late", "running", "ended") else moment
        )
        row = somebody_asks(cast, authority_id, kind, age, begun, Decimal(needed))
        if row is not None and stage != "ask":
            carried_on(cast, row, begun, OfferGiven(
                service_id=Service.objects.filter(kind_code=kind)[0].pk, unit=unit, amount_pence=pence,
                quantity=Decimal(bought), starts_on=timezone.localdate(begun), words="As asked for.", met=(True,) * 9,
            ), stage, moment)  # fmt: skip
    for kind, age in PATHWAYS:
        row = somebody_asks(cast, authority_id, kind, age, moment - 12 * DAY, None)
        if row is not None:
            begin(cast, row, row.needed_by, moment)
    watch_orders(cast, authority_id, moment)


def watch_orders(cast: Cast, authority_id: int, moment: datetime) -> None:
    """Orders that deprive of liberty, of children who have lived in a children's home since before each was made."""
    for begun, ended in ORDERS:
        made = moment - begun * DAY
        child = _somebody_in_a_home(cast, authority_id, timezone.localdate(made))
        row = child and _asked_for(cast, child, "deprivation_of_liberty", made, None)
        if row:
            begin(cast, row, row.needed_by, made)
            _keep_order(cast, row, made)
        if row and ended is not None:
            row.refresh_from_db()
            running.end_package(
                by=cast.of(authority_id, roles.SOCIAL_WORKER), now=moment, package_id=row.pk, version=row.version,
                ended_on=timezone.localdate(moment - ended * DAY), words="The court discharged the order.",
            ).done()  # fmt: skip


def _keep_order(cast: Cast, row: Package, made: datetime) -> None:
    """The day on which the order runs out, twelve weeks on, and how far the way back has come."""
    row.refresh_from_db()
    on = timezone.localdate(made)
    said = {
        "Order ends": Said("Order ends", on=on + 84 * DAY),
        "Way back": Said("Way back", "Not begun"),
    }
    keep_particulars(
        by=cast.of(row.authority_id, roles.SOCIAL_WORKER), now=made, package_id=row.pk, version=row.version,
        said_on=on, said=said,
    ).done()  # fmt: skip


def _somebody_in_a_home(cast: Cast, authority_id: int, since: date) -> Child | None:
    """Somebody without a service, of 12 to 16, in the same children's home since before a day."""
    rows = _free_children(cast, authority_id).filter(
        placements__place_code=IN_A_HOME, placements__period__startswith__lt=since, placements__period__upper_inf=True,
        born_on__lte=_years_before(since, 12), born_on__gt=_years_before(since, 17),
    )  # fmt: skip
    return rows.order_by("pk").first()


def somebody_asks(
    cast: Cast, authority_id: int, kind: str, age: int, moment: datetime, needed: Decimal | None
) -> Package | None:
    """Somebody of an age for whom nothing is asked for yet; None where there is nobody."""
    today = timezone.localdate(moment)
    child = _somebody_aged(cast, authority_id, age, today)
    return _asked_for(cast, child, kind, moment, needed) if child else None


def _asked_for(
    cast: Cast, child: Child, kind: str, moment: datetime, needed: Decimal | None
) -> Package | None:
    """What was asked for a child; None where the authority knows no such kind."""
    today = timezone.localdate(moment)
    terms = kind_on(child.authority_id, kind, today)
    if terms is None:
        return None
    given = PackageGiven(child_id=child.pk, kind_code=kind, needed_by=today, units_needed=needed,
                         answers=("Written for the demonstration.",) * len(terms.form_parts))  # fmt: skip
    by = cast.of(child.authority_id, roles.SOCIAL_WORKER)
    return actions.ask_for_package(by=by, now=moment, given=given).done()


def _somebody_aged(cast: Cast, authority_id: int, age: int, today: date) -> Child | None:
    """A child of this age without a service, whom everybody who takes part may see."""
    rows = _free_children(cast, authority_id).filter(
        born_on__lte=_years_before(today, age), born_on__gt=_years_before(today, age + 1)
    )
    return rows.order_by("pk").first()


def _free_children(cast: Cast, authority_id: int) -> QuerySet[Child]:
    """Children without a service, whom everybody who takes part may see."""
    rows = Child.objects.filter(authority_id=authority_id, packages__isnull=True)
    for role in (roles.SOCIAL_WORKER, roles.BROKER, roles.TEAM_MANAGER):
        rows = without_hidden(cast.of(authority_id, role), rows, "id")
    return rows


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=min(day.day, 28))


def carried_on(
    cast: Cast, row: Package, begun: datetime, offer: OfferGiven, stage: str, moment: datetime
) -> None:
    """As far as its stage: offered, chosen, permitted, begun, ended."""
    broker, worker = (cast.of(row.authority_id, role) for role in (roles.BROKER, roles.SOCIAL_WORKER))
    made = actions.record_service_offer(
        by=broker, now=begun, package_id=row.pk, version=row.version, given=offer
    ).done()
    if stage == "choose":
        return
    row.refresh_from_db()
    row = actions.choose_service_offer(
        by=worker,
        now=begun,
        package_id=row.pk,
        version=row.version,
        offer_id=made.pk,
        reason="It fits what is needed.",
    ).done()
    if stage == "permit":
        return
    for role in (roles.TEAM_MANAGER, roles.DIRECTOR, roles.PANEL_CHAIR):
        decided = actions.permit_package(
            by=cast.of(row.authority_id, role),
            now=begun,
            package_id=row.pk,
            version=row.version,
            words="Worth it.",
        )
        if decided.is_done:
            begin(cast, decided.done(), timezone.localdate(begun), begun)
            _end(worker, row, stage, moment)
            return


def begin(cast: Cast, row: Package, on: date, moment: datetime) -> None:
    """It begins, everything checked."""
    by = cast.of(row.authority_id, roles.BROKER)
    running.start_package(
        by=by, now=moment, package_id=row.pk, version=row.version, starts_on=on, checked=(True,) * 9
    ).done()


def _end(by: Actor, row: Package, stage: str, moment: datetime) -> None:
    if stage == "ended":
        row.refresh_from_db()
        ended_on = timezone.localdate(moment) - 100 * DAY
        running.end_package(
            by=by,
            now=moment,
            package_id=row.pk,
            version=row.version,
            ended_on=ended_on,
            words="The family manages.",
        ).done()
