"""What is typed about joint funding: shares by line and partner, agreements, partners, payments of recharges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from rightplace.core.problems import Problem
from rightplace.core.sharing import Share, read_share, share_words
from rightplace.desks.components.fields import DateInPartsField, UploadField
from rightplace.desks.components.rows import RowFormSet, row_formset
from rightplace.journey.contracts.agreement import KIND_WORDS
from rightplace.journey.funding.actions import HOW_AGREED
from rightplace.journey.funding.given import FULL_TEXT, FileGiven, RowGiven
from rightplace.journey.funding.models import Funding, Partner
from rightplace.journey.funding.states import FUNDING, PARTNER_KINDS, RECHARGE

LONG = forms.Textarea(attrs={"rows": 4})
ENDINGS = (".pdf", ".png", ".jpg", ".jpeg")
FILE_HINT = "A PDF, PNG or JPEG of at most 5 MB. You can add more afterwards."


class FundingFilters(forms.Form):
    """Filters of the list of shares, kept in the address."""

    words = forms.CharField(label="Contract, initials or home", required=False, max_length=80)
    state = forms.ChoiceField(label="State", required=False, choices=[("", "Any"), *FUNDING.states.items()])


class RechargeFilters(forms.Form):
    """Filters of the list of recharges, kept in the address."""

    words = forms.CharField(label="Number or partner", required=False, max_length=80)
    state = forms.ChoiceField(label="State", required=False, choices=[("", "Any"), *RECHARGE.states.items()])
    overdue = forms.BooleanField(label="Only overdue", required=False)


class ProposalForm(forms.Form):
    """From when shares hold, why, and what shows it."""

    starts_on = DateInPartsField(
        label="Shares hold from",
        help_text="Also a past day: what was charged since is set right by differences.",
    )
    reason = forms.CharField(
        label="Why are these shares proposed?", max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    evidence_words = forms.CharField(
        label="Evidence",
        help_text="What shows that each partner should bear its share: assessments, plans, decisions, with their dates.",
        max_length=FULL_TEXT,
        widget=LONG,
    )
    file = UploadField(
        label="A file", endings=ENDINGS, max_bytes=5 * 2**20, required=False, help_text=FILE_HINT
    )


class ShareRowForm(forms.Form):
    """For which lines and days, and what each partner bears; the partners' fields are added for an authority."""

    hide_optional = True

    lines = forms.ChoiceField(label="For")
    starts_on = DateInPartsField(label="From", help_text="Only if later than the day above.", required=False)
    ends_on = DateInPartsField(label="Until", help_text="Only if it ends before the stay.", required=False)

    def clean(self) -> dict[str, Any]:
        """The shares as core reads them, each problem at its own field."""
        cleaned = super().clean() or self.cleaned_data
        shares: list[Share] = []
        for name in [one for one in self.fields if one.startswith("share_")]:
            read = read_share(cleaned.get(name) or "", int(name.removeprefix("share_")))
            if isinstance(read, Problem):
                self.add_error(name, read.sentence)
            elif read is not None:
                shares.append(read)
        cleaned["shares"] = tuple(shares)
        return cleaned


def share_rows(partners: Sequence[Partner], lines: Sequence[tuple[int, str]]) -> type[RowFormSet]:
    """Rows of shares for these partners and the price lines (number, words) of a contract."""
    choices = [("", "Every other line")]
    choices += [(f"kind:{kind.value}", f"{words} (all lines)") for kind, words in KIND_WORDS.items()]
    choices += [(f"line:{key}", f"Only: {words}") for key, words in lines]
    fields: dict[str, forms.Field] = {
        "lines": forms.ChoiceField(label="For", choices=choices, required=False)
    }
    for partner in partners:
        fields[f"share_{partner.pk}"] = forms.CharField(
            label=partner.name, required=False, max_length=30,
            help_text="60%, 1/3, £500 (a week) or rest",
            widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
        )  # fmt: skip
    order = ("lines", *(name for name in fields if name != "lines"), "starts_on", "ends_on")
    form = type("ShareRow", (ShareRowForm,), {**fields, "field_order": order})
    return row_formset(form, "row of shares", least=1, most=12)


def rows_given(rows: Sequence[dict[str, Any]]) -> tuple[RowGiven, ...]:
    """The rows as the action takes them."""
    found = []
    for row in rows:
        what, _, key = (row.get("lines") or "").partition(":")
        found.append(
            RowGiven(
                shares=row.get("shares", ()), kind=key if what == "kind" else "",
                line_id=int(key) if what == "line" else None, starts_on=row.get("starts_on"), ends_on=row.get("ends_on"),
            )
        )  # fmt: skip
    return tuple(found)


def rows_held(funding: Funding | None) -> list[dict[str, Any]]:
    """The rows that hold now, as the form starts with them."""
    rows = []
    for row in funding.rows.all() if funding else ():
        lines = f"line:{row.line_id}" if row.line_id else f"kind:{row.kind}" if row.kind else ""
        shares = {f"share_{one.partner_id}": _typed(one.as_share()) for one in row.shares.all()}
        rows.append({"lines": lines, "starts_on": None, "ends_on": row.ends_on, **shares})
    return rows


def _typed(share: Share) -> str:
    return "rest" if share.is_rest else share_words(share)


def files_given(form: forms.Form, name: str = "file") -> tuple[FileGiven, ...]:
    """The file that was sent, if any."""
    sent = form.cleaned_data.get(name)
    return (FileGiven(sent.name, sent.read()),) if sent else ()


class AgreementForm(forms.Form):
    """How it was agreed, in words, with a file."""

    how = forms.ChoiceField(label="How was it agreed?", choices=list(HOW_AGREED.items()), initial="manager")
    words = forms.CharField(
        label="What was agreed, by whom and when? Or why not?", max_length=FULL_TEXT, widget=LONG
    )
    file = UploadField(
        label="The partners’ agreement",
        endings=ENDINGS,
        max_bytes=5 * 2**20,
        required=False,
        help_text=FILE_HINT,
    )


class FileForm(forms.Form):
    """One more file of evidence."""

    file = UploadField(label="A file", endings=ENDINGS, max_bytes=5 * 2**20, help_text=FILE_HINT)


class PartnerForm(forms.Form):
    """A partner of the list."""

    kind = forms.ChoiceField(label="What kind of partner?", choices=list(PARTNER_KINDS.items()))
    name = forms.CharField(label="Name", max_length=150)
    email = forms.EmailField(
        label="E-mail of their finance team",
        required=False,
        help_text="Reminders go there, without personal data.",
    )
    their_reference = forms.CharField(
        label="Their cost code or order number",
        required=False,
        max_length=60,
        help_text="Stands on each invoice.",
    )
    pays_within_days = forms.IntegerField(
        label="Pays within", required=False, min_value=1, max_value=120,
        help_text="Empty: the house’s rule of 30 days.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"}),
    )  # fmt: skip
    is_active = forms.BooleanField(label="May be given new shares", required=False, initial=True)

    def __init__(self, *args: Any, is_new: bool = True, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["pays_within_days"].suffix = "days"  # type: ignore[attr-defined]  # read by the field template
        if not is_new:
            del self.fields["kind"]


class MakeForm(forms.Form):
    """Up to which day recharges are made."""

    up_to = DateInPartsField(label="For what is due up to and including")


class PaidForm(forms.Form):
    """When a recharge was paid, and under which reference."""

    paid_on = DateInPartsField(label="Paid on")
    reference = forms.CharField(label="Reference on the statement or journal", max_length=60)


class WordsForm(forms.Form):
    """What was said about a dispute."""

    words = forms.CharField(label="What was said?", max_length=FULL_TEXT, widget=LONG)
