"""The pages under every page: about, accessibility statement, privacy, cookies. Open to everyone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def about(request: HttpRequest) -> HttpResponse:
    """What Rightplace is for and where its facts come from."""
    return render(request, "layout/about.html")


def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "layout/accessibility.html")


def privacy(request: HttpRequest) -> HttpResponse:
    """What is held about whom, and who sees it."""
    return render(request, "layout/privacy.html")


def cookies(request: HttpRequest) -> HttpResponse:
    """The two cookies there are."""
    return render(request, "layout/cookies.html")
