"""What the authorities of the consortium share, as the region's officer sees it: the same pages as at the governance desk."""

from __future__ import annotations

from functools import partial

from rightplace.desks.governance import sharing

agreement_list = partial(sharing.agreement_list, desk="region")
agreement = partial(sharing.agreement, desk="region")
