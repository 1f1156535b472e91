"""The one exception of set-up; standard library only, as the build of the wheel imports it too."""


class CannotStart(Exception):
    """The set-up is at fault: one sentence that says what is wrong and how to mend it."""
