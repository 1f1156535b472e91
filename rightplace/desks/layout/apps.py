"""The layout as a Django app, so that its templates and static files are found."""

from django.apps import AppConfig


class LayoutConfig(AppConfig):
    """Base templates and static files; holds no tables."""

    name = "rightplace.desks.layout"
    label = "layout"
    verbose_name = "Page layout"
