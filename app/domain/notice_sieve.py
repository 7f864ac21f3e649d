"""The sieve before the masks: of thousands of names, those that a text could hold at all.

`masked` and `leaks` look for every name of their rules, which suits the few hundred of one village; before a sealing
the names of a whole township are looked for in every text. For each text a sieve finds smaller rules under which both
say the same as under all of them: names and words that stand in it once everything is taken out that is no letter and
no digit (and the words that may stand, as `leaks` does), one name of every surname that stands in it as one calls
people (老李, 李家), and one of every given name that stands in it as one calls people by it (国强家).
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from operator import add

from app.domain.notice_mask import MaskRules, surname_of

BEFORE = frozenset("老小大阿姓")
AFTER = frozenset("家某氏二三四五六七八九大小老幺爷奶伯叔婶嬢孃寡婆姨姑舅师嫂哥姐娘妹弟媳儿女娃兄父母")
"""What stands before or after a surname wherever somebody is called by it."""
AFTER_GIVEN = frozenset("哥叔姐嫂爷伯婶家他说两一老媳户")
"""What stands after a given name wherever somebody is called by it."""
SHOWN = "\0"
"""Stands in the place of a name beside a word that may stand."""
NOBODY = frozenset("\0")
"""Surnames that stand in no text; an empty set would mean those of the names."""


_NUMERAL = "[零〇○一幺二两三四五六七八九]"
_TELLING = re.compile(
    r"\d|[Qq]{2}|[岁号栋幢座\0]|单元|门牌|电话|手机|微信|扣扣|学生|同学|孩|娃|儿[子童]|女[儿孩]|姑娘|外?孙[子女]?|幼儿|男孩|少年|"
    rf"侄[子女]|小朋友|{_NUMERAL}(?:[\s\-、－—–.·•,，]*{_NUMERAL}){{6}}"
)
"""Of these `masked` and `leaks` need one to say anything of a text that holds no name and no private word."""
_OTHERS = re.compile(r"[\W_]+")
_GAPS = re.compile(r"([^\W_])[\W_]+(?=([^\W_]))")
"""What is no letter and no digit; and what stands before and after it."""


class Sieve:
    """Made once for rules, asked for each text."""

    def __init__(self, rules: MaskRules) -> None:
        self._rules = rules
        self._names = _Together((form, name) for name in rules.hidden for form in _bare_forms(name))
        self._always, self._with_name = _Words(rules.always), _Words(rules.with_name)
        names = [name for name in reversed(rules.hidden) if len(name) > 1]
        of_surname = {surname_of(name): name for name in names}
        self._surnames = frozenset(of_surname)
        of_given = {name[len(surname_of(name)) :]: name for name in names}
        shown = ((word, SHOWN) for word in _standing(rules))
        given = ((word, name) for word, name in of_given.items() if len(word) > 1)
        self._around = _Together((*shown, *given))
        self._calls = {call: name for surname, name in of_surname.items() for call in _calls(surname)}
        self._keys = self._names.keys | self._around.keys | self._calls.keys()
        self._nothing = replace(rules, hidden=(), shown=(), always=(), with_name=(), surnames=NOBODY)

    def lets_pass(self, text: str, narrow: MaskRules) -> bool:
        """Return whether these rules, which are those for a text, can for sure hide nothing of it nor find a leak."""
        is_bare = narrow is self._nothing and not narrow.chosen
        return is_bare and not _TELLING.search(unicodedata.normalize("NFKC", text))

    def rules_for(self, text: str) -> MaskRules:
        """Return the part of the rules that says of this text all that the whole says."""
        normal = unicodedata.normalize("NFKC", text)
        forms = (text,) if normal == text else (text, normal)
        bare = {_bare(form) for form in forms}
        pairs = self._pairs(forms)
        around = list(self._around.beginning(pairs))
        shown = {word for word, name in around if name is SHOWN}
        joined = normal
        for word in sorted((word for word in shown if word in normal), key=lambda word: (-len(word), word)):
            joined = joined.replace(word, "")
        close = pairs.union(_pairs_over(forms))
        if joined is not normal:
            bare.add(_bare(joined))
            close |= self._pairs((_bare(joined),))
        hidden = {name for form, name in self._names.beginning(close) if any(form in one for one in bare)}
        called = [self._calls[call] for call in pairs if call in self._calls] if pairs else []
        hidden.update(called)
        hidden.update(name for given, name in around if name is not SHOWN and _is_call(given, forms))
        always, with_name = self._always.within(bare), self._with_name.within(bare)
        if not (hidden or shown or always or with_name):
            return self._nothing
        rules, surnames = self._rules, self._surnames if called else NOBODY
        names = (tuple(sorted(hidden)), tuple(sorted(shown)), rules.phones)
        return MaskRules(*names, always, with_name, rules.chosen, rules.lifted, surnames)

    def _pairs(self, forms: Iterable[str]) -> frozenset[str]:
        """Return which of the pairs that are looked for stand in these texts."""
        return frozenset().union(*(self._keys.intersection(map(add, form, form[1:])) for form in forms))


def _bare(text: str) -> str:
    return _OTHERS.sub("", text)


def _pairs_over(forms: Iterable[str]) -> Iterator[str]:
    """Yield the letters and digits that stand together once what is between them is taken out."""
    return (before + after for form in forms for before, after in _GAPS.findall(form))


def _bare_forms(word: str) -> set[str]:
    if word.isalnum() and unicodedata.is_normalized("NFKC", word):
        return {word}
    return {_bare(word), _bare(unicodedata.normalize("NFKC", word))}


def _calls(surname: str) -> Iterator[str]:
    """Yield the two signs that stand together wherever somebody is called by a surname."""
    if len(surname) > 1:
        yield surname[:2]
    else:
        yield from (before + surname for before in BEFORE)
        yield from (surname + after for after in AFTER)


def _is_call(given: str, forms: Iterable[str]) -> bool:
    return any(after[:1] in AFTER_GIVEN for form in forms for after in form.split(given)[1:] if after)


class _Together:
    """Words by the first two signs of a form of theirs, which stand together wherever the form stands."""

    def __init__(self, words: Iterable[tuple[str, str]]) -> None:
        self._by_pair: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for form, word in words:
            self._by_pair[form[:2]].append((form, word))
        self.keys = frozenset(self._by_pair)
        self._short = [one for pair, found in self._by_pair.items() if len(pair) < 2 for one in found]

    def beginning(self, pairs: frozenset[str]) -> Iterator[tuple[str, str]]:
        """Yield the forms and words that begin with one of the pairs, and those that are shorter."""
        yield from self._short
        for pair in pairs:
            if pair in self._by_pair:  # asking for it must not add it
                yield from self._by_pair[pair]


class _Words:
    """A few hundred words in their order, of which most texts hold none."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = [(word, _bare_forms(word)) for word in dict.fromkeys(words) if word]
        longest = sorted({form for _, forms in self._words for form in forms}, key=lambda form: (-len(form), form))
        self._any = re.compile("|".join(map(re.escape, longest)) if longest else "(?!)")

    def within(self, bare: set[str]) -> tuple[str, ...]:
        """Return those that stand in one of the texts, of which only letters and digits are left."""
        if not any(self._any.search(one) for one in bare):
            return ()
        return tuple(word for word, forms in self._words if any(form in one for form in forms for one in bare))


def _standing(rules: MaskRules) -> Iterator[str]:
    """Yield the words that may stand (`MaskRules.stands`); of one sign there are none."""
    names = {name for name in rules.hidden if name}
    words = {word for word in rules.shown if len(word) > 1}
    sizes, shown_sizes = set(map(len, names)), set(map(len, words))
    within = {name[at : at + size] for name in names for size in shown_sizes for at in range(len(name) - size + 1)}
    beginnings = {name[:2] for name in names}
    for word in words - within:
        # Where no two signs stand together with which a name begins, there is none; of one sign there hardly is any.
        has_none = 1 not in sizes and beginnings.isdisjoint(map(add, word, word[1:]))
        if has_none or not any(part in names for size in sizes for part in _parts(word, size)):
            yield word


def _parts(word: str, size: int) -> Iterator[str]:
    return (word[start : start + size] for start in range(len(word) - size + 1))
