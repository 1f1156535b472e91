"""For the two-sided world: a check of past costs that is kept, and published spending with a payee to look at."""

from __future__ import annotations

from rightplace.exchange.cost_check.checking import Given, check_costs, read_files
from rightplace.exchange.cost_check.keeping import keep_cost_check
from rightplace.exchange.cost_check.layouts import SORTS
from rightplace.exchange.cost_check.report import template_csv
from rightplace.exchange.published_payments.loading import import_payments
from rightplace.register.providers.models import Payee
from tests.cast import NOW, Cast

SPENDING = b"Council,Supplier,Date,Amount\nLeeds,Harbor Fostering,02/05/2020,50.00\n"


def looked_back(cast: Cast) -> dict[str, int]:
    """Their numbers, by what an address calls them. The spending is shared: the second side adds nothing to it."""
    read = read_files(Given(**{code: template_csv(sort) for code, sort in SORTS.items()}))
    assert not isinstance(read, list)
    check = keep_cost_check(by=cast.fin, now=NOW, name="Last year", result=check_costs(read)).done()
    import_payments(by=cast.ana, now=NOW, content=SPENDING, file_name="may.csv").done()
    return {"check": check.pk, "payee": Payee.objects.get(name="Harbor Fostering").pk}
