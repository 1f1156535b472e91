"""Homes of the market as brokers see them: the same pages as the commissioners', under the brokers' address."""

from __future__ import annotations

from functools import partial

from rightplace.desks.commissioning import homes

home_list = partial(homes.home_list, desk="brokerage")
home_page = partial(homes.home_page, desk="brokerage")
