"""Expected refusals as values: what is wrong, in a sentence a person can act on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why something cannot be done.

    `code` is stable and for machines; `sentence` is plain English for people; `field` names the
    entry at fault, or is empty when the problem belongs to the whole.
    """

    code: str
    sentence: str
    field: str = ""
