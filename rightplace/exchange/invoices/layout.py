"""What the columns of an invoice file can be, and the headings they are known by."""

from __future__ import annotations

from rightplace.exchange.tables import Field, Layout

LAYOUT = Layout(
    "invoice lines",
    (
        Field("number", "Invoice number", ("Invoice number", "Invoice no", "Invoice", "Invoice ref", "Inv no")),
        Field("invoiced_on", "Date of the invoice", ("Invoice date", "Date of invoice", "Inv date", "Tax point")),
        Field(
            "contract", "Contract", ("Contract", "Contract reference", "Contract ref", "IPC", "IPA", "Purchase order"),
        ),
        Field(
            "child", "Child (your own reference)",
            ("Child reference", "Child ref", "Child", "Young person", "YP", "YP ref", "Client ref", "Our reference"),
        ),
        Field(
            "starts_on", "First night", ("First night", "From", "Period from", "Start", "Start date", "Service from"),
            is_required=True,
        ),
        Field(
            "last_night", "Last night", ("Last night", "To", "Period to", "End", "End date", "Service to", "Date to", "Until"),
        ),
        Field("ends_on", "Day of leaving (not billed)", ("Day of leaving", "Leaving date", "Departure", "Date left")),
        Field("quantity", "How many", ("Quantity", "Qty", "Nights", "Days", "Weeks", "Number of nights", "Units", "Hours")),
        Field("unit", "Unit", ("Unit", "Per", "Unit of measure", "UOM", "Rate type")),
        Field("rate", "Rate", ("Rate", "Price", "Unit price", "Nightly rate", "Weekly rate", "Daily rate")),
        Field(
            "net", "Amount without VAT", ("Net", "Net amount", "Amount", "Line total", "Total net", "Value", "Cost"),
            is_required=True,
        ),
        Field("vat", "VAT", ("VAT", "VAT amount", "Tax")),
        Field("words", "What it is for", ("Description", "Details", "Service", "Narrative", "For")),
        Field("currency", "Currency", ("Currency", "Ccy")),
    ),
    ignored=("Gross", "Total", "Total including VAT", "Provider", "Supplier"),
)  # fmt: skip
UNITS = {
    "night": "night", "nights": "night", "nightly": "night", "day": "night", "days": "night", "daily": "night",
    "week": "week", "weeks": "week", "weekly": "week", "four weeks": "four_weeks", "four weekly": "four_weeks",
    "4 weekly": "four_weeks", "month": "month", "months": "month", "monthly": "month", "hour": "hour", "hours": "hour",
    "hourly": "hour", "session": "session", "sessions": "session", "mile": "mile", "miles": "mile", "once": "one_off",
    "one off": "one_off", "item": "one_off", "": "",
}  # fmt: skip
UNIT_HEADINGS = {
    "nights": "night",
    "days": "night",
    "number of nights": "night",
    "weeks": "week",
    "hours": "hour",
}
