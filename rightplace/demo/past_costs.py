"""A check of past costs and published spending in the demonstration. The check is of invented rows; the spending is real."""

from importlib.resources import files

from rightplace.demo.asking import Office
from rightplace.exchange.cost_check.checking import Given, check_costs, read_files
from rightplace.exchange.cost_check.keeping import keep_cost_check
from rightplace.exchange.cost_check.layouts import CONTRACTS, PAYMENTS, PLACEMENTS, SORTS
from rightplace.exchange.cost_check.report import template_csv
from rightplace.exchange.published_payments.loading import import_payments
from rightplace.foundation.access import roles

SPENDING = "published_payments.csv"


def look_back(office: Office) -> None:
    """One check that is kept, and payments of six councils with payees to be confirmed."""
    content = {code: template_csv(SORTS[code]) for code in SORTS}
    read = read_files(Given(content[CONTRACTS], content[PAYMENTS], content[PLACEMENTS]))
    if isinstance(read, list):
        raise RuntimeError(read[0].sentence)
    keep_cost_check(
        by=office.who(roles.FINANCE_OFFICER), now=office.ago(3), name="May 2025, three payments (synthetic)",
        result=check_costs(read), file_names=[f"{code}.csv" for code in SORTS],
    ).done()  # fmt: skip
    spending = files("rightplace.demo").joinpath("data", SPENDING).read_bytes()
    import_payments(
        by=office.who(roles.COMMISSIONER), now=office.ago(2), content=spending, file_name=SPENDING
    ).done()
