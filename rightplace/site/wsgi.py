"""The web process: everything that pages need is loaded before it takes its first request."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rightplace.site.settings")

application = get_wsgi_application()

# Asking for one address loads the module of every page. Else the first person whom a new process answers waits seconds.
reverse("sign_in")

# What is loaded once is never rubbish. Else every full collection goes through all of it, within somebody's page.
gc.collect()
gc.freeze()
