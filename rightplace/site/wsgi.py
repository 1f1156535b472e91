"""The web process: everything that pages need is loaded before it takes its first request."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

from rightplace.exchange.ssda903.rules.registry import every_rule
from rightplace.foundation.reference.places import authority_of
from rightplace.site.waiting import limit_waiting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rightplace.site.settings")

application = get_wsgi_application()
limit_waiting()

# Asking for one address loads the module of every page. Else the first person whom a new process answers waits seconds.
reverse("sign_in")
# Where postcodes lie, and the rules of the statutory return, are read once, or the first look at the return takes twice as long.
authority_of("SE13 5AB")
every_rule()

# What is loaded once is never rubbish. Else every full collection goes through all of it, within somebody's page.
gc.collect()
gc.freeze()
# A page makes and drops tens of thousands of objects that form no circle: to look after every 700 of them is work for nothing.
gc.set_threshold(20_000, 20, 20)
