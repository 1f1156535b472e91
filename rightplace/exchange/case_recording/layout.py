"""The files of a case system's extract and the headings they are known by.

On the lines of the Standard Safeguarding Dataset (its names stand among the headings) and as a Liquidlogic report names
them. Another supplier's headings are mapped once, on a page, to these fields.
"""

from __future__ import annotations

from collections.abc import Mapping

from rightplace.exchange.tables import Field, Layout

PERSON = Field(
    "person",
    "Number in the case system",
    ("Person ID", "Case ID", "Child ID", "LCS ID", "*_person_id"),
    is_required=True,
)

PERSONS = Layout(
    "persons",
    (
        Field(
            "person",
            "Number in the case system",
            ("Person ID", "Case ID", "Child ID", "LCS ID", "pers_person_id"),
            is_required=True,
        ),
        Field(
            "local_number",
            "Number in the return",
            ("Local Number", "903 Child ID", "CHILD", "pers_legacy_id"),
        ),
        Field("first_name", "First name", ("Forename", "First Name", "Given Name", "pers_forename")),
        Field(
            "last_name",
            "Last name",
            ("Surname", "Last Name", "Family Name", "pers_surname"),
            is_required=True,
        ),
        Field(
            "born_on", "Date of birth", ("Date of Birth", "DOB", "Birth Date", "pers_dob"), is_required=True
        ),
        Field("sex", "Sex", ("Sex", "Gender", "pers_sex")),
        Field("ethnicity", "Ethnicity", ("Ethnicity", "Ethnicity Code", "Ethnic Origin", "pers_ethnicity")),
        Field("upn", "Unique pupil number", ("UPN", "Unique Pupil Number", "pers_upn")),
        Field("is_disabled", "Disabled", ("Disability", "Disabled", "Has Disability", "pers_disability")),
        Field("is_uasc", "Seeking asylum", ("UASC", "Unaccompanied Asylum Seeker", "pers_uasc")),
    ),
)
STATUSES = Layout(
    "legal statuses",
    (
        PERSON,
        Field(
            "code",
            "Legal status",
            ("Legal Status", "Legal Status Code", "lega_legal_status"),
            is_required=True,
        ),
        Field(
            "start",
            "From",
            ("Legal Status Start", "Legal Status Start Date", "lega_legal_status_start_date"),
            is_required=True,
        ),
        Field("end", "Until", ("Legal Status End", "Legal Status End Date", "lega_legal_status_end_date")),
    ),
)
EPISODES = Layout(
    "episodes",
    (
        PERSON,
        Field(
            "start",
            "From",
            (
                "Episode Start",
                "Episode Start Date",
                "clae_cla_episode_start_date",
                "clap_cla_placement_start_date",
            ),
            is_required=True,
        ),
        Field(
            "end",
            "Until",
            (
                "Episode End",
                "Episode End Date",
                "clae_cla_episode_ceased_date",
                "clap_cla_placement_end_date",
            ),
        ),
        Field(
            "place",
            "Placement type",
            ("Placement Type", "Placement Code", "clap_cla_placement_type"),
            is_required=True,
        ),
        Field("urn", "URN", ("URN", "Placement URN", "clap_cla_placement_urn")),
    ),
)
WORKERS = Layout(
    "workers",
    (
        PERSON,
        Field(
            "email",
            "Worker’s e-mail",
            ("Worker Email", "Allocated Worker Email", "prof_professional_email"),
            is_required=True,
        ),
        Field("name", "Worker", ("Worker", "Allocated Worker", "Worker Name", "prof_professional_name")),
        Field(
            "start",
            "From",
            ("Allocation Start", "Allocated From", "invo_involvement_start_date"),
            is_required=True,
        ),
        Field("end", "Until", ("Allocation End", "Allocated To", "invo_involvement_end_date")),
        Field(
            "number",
            "Registration number",
            (
                "Registration Number",
                "Social Work England Number",
                "SW_ID",
                "prof_social_worker_registration_number",
            ),
        ),
        Field("reason", "Why it changed", ("Change Reason", "SW_REASON", "invo_worker_change_reason")),
    ),
)
REVIEWS = Layout(
    "reviews",
    (
        PERSON,
        Field("on", "Held on", ("Review Date", "Date of Review", "clar_cla_review_date"), is_required=True),
        Field(
            "code",
            "Participation",
            ("Participation Code", "Review Participation", "REVIEW_CODE", "clar_cla_review_participation"),
            is_required=True,
        ),
    ),
)
MISSING = Layout(
    "missing",
    (
        PERSON,
        Field(
            "start",
            "From",
            ("Missing From", "Missing Start", "miss_missing_episode_start_date"),
            is_required=True,
        ),
        Field(
            "end", "Until", ("Missing To", "Missing Until", "Missing End", "miss_missing_episode_end_date")
        ),
        Field(
            "code",
            "Missing or away without leave",
            ("Missing Type", "Missing or Absent", "miss_missing_episode_type"),
            is_required=True,
        ),
    ),
)
LAYOUTS: Mapping[str, Layout] = {
    "persons": PERSONS,
    "statuses": STATUSES,
    "episodes": EPISODES,
    "workers": WORKERS,
    "reviews": REVIEWS,
    "missing": MISSING,
}
"""The files in the order in which they are taken: who there is comes first."""
MAPPING_KIND = "case_system_{}"
"""How the saved mapping of a file is named."""
