"""How quickly the pages of the market answer at 6,000 providers and 1,000,000 agreed prices, and whether their queries are fixed.

Run `python -m benchmarks.market [--quick] [--json]`. Rows are synthetic and written at once into a database of its own, half of
the prices for one authority; each page is then asked for by its commissioner (the portal's by a provider) as a signed-in browser
does. Queries are counted twice: with fewer rows than a list shows on a page, and with all of them; they may not grow.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from benchmarks.database import own_database
from benchmarks.report import Measured, show, wants_json

if TYPE_CHECKING:
    from django.test import Client

P95_MS = 150.0
REPEATS, QUICK_REPEATS = 30, 5
PROVIDERS, PRICES = 6_000, 1_000_000
FEW_PROVIDERS, FEW_PRICES = 12, 24
"""Fewer than a list shows on a page, so that a query for each row is seen as more queries with more rows."""
SLACK_QUERIES = 1
"""A part that is empty with few rows asks a question less there; a list shows up to 50 rows, so a query for each is far more."""
PAGES = (
    "/commissioning/homes/",
    "/commissioning/homes/?q=home+9&sort=-name",
    "/commissioning/homes/{setting}/",
    "/commissioning/prices/",
    "/commissioning/prices/?sort=weekly_pence",
    "/commissioning/prices/?sort=-weekly_pence&kind=residential&route=spot",
    "/commissioning/prices/?q=provider+{last}",
    "/commissioning/prices/?page=2000",
    "/commissioning/prices/providers/{provider}/",
    "/commissioning/prices/beside-need/",
    "/commissioning/spot/",
    "/commissioning/frameworks/",
    "/commissioning/frameworks/{framework}/",
    "/commissioning/lots/{lot}/",
    "/commissioning/lots/{lot}/?q=9&sort=-ceiling_pence_week",
    "/commissioning/applications/",
    "/commissioning/evidence/",
    "/commissioning/evidence/?show=ending",
    "/commissioning/tenders/",
    "/commissioning/uplifts/",
    "/commissioning/uplifts/{uplift}/",
    "/commissioning/leads/",
    "/commissioning/plans/",
    "/commissioning/plans/ending/",
    "/commissioning/consortium/",
    "/concerns/",
    "/visits/",
    "/visits/due/",
    "/scorecard/",
    "/scorecard/homes/{setting}/",
    "/providers/{provider}/",
)
PORTAL_PAGES = (
    "/portal/markets/",
    "/portal/evidence/",
    "/portal/uplifts/",
    "/portal/uplifts/{uplift}/",
)
TODAY = date(2026, 11, 22)


@dataclass(frozen=True, slots=True)
class Answered:
    """One page: milliseconds of the whole answer, and its statements of SQL."""

    path: str
    median: float
    p95: float
    queries: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and say by the exit code whether every aim was reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a twentieth of the rows, few repeats")
    chosen = parser.parse_known_args(arguments)[0]
    part, repeats = (20, QUICK_REPEATS) if chosen.quick else (1, REPEATS)
    with own_database("market"):
        small = {one.path: one.queries for one in measured(write_market(FEW_PROVIDERS, FEW_PRICES), 1)}
        begun = time.perf_counter()
        keys = write_market(PROVIDERS // part, PRICES // part)
        print(f"Written in {time.perf_counter() - begun:.0f} s", file=sys.stderr)
        found = measured(keys, repeats)
    lines = "\n".join(
        f"{one.path:70} {one.median:7.1f} {one.p95:7.1f} {small[one.path]:5} {one.queries:4}" for one in found
    )
    print(
        f"{'page':70} {'median':>7} {'p95':>7} {'few':>5} {'SQL':>4}\n{lines}",
        file=sys.stderr if wants_json(arguments) else sys.stdout,
    )
    grown = [one.path for one in found if one.queries > small[one.path] + SLACK_QUERIES]
    worst = max(found, key=lambda one: one.p95)
    shown = [
        Measured(f"slowest page, p95 ({worst.path})", worst.p95, "ms", P95_MS),
        Measured("pages slower than the aim", float(sum(one.p95 > P95_MS for one in found)), "pages", 0.0),
        Measured("pages whose queries grow with the rows", float(len(grown)), "pages", 0.0, ", ".join(grown)),
        Measured("queries counted on the pages", float(sum(one.queries for one in found)), "queries"),
    ]
    return show(shown, as_json=wants_json(arguments))


def write_market(providers: int, prices: int) -> dict[str, int]:
    """Providers on a lot with evidence, applications, uplifts and leads, and prices: half of them of one authority."""
    from django.db import connection

    from rightplace.demo.copying import copy_rows
    from rightplace.foundation.organisations.models import Authority, Consortium, Provider
    from rightplace.register.providers.models import Setting

    mark = Provider.objects.count()
    consortium, _ = Consortium.objects.get_or_create(name="South London (benchmark)")
    own, other = (
        Authority.objects.get_or_create(gss_code=code, defaults={"name": name, "consortium": consortium})[0]
        for code, name in (("E09000008", "Croydon"), ("E09000029", "Sutton"))
    )
    keys = copy_rows(Provider, {"name": [f"Provider {mark + one}" for one in range(providers)]})
    settings = copy_rows(Setting, {
        "provider": keys, "urn": [f"9{mark + one:07}" for one in range(providers)],
        "name": [f"Home {mark + one}" for one in range(providers)], "provision_type": "Children's home", "kind": "residential",
        "status": "active",
    })  # fmt: skip
    bought = write_buying(consortium.pk, own.pk, keys, f"Market {mark}")
    write_prices((own.pk, other.pk), keys, settings, prices)
    with connection.cursor() as cursor:
        # As the server does by itself after so many new rows.
        cursor.execute("VACUUM (ANALYZE)")
    return {
        **bought,
        "provider": keys[0],
        "setting": settings[0],
        "authority": own.pk,
        "last": mark + providers - 1,
    }


def write_buying(consortium: int, lead: int, keys: list[int], name: str) -> dict[str, int]:
    """A dynamic market with a lot on which all stand, with what each gave and asked for; the numbers of its pages."""
    import numpy as np
    from django.utils import timezone

    from rightplace.demo.copying import copy_rows
    from rightplace.register.buying.models import Application, Evidence, ProviderLead, UpliftRequest
    from rightplace.register.frameworks.models import Framework, Lot, LotMember

    now, rng = timezone.now(), np.random.default_rng(6)
    framework = Framework.objects.create(
        consortium_id=consortium,
        name=name,
        route="dynamic_market",
        starts_on=date(2024, 1, 1),
        ends_on=date(2030, 1, 1),
    )
    lot = Lot.objects.create(framework=framework, name="Homes", kind="residential")
    ceilings = rng.integers(3e5, 9e5, len(keys))
    copy_rows(
        LotMember, {"lot": lot.pk, "provider": keys, "ceiling_pence_week": ceilings, "starts_on": TODAY}
    )
    copy_rows(Evidence, {
        "provider": keys, "kind": "public_liability", "starts_on": date(2026, 1, 1), "given_at": now, "given_by": "x",
        "expires_on": [TODAY + timedelta(days=one % 400) for one in range(len(keys))],
    })  # fmt: skip
    whose = {"consortium": consortium, "provider": keys}
    copy_rows(
        Application, {**whose, "lot": lot.pk, "state": "submitted", "applied_at": now, "applied_by": "x"}
    )
    copy_rows(ProviderLead, {**whose, "lead": lead, "starts_on": TODAY})
    asked_for = copy_rows(UpliftRequest, {
        **whose, "lead": lead, "state": "asked", "asked_basis_points": 500, "from_on": TODAY, "reason": "x", "asked_at": now,
        "asked_by": "x",
    })  # fmt: skip
    return {"lot": lot.pk, "framework": framework.pk, "uplift": asked_for[0]}


def write_prices(authorities: tuple[int, int], keys: list[int], settings: list[int], prices: int) -> None:
    """Prices over ten years, each of one of two authorities."""
    import numpy as np

    from rightplace.demo.copying import copy_rows
    from rightplace.register.prices.models import AgreedPrice

    rng, start = np.random.default_rng(7), AgreedPrice.objects.count()
    row = rng.integers(0, len(keys), prices)
    days = [date(2016, 1, 1) + timedelta(days=int(one)) for one in rng.integers(0, 3_900, prices)]
    copy_rows(AgreedPrice, {
        "authority": np.array(authorities)[np.arange(prices) % 2], "provider": np.array(keys)[row],
        "setting": np.array(settings)[row], "contract_number": np.arange(start, start + prices),
        "home_kind": np.array(["foster", "residential", "supported"])[row % 3],
        "route": np.array(["framework", "framework", "spot"])[rng.integers(0, 3, prices)], "band": "core",
        "weekly_pence": rng.integers(2e5, 9e5, prices), "starts_on": days,
        "ends_on": [one + timedelta(days=365) for one in days],
    })  # fmt: skip


def measured(keys: dict[str, int], repeats: int) -> list[Answered]:
    """Each page by a commissioner of the authority, and the portal's by somebody of a provider."""
    from rightplace.foundation.access import roles

    buyer = signed_in(roles.COMMISSIONER, authority_id=keys["authority"])
    seller = signed_in(roles.PROVIDER, provider_id=keys["provider"])
    return [
        *(asked(buyer, page, keys, repeats) for page in PAGES),
        *(asked(seller, page, keys, repeats) for page in PORTAL_PAGES),
    ]


def asked(client: Client, page: str, keys: dict[str, int], repeats: int) -> Answered:
    """One page: its queries counted at the first asking, which also warms what a server keeps, then timed."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    path = page.format(**keys)
    with CaptureQueriesContext(connection) as statements:
        answer = client.get(path)
    # Read at once: each later request empties the log that the statements are read from.
    queries = len(statements)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code}")
    took = []
    for _ in range(repeats):
        begun = time.perf_counter()
        client.get(path)
        took.append((time.perf_counter() - begun) * 1_000)
    ordered = sorted(took)
    p95 = ordered[math.ceil(0.95 * len(ordered)) - 1]
    return Answered(page, statistics.median(took), p95, queries)


def signed_in(role: str, **of: int) -> Client:
    """A browser of somebody of an authority or a provider."""
    from django.test import Client

    from rightplace.foundation.access.models import Membership, User

    user, _ = User.objects.get_or_create(
        username=f"benchmark {role} {of}", defaults={"first_name": "Cora", "last_name": "Bell"}
    )
    membership, _ = Membership.objects.get_or_create(
        user=user, defaults={"role": role, "starts_on": date(2020, 1, 1), **of}
    )
    client = Client()
    client.force_login(user)
    session = client.session
    session["membership"] = membership.pk
    session.save()
    return client


if __name__ == "__main__":
    sys.exit(main())
