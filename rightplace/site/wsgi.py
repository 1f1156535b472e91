"""The web process."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rightplace.site.settings")

application = get_wsgi_application()

# What is loaded once is never rubbish. Else every full collection goes through all of it, within somebody's page.
gc.collect()
gc.freeze()
