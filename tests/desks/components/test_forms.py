"""Forms: dates in three boxes, money in pence, missing entries by name, fields of one choice, rows."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from rightplace.desks.components.fields import DateInPartsField, MoneyField, UploadField
from rightplace.desks.components.gallery import LineRows, SampleForm
from rightplace.desks.components.rows import as_typed, rows_after_press


class Sample(forms.Form):
    needed_by = DateInPartsField(label="Needed by")
    price = MoneyField(label="Price", required=False)
    ready = forms.ChoiceField(
        label="Is it ready?", choices=[("y", "Yes"), ("n", "No")], widget=forms.RadioSelect
    )


def parts(day: str, month: str, year: str) -> dict[str, str]:
    return {"needed_by_day": day, "needed_by_month": month, "needed_by_year": year, "ready": "y"}


@given(st.dates())
def test_a_date_typed_in_parts_is_that_date(on: date) -> None:
    form = Sample(parts(str(on.day), str(on.month), str(on.year)))
    assert form.is_valid()
    assert form.cleaned_data["needed_by"] == on


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("31", "2", "2027"), "Needed by must be a real date, such as 27 3 2026"),
        (("x", "2", "2027"), "Needed by must be a real date, such as 27 3 2026"),
        (("1", "2", "99999999999999999999"), "Needed by must be a real date, such as 27 3 2026"),
        (("1", "2", ""), "Needed by must include a year"),
        (("1", "", ""), "Needed by must include a month and year"),
        (("", "", ""), "Enter needed by"),
    ],
)
def test_what_is_wrong_with_a_date_is_said(typed: tuple[str, str, str], said: str) -> None:
    assert Sample(parts(*typed))["needed_by"].error_words == [said]


def test_what_was_typed_stays_in_the_boxes() -> None:
    assert 'value="31"' in str(Sample(parts("31", "2", "2027"))["needed_by"])


@given(st.integers(min_value=-(10**10), max_value=10**11))
def test_money_shown_and_typed_again_is_the_same_pence(pence: int) -> None:
    field = MoneyField(min_pence=-(10**10))
    assert field.clean(field.prepare_value(pence)) == pence


@pytest.mark.parametrize(
    ("typed", "pence"), [("£1,234.5", 123_450), ("12", 1_200), (" 0.07 ", 7), ("", None)]
)
def test_money_is_typed_as_people_write_it(typed: str, pence: int | None) -> None:
    assert MoneyField(required=False).clean(typed) == pence


@pytest.mark.parametrize("typed", ["-5", "−5", "−£5.00", "£-5"])
def test_what_is_taken_away_is_typed_with_either_minus(typed: str) -> None:
    assert MoneyField(min_pence=-1_000).clean(typed) == -500


@pytest.mark.parametrize("typed", ["12x", "1.234", "-5", "1e9", "99999999999999999999", "12.", "½", "١٢.5x"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        MoneyField().clean(typed)


def test_a_missing_answer_is_named() -> None:
    form = Sample({})
    assert form["ready"].error_words == ["Answer “Is it ready?”"]
    assert "This field is required" not in str(form)


def test_a_field_of_one_choice_is_drawn_with_that_choice_only() -> None:
    drawn = str(SampleForm())
    assert drawn.count('name="move_words"') == 1
    assert drawn.index('data-reveals="id_move-shown-2"') < drawn.index('id="id_move-shown-2"')


def test_a_file_of_another_kind_or_too_large_is_refused() -> None:
    field = UploadField(endings=[".pdf"], max_bytes=10)
    assert field.clean(SimpleUploadedFile("Plan.PDF", b"%PDF-1.7"))
    for name, content in (("plan.exe", b"MZ"), ("plan.pdf", b"%PDF-1.7 and more")):
        with pytest.raises(forms.ValidationError):
            field.clean(SimpleUploadedFile(name, content))


def sent(**more: str) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update(
        {
            "lines-TOTAL_FORMS": "2",
            "lines-INITIAL_FORMS": "0",
            "lines-0-service": "Core",
            "lines-0-price": "x",
        }
    )
    data.update({"lines-1-service": "Mentoring", "lines-1-starts_on_day": "31", **more})
    return data


def test_adding_a_row_keeps_what_was_typed_and_complains_of_nothing() -> None:
    rows = rows_after_press(LineRows, sent(add="lines"), "lines")
    drawn = str(rows)
    assert len(rows.forms) == 3
    assert 'value="x"' in drawn
    assert 'value="31"' in drawn
    assert "error" not in drawn


def test_removing_a_row_takes_that_row() -> None:
    rows = rows_after_press(LineRows, sent(remove="lines-0"), "lines")
    assert [form.initial["service"] for form in rows.forms] == ["Mentoring"]


@pytest.mark.parametrize(
    "press", [{"remove": "lines-9"}, {"remove": "lines-x"}, {"remove": "other-0"}, {"add": "other"}]
)
def test_a_press_that_names_no_row_changes_none(press: dict[str, str]) -> None:
    assert len(rows_after_press(LineRows, sent(**press), "lines").forms) == 2


def test_no_more_rows_than_there_may_be() -> None:
    data = sent(add="lines")
    data["lines-TOTAL_FORMS"] = "6"
    rows = rows_after_press(LineRows, data, "lines")
    assert len(rows.forms) == 6
    assert not rows.may_add


def test_an_empty_row_counts_as_not_there() -> None:
    data = sent(**{"lines-TOTAL_FORMS": "3", "lines-0-price": "10", "lines-1-price": "20"})
    for row in ("0", "1"):
        data.update(
            {
                f"lines-{row}-starts_on_{part}": value
                for part, value in (("day", "1"), ("month", "2"), ("year", "2027"))
            }
        )
    rows = LineRows(data, prefix="lines")
    assert rows.is_valid(), rows.errors
    assert [row["price"] for row in rows.filled] == [1_000, 2_000]


def test_a_form_shown_again_for_its_rows_complains_of_nothing() -> None:
    form = as_typed(SampleForm, QueryDict("title=Sibling+pair&needed_by_day=31&ceiling=12x"))
    assert 'value="Sibling pair"' in str(form)
    assert 'value="12x"' in str(form)
    assert not form.errors
