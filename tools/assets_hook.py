"""Hatch's build hook: a wheel is never made without its front-end files."""

import sys

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsHook(BuildHookInterface):
    """Fetch the front-end files before the wheel is put together; an editable install does without."""

    def initialize(self, version, build_data):
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        try:
            from rightplace.site.assets import build_assets

            build_assets()
        finally:
            sys.path.remove(self.root)
