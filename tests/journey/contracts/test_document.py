"""The text of a contract: the same agreement gives the same text, PDF and hash, and nothing typed in is ever markup."""

from __future__ import annotations

import io
from datetime import date

import pypdf

from rightplace.core.periods import Period
from rightplace.core.pricing import PriceKind, PriceLine, PriceUnit, whole_cost
from rightplace.journey.contracts.agreement import Agreement, Outcome, changes, write
from rightplace.journey.contracts.document import as_json, clean, plain_text, text_hash
from rightplace.journey.contracts.pdf import Mark, contract_pdf

LINES = (
    PriceLine(PriceKind.CORE_FEE, PriceUnit.WEEK, 425_000),
    PriceLine(PriceKind.DISCOUNT, PriceUnit.PERCENT, basis_points=250),
)
STAY = Period(date(2026, 11, 23), date(2027, 11, 22))
NASTY = '#panic("x") $ $ *bold* \\u{41} <script>alert(1)</script> =HYPERLINK("x")'


def agreement(services: str = "Day-to-day care.") -> Agreement:
    """A contract for a child who does not exist."""
    return Agreement(
        reference="IPC-000012",
        number=1,
        authority="Croydon",
        provider="Oakhouse Care Ltd",
        child_name="Amber Fairweather",
        child_born_on=date(2012, 5, 4),
        home="Acorn House",
        home_urn="2500001",
        stay=STAY,
        services=services,
        lines=tuple((line, "") for line in LINES),
        cost=whole_cost(LINES, STAY),
        outcomes=(Outcome("She feels safe", "No self-harm for three months", "A safety plan each week"),),
        first_review_on=date(2026, 12, 21),
        review_every_weeks=26,
        notice_days=28,
        conditions="Weekly update.",
        in_force_from=STAY.start,
    )


def pdf_text(content: bytes) -> str:
    """The words of a PDF without spaces and line ends, which a page breaks as it likes."""
    return "".join(
        "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages).split()
    )


def test_the_text_says_who_what_how_much_and_until_when() -> None:
    text = plain_text(write(agreement()))
    said = [
        "Oakhouse Care Ltd",
        "Amber Fairweather",
        "£4,250.00 a week",
        "2.5% off the fees",
        "28 days’ notice",
        "26 weeks",
    ]
    said += ["Weekly update.", "No self-harm for three months", "22 November 2027", "2026-27", "2027-28"]
    assert [words for words in said if words not in text] == []
    assert "£215,475.00" in text


def test_the_same_agreement_gives_the_same_text_and_the_same_pdf() -> None:
    documents = [write(agreement()) for _ in range(2)]
    assert plain_text(documents[0]) == plain_text(documents[1])
    made = [
        contract_pdf(as_json(each), text_sha256="a" * 64, signatures=[Mark("For A"), Mark("For B")])
        for each in documents
    ]
    assert made[0] == made[1]


def test_any_change_of_a_word_changes_the_hash() -> None:
    first, second = (text_hash(plain_text(write(agreement(words)))) for words in ("Care.", "Care"))
    assert first != second


def test_the_pdf_carries_the_hash_and_the_signatures() -> None:
    document = write(agreement())
    digest = text_hash(plain_text(document))
    marks = [
        Mark("For Croydon", "Bola Adeyemi", "5 November 2026, 10:00", digest),
        Mark("For Oakhouse Care Ltd"),
    ]
    text = pdf_text(contract_pdf(as_json(document), text_sha256=digest, signatures=marks))
    assert digest in text
    assert "BolaAdeyemi" in text
    assert "Name,dateandsignature" in text


def test_what_people_type_is_never_markup() -> None:
    document = write(agreement(NASTY))
    made = contract_pdf(as_json(document), text_sha256="a" * 64, signatures=[Mark(NASTY), Mark("For B")])
    assert "".join(NASTY.split()) in pdf_text(made)


def test_the_pdf_is_tagged_and_says_its_language_and_title() -> None:
    made = contract_pdf(
        as_json(write(agreement())), text_sha256="a" * 64, signatures=[Mark("For A"), Mark("For B")]
    )
    reader = pypdf.PdfReader(io.BytesIO(made))
    catalogue = reader.trailer["/Root"]
    assert "/StructTreeRoot" in catalogue
    assert str(catalogue["/Lang"]).startswith("en")
    assert reader.metadata is not None
    assert reader.metadata.title == "Individual placement contract IPC-000012, version 1"


def test_typed_text_is_cleaned_of_control_characters() -> None:
    assert clean("a\x00b\u202ec\r\nd\t e \r") == "abc\nd  e"


def test_changes_stand_side_by_side_by_what_they_pay_for() -> None:
    before = [(LINES[0], ""), (LINES[1], "framework")]
    after = [
        (PriceLine(PriceKind.CORE_FEE, PriceUnit.WEEK, 430_000), ""),
        (PriceLine(PriceKind.SUPPORT, PriceUnit.HOUR, 2_450, 6), ""),
    ]
    assert changes(before, after) == (
        ("Core fee", "£4,250.00 a week", "£4,300.00 a week"),
        ("Discount (framework)", "2.5% off the fees", ""),
        ("Support", "", "6 hours a week at £24.50 an hour"),
    )
