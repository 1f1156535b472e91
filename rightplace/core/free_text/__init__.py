"""Find what may identify someone in free text, and mask it. A person always confirms before it leaves."""

from rightplace.core.free_text.names import known_name_parts, name_spans
from rightplace.core.free_text.patterns import known_spans, shaped_spans
from rightplace.core.free_text.reading import is_uncased, plain_reading, recased_reading
from rightplace.core.free_text.spans import Known, Span, mask, merge

__all__ = ["Known", "Span", "identifying_words", "mask", "merge"]

NOTHING_KNOWN = Known()


def identifying_words(text: str, known: Known = NOTHING_KNOWN) -> list[Span]:
    """What may identify a child, family or carer in a text, in order, each with why.

    Finds known names in any case, accent, possessive, short form, hyphen part and small misspelling; other
    people's names; postcodes, addresses, telephone numbers, e-mail addresses, links, numbers of persons and
    cases, full dates, schools and other places. Made to miss little and so to flag too much: whoever sends
    the text confirms each. What is in `known.harmless` is left out. Never raises on any text.
    """
    plain, origins = plain_reading(text)
    readings = [plain]
    if is_uncased(plain):
        readings.append(recased_reading(plain, known_name_parts(known)))
    spans = []
    for reading in readings:
        for span in (*name_spans(reading, known), *known_spans(reading, known), *shaped_spans(reading)):
            start, end = origins[span.start], origins[span.end - 1] + 1
            spans.append(Span(start, end, text[start:end], span.why))
    harmless = {one.casefold() for one in known.harmless}
    return [span for span in merge(text, spans) if span.text.casefold() not in harmless]
