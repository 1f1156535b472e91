"""Buttons that do a verb at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.layout.answers import answer, version_of
from rightplace.desks.layout.doors import actor_of


def button(
    act: Callable[..., Any], said: str, *, of: str, page: str, is_list: bool = False
) -> Callable[..., HttpResponse]:
    """A view that does a verb to the row in its address, then goes to the row's page (or to the list) and says so.

    `of` is what the verb calls the number of the row: "run_id".
    """

    def press(request: HttpRequest, key: int) -> HttpResponse:
        outcome = act(by=actor_of(request), now=timezone.now(), version=version_of(request), **{of: key})
        return answer(request, outcome, then=reverse(page, args=[] if is_list else [key]), said=said)

    press.__doc__ = said
    return press
