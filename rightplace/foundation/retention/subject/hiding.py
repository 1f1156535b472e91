"""Hiding the words that the review says are somebody else's, wherever they stand."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

COVER = "[hidden: about somebody else]"
_WORD = re.compile(r"[^\W_]+")


class Hider:
    """Covers stretches of words in any text, without case; looks at each word once, however many stretches there are."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._by_word: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for text in texts:
            if first := _WORD.search(text):
                self._by_word[first.group().casefold()].append((first.start(), text.casefold()))
        for found in self._by_word.values():
            found.sort(key=lambda one: -len(one[1]))

    def hide(self, text: str) -> str:
        """The text with every stretch covered."""
        parts, at = [], 0
        for word in _WORD.finditer(text):
            if word.start() < at:
                continue
            for before, wanted in self._by_word.get(word.group().casefold(), ()):
                start = word.start() - before
                end = start + len(wanted)
                if start >= at and text[start:end].casefold() == wanted:
                    parts += [text[at:start], COVER]
                    at = end
                    break
        return "".join([*parts, text[at:]]) if parts else text

    def hide_in(self, values: Any) -> Any:
        """Plain values with every text in them covered."""
        if isinstance(values, str):
            return self.hide(values)
        if isinstance(values, dict):
            return {name: self.hide_in(one) for name, one in values.items()}
        if isinstance(values, list):
            return [self.hide_in(one) for one in values]
        return values
