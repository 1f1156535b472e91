"""A seeded corpus of synthetic notes with planted identifying words, written as busy people write them."""

import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from rightplace.core.free_text import Known

CHILDREN = (
    ("Adebayo", "Okonkwo"), ("Fatima-Zahra", "El Amrani"), ("Siân", "O'Neill"), ("Will", "Young"),
    ("Mohammed", "Begum"), ("Zuzanna", "Kowalczyk"), ("Thảo", "Nguyễn"), ("Kai", "Brown"),
    ("Mary-Jane", "da Silva"), ("Şeyma", "Yıldız"), ("Tyrese", "Campbell"), ("Grace", "Hope"),
    ("Alexander", "Petrov"), ("Chimamanda", "Eze"), ("Zoë", "Fitzgerald"), ("Ibrahim", "Al-Hassan"),
    ("Elizabeth", "Smith-Jones"), ("Oluwaseun", "Adeyemi"), ("Jasmine", "Kaur"), ("Roj", "Barzani"),
)  # fmt: skip
FAMILY = (
    "Denise",
    "Kwabena",
    "Marjorie",
    "Tariq",
    "Agnieszka",
    "Delroy",
    "Saoirse",
    "Nkechi",
    "Gurpreet",
    "Ewelina",
)
STRANGERS = (
    "Kayleigh",
    "Callum",
    "Abdullah",
    "Precious Mensah",
    "Jayden Clarke",
    "Svetlana",
    "Hoang",
    "Miriam",
)
FULL_NAMES = {
    "Adebayo": "Bayo",
    "Will": "Billy",
    "Mohammed": "Mo",
    "Alexander": "Sasha",
    "Elizabeth": "Lizzie",
}
STREETS = (
    "Acacia Avenue",
    "Station Rd",
    "The Crescent",
    "Oak Hill",
    "St James's Road",
    "Whitehorse Lane",
    "Elm Cl",
)
SCHOOLS = (
    "Oak Park Primary School", "St Mary's C of E Primary", "Harris Academy Purley", "Riddlesdown Collegiate School",
    "Norbury High School", "Archbishop Tenison's School", "Park Hill Infants", "Coulsdon Sixth Form College",
)  # fmt: skip
PLACES = (
    "Croydon University Hospital", "Parchmore Medical Centre", "Thornton Heath Youth Club", "Crystal Palace FC",
    "West Croydon Mosque", "HMP Highdown", "New Life Church", "Bromley Youth Court",
)  # fmt: skip
HARMLESS = (
    "likes football and cooking, and sleeps well when the routine is the same each night.",
    "has been missing from care three times in 6 weeks, mostly at weekends.",
    "needs help with reading and goes to bed at 9pm.",
    "can be anxious in cars; a calm voice and a short walk help.",
    "has an EHCP and a PEP, and sees CAMHS every fortnight.",
    "must not live with younger children because of what happened in May.",
    "was placed in an emergency and the carers gave 28 days' notice.",
    "takes 10mg of medicine in the morning and is allergic to nuts.",
    "would like a home in Croydon or Sutton, within 10 miles of school.",
    "gets £12.50 pocket money a week and saves for a bike.",
    "will need a taxi to school until Easter, at about £1,200 a month.",
    "has not hurt anyone since the move in March 2025.",
)
LEADS = (
    "The child", "This young person", "She", "He", "They", "At home the child", "Since the summer the child",
    "Staff say that the child", "In the last placement the child",
)  # fmt: skip


@dataclass(frozen=True)
class Note:
    """A text, what is known of its child, and the planted stretches as (start, end, kind)."""

    text: str
    known: Known
    planted: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True)
class Case:
    """One synthetic child with what the register knows."""

    first: str
    last: str
    family: str
    postcode: str
    street: str
    school: str
    number: str
    born: date

    @property
    def known(self) -> Known:
        return Known(
            names=(f"{self.first} {self.last}", self.family),
            postcodes=(self.postcode,),
            places=(self.street, self.school),
            references=(self.number,),
            dates=(self.born,),
        )


def some_case(chance: random.Random) -> Case:
    first, last = chance.choice(CHILDREN)
    return Case(
        first,
        last,
        chance.choice(FAMILY),
        some_postcode(chance),
        f"{chance.randint(1, 240)} {chance.choice(STREETS)}",
        chance.choice(SCHOOLS),
        f"{chance.randint(100000, 9999999)}",
        date(chance.randint(2008, 2022), chance.randint(1, 12), chance.randint(1, 28)),
    )


def some_postcode(chance: random.Random) -> str:
    area, letters = chance.choice(("SE", "CR", "BR", "SW", "SM", "KT")), "ABDEFGHJLNPQRSTUWXYZ"
    unit = "".join(chance.choices(letters, k=2))
    return f"{area}{chance.randint(1, 28)} {chance.randint(0, 9)}{unit}"


def bare(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c)).replace(
        "ı", "i"
    )


def misspelt(word: str, chance: random.Random) -> str:
    """One slip inside the word: two letters swapped, one doubled, dropped, or a vowel changed."""
    at = chance.randint(1, len(word) - 2)
    slips = (
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[: at + 1] + word[at:],
        word[:at] + word[at + 1 :],
        word[:at] + chance.choice("aeiou") + word[at + 1 :],
    )
    return chance.choice(slips)


def parts(case: Case) -> list[str]:
    return [part for part in case.first.split("-") if len(part) > 2]


def long_name(case: Case) -> str:
    """The first of the child's names that is long enough to be misspelt and still known."""
    return next(name for name in (case.first, case.family, case.last) if len(name) > 4 and name.isalpha())


def spaced(chance: random.Random, digits: str) -> str:
    return chance.choice((digits, f"{digits[:5]} {digits[5:]}", f"{digits[:5]} {digits[5:8]} {digits[8:]}"))


Plant = Callable[[Case, random.Random], str]
PLANTS: dict[str, Plant] = {
    "first name": lambda case, chance: case.first,
    "full name": lambda case, chance: f"{case.first} {case.last}",
    "surname": lambda case, chance: case.last,
    "family name": lambda case, chance: case.family,
    "possessive": lambda case, chance: case.first + chance.choice(("'s", "’s")),
    "capitals": lambda case, chance: case.first.upper(),
    "lower case": lambda case, chance: case.family.lower(),
    "no accents": lambda case, chance: bare(case.first),
    "part of a name": lambda case, chance: chance.choice(parts(case)),
    "misspelt": lambda case, chance: misspelt(bare(long_name(case)), chance),
    "short form": lambda case, chance: FULL_NAMES.get(case.first, case.first),
    "stranger": lambda case, chance: chance.choice(STRANGERS),
    "title": lambda case, chance: chance.choice(("Mrs Zemblatt", "Dr Quorra", "Mr Tindlewick", "Miss Ovbiagele")),
    "known postcode": lambda case, chance: chance.choice((case.postcode, case.postcode.replace(" ", "").lower())),
    "postcode": lambda case, chance: some_postcode(chance),
    "known street": lambda case, chance: chance.choice((case.street, case.street.lower())),
    "address": lambda case, chance: f"Flat {chance.randint(1, 9)}, {chance.randint(1, 99)} {chance.choice(STREETS)}",
    "mobile": lambda case, chance: spaced(chance, f"07{chance.randint(100000000, 999999999)}"),
    "telephone": lambda case, chance: f"020 8{chance.randint(100, 999)} {chance.randint(1000, 9999)}",
    "abroad": lambda case, chance: f"+44 7{chance.randint(100, 999)} {chance.randint(100000, 999999)}",
    "e-mail": lambda case, chance: f"{bare(case.family).lower()}.{chance.randint(1, 99)}@example.org",
    "NHS number": lambda case, chance: f"{chance.randint(400, 499)} {chance.randint(100, 999)} {chance.randint(1000, 9999)}",
    "UPN": lambda case, chance: f"H{chance.randint(10**11, 10**12 - 1)}",
    "case number": lambda case, chance: case.number,
    "other number": lambda case, chance: f"ref: {chance.choice(('LCS', 'ICS', 'M'))}{chance.randint(1000, 99999)}",
    "date of birth": lambda case, chance: f"{case.born:{chance.choice(('%d/%m/%Y', '%d.%m.%y', '%Y-%m-%d', '%d-%m-%Y'))}}",
    "birthday": lambda case, chance: f"{case.born.day} {case.born:%B}{chance.choice(('', f' {case.born.year}'))}",
    "other date": lambda case, chance: f"{chance.randint(1, 28)}{chance.choice(('th', ''))} {case.born:%b} {case.born.year}",
    "known school": lambda case, chance: chance.choice((case.school, case.school.lower())),
    "school": lambda case, chance: chance.choice(SCHOOLS),
    "link": lambda case, chance: f"www.example.com/{bare(case.family).lower()}",
    "handle": lambda case, chance: f"@{bare(case.family).lower()}_{chance.randint(1, 99)}",
    "snapchat": lambda case, chance: f"snapchat: {chance.choice(('lil', 'king', 'xx'))}{chance.randint(1, 999)}",
    "place": lambda case, chance: chance.choice(PLACES),
}  # fmt: skip
FRAMES = (
    ("", " was seen on Monday and asked for help."),
    ("The child talked about ", " for most of the visit."),
    ("A note from the file mentions ", ", which staff should know."),
    ("We were told: ", "."),
    ("Contact has been made with ", " and a reply is awaited."),
    ("Before that it was ", "; nothing has changed."),
)


def some_note(seed: int) -> Note:
    """Four to six sentences: some harmless, two or three with something planted."""
    chance = random.Random(seed)
    case = some_case(chance)
    text, planted = "", []
    for kind in chance.sample(sorted(PLANTS), chance.randint(2, 3)):
        text += f"{chance.choice(LEADS)} {chance.choice(HARMLESS)} "
        before, after = chance.choice(FRAMES)
        words = PLANTS[kind](case, chance)
        start = len(text) + len(before)
        planted.append((start, start + len(words), kind))
        text += f"{before}{words}{after} "
    return Note(text, case.known, tuple(planted))


def harmless_note(seed: int) -> Note:
    """Sentences with nothing to find."""
    chance = random.Random(seed)
    text = " ".join(f"{chance.choice(LEADS)} {chance.choice(HARMLESS)}" for _ in range(5))
    return Note(text, some_case(chance).known, ())
