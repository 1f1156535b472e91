"""Linking the payees of published spending to providers of the register, by their names.

Equal names (as `core/organisation_names` compares them) are linked where they are one provider's. Names that are nearly equal
are linked where every distinctive word has its like on the other side and no other provider comes near; what is near but not
sure waits for a person. Distinctive are the words that few names of the register have: "Swiis", not "fostering".
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from rightplace.core.organisation_names import NameForm, name_forms

LINKED, DOUBTFUL, UNLINKED, WITHHELD = "linked", "doubtful", "unlinked", "withheld"
SURE, NEAR, APART, ALIKE = 90, 74, 4, 84
"""Of 100: from which two names are one; from which a person is asked; how far the next must be; when two words are alike."""
COMMON = 12
"""A word that more providers of the register have in a name is not distinctive."""
NEARBY = 12
_PARTS_OF_THE_COUNTRY = frozenset(
    "north south east west central london midlands england scotland wales uk and eastern northern southern".split()
)


@dataclass(frozen=True, slots=True)
class RegisteredName:
    """A name that stands on the register: a provider's own (`kind` empty) or one of its homes' or agencies'."""

    provider_id: int
    name: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """What became of a payee's name: the state, the provider (linked) or the one that it may be (doubtful), the kind of home
    where it is sure, and how alike the names are."""

    state: str
    provider_id: int | None = None
    kind: str = ""
    score: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name of the register that is near to a payee's."""

    registered: RegisteredName
    score: int


class Register:
    """The names of the register, ready to be compared with."""

    def __init__(self, names: Iterable[RegisteredName]) -> None:
        self.names: list[RegisteredName] = []
        self.words: list[str] = []
        self.by_key: Mapping[str, list[int]] = defaultdict(list)
        self.kinds: Mapping[int, set[str]] = defaultdict(set)
        for one in names:
            if one.kind:
                self.kinds[one.provider_id].add(one.kind)
            for form in name_forms(one.name):
                self.by_key[form.key].append(len(self.names))
                self.names.append(one)
                self.words.append(form.words)

    @cached_property
    def counts(self) -> Counter[str]:
        """How many providers have each word in a name."""
        pairs = zip(self.words, self.names, strict=True)
        known = {(word, one.provider_id) for words, one in pairs for word in words.split()}
        return Counter(word for word, _ in known)

    def link(self, name: str) -> Link:
        """Which provider a payee's name is."""
        forms = name_forms(name)
        if not forms:
            return Link(WITHHELD)
        return self._equal(forms) or self._near(forms)

    def candidates(self, name: str, many: int = 8) -> list[Candidate]:
        """The nearest providers, each once, the nearest first: for a person to choose from."""
        best: dict[int, Candidate] = {}
        for form in name_forms(name):
            for at, score in self._scores(form, many * 3):
                one = self.names[at]
                if one.provider_id not in best or best[one.provider_id].score < score:
                    best[one.provider_id] = Candidate(one, score)
        return sorted(best.values(), key=lambda one: (-one.score, one.registered.name))[:many]

    def kind_of(self, provider_id: int) -> str:
        """The kind of home of a provider that has only one; empty for several."""
        kinds = self.kinds[provider_id]
        return next(iter(kinds)) if len(kinds) == 1 else ""

    def _equal(self, forms: Sequence[NameForm]) -> Link | None:
        for form in forms:
            found = [self.names[at] for at in self.by_key.get(form.key, ())]
            if not found:
                continue
            owners = {one.provider_id for one in found}
            own = {one.provider_id for one in found if not one.kind}
            provider = min(own or owners)
            # A name in brackets is a group's: its home may be another company's of the group.
            is_sure = len(own or owners) == 1 and form.source != "bracket" and self._is_telling(form.words)
            is_sure = is_sure and (bool(own) or not self._has_branches(form.words, provider))
            return self._as_link(provider, [] if own else found, 100, is_sure=is_sure)
        return None

    def _near(self, forms: Sequence[NameForm]) -> Link:
        best = Link(UNLINKED)
        for form in forms:
            scores = self._scores(form, NEARBY)
            near = next(((at, score) for at, score in scores if self._is_near(form, at, score)), None)
            if near is None or near[1] <= best.score:
                continue
            at, score = near
            one = self.names[at]
            others = [other for place, other in scores if self.names[place].provider_id != one.provider_id]
            is_sure = score >= SURE and max(others, default=0) <= score - APART and form.source != "bracket"
            is_sure = is_sure and self._agree(form.words, self.words[at])
            best = self._as_link(one.provider_id, [one], score, is_sure=is_sure)
        return best

    def _is_near(self, form: NameForm, at: int, score: int) -> bool:
        """Whether a person should be asked: alike enough, and a distinctive word or all but a part of the country shared."""
        words = self.words[at]
        return score >= NEAR and (is_branch(words, form.words) or self._share(form.words, words))

    def _as_link(self, provider: int, found: Sequence[RegisteredName], score: int, *, is_sure: bool) -> Link:
        kinds = {one.kind for one in found if one.kind and one.provider_id == provider}
        kind = next(iter(kinds)) if len(kinds) == 1 else self.kind_of(provider)
        return Link(LINKED if is_sure else DOUBTFUL, provider, kind, score)

    def _scores(self, form: NameForm, many: int) -> list[tuple[int, int]]:
        """The places of the nearest names with how alike they are: by all words in any order, or without spaces."""
        by_words = process.extract(
            form.words, self.words, scorer=fuzz.token_sort_ratio, limit=many, score_cutoff=NEAR - 14
        )
        by_parts = process.extract(
            form.words, self.words, scorer=fuzz.token_set_ratio, limit=many, score_cutoff=95
        )
        found: dict[int, int] = {}
        for words, score, at in by_words:
            joined = fuzz.ratio(form.key, words.replace(" ", ""))
            found[at] = round(max(score, joined))
        for words, _, at in by_parts:
            if self._share(form.words, words) or is_branch(words, form.words):
                found[at] = max(found.get(at, 0), NEAR + 1)
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:many]

    def _distinctive(self, words: str) -> set[str]:
        return {word for word in words.split() if self.counts[word] <= COMMON and len(word) > 1}

    def _is_telling(self, words: str) -> bool:
        """Whether a name says who it is: more than words that everybody has, or several of those."""
        return bool(self._distinctive(words)) or len(words.split()) > 1

    def _has_branches(self, words: str, provider: int) -> bool:
        """Whether other providers have this name with a part of the country behind it: which of them is meant is not said."""
        return any(
            is_branch(words, other) and self.names[at].provider_id != provider
            for at, other in enumerate(self.words)
        )

    def _agree(self, one: str, other: str) -> bool:
        """Whether each distinctive word of either has its like in the other, and something distinctive is there."""
        mine, theirs = self._distinctive(one), self._distinctive(other)
        return bool(mine | theirs) and _all_alike(mine, other) and _all_alike(theirs, one)

    def _share(self, one: str, other: str) -> bool:
        """Whether a distinctive word of one has its like in the other."""
        return any(_is_in(word, other) for word in self._distinctive(one))


def is_branch(words: str, longer: str) -> bool:
    """Whether the longer name is the other with nothing but a part of the country behind it."""
    rest = longer.removeprefix(f"{words} ")
    return longer != rest and bool(rest) and set(rest.split()) <= _PARTS_OF_THE_COUNTRY


def _all_alike(words: set[str], other: str) -> bool:
    return all(_is_in(word, other) for word in words)


def _is_in(word: str, other: str) -> bool:
    """Whether a word, or one that is spelled nearly so, is among others; also where those are written without spaces."""
    return word in other.replace(" ", "") or any(fuzz.ratio(word, each) >= ALIKE for each in other.split())
