"""The fixed cast: two authorities of one consortium, their people, two providers, a few children and homes.

Everyone here is invented. `make_cast()` writes them to the database; `tests.make` walks them through the real verbs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.backends.postgresql.psycopg_any import DateRange

from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership, User
from rightplace.foundation.organisations.models import Authority, Consortium, Provider, Team
from rightplace.foundation.safeguards.models import SharingAgreement
from rightplace.journey.decisions.models import Delegation
from rightplace.register.carers.models import Approval, Household
from rightplace.register.children.models import Child, LegalStatus, Sibling
from rightplace.register.frameworks.models import Framework, Lot, LotMember
from rightplace.register.providers.models import NamedCarer, Setting
from tests.recalled import recalled

# A Monday, so that working-day clocks in tests run as one expects.
NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
TODAY = NOW.date()
LONG_AGO = date(2020, 1, 1)


@dataclass(frozen=True)
class Cast:
    """Everyone by name: actors act, the rest are rows."""

    croydon: Authority
    sutton: Authority
    team: Team
    sadia: Actor  # social worker, Croydon
    moses: Actor  # team manager, Croydon
    tessa: Actor  # second team manager, Croydon
    ida: Actor  # reviewing officer, Croydon
    bola: Actor  # broker, Croydon
    fern: Actor  # fostering officer, Croydon
    abby: Actor  # foster carer of the Adams household, Croydon
    pearl: Actor  # panel chair, Croydon
    mel: Actor  # panel member, Croydon
    clem: Actor  # panel clerk, Croydon
    dev: Actor  # director, Croydon
    ellie: Actor  # elected member, Croydon
    fin: Actor  # finance officer, Croydon
    cora: Actor  # commissioner, Croydon
    ana: Actor  # performance analyst, Croydon
    ada: Actor  # access administrator, Croydon
    iggy: Actor  # information governance officer, Croydon
    simon: Actor  # social worker, Sutton
    brenda: Actor  # broker, Sutton
    conrad: Actor  # consortium officer
    sam: Actor  # support
    priya: Actor  # provider, Oakhouse Care
    quinn: Actor  # provider, Harbour Fostering
    oakhouse: Provider
    harbour: Provider
    acorn_house: Setting  # a children's home of Oakhouse
    beech_house: Setting  # another of Oakhouse
    harbour_agency: Setting  # the fostering agency of Harbour
    harbour_carer: NamedCarer
    adams: Household  # own carers, Croydon
    brown: Household  # own carers, Croydon
    amber: Child  # 14, Croydon
    jude: Child  # 9, Croydon, brother of Kiran
    kiran: Child  # 6, Croydon
    lena: Child  # 15, Sutton


@recalled
def make_cast() -> Cast:
    """Write the cast to the database."""
    consortium = Consortium.objects.create(name="South London (test)")
    croydon = _authority(consortium, "Croydon", "E09000008", "306")
    sutton = _authority(consortium, "Sutton", "E09000029", "319")
    team = Team.objects.create(authority=croydon, name="Children Looked After 1")
    other_team = Team.objects.create(authority=sutton, name="Children Looked After")
    oakhouse = Provider.objects.create(
        name="Oakhouse Care Ltd", sector="Private", email="office@oakhouse.example"
    )
    harbour = Provider.objects.create(
        name="Harbour Fostering", sector="Voluntary", email="office@harbour.example"
    )
    homes = _homes(oakhouse, harbour)
    _framework(consortium, oakhouse, harbour)
    _sharing(croydon, sutton)
    people = _staff(croydon, team) | _others(consortium, sutton, other_team, oakhouse, harbour)
    return Cast(
        croydon=croydon,
        sutton=sutton,
        team=team,
        oakhouse=oakhouse,
        harbour=harbour,
        **people,
        **homes,
        **_households(croydon),
        **_children(croydon, sutton, people),
    )


def _authority(consortium: Consortium, name: str, gss: str, dfe: str) -> Authority:
    authority = Authority.objects.create(
        consortium=consortium, name=name, gss_code=gss, dfe_code=dfe, region="London", is_demo=True
    )
    limits = ((roles.TEAM_MANAGER, 2_000_000), (roles.DIRECTOR, 100_000_000))
    for role, pence in limits:
        Delegation.objects.create(authority=authority, role=role, whole_cost_pence=pence, starts_on=LONG_AGO)
    return authority


def _sharing(*authorities: Authority) -> None:
    """Both share their concerns about homes with the whole consortium."""
    clerk = User.objects.create_user("records-clerk")
    for one in authorities:
        SharingAgreement.objects.create(
            authority=one, consortium_id=one.consortium_id, kind="concerns", starts_on=LONG_AGO, ends_on=date(2126, 1, 1),
            signed_by="The director", signed_on=LONG_AGO, recorded_by=clerk,
        )  # fmt: skip


def person(name: str, role: str, **where: object) -> Actor:
    first, last = name.split()
    user = User.objects.create_user(
        first.lower(), f"{first.lower()}@example.org", None, first_name=first, last_name=last
    )
    return Membership.objects.create(user=user, role=role, starts_on=LONG_AGO, **where).as_actor()


def _staff(croydon: Authority, team: Team) -> dict[str, Actor]:
    in_team = {"authority": croydon, "team": team}
    return {
        "sadia": person("Sadia Rahman", roles.SOCIAL_WORKER, **in_team),
        "moses": person("Moses Okoro", roles.TEAM_MANAGER, **in_team),
        "tessa": person("Tessa Lund", roles.TEAM_MANAGER, **in_team),
        "bola": person("Bola Adeyemi", roles.BROKER, authority=croydon),
        "fern": person("Fern Walsh", roles.FOSTERING_OFFICER, authority=croydon),
        "abby": person("Abby Adams", roles.FOSTER_CARER, authority=croydon),
        "ellie": person("Ellie Marsh", roles.ELECTED_MEMBER, authority=croydon),
        "pearl": person("Pearl Baptiste", roles.PANEL_CHAIR, authority=croydon),
        "mel": person("Mel Carver", roles.PANEL_MEMBER, authority=croydon),
        "clem": person("Clem Osei", roles.PANEL_CLERK, authority=croydon),
        "dev": person("Dev Anand", roles.DIRECTOR, authority=croydon),
        "fin": person("Fin Murray", roles.FINANCE_OFFICER, authority=croydon),
        "cora": person("Cora Bell", roles.COMMISSIONER, authority=croydon),
        "ana": person("Ana Silva", roles.ANALYST, authority=croydon),
        "ada": person("Ada Frost", roles.ACCESS_OFFICER, authority=croydon),
        "iggy": person("Iggy Novak", roles.INFORMATION_OFFICER, authority=croydon),
        "ida": person("Ida Roper", roles.REVIEWING_OFFICER, authority=croydon),
    }


def _others(
    consortium: Consortium, sutton: Authority, team: Team, oakhouse: Provider, harbour: Provider
) -> dict[str, Actor]:
    return {
        "simon": person("Simon Price", roles.SOCIAL_WORKER, authority=sutton, team=team),
        "brenda": person("Brenda Cole", roles.BROKER, authority=sutton),
        "conrad": person("Conrad Hale", roles.CONSORTIUM_OFFICER, consortium=consortium),
        "sam": person("Sam Lowe", roles.SUPPORT, consortium=consortium),
        "priya": person("Priya Nair", roles.PROVIDER, provider=oakhouse),
        "quinn": person("Quinn Doyle", roles.PROVIDER, provider=harbour),
    }


def _setting(provider: Provider, urn: str, name: str, kind: str, provision: str, **facts: object) -> Setting:
    return Setting.objects.create(
        provider=provider,
        urn=urn,
        name=name,
        kind=kind,
        provision_type=provision,
        status="active",
        sector=provider.sector,
        local_authority="Croydon",
        region="London",
        registered_on=LONG_AGO,
        as_at=date(2025, 3, 31),
        located_by="sector",
        grade="good",
        graded_on=date(2025, 6, 1),
        **facts,
    )


def _homes(oakhouse: Provider, harbour: Provider) -> dict[str, object]:
    near = {"latitude": 51.3762, "longitude": -0.0982, "postcode": "CR0 1AA"}
    home = {"kind": "residential", "provision": "Children's home", "min_age": 8, "max_age": 17}
    agency = _setting(
        harbour, "SC400003", "Harbour Fostering", "foster", "Independent fostering agency", **near
    )
    return {
        "acorn_house": _setting(
            oakhouse, "2500001", "Acorn House", places=4, skills=["self_harm", "going_missing"], **home, **near
        ),
        "beech_house": _setting(
            oakhouse,
            "2500002",
            "Beech House",
            places=3,
            latitude=51.45,
            longitude=-0.02,
            postcode="SE6 2AA",
            **home,
        ),
        "harbour_agency": agency,
        "harbour_carer": NamedCarer.objects.create(
            setting=agency, reference="HF-17", places=2, postcode_district="CR2"
        ),
    }


def _framework(consortium: Consortium, oakhouse: Provider, harbour: Provider) -> None:
    framework = Framework.objects.create(
        consortium=consortium,
        name="Children's homes and fostering (test)",
        route="framework",
        starts_on=LONG_AGO,
        ends_on=date(2030, 1, 1),
    )
    for kind, provider, ceiling in (("residential", oakhouse, 750_000), ("foster", harbour, 120_000)):
        lot = Lot.objects.create(framework=framework, name=kind, kind=kind)
        LotMember.objects.create(lot=lot, provider=provider, ceiling_pence_week=ceiling, starts_on=LONG_AGO)


def _households(croydon: Authority) -> dict[str, Household]:
    made = {}
    for key, carers, postcode, places in (
        ("adams", "The Adams family", "CR0 2AB", 2),
        ("brown", "The Brown family", "CR7 8AA", 1),
    ):
        made[key] = Household.objects.create(
            authority=croydon,
            reference=f"FC-{key.upper()}",
            carers=carers,
            address=f"1 {key.title()} Road, Croydon",
            postcode=postcode,
            latitude=51.38,
            longitude=-0.09,
            located_by="sector",
            weekly_pence=55_000,
            is_synthetic=True,
        )
        Approval.objects.create(
            authority=croydon,
            household=made[key],
            period=DateRange(LONG_AGO, None),
            places=places,
            min_age=0,
            max_age=17,
        )
    return made


def _children(croydon: Authority, sutton: Authority, people: dict[str, Actor]) -> dict[str, Child]:
    rows = {
        "amber": (croydon, "sadia", "Amber", "Fairweather", "F", date(2012, 5, 4)),
        "jude": (croydon, "sadia", "Jude", "Marlowe", "M", date(2017, 3, 9)),
        "kiran": (croydon, "sadia", "Kiran", "Marlowe", "M", date(2020, 8, 21)),
        "lena": (sutton, "simon", "Lena", "Hartnell", "F", date(2011, 2, 2)),
    }
    made = {}
    for number, (key, (authority, worker, first, last, sex, born)) in enumerate(rows.items(), 1001):
        made[key] = Child.objects.create(
            authority=authority,
            local_number=str(number),
            first_name=first,
            last_name=last,
            sex=sex,
            born_on=born,
            ethnicity="WBRI",
            language="English",
            need_code="N1",
            home_postcode="CR0 4XX",
            school_name="Shirley Vale School",
            school_postcode="CR0 8AA",
            social_worker_id=people[worker].user_id,
            team_id=people[worker].team_id,
            is_synthetic=True,
        )
        LegalStatus.objects.create(
            authority=authority, child=made[key], code="C2", period=DateRange(date(2025, 1, 6), None)
        )
    Sibling.objects.create(authority=croydon, child=made["jude"], sibling=made["kiran"])
    return made
