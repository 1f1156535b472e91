"""Find what may identify someone in free text, and mask it. A person always confirms before it leaves."""

from rightplace.core.free_text.names import name_spans
from rightplace.core.free_text.patterns import known_spans, shaped_spans
from rightplace.core.free_text.spans import Known, Span, mask, merge

__all__ = ["Known", "Span", "identifying_words", "mask", "merge"]

NOTHING_KNOWN = Known()


def identifying_words(text: str, known: Known = NOTHING_KNOWN) -> list[Span]:
    """What may identify a child, family or carer in a text, in order, each with why.

    Finds known names in any case, accent, possessive, short form, hyphen part and small misspelling; other
    people's names; postcodes, addresses, telephone numbers, e-mail addresses, links, numbers of persons and
    cases, full dates, schools and other places. Made to miss little and so to flag too much: whoever sends
    the text confirms each. Never raises on any text.
    """
    found = [*name_spans(text, known), *known_spans(text, known), *shaped_spans(text)]
    return merge(text, [span for span in found if span.end > span.start])
