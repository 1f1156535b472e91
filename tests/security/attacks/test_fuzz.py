"""Row 20: every form of every page and every form class, filled with nonsense: no error of ours, and an answer in time.

Cases are drawn from a fixed seed. With each test run some; RIGHTPLACE_FORM_CASES=100000 for the long run.
"""

from __future__ import annotations

import os
import time
from collections import Counter

import pytest
from django.test import Client

from tests.figures import figure
from tests.security.attacks.nonsense import Nonsense, form_classes
from tests.security.forms import Form
from tests.security.test_forms import undone

CASES = int(os.environ.get("RIGHTPLACE_FORM_CASES", "5000"))
# Of these through the whole site; the others straight at the form classes, which is where what is typed is understood.
THROUGH_THE_SITE = CASES if CASES >= 20_000 else CASES // 25
AT_THE_CLASSES = 4_800
MOST_SECONDS = float(os.environ.get("RIGHTPLACE_FORM_SECONDS", "inf"))
SLOWEST = 1.0
SEED = 20_261_122


@pytest.mark.timeout(4 * 3600)
def test_nonsense_in_any_form_is_answered_in_words_and_in_time(forms: list[tuple[str, Client, Form]]) -> None:
    drawn, seconds, wrong, answers = Nonsense(SEED), [], [], Counter[int]()
    until = time.monotonic() + MOST_SECONDS
    for case in range(THROUGH_THE_SITE):
        if time.monotonic() > until:
            break
        key, client, form = forms[case % len(forms)]
        entries = drawn.entries(form)
        with undone():
            began = time.perf_counter()
            answer = client.post(form.action, entries)
            seconds.append(time.perf_counter() - began)
        answers[answer.status_code] += 1
        wrong += [f"case {case} {key}: {answer.status_code}"] if answer.status_code >= 500 else []
    seconds.sort()
    p99 = seconds[int(len(seconds) * 0.99)]
    print(
        f"{len(seconds)} cases through {len(forms)} forms: {dict(answers)}, p99 {p99 * 1000:.0f} ms, {len(wrong)} errors"
    )
    figure(20, "forms sent through the site", len(seconds))
    figure(20, "server errors through the site", len(wrong), 0, met=not wrong)
    figure(20, "99th percentile, s", p99, SLOWEST, met=p99 <= SLOWEST)
    assert wrong == []
    assert p99 <= SLOWEST
    assert len(answers) > 2


@pytest.mark.django_db
def test_nonsense_in_any_form_class_is_refused_as_a_value() -> None:
    drawn, classes, wrong, cases, refused = Nonsense(SEED + 1), form_classes(), [], 0, 0
    assert len(classes) > 25
    while cases < AT_THE_CLASSES:
        for form_class in classes:
            cases += 1
            data, files = drawn.data_for(form_class)
            try:
                form = form_class(data, files)
                refused += not form.is_valid()
            except Exception as error:
                wrong.append(f"{form_class.__qualname__}: {type(error).__name__} {error}"[:300])
    print(f"{cases} cases at {len(classes)} form classes, {refused} refused in words, {len(wrong)} errors")
    figure(20, "cases at the form classes", cases)
    figure(20, "errors at the form classes", len(wrong), 0, met=not wrong)
    assert wrong == []
    assert refused > cases // 4
