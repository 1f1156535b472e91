"""The Placements Data Standard: the published schema is ours, and what we export keeps to it."""

import json
from datetime import timedelta
from itertools import product
from pathlib import Path

import jsonschema
import pytest

from rightplace.core.indicators.school_kept import INDICATOR
from rightplace.core.periods import Period
from rightplace.exchange.placements_standard import gathering
from rightplace.exchange.placements_standard.files import json_file, schema_file, sheet
from rightplace.exchange.placements_standard.schema import READINGS, fields, schema
from rightplace.exchange.sheets import Span
from rightplace.foundation.access.scope import as_system
from rightplace.journey.placements.models import Placement
from rightplace.oversight.performance.reading import record_of, stated
from rightplace.register.children.models import Child, LegalStatus
from tests import make
from tests.cast import make_cast

PUBLISHED = Path(__file__).parents[3] / "docs/reference/placements-standard-v2.schema.json"
SPAN = Span(2027)


def test_the_published_schema_is_what_the_export_keeps_to():
    assert PUBLISHED.read_bytes() == schema_file().content
    jsonschema.Draft202012Validator.check_schema(schema())


def test_every_reading_is_of_a_field_of_the_standard():
    assert set(READINGS) <= {field["name"] for _, field in fields()}


@pytest.mark.django_db
def test_a_placement_is_a_record_from_its_request_to_its_cost():
    cast = make_cast()
    contract = make.placement_started(cast, make.contract_in_force(cast))
    with as_system():
        found = gathering.records(cast.croydon, SPAN)
    file = json.loads(json_file(found, SPAN).content)
    jsonschema.Draft202012Validator(schema()).validate(file)
    record = file["records"][0]
    assert record["PlacementAvailability"]["childId"] == contract.placement.child_id
    assert record["ActualPlacement"]["placementType"] in ("Foster", "Residential")
    assert record["extensions"]["weeklyCostPence"] > 0
    table = sheet(found)
    row = dict(zip(table.columns, table.rows[0], strict=True))
    assert row["childId"] == str(contract.placement.child_id)
    assert row["totalWeeklyCost"] == str(record["ActualPlacement"]["totalWeeklyCost"])
    with as_system():
        assert gathering.records(cast.croydon, Span(2026)) == []


@pytest.mark.django_db
def test_schooling_goes_on_in_the_standard_where_the_indicator_counts_a_school_kept():
    cast = make_cast()
    placement = make.placement_started(cast, make.contract_in_force(cast)).placement
    start = placement.period.lower
    LegalStatus.objects.get_or_create(
        authority=cast.croydon, child=placement.child, defaults={"code": "C2", "period": (start, None)}
    )
    answers = set()
    for postcode, place in product(("CR0 2AB", "SE13 5AB", "LS1 4AP"), ("CR0 2AB", "BR1 1AA")):
        Child.objects.filter(pk=placement.child_id).update(school_postcode=postcode)
        Placement.objects.filter(pk=placement.pk).update(place_postcode=place)
        with as_system():
            told = gathering.records(cast.croydon, SPAN)[0]["ActualPlacement"]["educationContinuity"]
            record = record_of(cast.croydon.pk, start, code=cast.croydon.gss_code)
        counted = INDICATOR.measure(record, Period(start, start + timedelta(days=1)), stated(start))
        assert counted.counts.tolist() == [told], (postcode, place)
        answers.add(told)
    assert answers == {True, False}
