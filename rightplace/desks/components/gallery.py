"""Realistic synthetic content for the gallery: every component once, as a desk would use it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms

from rightplace.core.problems import Problem
from rightplace.desks.components import parts, svg
from rightplace.desks.components.fields import DateInPartsField, MoneyField, UploadField
from rightplace.desks.components.maps import Place, areas_from, place_map
from rightplace.desks.components.pieces import capacity_bar
from rightplace.desks.components.rows import row_formset
from rightplace.desks.components.tables import Column, Table
from rightplace.foundation.reference.boundaries import london_boroughs

TODAY = date(2026, 11, 20)
CROYDON = (-0.0982, 51.3762)
SECTIONS = [
    parts.NavItem("Request", "#a", True),
    parts.NavItem("Offers", "#b", count=3),
    parts.NavItem("Messages", "#c", count=0),
    parts.NavItem("History", "#d"),
]
SUMMARY = [
    parts.SummaryRow("Needed by", "27 November 2026", "#change-date", note="5 working days from today"),
    parts.SummaryRow("Siblings", "Stay together: one brother, aged 6", "#change-siblings"),
    parts.SummaryRow("School to keep", "Broadmead Primary, Croydon"),
]
WAITING = [
    parts.Waiting(title, f"#{state}", detail, TODAY + timedelta(days), state, action)
    for title, detail, days, state, action in (
        ("R-4007: answer the broker", "Sent back: two entries to complete", -3, "sent_back", "Answer"),
        (
            "R-4018: choose an offer",
            "2 offers; the child’s view is recorded",
            0,
            "awaiting_decision",
            "Compare",
        ),
        ("R-4021: read the questions", "3 questions from providers", 6, "searching", "Read"),
    )
]
REASONS = [
    parts.Reason("Near the school to keep", 12, 15, note="1.6 miles, straight line"),
    parts.Reason(
        "Skills for the needs named", 22, 30, note="Trained in trauma; no experience of night waking"
    ),
    parts.Reason("Siblings can stay together", met=True),
    parts.Reason("No other child under 5", met=False, note="A child aged 3 lives there"),
    parts.Reason("Speaks Tigrinya", met=None),
]
PROBLEMS = [
    Problem("too_soon", "The start cannot be before the contract is signed", "needed_by"),
    Problem("over_limit", "The whole cost is over your limit of £50,000: ask the panel"),
]
CHANGES = [
    parts.Change("Needed by", "27 Nov 2026", "24 Nov 2026"),
    parts.Change("Ceiling price", "£1,100.00", "£950.00"),
]


class RequestFilters(forms.Form):
    """The filters of the sample list."""

    words = forms.CharField(label="Reference or worker", required=False, max_length=60)
    need = forms.ChoiceField(
        required=False, choices=[("", "Any need"), ("foster", "Fostering"), ("home", "Children’s home")]
    )
    state = forms.MultipleChoiceField(
        required=False,
        choices=[("searching", "Searching"), ("awaiting_decision", "Awaiting decision")],
        widget=forms.CheckboxSelectMultiple,
    )


class SampleForm(forms.Form):
    """One field of each kind."""

    reveals = {"move": {"other": ("move_words",)}}
    choice_hints = {"suitable": {"foster": "With the authority’s own carers or an agency’s"}}

    title = forms.CharField(
        label="What this child needs, in one line", help_text="Providers see this. No names."
    )
    needed_by = DateInPartsField(label="Needed by", help_text="For example, 27 3 2027")
    ceiling = MoneyField(label="Ceiling price", suffix="a week", required=False)
    suitable = forms.MultipleChoiceField(
        label="Which settings would suit?",
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("foster", "Foster home"),
            ("home", "Children’s home"),
            ("supported", "Supported accommodation"),
        ],
    )
    move = forms.ChoiceField(
        label="Why is a move needed?",
        widget=forms.RadioSelect,
        choices=[
            ("planned", "Planned in the care plan"),
            ("ended", "The carer ended it"),
            ("other", "Another reason"),
        ],
    )
    move_words = forms.CharField(label="Say which", required=False)
    siblings = forms.ChoiceField(
        label="Are there siblings to stay together?",
        widget=forms.RadioSelect,
        choices=[("y", "Yes"), ("n", "No")],
    )
    story = forms.CharField(
        label="A day in this child’s life",
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    district = forms.ChoiceField(
        label="Preferred borough", choices=[("", "Choose"), ("1", "Croydon"), ("2", "Merton")]
    )
    plan = UploadField(
        label="Risk assessment",
        required=False,
        endings=[".pdf", ".docx"],
        help_text="PDF or Word, up to 20 MB",
    )
    checked = forms.BooleanField(label="I have read what a provider will see, and it names nobody")


class LineForm(forms.Form):
    """A price line of the sample offer."""

    service = forms.CharField(label="Service")
    price = MoneyField(label="Price", suffix="a week")
    starts_on = DateInPartsField(label="From")


LineRows = row_formset(LineForm, "price line", least=1, most=6)

ROWS: list[dict[str, Any]] = [
    {
        "id": 4021,
        "need": "Fostering, sibling group of two",
        "state": "searching",
        "offers": 3,
        "cost": 98750,
        "by": 1,
    },
    {
        "id": 4018,
        "need": "Children’s home, 1:1 support",
        "state": "awaiting_decision",
        "offers": 2,
        "cost": 541000,
        "by": 0,
    },
    {
        "id": 4007,
        "need": "Supported accommodation, aged 17",
        "state": "sent_back",
        "offers": 0,
        "cost": None,
        "by": -3,
    },
    {
        "id": 3996,
        "need": "Parent and child assessment",
        "state": "approved",
        "offers": 4,
        "cost": 287500,
        "by": 9,
    },
]


def sample_table(sort: str) -> Table:
    """A list of requests, as a broker sees it."""
    return Table(
        caption="Requests under way",
        id="requests",
        sort=sort,
        rows=ROWS,
        columns=[
            Column(
                "Reference",
                lambda row: f"R-{row['id']}",
                sort="reference",
                link=lambda row: f"#R-{row['id']}",
            ),
            Column("Need", "need"),
            Column("Needed by", lambda row: TODAY + timedelta(row["by"]), kind="date", sort="needed_by"),
            Column("State", "state", kind="status"),
            Column("Offers", "offers", kind="number", sort="offers"),
            Column("Weekly cost", "cost", kind="money", sort="cost"),
        ],
        totals={"Offers": 9, "Weekly cost": 927250},
        totals_label="All 4 requests",
        downloads=[("CSV", "#csv"), ("Excel", "#xlsx")],
    )


def sample_comparison() -> parts.Comparison:
    """Three offers side by side."""
    options = [
        parts.Option("Own carer, Thornton Heath", "In-house fostering", "#1", "In-house first"),
        parts.Option("Fern Lane Fostering", "Agency, carer in Mitcham", "#2"),
        parts.Option("Harbour Homes", "Children’s home, Sutton", "#3"),
    ]
    return parts.Comparison(
        "Offers for R-4021",
        options,
        [
            parts.CompareSection("Essential criteria"),
            parts.Compared("Siblings together", ("Yes", "Yes", "No: one place"), best=(0, 1)),
            parts.Compared("No other child under 5", ("Yes", "Yes", "Yes")),
            parts.CompareSection("Cost"),
            parts.Compared("Weekly price", (62_300, 98_750, 412_000), kind="money", best=(0,)),
            parts.Compared(
                "Whole cost", (3_240_000, 5_135_000, 21_424_000), kind="pounds", note="52 weeks", best=(0,)
            ),
            parts.CompareSection("Place"),
            parts.Compared("Distance from school", ("1.2 miles", "4.8 miles", "6.1 miles"), best=(0,)),
            parts.Compared("Ofsted", ("Authority’s own", "Outstanding, May 2025", "Good, January 2026")),
            parts.Compared("Missing information", ("", "Carer’s references", "")),
        ],
    )


def journey() -> list[parts.Happening]:
    """A request on its way."""
    at = datetime(2026, 11, 12, 9, 42, tzinfo=UTC)
    return [
        parts.Happening("Request submitted", at, "Amara Okafor, social worker"),
        parts.Happening(
            "Quality checked", at + timedelta(hours=3), "Joel Wright, broker", "Complete: 24 of 26 entries."
        ),
        parts.Happening(
            "Search opened to 41 providers", at + timedelta(days=1), "Joel Wright, broker", state="done"
        ),
        parts.Happening("Offers being compared", None, "3 offers, closing 20 Nov 2026", state="current"),
        parts.Happening("Permission to place", state="todo"),
        parts.Happening("Contract signed", state="todo"),
    ]


def figures() -> dict[str, svg.Figure]:
    """One figure of each kind."""
    months = [date(2026 + (8 + month) // 12, (8 + month) % 12 + 1, 1) for month in range(7)]
    return {
        "bars": svg.bars(
            [svg.Bar("Fostering, own carers", 182), svg.Bar("Fostering, agencies", 141), svg.Bar("Children’s homes", 47)],
            "Children by setting", target=150, target_words="Plan",
        ),
        "stacked": svg.stacked_bars(
            [svg.Stack("Croydon", (182, 141, 47)), svg.Stack("Merton", (61, 38, 12)), svg.Stack("Sutton", (74, 52, 19))],
            ("Own carers", "Agencies", "Children’s homes"), "Where children live, by authority",
        ),
        "spans": svg.timeline_bar(
            [
                svg.Span("Foster home, Thornton Heath", date(2024, 2, 9), date(2025, 1, 20), "1", "Ended as planned"),
                svg.Span("Children’s home, Sutton", date(2025, 1, 20), date(2025, 6, 2), "3", "Ended by the home"),
                svg.Span("Foster home, Mitcham", date(2025, 6, 2), None, "1"),
            ],
            "Placements by date", TODAY,
        ),
        "strip": svg.calendar_strip(
            [svg.DayMark(month, "Payment of £4,232.14") for month in months], "Payments of the contract",
            date(2026, 9, 1), date(2027, 4, 1),
        ),
        "map": sample_map(),
    }  # fmt: skip


def sample_map() -> svg.Figure:
    """Homes around a school in Croydon."""
    places = [
        Place("Own carer, Thornton Heath", -0.1002, 51.3988, "carer", 1.6, "1 place"),
        Place("Fern Lane Fostering, Mitcham", -0.1610, 51.4020, "carer", 3.3, "2 places"),
        Place("Harbour Homes, Sutton", -0.1947, 51.3640, "home", 4.3, "1 place"),
        Place("Elm House, Bromley", 0.0150, 51.4060, "home", 5.3, "Full"),
        Place("Key Steps, Lewisham", -0.0150, 51.4600, "supported", 6.8, "From age 16"),
    ]
    areas = areas_from(london_boroughs(), own=["E09000008"])
    return place_map(areas, places, "Nearest homes with a place", centre=CROYDON, rings=(2, 5, 8), reach=8.5)


def content(sort: str) -> dict[str, Any]:
    """Everything the gallery's template shows, apart from what depends on the request's forms."""
    return {
        "now": datetime(2026, 11, 20, 14, 5, tzinfo=UTC),
        "table": sample_table(sort),
        "empty_table": Table([Column("Reference", "id")], [], "Late decisions", empty="No decision is late."),
        "comparison_table": sample_comparison(),
        "happenings": journey(),
        "figures": figures(),
        **lists(),
    }


def lists() -> dict[str, Any]:
    """The lists of parts."""
    ladder = ("done The child", "done Needs", "current Criteria", "todo Outcomes", "todo Check")
    steps = [line.split(maxsplit=1) for line in ladder]
    return {
        "sections": SECTIONS,
        "summary": SUMMARY,
        "waiting": WAITING,
        "tiles": tiles(),
        "steps_list": [parts.Step(label, f"#{state}", state) for state, label in steps],
        "reasons_for": REASONS,
        "problems": PROBLEMS,
        "changes": CHANGES,
        "capacities": [
            capacity_bar(4, 6, 1, "Elm House"),
            capacity_bar(3, 3, 0, "Harbour Homes"),
            capacity_bar(31, 48, 2, "Key Steps"),
        ],
    }


def tiles() -> list[parts.Tile]:
    """A desk's figures."""
    trend = svg.sparkline([7, 8, 6, 9, 9, 12], "Open requests")
    return [
        parts.Tile("Requests open", 12, "3 more than last week", "#open", trend=trend),
        parts.Tile("Offers for each child", "3.1", "Aim: 3", tone="good"),
        parts.Tile("Waiting over 5 days", 4, "2 are late", "#late", "bad"),
        parts.Tile("Weekly cost agreed", "£41,280", "£2,100 over plan", tone="care"),
    ]
