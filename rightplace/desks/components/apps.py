"""The components as a Django app, so that its template tags and templates are found."""

from django.apps import AppConfig


class ComponentsConfig(AppConfig):
    """Shared parts of pages; holds no tables."""

    name = "rightplace.desks.components"
    label = "components"
    verbose_name = "Page components"
