"""What is typed to decide on a permission, or to undo the choice before anybody has decided."""

from __future__ import annotations

from typing import Any

from django import forms


class DecisionForm(forms.Form):
    """The reason and the conditions; whether a reason is needed depends on the button, so the action says so."""

    reason = forms.CharField(
        label="Why",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="A refusal needs a reason. With an approval it is recorded too.",
    )
    conditions = forms.CharField(
        label="Conditions of an approval",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For example: review the support hours after six weeks. They become part of the contract.",
    )


class ReasonForm(forms.Form):
    """Why a dearer variation is permitted or refused; whether a reason is needed depends on the button."""

    reason = forms.CharField(
        label="Why",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="A refusal needs a reason. With an approval it is recorded too.",
    )


class UndoForm(forms.Form):
    """Why a choice is undone; its entry has an id of its own, for both forms can stand on one page."""

    reason = forms.CharField(
        label="Why is it undone?",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{**more, "auto_id": "undo-%s"})
