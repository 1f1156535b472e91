"""Cost codes, rates for own carers and absences of the demonstration. All of it is synthetic."""

from datetime import date, timedelta

from rightplace.demo.asking import Office
from rightplace.foundation.access import roles
from rightplace.journey.contracts.keeping_rates import RateGiven, add_carer_rate
from rightplace.journey.contracts.models import Contract
from rightplace.journey.contracts.notice import record_notice
from rightplace.journey.payments import absences, keeping_codes
from rightplace.register.carers.models import Household

CODES = (
    ("own_foster", "", "CS4100", "4310", "3.1.2", "Own fostering"),
    ("foster", "", "CS4200", "4320", "3.1.3", "Agency fostering"),
    ("residential", "", "CS4300", "4330", "3.1.1", "Children’s homes"),
    ("residential", "education", "CS4300", "4390", "1.2.3", "Education in children’s homes"),
    ("supported", "", "CS4400", "4340", "3.1.8", "Supported accommodation"),
    ("", "transport", "CS4900", "4610", "3.1.5", "Transport"),
    ("", "", "CS4000", "4300", "3.1.11", "Everything else"),
)
ALLOWANCES = ((0, 17_500), (3, 18_000), (5, 20_200), (11, 23_000), (16, 27_000))
FEES = ((1, 12_000), (2, 19_500), (3, 28_000))
WEEKS = (("hospital", 70, 61), ("family", 45, 38), ("missing", 20, 19), ("holiday", 12, None))


def keep_charges(office: Office) -> None:
    """Codes for every kind of home, and two years of carers' rates by age and level."""
    fin = office.who(roles.FINANCE_OFFICER)
    for home_kind, kind, centre, subjective, line, words in CODES:
        keeping_codes.add_cost_code(
            by=fin, now=office.ago(300), home_kind=home_kind, kind=kind, cost_centre=centre, subjective=subjective,
            section_251_line=line, words=words, starts_on=date(office.today.year - 3, 4, 1),
        ).done()  # fmt: skip
    for year, rise in ((office.today.year - 1, 100), (office.today.year, 103)):
        for rate in _rates(date(year, 4, 1), rise):
            add_carer_rate(by=fin, now=office.ago(290), rate=rate).done()
    for number, row in enumerate(Household.objects.filter(authority_id=office.authority_id).order_by("pk")):
        Household.objects.filter(pk=row.pk).update(skill_level=number % 4)


def _rates(on: date, rise: int) -> list[RateGiven]:
    """The sheet of one year: what a foster home is paid from its first of April."""
    rates = [RateGiven("allowance", on, amount * rise // 100, age_from=age) for age, amount in ALLOWANCES]
    rates += [RateGiven("fee", on, amount * rise // 100, level=level) for level, amount in FEES]
    rates += [
        RateGiven("birthday", on, 12_000 * rise // 100),
        RateGiven("festival", on, 12_000 * rise // 100, in_month=12, in_day=25, words="Winter festival"),
        RateGiven("holiday", on, 40_000 * rise // 100, in_month=7, in_day=20, words="Summer holiday"),
        RateGiven("mileage", on, 45),
        RateGiven("retainer", on, basis_points=5_000, nights=14),
    ]
    return rates


def record_absences(office: Office) -> None:
    """Children in hospital, with family, missing and on holiday; and notice given for one placement."""
    rows = Contract.objects.filter(
        authority_id=office.authority_id, state="in_force", starts_on__lt=office.today - timedelta(days=120)
    )
    contracts = list(rows.exclude(versions__rules__away=[]).order_by("pk")[: len(WEEKS)])
    broker = office.who(roles.BROKER)
    for contract, (reason, left, back) in zip(contracts, WEEKS, strict=False):
        absences.record_absence(
            by=broker, now=office.ago((back or 1) - 0.5), contract_id=contract.pk, reason=reason,
            left_on=office.today - timedelta(days=left), back_on=office.today - timedelta(days=back) if back else None,
            words="Told by the home.",
        ).done()  # fmt: skip
    if contracts:
        last = contracts[-1]
        record_notice(
            by=broker, now=office.ago(3), contract_id=last.pk, version=last.version,
            given_on=office.today - timedelta(days=3),
        ).done()  # fmt: skip
