"""The words that people of the demo write: evidence, outcomes, reasons, offers. Invented, varied by templates.

Pronouns are filled in (`{they}`, `{them}`, `{their}`, and with a capital `{They}`, `{Their}`), so that a text fits any child.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rightplace.core.matching.vocabulary import NeedKind
from rightplace.demo.chance import Generator

PRONOUNS = {
    "M": {"they": "he", "them": "him", "their": "his"},
    "F": {"they": "she", "them": "her", "their": "her"},
    "U": {"they": "they", "them": "them", "their": "their"},
}


@dataclass(frozen=True, slots=True)
class Story:
    """One kind of request: for whom, what is suitable, which needs, and how it is told."""

    key: str
    ages: tuple[int, int]
    suitability: Mapping[str, str]
    needs: tuple[tuple[NeedKind, int], ...]
    why: tuple[str, ...]
    essential: tuple[str, ...] = ()
    desirable: tuple[str, ...] = ()
    weeks: int = 52
    is_unaccompanied: bool = False
    is_family: bool = False
    changes: Mapping[str, object] = field(default_factory=dict)


STORIES = (
    Story(
        "breakdown",
        (9, 15),
        {"foster": "preferred", "residential": "suitable", "supported": "unsuitable"},
        ((NeedKind.BEHAVIOUR, 2), (NeedKind.ATTACHMENT, 2), (NeedKind.EDUCATION, 1)),
        (
            "{Their} present foster carers have given 28 days' notice after a hard summer; they say kindly that"
            " they can no longer keep everybody safe.",
            "The placement is ending by agreement: {their} carers are retiring, and {they} knows and is sad.",
        ),
        ("own_bedroom",),
        ("supports_contact", "school_run", "two_carers"),
        52,
    ),
    Story(
        "exploited",
        (13, 16),
        {"foster": "suitable", "residential": "preferred", "supported": "unsuitable"},
        (
            (NeedKind.CRIMINAL_EXPLOITATION, 3),
            (NeedKind.GOING_MISSING, 3),
            (NeedKind.DRUGS_ALCOHOL, 1),
            (NeedKind.EDUCATION, 2),
        ),
        (
            "Police and the safeguarding partnership agree that {they} cannot stay in the borough: two men were"
            " seen waiting outside the present home twice last week.",
        ),
        ("own_bedroom", "waking_night"),
        ("education_on_site", "therapeutic_model"),
        39,
        changes={"living_companions": "with_others", "additional_support": ["additional_supervision"]},
    ),
    Story(
        "little_ones",
        (1, 8),
        {"foster": "preferred", "residential": "unsuitable", "supported": "unsuitable"},
        ((NeedKind.TRAUMA, 2), (NeedKind.EMOTIONAL, 1)),
        (
            "The court made an interim care order and the emergency carers can have {them} for three weeks only.",
            "A connected carer was not approved after assessment, so {they} needs a family until the final hearing.",
        ),
        ("smoke_free",),
        ("carer_at_home", "supports_contact", "no_under_fives"),
        40,
    ),
    Story(
        "arrived_alone",
        (16, 17),
        {"foster": "suitable", "residential": "unsuitable", "supported": "preferred"},
        ((NeedKind.ASYLUM, 2), (NeedKind.INDEPENDENCE, 1), (NeedKind.EMOTIONAL, 1)),
        (
            "{They} came through the National Transfer Scheme and is in a hotel room paid by the night.",
            "The age assessment is complete and accepted; {they} is ready to leave the reception flat.",
        ),
        ("own_bedroom",),
        ("near_transport", "staying_put"),
        45,
        is_unaccompanied=True,
        changes={"communication_requirements": ["esol"], "cultural_needs": "required"},
    ),
    Story(
        "disabled",
        (8, 16),
        {"foster": "suitable", "residential": "preferred", "supported": "unsuitable"},
        (
            (NeedKind.AUTISM, 3),
            (NeedKind.LEARNING_DISABILITY, 2),
            (NeedKind.PERSONAL_CARE, 2),
            (NeedKind.COMMUNICATION, 2),
        ),
        (
            "{Their} parents love {them} and have cared alone for years; {they} no longer sleeps, and neither do they.",
        ),
        ("own_bedroom", "safe_holding"),
        ("education_on_site", "waking_night"),
        104,
        changes={
            "communication_requirements": ["makaton"],
            "home_adaptation": True,
            "adaptations": ["secured"],
        },
    ),
    Story(
        "hurting",
        (12, 16),
        {"foster": "suitable", "residential": "preferred", "supported": "unsuitable"},
        ((NeedKind.SELF_HARM, 3), (NeedKind.MENTAL_HEALTH, 2), (NeedKind.IDENTITY, 1)),
        (
            "{They} is well enough to leave the hospital ward on the date below, and the team there says that a"
            " home, not a ward, is what {they} needs.",
        ),
        ("own_bedroom", "medication"),
        ("therapeutic_model", "supports_contact"),
        52,
        changes={"additional_support": ["therapeutic_support"]},
    ),
    Story(
        "nearly_grown",
        (16, 17),
        {"foster": "suitable", "residential": "unsuitable", "supported": "preferred"},
        ((NeedKind.INDEPENDENCE, 2), (NeedKind.EMOTIONAL, 1), (NeedKind.OFFENDING, 1)),
        (
            "{They} is ready to leave {their} children's home, has asked to, and {their} plan says by this term.",
        ),
        ("own_bedroom",),
        ("near_transport", "staying_put"),
        50,
    ),
    Story(
        "secure",
        (14, 16),
        {"foster": "unsuitable", "residential": "unsuitable", "supported": "unsuitable"},
        ((NeedKind.GOING_MISSING, 3), (NeedKind.CRIMINAL_EXPLOITATION, 3)),
        (
            "{They} has run from three homes in a month and came to harm each time; the director and the court agree that"
            " nothing less will keep {them} safe for now.",
        ),
        (),
        ("therapeutic_model", "education_on_site"),
        12,
        changes={
            "is_secure_needed": True,
            "ceiling_reason": "The dearest secure place that the authority paid for in the last year.",
            "secure_words": "A history of absconding and significant harm each time (section 25(1)(a)). From the first day a"
            " home near family is looked for, with visits from the sixth week.",
        },
    ),
    Story(
        "together",
        (3, 13),
        {"foster": "preferred", "residential": "suitable", "supported": "unsuitable"},
        ((NeedKind.TRAUMA, 2), (NeedKind.EDUCATION, 1)),
        ("The children were placed apart in an emergency; the plan is that they grow up together.",),
        (),
        ("two_carers", "school_run", "long_term"),
        104,
        is_family=True,
    ),
)
BY_KEY = {story.key: story for story in STORIES}

EVIDENCE: dict[NeedKind, tuple[str, ...]] = {
    NeedKind.BEHAVIOUR: (
        "Shouts and throws things about twice a week, nearly always after family time or a change of plan."
        " Calms within half an hour when one adult stays near and says little.",
        "Has broken two doors this term. {They} feels ashamed afterwards and helps to put things right.",
    ),
    NeedKind.ATTACHMENT: (
        "Tests every new adult hard for the first six weeks and then holds on fast; six homes in four years.",
        "Follows {their} carer from room to room and cannot settle at night unless the plan for morning is known.",
    ),
    NeedKind.EDUCATION: (
        "Attendance fell from 96% to 71% since September. Has a mentor and reads well above {their} age.",
        "Has an education, health and care plan and a part-time timetable that school wants to build up.",
    ),
    NeedKind.CRIMINAL_EXPLOITATION: (
        "Found twice in another county with money and two telephones, the last time three weeks ago. The national"
        " referral mechanism has made a positive decision on reasonable grounds. {They} says that {they} owes them.",
    ),
    NeedKind.GOING_MISSING: (
        "Missing seven times in ten weeks, the longest for two nights. {They} answers messages from one trusted"
        " worker, and comes back when collected without questions that night.",
    ),
    NeedKind.DRUGS_ALCOHOL: (
        "Smokes cannabis most days; wants to stop and has met the young people's service.",
    ),
    NeedKind.TRAUMA: (
        "Saw violence at home over several years. Startles at loud voices and hides food in {their} room.",
        "Does not speak of what happened; plays it out with dolls. A play therapist sees {them} each week.",
    ),
    NeedKind.EMOTIONAL: (
        "Worries about {their} mother and asks each evening whether she is safe.",
        "Cries easily, and is quickly comforted by a story and a warm drink.",
    ),
    NeedKind.ASYLUM: (
        "Left home at fourteen and was on the way for eleven months. Sleeps badly and fears letters from the"
        " Home Office; has a solicitor and an interview still to come.",
    ),
    NeedKind.INDEPENDENCE: (
        "Cooks four meals alone and manages a weekly budget; needs reminding of appointments and post.",
        "Can travel, shop and wash clothes; has never paid a bill or called a doctor.",
    ),
    NeedKind.AUTISM: (
        "Diagnosed at three. A change that is not shown in pictures beforehand ends in biting {their} hands or"
        " hitting out, some days five times; with a visual timetable whole weeks pass without.",
    ),
    NeedKind.LEARNING_DISABILITY: (
        "Works at the level of a four-year-old, and learns by doing it together.",
    ),
    NeedKind.PERSONAL_CARE: ("Needs help with washing, teeth and the toilet, and somebody awake at night.",),
    NeedKind.COMMUNICATION: ("Uses about forty Makaton signs and a picture book; understands far more.",),
    NeedKind.SELF_HARM: (
        "Cut {their} arms four times since Easter and took tablets once in May, each time after a row by telephone."
        " Keeps a safety plan, and comes to an adult first when there is one {they} trusts.",
    ),
    NeedKind.MENTAL_HEALTH: ("Sees the mental health team every week; takes sertraline, given by an adult.",),
    NeedKind.IDENTITY: ("Wants to learn about {their} father's country and to have {their} hair done well.",),
    NeedKind.OFFENDING: (
        "One caution for shoplifting in spring; keeps every appointment with the youth team.",
    ),
}

ABOUT = (
    "{Name} is funny, curious and loyal. {They} loves football, knows every team by heart, and looks after younger"
    " children with great patience.",
    "A gentle young person who draws for hours, sings in the kitchen and wants a dog more than anything.",
    "Full of energy and questions. Good with {their} hands: mends bicycles, bakes, and builds dens in any weather.",
    "{Name} is quiet until {they} knows you, and then does not stop talking. Loves swimming, maps and old films.",
    "Makes friends quickly and keeps them. Plays the drums on any table, collects trainers, wants to be a chef.",
    "Thoughtful and dry-humoured; reads fantasy novels by the shelf and is proud of a first poem in print.",
    "Likes to know the plan. Kind to animals, brilliant at puzzles, and happiest out of doors with a ball.",
)
VIEWS = (
    "I want to stay near my friends and go to the same school.",
    "Somewhere calm, with my own room. I would like to know them a bit before I move.",
    "I don't mind where, but I don't want to move again.",
    "I want to see my brother every week. And I want somebody who can cook rice properly.",
    "Please not too many other children. And can I bring my bike?",
    "I would like to stay near the mosque and keep my Saturday job.",
)
HEALTH = (
    "Mild asthma; uses an inhaler before sport. No allergies. Immunisations are up to date.",
    "Well. Wears glasses. Dental check is due. Allergic to peanuts: carries an adrenaline pen.",
    "Eczema, treated with cream twice a day. Health assessment done in the spring.",
)
FAMILY_TIME = (
    "Sees {their} mother every other Saturday for two hours, supervised. No contact with the stepfather.",
    "Speaks with {their} grandmother each Sunday evening; family time with both parents is monthly.",
    "No family time at present, by {their} own wish. Cards may be passed on by the social worker.",
)
SCHOOL = (
    "Should stay at the present school, where {they} is settled and has friends.",
    "A change of school is possible at the end of term; the virtual school will help to find a place.",
)
TOGETHER = "They have always lived together, and the elder settles the younger at night."
CEILING = "The ceiling of the framework for this kind of home."
OUTCOMES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "breakdown": (
        (
            "stability",
            "{They} lives in one home and is part of the family",
            "The same home for at least 12 months",
        ),
        ("education", "{They} is back at school every day", "Attendance of 95% by the end of term"),
    ),
    "exploited": (
        (
            "safety",
            "{They} is safe and no longer owes anybody anything",
            "No episode of going missing for 3 months",
        ),
        (
            "education",
            "{They} learns again, in a small group at first",
            "Attends at least 15 hours a week by spring",
        ),
    ),
    "secure": (
        ("safety", "{They} stays where {they} can be kept safe", "No episode of going missing for 8 weeks"),
        ("family", "{They} comes back to a home near family", "Two visits to the next home by week 10"),
    ),
    "little_ones": (
        (
            "safety",
            "{They} feels safe and sleeps through the night",
            "Sleeps in own bed 6 nights of 7 by week 8",
        ),
        (
            "family",
            "Family time goes well for {them}",
            "All planned family time takes place, with notes each week",
        ),
    ),
    "arrived_alone": (
        ("independence", "{They} manages a home and speaks English", "Entry level 3 English within 9 months"),
        (
            "health",
            "{They} sleeps well and knows whom to call",
            "Registered with a doctor and dentist in 4 weeks",
        ),
    ),
    "disabled": (
        ("health", "{They} has days without distress", "Fewer than 2 incidents a week after 3 months"),
        (
            "independence",
            "{They} takes part in washing and dressing",
            "Does 3 steps of 5 alone by the summer",
        ),
    ),
    "hurting": (
        ("safety", "{They} comes to an adult before hurting {them}self", "No self-harm for 3 months"),
        ("education", "{They} goes back to school a little at a time", "Attends 4 days a week by half term"),
    ),
    "nearly_grown": (
        (
            "independence",
            "{They} is ready for a home of {their} own at 18",
            "All 12 skills of the pathway plan done",
        ),
        ("education", "{They} finishes the course at college", "Attendance above 90% each month"),
    ),
    "together": (
        ("family", "The children grow up together", "The same home for all of them for at least 2 years"),
        ("education", "Each child does well at school", "Attendance above 95% for each child every term"),
    ),
}
QUESTIONS = (
    "Could you say how far the young person travels to school, and whether a taxi is paid for?",
    "Is there contact with any other young people whom our residents might know?",
    "Would an introduction over two weekends be possible before the move?",
)
ANSWERS = (
    "Twenty minutes by bus; no taxi is needed. The school will hold the place.",
    "Yes, and welcome: the present home can take part in introductions at weekends.",
)
SUPPORT = (
    "A key worker spends two set hours a week with each young person, and a therapist advises the team monthly."
    " On call every night.",
    "Our supervising social worker visits weekly for the first three months, then fortnightly; carers meet monthly in a"
    " group led by a psychologist.",
    "Ten hours of direct support a week in the first six weeks, reviewed together, with staff on site day and night.",
)
HOW_MET = (
    "Our team has cared for three young people with this need in the past two years; the plan is agreed with {them} in the"
    " first week and reviewed each month.",
    "The carer has done this before, has training that is up to date, and will have extra supervision for it.",
    "We will follow the plan that works now, keep the same worker, and write down what helps.",
)
OTHERS_AT_HOME = ("One girl of 14 and one boy of 15, both settled.", "No other children at present.", "")
CHOICE_REASONS = (
    "The carers have met {them} and know the school; the other homes would mean a change of school in the exam year.",
    "The best fit to the needs, near to family, and a team that has worked with the therapist before.",
)
FEW_OFFERS = "Few homes have a place at the time; all eligible providers were asked and reminded."
NOT_CHOSEN = "A good offer; the chosen home is nearer to school and family."
RETURNED = (
    ("why_now", "Please say what has been tried to keep the present placement, and by when it must end."),
    ("contact_words", "Who supervises family time, and may the provider be asked to?"),
)
CONDITIONS = "Review of the support hours after 12 weeks."
NOT_ARRIVED = "Went to an aunt's instead; is safe there, and the team is in touch."
ENDED_EARLY = (
    "Notice was given after a second fire alarm; all agree that the match was not right. "
    "An aunt can have them for some days only."
)


def told(text: str, sex: str, name: str = "") -> str:
    """A template with its pronouns and name filled in."""
    words = PRONOUNS.get(sex, PRONOUNS["U"])
    capital = {key.capitalize(): value.capitalize() for key, value in words.items()}
    return text.format(**words, **capital, Name=name)


def one_of(rng: Generator, texts: tuple[str, ...]) -> str:
    """One of several texts."""
    return texts[int(rng.integers(0, len(texts)))]


# Moves of children who are placed.
EMERGENCY_MOVE = "There was a fight in the home last night, and nobody there could keep the child safe."
MOVE = {
    "reasons": "The placement was made for a short time, and the child needs a home that can stay.",
    "alternatives": "The carers were asked whether they could go on with more support.",
    "child_view": "Sad to leave the dog, glad to be nearer to school.",
}
MOVE_DISCUSSED = {"who": "Carers, school and team", "words": "The date and the visits before it were agreed."}
MOVE_CHALLENGED = {
    "challenge_from": "iro",
    "name": "The reviewing officer",
    "words": "Could the child stay where they are? The carers have thought about it and cannot.",
}
MOVE_AGREED = "The new home is nearer to school and can stay for as long as it is needed."
DEARER = "Two adults at night since the last review: she has been going missing after ten."
