"""Each kind of service in the demonstration: pathways with what is known, a provider asked to offer, fostering, the rota."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from rightplace.core.services.particulars import Said
from rightplace.demo.services import begin, carried_on, somebody_asks
from rightplace.demo.staff import Cast
from rightplace.foundation.access import roles
from rightplace.journey.invitations.actions import invite_services, told_of
from rightplace.journey.packages.actions import OfferGiven
from rightplace.journey.packages.models import Package
from rightplace.journey.pathways.actions import keep_particulars
from rightplace.register.carers.approving import TermsGiven
from rightplace.register.carers.models import Household
from rightplace.register.duty.actions import plan_duty
from rightplace.register.fostering import actions as fostering
from rightplace.register.fostering.models import Applicant
from rightplace.register.services.actions import ServiceGiven, list_service
from rightplace.register.services.queries import services

DAY = timedelta(days=1)
Known = Mapping[str, str | int]
# Kind, age, begun so many days ago, what is known: pounds as pence, numbers and choices as they are said.
PATHWAYS: tuple[tuple[str, int, int, Known], ...] = (
    ("unaccompanied_arrival", 16, 20, {"Transfer": "Accepted", "Age claimed": 16, "Age found to be": "A child"}),
    ("unaccompanied_arrival", 17, 6, {"Transfer": "Referred", "Age claimed": 16, "Age found to be": "Under way"}),
    ("unaccompanied_arrival", 15, 40, {"Transfer": "Stays here", "Age claimed": 15, "Age found to be": "Not disputed"}),
    ("appeal_rights_exhausted", 19, 90, {"Position": "Appeal rights exhausted", "Plan followed": "Wait", "Support": 24_000}),
    ("appeal_rights_exhausted", 20, 200, {"Position": "Appeal open", "Plan followed": "Stay", "Support": 21_500}),
    ("ehc_plan", 8, 300, {"Main need": "Communication", "Taught": "Mainstream", "Band": "2", "Element 3 (top-up)": 410_000}),
    ("ehc_plan", 14, 400, {"Main need": "Emotional and mental health", "Taught": "Special in the area", "Band": "4",
                           "Element 3 (top-up)": 1_640_000, "Transport": 520_000}),
    ("ehc_plan", 10, 120, {"Main need": "Learning", "Taught": "Mainstream", "Band": "3", "Element 3 (top-up)": 690_000}),
    ("secure_pathway", 15, 20, {"Waiting": "On the national list", "Way back": "Not begun"}),
    ("meeting_before_care", 14, 10, {"Agreed": "Support at home", "Led by": "The duty manager"}),
    ("connected_person", 6, 60, {"Assessment": "Visits"}),
    ("special_guardianship", 5, 90, {"Order": "Special guardianship"}),
)  # fmt: skip
# Kind, age, unit, pence, quantity, what is known.
BOUGHT: tuple[tuple[str, int, str, int, str, Known], ...] = (
    (
        "housing_pathway",
        18,
        "week",
        41_000,
        "1",
        {"Step": "Shared house", "Rent": 13_500, "Housing benefit": 12_000},
    ),
    (
        "housing_pathway",
        19,
        "week",
        28_500,
        "1",
        {"Step": "Own tenancy", "Rent": 18_000, "Housing benefit": 16_500},
    ),
    (
        "staying_put",
        18,
        "week",
        30_000,
        "1",
        {"Rent": 10_000, "Housing benefit": 9_000, "Paid by the young person": 2_000},
    ),
    ("inclusion_support", 13, "hour", 2_900, "15", {"Band": "3", "School pays": 9_000}),
)
# Kinds of which one case each is enough: kind, ages to look among, unit, pence, quantity, begun so many days ago.
ONE_OF_EACH: tuple[tuple[str, tuple[int, ...], str, int, str, int], ...] = (
    ("staying_close", (18, 19, 20), "week", 33_500, "1", 80),
    ("parenting_residential", (0, 1, 2, 3, 4), "week", 385_000, "1", 50),
    ("personal_care", (7, 8, 9, 10, 11), "hour", 2_350, "16", 190),
    ("direct_payment", (12, 13, 14, 15), "week", 19_500, "1", 210),
    ("send_residential_38", (11, 12, 13, 14), "week", 178_000, "1", 75),
    ("send_residential_52", (13, 14, 15, 16), "week", 412_000, "1", 70),
    ("domiciliary_care", (3, 4, 5, 6), "hour", 2_700, "9", 60),
    ("child_minding", (2, 3, 4, 5), "session", 3_600, "3", 45),
    ("family_group_conference", (9, 10, 11, 12), "one_off", 145_000, "1", 30),
    ("domestic_abuse", (6, 7, 8, 9), "session", 8_500, "1", 55),
    ("alternative_to_custody", (15, 16, 17), "hour", 4_200, "10", 25),
    ("respite_cover", (5, 6, 7, 8), "night", 9_500, "1", 40),
    ("emergency_bed", (18, 19, 20, 21), "night", 6_800, "5", 2),
    ("return_home", (10, 11, 12, 13), "hour", 3_800, "5", 35),
)
LISTED = (
    ("Close By Flats", "staying_close"),
    ("Oakleaf Family Centre", "parenting_residential"),
    ("Kind Hands at Home", "personal_care"),
    ("Direct payments team", "direct_payment"),
    ("Whitecliff School", "send_residential_52"),
    ("Daily Round Home Care", "domiciliary_care"),
    ("Sunrise Childminders", "child_minding"),
    ("Families Round the Table", "family_group_conference"),
    ("Safe at Home", "domestic_abuse"),
    ("Second Road", "alternative_to_custody"),
    ("Weekend Carers", "respite_cover"),
    ("Back Together", "return_home"),
    ("Stay Put Scheme", "staying_put"),
    ("Beside You in School", "inclusion_support"),
    ("Night Door", "emergency_bed"),
)
HOW_FAR = ("enquired", "enquired", "visited", "stage_1", "stage_2", "panel", "approved", "closed")
FAMILIES = ("Alder", "Birch", "Cedar", "Elder", "Hazel", "Juniper", "Maple", "Rowan")
MOVES = ("visit_applicant", "accept_application", "pass_stage_1", "send_to_fostering_panel")


def list_by_kind(cast: Cast, moment: datetime) -> None:
    """Services of more kinds in the directory, one of them of a provider in the portal."""
    by = cast.of(cast.authorities[0].pk, roles.COMMISSIONER)
    for name, kind in LISTED:
        given = ServiceGiven(
            name=name, kind_code=kind, max_age=25, places=2, about="Made up for the demonstration."
        )
        list_service(by=by, now=moment, given=given).done()
    for number in sorted(cast.by_provider)[:2]:
        given = ServiceGiven(
            name=f"Outreach mentors {number}", kind_code="mentoring", about="Made up for the demonstration."
        )
        list_service(by=cast.by_provider[number], now=moment, given=given).done()


def serve_by_kind(cast: Cast, authority_id: int, moment: datetime) -> None:
    """Young people on each pathway, with what is known of each; a mentor asked for whom providers may offer."""
    for kind, age, days, known in PATHWAYS:
        row = somebody_asks(cast, authority_id, kind, age, moment - days * DAY, None)
        if row is not None:
            begin(cast, row, row.needed_by, moment - days * DAY)
            _keep(cast, row, known, moment)
    for kind, age, unit, pence, quantity, known in BOUGHT:
        begun = moment - 100 * DAY
        row = _running(cast, authority_id, kind, (age,), unit, pence, quantity, begun, moment)
        if row is not None:
            _keep(cast, row, known, moment)
    for kind, ages, unit, pence, quantity, days in ONE_OF_EACH:
        _running(cast, authority_id, kind, ages, unit, pence, quantity, moment - days * DAY, moment)
    _ask_providers(cast, authority_id, moment)


def _running(
    cast: Cast, authority_id: int, kind: str, ages: tuple[int, ...], unit: str, pence: int, quantity: str,
    begun: datetime, moment: datetime,
) -> Package | None:  # fmt: skip
    """A service of a kind that runs, for the first child of one of the ages; None where there is nobody."""
    asked = (somebody_asks(cast, authority_id, kind, age, begun, Decimal(quantity)) for age in ages)
    row = next((one for one in asked if one is not None), None)
    if row is not None:
        offer = OfferGiven(service_id=_service(kind), unit=unit, amount_pence=pence, quantity=Decimal(quantity),
                           starts_on=timezone.localdate(begun), words="As asked for.", met=(True,) * 9)  # fmt: skip
        carried_on(cast, row, begun, offer, "running", moment)
    return row


def _service(kind: str) -> int:
    return services(kind=kind)[0].pk


def _keep(cast: Cast, row: Package, known: Known, moment: datetime) -> None:
    row.refresh_from_db()
    said = {words: _said(words, value) for words, value in known.items()}
    keep_particulars(
        by=cast.of(row.authority_id, roles.SOCIAL_WORKER), now=moment, package_id=row.pk, version=row.version,
        said_on=timezone.localdate(moment) - 2 * DAY, said=said,
    ).done()  # fmt: skip


def _said(words: str, value: str | int) -> Said:
    if isinstance(value, str):
        return Said(words, value)
    return Said(words, number=Decimal(value)) if value < 100 else Said(words, pence=value)


def _ask_providers(cast: Cast, authority_id: int, moment: datetime) -> None:
    row = somebody_asks(cast, authority_id, "mentoring", 14, moment - DAY, Decimal(4))
    chosen = [one.pk for one in services(kind="mentoring").filter(provider__isnull=False)]
    if row is not None and chosen:
        today = timezone.localdate(moment)
        invite_services(
            by=cast.of(authority_id, roles.BROKER), now=moment, package_id=row.pk, version=row.version, service_ids=chosen,
            told=told_of(row), answer_by=today + 6 * DAY,
        ).done()  # fmt: skip


def foster(cast: Cast, authority_id: int, moment: datetime) -> None:
    """Applicants at every step, yearly reviews and training of own carers, and the rota of the coming nights."""
    officer = cast.of(authority_id, roles.FOSTERING_OFFICER)
    today = timezone.localdate(moment)
    for number, (family, far) in enumerate(zip(FAMILIES, HOW_FAR, strict=True)):
        since = today - (30 + 35 * number) * DAY
        row = fostering.take_enquiry(
            by=officer, now=moment, names=f"The {family} family", heard_by=("Word of mouth", "Our website")[number % 2],
            enquired_on=since, wish="Made up for the demonstration",
        ).done()  # fmt: skip
        Applicant.objects.filter(pk=row.pk).update(is_synthetic=True)
        _move(cast, row, far, moment)
    for place, household in enumerate(
        Household.objects.filter(authority_id=authority_id).exclude(status="left")[:6]
    ):
        held_on = today - (300 + 20 * place) * DAY
        fostering.record_carer_review(
            by=officer, now=moment, household_id=household.pk, version=household.version, held_on=held_on,
            found="They go on as approved.", is_suitable=True, at_panel=place == 0,
        ).done()  # fmt: skip
    _plan_nights(cast, authority_id, moment)


def _move(cast: Cast, row: Applicant, far: str, moment: datetime) -> None:
    officer = cast.of(row.authority_id, roles.FOSTERING_OFFICER)
    ahead = ("enquired", "visited", "stage_1", "stage_2", "panel", "approved")
    steps = MOVES[: ahead.index(far)] if far != "closed" else MOVES[:1]
    for place, verb in enumerate(steps):
        reached_on = row.enquired_on + (20 + 35 * place) * DAY
        row = fostering.move_applicant(
            by=officer, now=moment, applicant_id=row.pk, version=row.version, verb=verb,
            reached_on=min(reached_on, timezone.localdate(moment)), words="Written for the demonstration.",
        ).done()  # fmt: skip
    known = {
        "now": moment,
        "applicant_id": row.pk,
        "version": row.version,
        "words": "Written for the demonstration.",
    }
    if far == "closed":
        fostering.close_applicant(by=officer, **known).done()  # type: ignore[arg-type]  # each is what its name says
    elif far == "approved":
        terms = TermsGiven(starts_on=timezone.localdate(moment) - DAY, places=1, max_age=12)
        fostering.approve_applicant(by=cast.of(row.authority_id, roles.DIRECTOR), given=terms, **known).done()  # type: ignore[arg-type]  # each is what its name says


def _plan_nights(cast: Cast, authority_id: int, moment: datetime) -> None:
    for night in range(4):
        starts = (timezone.localtime(moment) + night * DAY).replace(
            hour=17, minute=0, second=0, microsecond=0
        )
        person = cast.of(authority_id, roles.SOCIAL_WORKER, night)
        plan_duty(
            by=cast.of(authority_id, roles.TEAM_MANAGER), now=moment, person_id=person.person_id, starts_at=starts,
            ends_at=starts + timedelta(hours=16), telephone="020 7946 0000",
        ).done()  # fmt: skip
