"""The three files of the return that are taken in, with the headings they are known by."""

from __future__ import annotations

from rightplace.exchange.tables import Field, Layout

_CHILD = Field("CHILD", "child's number", ("CHILD", "Child ID", "Child identifier"), is_required=True)
_BORN = ("DOB", "Date of birth")

HEADER = Layout(
    "the header file",
    (
        _CHILD,
        Field("SEX", "sex", ("SEX", "Gender"), is_required=True),
        Field("DOB", "date of birth", _BORN, is_required=True),
        Field("ETHNIC", "ethnicity", ("ETHNIC", "Ethnicity"), is_required=True),
        Field("UPN", "unique pupil number", ("UPN", "Unique pupil number")),
    ),
    ignored=("MOTHER", "MC_DOB", "UASC", "MISSING"),
)
EPISODES = Layout(
    "the episodes file",
    (
        _CHILD,
        Field("DECOM", "date the episode began", ("DECOM", "Date episode commenced"), is_required=True),
        Field("RNE", "reason for the new episode", ("RNE", "Reason for new episode"), is_required=True),
        Field("LS", "legal status", ("LS", "Legal status"), is_required=True),
        Field("CIN", "category of need", ("CIN", "Category of need"), is_required=True),
        Field("PLACE", "placement", ("PLACE", "Placement type"), is_required=True),
        Field("PLACE_PROVIDER", "provider", ("PLACE_PROVIDER", "Placement provider")),
        Field("DEC", "date the episode ended", ("DEC", "Date episode ceased")),
        Field("REC", "reason the episode ended", ("REC", "Reason episode ceased")),
        Field(
            "REASON_PLACE_CHANGE",
            "reason for the change",
            ("REASON_PLACE_CHANGE", "Reason for placement change"),
        ),
        Field("HOME_POST", "home postcode", ("HOME_POST", "Home postcode")),
        Field("PL_POST", "placement postcode", ("PL_POST", "Placement postcode")),
        Field("URN", "URN", ("URN",)),
    ),
    ignored=("PL_LA", "PL_LOCATION", "PL_DISTANCE", "PLACEMENT_ID"),
)
UASC = Layout(
    "the asylum file",
    (
        _CHILD,
        Field("DUC", "date the asylum status ended", ("DUC", "Date UASC status ceased"), is_required=True),
        Field("DOB", "date of birth", _BORN),
    ),
    ignored=("SEX",),
)
LAYOUTS = {"episodes": EPISODES, "header": HEADER, "uasc": UASC}
