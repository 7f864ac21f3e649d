"""The sieve before the masks: of thousands of names, those that a text could hold at all.

`masked` and `leaks` look for every name of their rules, which suits the few hundred of one village; before a sealing
the names of a whole township are looked for in every text. For each text a sieve finds smaller rules under which both
say the same as under all of them: names whose signs are all in it, one name of every surname that stands in it as one
calls people (老李, 李家), one of every given name in it, and words whose first two signs stand in it together.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from app.domain.notice_mask import MaskRules, surname_of

WIDE = ("\uff00", "\uff60")
"""Between these stand digits and letters of full width."""
BEFORE = frozenset("老小大阿姓")
AFTER = frozenset("家某氏二三四五六七八九大小老幺爷奶伯叔婶嬢孃寡婆姨姑舅师嫂哥姐娘妹弟媳儿女娃兄父母")
"""What stands before or after a surname wherever somebody is called by it."""


class Sieve:
    """Made once for rules, asked for each text."""

    def __init__(self, rules: MaskRules) -> None:
        self._rules = rules
        self._names, self._always = _Scattered(rules.hidden), _Scattered(rules.always)
        self._with_name = _Scattered(rules.with_name)
        self._shown = _Together(_standing(rules))
        names = [name for name in reversed(rules.hidden) if len(name) > 1]
        self._of_surname = {surname_of(name): name for name in names}
        self._surnames = frozenset(self._of_surname)
        self._of_given = {name[len(surname_of(name)) :]: name for name in names}
        self._given = _Together(word for word in self._of_given if len(word) > 1)

    def rules_for(self, text: str) -> MaskRules:
        """Return the part of the rules that says of this text all that the whole says."""
        forms = {text, unicodedata.normalize("NFKC", text)}
        signs = set().union(*forms)
        signs |= {unicodedata.normalize("NFKC", sign) for sign in signs if WIDE[0] < sign < WIDE[1]}
        pairs = {form[place : place + 2] for form in forms for place in range(len(form) - 1)}
        called = [self._of_surname[one] for one in _called(pairs) & self._of_surname.keys()]
        called += [self._of_given[word] for word in self._given.within(pairs)]
        hidden = tuple(sorted({*self._names.within(signs), *called}))
        return replace(
            self._rules,
            hidden=hidden,
            surnames=self._surnames if hidden else frozenset(),
            shown=tuple(sorted(self._shown.within(pairs))),
            always=self._always.in_order(signs),
            with_name=self._with_name.in_order(signs),
        )


def _called(pairs: set[str]) -> set[str]:
    """Return what stands as a surname does when somebody is called by it; those of two signs wherever they stand."""
    ends = [pair[1] for pair in pairs if pair[0] in BEFORE] + [pair[0] for pair in pairs if pair[1] in AFTER]
    return pairs.union(ends)


class _Scattered:
    """Words by their first and last sign: found when all their signs are there, whatever stands between them."""

    def __init__(self, words: Iterable[str]) -> None:
        self._order = {word: place for place, word in enumerate(dict.fromkeys(words)) if word}
        self._by_ends: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for word in self._order:
            for form in {word, unicodedata.normalize("NFKC", word)}:
                self._by_ends[form[0]][form[-1]].append(word)

    def within(self, signs: set[str]) -> Iterator[str]:
        """Yield the words that such signs can make."""
        for first in signs & self._by_ends.keys():
            by_last = self._by_ends[first]
            for last in signs & by_last.keys():
                for word in by_last[last]:
                    if signs.issuperset(word) or signs.issuperset(unicodedata.normalize("NFKC", word)):
                        yield word

    def in_order(self, signs: set[str]) -> tuple[str, ...]:
        """Return them in the order in which they came."""
        return tuple(sorted(set(self.within(signs)), key=self._order.__getitem__))


class _Together:
    """Words by their first two signs, which stand together wherever the word stands."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_pair: defaultdict[str, list[str]] = defaultdict(list)
        for word in words:
            self._by_pair[word[:2]].append(word)

    def within(self, pairs: set[str]) -> Iterator[str]:
        """Yield the words that begin with one of the pairs."""
        for pair in pairs & self._by_pair.keys():
            yield from self._by_pair[pair]


def _standing(rules: MaskRules) -> Iterator[str]:
    """Yield the words that may stand (`MaskRules.stands`); of one sign there are none."""
    names = {name for name in rules.hidden if name}
    parts = {part for name in names for part in _parts(name)}
    for word in rules.shown:
        if len(word) > 1 and word not in parts and not any(part in names for part in _parts(word)):
            yield word


def _parts(word: str) -> Iterator[str]:
    for start in range(len(word)):
        for end in range(start + 1, len(word) + 1):
            yield word[start:end]
