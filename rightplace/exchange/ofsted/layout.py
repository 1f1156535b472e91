"""The headings and words of Ofsted's files since 2015, and what each means here."""

from __future__ import annotations

from collections.abc import Mapping

from rightplace.core.matching.vocabulary import Grade, HomeKind, RegisterKind, Registration
from rightplace.exchange.tables import Field, Layout

LIST = Layout(
    "a list of registered providers",
    (
        Field("urn", "URN", ("URN", "Unique reference number"), is_required=True),
        Field("provision_type", "kind of provision", ("Provision type", "Provider type")),
        Field("subtype", "subtype", ("Provider subtype",)),
        Field("name", "name", ("Setting name", "Provider name", "Name")),
        Field(
            "status",
            "registration status",
            (
                "Registration status",
                "Registration status (as at @enddate)",
                "Registration status (as at 31 March)",
                "Registration status at 31 March",
                "Provider status",
                "Status",
            ),
        ),
        Field(
            "registered_on",
            "date of registration",
            ("Registration date", "First effective date (that the provider became active)"),
        ),
        Field(
            "closed_on",
            "date closed",
            (
                "Closed date",
                "Date closed",
                "Close date",
                "Deregistration date",
                "Cancelled or resigned date",
                "Resigned/closed date",
                "First effective date (that the provider closed)",
                "First effective date (that the provider became resigned)",
                "First effective date (that the provider became cancelled)",
            ),
        ),
        Field("joiner", "joiner", ("Joiner status",)),
        Field("leaver", "leaver", ("Leaver status",)),
        Field("address_1", "address", ("Setting address line 1", "Provider address line 1", "Address 1")),
        Field("address_2", "address", ("Setting address line 2", "Provider address line 2", "Address 2")),
        Field("address_3", "address", ("Setting address line 3",)),
        Field("town", "town", ("Setting address town", "Setting town", "Provider town", "Town")),
        Field("county", "county", ("Setting address county", "Setting county", "Provider county", "County")),
        Field(
            "postcode",
            "postcode",
            ("Setting address postcode", "Setting postcode", "Provider postcode", "Postcode", "Postcode area"),
        ),
        Field("region", "region", ("Government office region", "Region", "Ofsted region")),
        Field(
            "local_authority",
            "local authority",
            ("Setting local authority", "Local authority", "Provider local authority"),
        ),
        Field("constituency", "constituency", ("Parliamentary constituency",)),
        Field("sector", "sector", ("Sector",)),
        Field(
            "places",
            "places",
            ("Places", "Number of registered places", "Max users", "Maximum fostering places", "Capacity"),
        ),
        Field("short_break", "short breaks only", ("Short-break-only children's home",)),
        Field(
            "owner",
            "owner",
            ("Organisation which owns the provider", "Owner name", "Organisation name", "Owner"),
        ),
        Field(
            "inspected_on",
            "date of the last full inspection",
            (
                "Latest full inspection date",
                "Date of last full inspection",
                "Full inspection start date",
                "Inspection date",
            ),
        ),
        Field(
            "grade",
            "overall judgement",
            (
                "Overall experiences and progress of children and young people",
                "Overall effectiveness",
                "Latest overall effectiveness grade from last full inspection",
                "Overall",
            ),
        ),
        Field("supported_grade", "outcome of supported accommodation", ("Supported accommodation outcome",)),
        Field("conditions", "conditions", ("Conditions",)),
        Field("year", "year", ("Year",)),
    ),
    ignored=(
        "Web link", "Linked education URN", "Supported accommodation premises",
        "Multi building children's home", "Multi building CH", "Latest full inspection event type",
        "Latest full inspection publication date", "Latest full inspection event number",
        "Outcomes in education and related learning activities", "Health services",
        "How well children and young people are helped and protected",
        "The effectiveness of leaders and managers", "helped and protected", "leaders",
        "Flag for appealed", "Registration status (as at @startdate)",
        "Registration status (as at 1 April)", "Inspectorate (as at @startdate)",
        "Inspectorate (as at @enddate)", "Inspectorate (as at 1 April)", "Inspectorate (as at 31 March)",
        "Notes", "Reason", "Provider code", "Provider placement code", "Placement code",
        "Placement provider code", "Emotional and behavioural difficulties", "Mental disorders",
        "Sensory impairment", "Present alcohol problems", "Present drug problems", "Present impairment",
        "Learning difficulty", "Physical disabilities", "CYP safety", "Leadership and management",
        "CYP outcomes", "Interim inspection start date", "Interim inspection overall effectiveness",
        "Assurance visit start date", "Setting telephone number", "Setting email address",
        "Provider telephone number", "Provider email address", "Owner type", "Owner ID",
        "Owner address line 1", "Owner address line 2", "Owner town", "Owner county", "Owner postcode",
        "Link to Ofsted report webpage", "Link to Ofsted report",
        "Top company (as listed on Companies' House)", "Top company", "Linked school URN",
        "Linked school name", "Linked school type", "Linked school latest inspection date",
        "Linked school overall effectiveness", "Setting status", "Setting status date",
        "Setting category",
    ),
)  # fmt: skip

KINDS: Mapping[str, str] = {
    "children's home": HomeKind.RESIDENTIAL.value,
    "childrens home": HomeKind.RESIDENTIAL.value,
    "residential special school (registered as a children's home)": HomeKind.RESIDENTIAL.value,
    "secure children's home": RegisterKind.SECURE.value,
    "secure training centre": RegisterKind.SECURE.value,
    "secure unit": RegisterKind.SECURE.value,
    "supported accommodation": HomeKind.SUPPORTED.value,
    "supported accommodation provider": HomeKind.SUPPORTED.value,
    "independent fostering agency": HomeKind.FOSTER.value,
    "local authority fostering agency": HomeKind.FOSTER.value,
    "residential family centre": RegisterKind.FAMILY_CENTRE.value,
    "voluntary adoption agency": RegisterKind.ADOPTION.value,
    "adoption support agency": RegisterKind.ADOPTION.value,
    "local authority adoption agency": RegisterKind.ADOPTION.value,
    "boarding school": RegisterKind.EDUCATION.value,
    "residential special school": RegisterKind.EDUCATION.value,
    "further education college with residential accommodation": RegisterKind.EDUCATION.value,
    "residential holiday scheme for disabled children": RegisterKind.HOLIDAY.value,
    "cafcass": RegisterKind.OTHER.value,
}

STATUSES: Mapping[str, str] = {
    "active": Registration.ACTIVE.value,
    "registered": Registration.ACTIVE.value,
    "suspended": Registration.SUSPENDED.value,
    "resigned": Registration.ENDED.value,
    "cancelled": Registration.ENDED.value,
    "closed": Registration.ENDED.value,
    "deregistered": Registration.ENDED.value,
}

# "Adequate" and "Satisfactory" were replaced by "Requires improvement" in April 2015 and 2013.
GRADES: Mapping[str, str] = {
    "outstanding": Grade.OUTSTANDING.value,
    "good": Grade.GOOD.value,
    "requires improvement to be good": Grade.REQUIRES_IMPROVEMENT.value,
    "requires improvement": Grade.REQUIRES_IMPROVEMENT.value,
    "adequate": Grade.REQUIRES_IMPROVEMENT.value,
    "satisfactory": Grade.REQUIRES_IMPROVEMENT.value,
    "inadequate": Grade.INADEQUATE.value,
    "consistently strong service delivery": Grade.CONSISTENTLY_STRONG.value,
    "inconsistent quality of service delivery": Grade.INCONSISTENT.value,
    "serious or widespread weaknesses": Grade.SERIOUS_WEAKNESSES.value,
    "not judged": Grade.NOT_INSPECTED.value,
}

WITHHELD = "REDACTED"
