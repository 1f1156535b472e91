"""The words of a placement request: one list of codes and display words for the whole product.

Forms, the portal, the API, matching, checking and exports all read these enumerations, so a code has one
spelling and one meaning. `words` is what people see. `standard` is the label of the Placements Data Standard
v2 (18 July 2025, draft; Data Standards for Social Care, MIT licence), or empty where the standard has none.
"""

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A code with the words that people see and the label that the Placements Data Standard uses."""

    words: str
    standard: str

    def __new__(cls, code: str, words: str = "", standard: str = "") -> Self:
        """Make a member that equals its code as a string."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.words = words
        member.standard = standard
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Codes and words in order, for a form or a column's choices."""
        return [(member.value, member.words) for member in cls]

    @classmethod
    def words_for(cls, code: str) -> str:
        """The words for a code; an unknown code is shown as it is, never hidden."""
        member = cls._value2member_map_.get(code)
        return member.words if isinstance(member, Term) else code


class RegisterKind(Term):
    """Kinds that stand on Ofsted's register beyond the three of a request; none is offered for an ordinary placement."""

    SECURE = "secure", "Secure home"
    FAMILY_CENTRE = "family_centre", "Residential family centre"
    ADOPTION = "adoption", "Adoption agency"
    EDUCATION = "education", "Boarding or residential school"
    HOLIDAY = "holiday", "Holiday scheme"
    OTHER = "other", "Other"


class HomeKind(Term):
    """Kinds of home: the standard's placementType."""

    FOSTER = "foster", "Foster home", "Foster"
    RESIDENTIAL = "residential", "Children's home", "Residential"
    SUPPORTED = "supported", "Supported accommodation", "Supported Accommodation"
    # The standard knows no secure home: to it one is residential.
    SECURE = "secure", "Secure children's home", "Residential"

    @classmethod
    def words_for(cls, code: str) -> str:
        """The words for a kind of home, of a request or of the register alone."""
        return super().words_for(code) if code in cls._value2member_map_ else RegisterKind.words_for(code)


class Suitability(Term):
    """How well a kind of home suits the child: the standard's PlacementRecommendation."""

    PREFERRED = "preferred", "Preferred", "Preferred"
    SUITABLE = "suitable", "Suitable but not preferred", "Suitable but not preferred"
    UNSUITABLE = "unsuitable", "Unsuitable", "Unsuitable"
    NOT_SPECIFIED = "not_specified", "Not specified", "Not specified"


WANTED = (Suitability.PREFERRED, Suitability.SUITABLE)
"""A kind of home that is asked for."""


class Sex(Term):
    """Sex as the statutory return records it (SSDA903, from 2025)."""

    MALE = "M", "Male"
    FEMALE = "F", "Female"
    UNKNOWN = "U", "Not known"


class Urgency(Term):
    """When the placement is needed, in working days: the standard's neededBy."""

    TODAY = "today", "Today", "Today"
    UNDER_5_DAYS = "under_5_days", "In less than 5 working days", "in less than 5 days"
    OVER_5_DAYS = "over_5_days", "In 5 working days or more", "in more than 5 days"


class NeedKind(Term):
    """Needs and risks: the standard's thirteen risks, then what brokers ask about beside them."""

    SELF_HARM = "self_harm", "Self-harm", "riskSelfHarm"
    SEXUAL_EXPLOITATION = "sexual_exploitation", "At risk of sexual exploitation", "riskSexualExploitation"
    CRIMINAL_EXPLOITATION = (
        "criminal_exploitation", "At risk of criminal exploitation", "riskCriminalExploitation",
    )  # fmt: skip
    DRUGS_ALCOHOL = "drugs_alcohol", "Drug and alcohol use", "riskDrugAlcohol"
    EATING_DISORDER = "eating_disorder", "Eating disorder", "riskEatingDisorder"
    GOING_MISSING = "going_missing", "Going missing", "riskMissing"
    OTHER_RISK = "other_risk", "Another risk to the child", "riskOther"
    HARM_TO_OTHERS = "harm_to_others", "Physical harm to others or property", "riskToOthersPhysical"
    SEXUAL_HARM_TO_OTHERS = "sexual_harm_to_others", "Sexual harm to others", "riskToOthersSexual"
    FIRE_SETTING = "fire_setting", "Fire-setting", "riskToOthersFire"
    HARM_TO_ANIMALS = "harm_to_animals", "Harm to animals", "riskToOthersAnimals"
    EXPLOITS_OTHERS = "exploits_others", "Criminal exploitation of others", "riskToOthersCriminal"
    OTHER_RISK_TO_OTHERS = "other_risk_to_others", "Another risk to others", "riskToOthersOther"
    COMMUNICATION = "communication", "Communication, language and learning", "communicationNeeds"
    PHYSICAL_HEALTH = "physical_health", "Physical health"
    MENTAL_HEALTH = "mental_health", "Mental health"
    PHYSICAL_DISABILITY = "physical_disability", "Physical disability"
    LEARNING_DISABILITY = "learning_disability", "Learning disability"
    AUTISM = "autism", "Autism"
    ADHD = "adhd", "Attention deficit hyperactivity disorder (ADHD)"
    SENSORY = "sensory", "Sight, hearing or sensory needs"
    MOBILITY = "mobility", "Mobility"
    PERSONAL_CARE = "personal_care", "Personal care"
    EDUCATION = "education", "Education and special educational needs"
    EMOTIONAL = "emotional", "Emotional wellbeing"
    BEHAVIOUR = "behaviour", "Behaviour that challenges"
    ATTACHMENT = "attachment", "Attachment"
    TRAUMA = "trauma", "Trauma, abuse or loss"
    IDENTITY = "identity", "Identity and belonging"
    OFFENDING = "offending", "Offending"
    ASYLUM = "asylum", "Unaccompanied and seeking asylum"
    INDEPENDENCE = "independence", "Preparing for independence"
    PREGNANT_OR_PARENT = "pregnant_or_parent", "Pregnant, or a parent"


RISKS: tuple[NeedKind, ...] = tuple(kind for kind in NeedKind if kind.standard.startswith("risk"))
"""The standard's thirteen risks, in its own order."""

SEVERITY_WORDS: dict[int, str] = {1: "Some", 2: "Significant", 3: "High"}
"""Severity of a need: 1 some, 2 significant, 3 high."""


class LivingCompanions(Term):
    """Who the child can be cared for alongside."""

    SOLO = "solo", "Only child in the home", "Solo placement recommended"
    WITH_OTHERS = "with_others", "With other children", "With other children recommended"
    ONLY_OLDER = "only_older", "Only with older children", "Only with other older children"
    ONLY_YOUNGER = "only_younger", "Only with younger children", "Only with other younger children"
    NO_PREFERENCE = "no_preference", "No preference", "No preference"


class Pets(Term):
    """Whether the child can live with pets or animals."""

    MUST = "must", "Yes, there must be pets", "Yes - must"
    CAN = "can", "Yes, can live with pets", "Yes - can"
    NO = "no", "No", "No"
    NOT_KNOWN = "not_known", "Not known", "Not Known"


class CulturalNeeds(Term):
    """Whether cultural needs must be met, for example a place of worship."""

    REQUIRED = "required", "Required", "Required"
    NOT_REQUIRED = "not_required", "Not required", "Not required"
    NOT_KNOWN = "not_known", "Not known", "Not Known"
    OTHER = "other", "Other", "Other"


class CommunicationRequirement(Term):
    """Particular ways of communicating."""

    ESOL = "esol", "English for speakers of other languages", "ESOL"
    BSL = "bsl", "British Sign Language", "BSL"
    MAKATON = "makaton", "Makaton", "Makaton"
    OTHER = "other", "Other", "Other"
    NONE = "none", "None", "None"


class AdditionalSupport(Term):
    """Support beside the place itself."""

    SUPERVISION = "additional_supervision", "Additional supervision", "additional supervision"
    THERAPY = "therapeutic_support", "Therapeutic support", "therapeutic support"
    RESPITE = "respite_worker", "A worker for respite", "a worker for respite"
    SCHOOL_TAXIS = "taxis_to_school", "Taxis to school", "taxis to school"
    NONE = "none", "None", "NA"
    OTHER = "other", "Other", "other (please specify)"


class Adaptation(Term):
    """Changes to the home that a child may need (the standard's homeAdaptation says only yes or no)."""

    STEP_FREE = "step_free", "Step-free entrance"
    WHEELCHAIR = "wheelchair", "Wheelchair access throughout"
    GROUND_FLOOR_BEDROOM = "ground_floor_bedroom", "Bedroom on the ground floor"
    WET_ROOM = "wet_room", "Wet room or adapted bathroom"
    HOIST = "hoist", "Hoist"
    STAIRLIFT = "stairlift", "Stairlift or lift"
    SENSORY_ROOM = "sensory_room", "Sensory room"
    VISUAL_ALARMS = "visual_alarms", "Visual or vibrating alarms"
    SECURED = "secured", "Secured doors, windows or garden"


class Criterion(Term):
    """What a request may name as essential or desirable, and a home may say it has or lacks."""

    FEMALE_CARERS_ONLY = "female_carers_only", "Only female carers or staff"
    MALE_CARER = "male_carer", "A male carer or staff member"
    TWO_CARERS = "two_carers", "Two carers in the home"
    CARER_AT_HOME = "carer_at_home", "A carer who is at home in the day"
    NO_UNDER_FIVES = "no_under_fives", "No child under 5 in the home"
    OWN_BEDROOM = "own_bedroom", "A bedroom of the child's own"
    WAKING_NIGHT = "waking_night", "Staff awake at night"
    ONE_TO_ONE = "one_to_one", "One-to-one staffing"
    TWO_TO_ONE = "two_to_one", "Two-to-one staffing"
    THERAPEUTIC_MODEL = "therapeutic_model", "A therapeutic model of care"
    EDUCATION_ON_SITE = "education_on_site", "Education on the site"
    SCHOOL_RUN = "school_run", "Can take the child to the present school"
    SUPPORTS_CONTACT = "supports_contact", "Can support or supervise family time"
    NEAR_TRANSPORT = "near_transport", "Close to public transport"
    RURAL = "rural", "In the country"
    SMOKE_FREE = "smoke_free", "A smoke-free home"
    DRIVER = "driver", "A carer who drives"
    LONG_TERM = "long_term", "Can care for the child for the long term"
    STAYING_PUT = "staying_put", "Can keep the young person after 18"
    SHORT_NOTICE = "short_notice", "Can take a child the same day"
    PARENT_AND_CHILD = "parent_and_child", "Can take a parent and child together"
    MEDICATION = "medication", "Trained to give medicines"
    SAFE_HOLDING = "safe_holding", "Trained in safe holding"


class PlacePurpose(Term):
    """Why a place matters to the child."""

    HOME = "home", "Home area"
    SCHOOL = "school", "School"
    FAMILY = "family", "Family and friends"


class Registration(Term):
    """Whether a home may take children at all: registered with Ofsted, or a carer approved by an agency."""

    ACTIVE = "active", "Registered or approved"
    PENDING = "pending", "Applied, not yet registered"
    SUSPENDED = "suspended", "Registration suspended"
    ENDED = "ended", "Registration or approval ended"
    NONE = "none", "Not registered"


class Grade(Term):
    """Ofsted's overall judgement; supported accommodation has three judgements of its own."""

    OUTSTANDING = "outstanding", "Outstanding"
    GOOD = "good", "Good"
    REQUIRES_IMPROVEMENT = "requires_improvement", "Requires improvement to be good"
    INADEQUATE = "inadequate", "Inadequate"
    CONSISTENTLY_STRONG = "consistently_strong", "Consistently strong"
    INCONSISTENT = "inconsistent", "Inconsistent quality"
    SERIOUS_WEAKNESSES = "serious_weaknesses", "Serious or widespread weaknesses"
    NOT_INSPECTED = "not_inspected", "Not yet inspected"


def standard_label(term: Term) -> str:
    """The label to export for the Placements Data Standard; the product's words where it has none."""
    return term.standard or term.words
