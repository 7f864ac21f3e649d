"""The last look at a notice: the finished text is read once more, and whatever it should not hold is named.

It shares no pattern with `app.domain.notice_mask`. Everything that is no letter or digit is taken out first, so that
blanks, hyphens and full-width signs hide nothing; what stays is searched for names, digits, ages, doors and words.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from app.domain.errors import IdNumberRefused
from app.domain.notice_mask import HOTLINES, MaskRules, surname_of
from app.domain.people import refuse_forbidden_numbers

_CHINESE = str.maketrans("零〇○一幺二两三四五六七八九", "00011223456789")
_NUMERALS = {sign: number for number, sign in enumerate("一二三四五六七八九十", start=1)}
_DATES = re.compile(
    r"\d{4}年\d{1,2}月(?:\d{1,2}[日号])?|(?:19|20)\d{2}[-./]\d{1,2}[-./]\d{1,2}"
    r"|(?:19|20)\d{2}[-—–~至到](?:19|20)?\d{2}(?=年)|\d{1,2}[:.]\d{2}[-—–~至到]\d{1,2}[:.]\d{2}|(?:19|20)\d{2}[01]\d[0-3]\d"
)
_FIGURE = re.compile(r"\d")
_OTHERS = re.compile(r"[\W_]+")
_NUMERALS_SAID = re.compile(r"[零〇○一幺二两三四五六七八九](?:[\s\-、]*[零〇○一幺二两三四五六七八九]){6,}")
_COUNTED = "元万亿米平立方公吨亩株棵工度人户次个千克升块毫厘"
"""How a long number goes on that counts something."""
GROWN_UP = 18
_ADDRESS_ENDS = "组村寨路街巷弄里社队苑园"
LONGEST_SHORT_PHONE, SHORTEST_PHONE = 6, 7


def leaks(text: str, rules: MaskRules) -> tuple[str, ...]:
    """Return what a text for the public must not hold, each as a sentence; empty when it may be posted."""
    whole = unicodedata.normalize("NFKC", text)
    shown = (name for name in rules.shown if name in whole and rules.stands(name))
    for name in sorted(shown, key=lambda name: (-len(name), name)):
        whole = whole.replace(name, "\n")
    bare = _bare(whole)
    told = [f"还有村民的姓名：{name}" for name in dict.fromkeys(rules.hidden) if len(name) > 1 and name in bare]
    told += [f"还有对村民的称呼：{word}" for word in _calls(whole, rules) if word not in rules.lifted]
    told += _numbers(whole, rules)
    told += [f"还有未成年人的年龄：{age}岁" for age in _ages(whole)]
    told += [f"还有门牌：{door}" for door in _doors(whole) if not any(door in one for one in rules.lifted)]
    told += [f"还有健康或家事的字眼：{word}" for word in _words(whole, rules)]
    told += [f"还有要您自己选着遮的：{word}" for word in rules.chosen if word and _bare(word) in bare]
    return tuple(dict.fromkeys(told))


def _bare(text: str) -> str:
    return _OTHERS.sub("", unicodedata.normalize("NFKC", text))


def _calls(text: str, rules: MaskRules) -> Iterator[str]:
    """Yield the commonest ways to call a villager that still stand."""
    surnames = dict.fromkeys(surname_of(name) for name in rules.hidden if len(name) > 1)
    for one in surnames:
        yield from (
            word for word in (f"老{one}家", f"{one}家老二", f"{one}家老大", f"{one}大爷", f"{one}大妈") if word in text
        )


def _numbers(text: str, rules: MaskRules) -> Iterator[str]:
    office = _office_numbers(rules.phones)
    has_figures = _FIGURE.search(text)
    dated = _DATES.sub("日", text) if has_figures else text
    for run in re.finditer(r"\d(?:[\s\-—–.·()（）]*\d)*", dated) if has_figures else ():
        digits, after = re.sub(r"\D", "", run[0]), dated[run.end() :].lstrip(" 余多来")[:1]
        if digits in office or len(digits) < SHORTEST_PHONE or (after and after in _COUNTED and len(digits) < 11):
            continue
        yield _number_words(digits)
    for run in _NUMERALS_SAID.finditer(dated):
        digits = re.sub(r"\D", "", run[0].translate(_CHINESE))
        if digits not in office:
            yield f"还有像电话的数字：{run[0]}"


@lru_cache(64)
def _office_numbers(phones: tuple[str, ...]) -> frozenset[str]:
    return frozenset({re.sub(r"\D", "", unicodedata.normalize("NFKC", phone)) for phone in phones} | set(HOTLINES))


def _number_words(digits: str) -> str:
    try:
        refuse_forbidden_numbers(digits)
    except IdNumberRefused:
        return f"还有身份证号或银行卡号：{digits}"
    return f"还有像电话或号码的数字：{digits}"


def _ages(text: str) -> Iterator[str]:
    """Yield the ages under eighteen, figures or numerals; 十六岁以上 is a rule, nobody's age."""
    if "岁" not in text:
        return
    for found in re.finditer(r"(\d+|[一二三四五六七八九十百]+)\s*周?岁(?!以上|及以上|以下)", text):
        age = int(found[1]) if found[1].isdecimal() else _numeral(found[1])
        if age < GROWN_UP:
            yield found[1]


def _numeral(text: str) -> int:
    """Return what Chinese numerals up to ninety-nine say; more is grown up anyway."""
    if "百" in text:
        return 100
    tens, ten, ones = text.rpartition("十")
    return (_NUMERALS.get(tens, 1) * 10 if ten else 0) + _NUMERALS.get(ones, 0)


def _doors(text: str) -> Iterator[str]:
    """Yield house numbers: figures between the end of an address and 号."""
    if "号" not in text:
        return
    for place, sign in enumerate(text):
        if sign != "号":
            continue
        start = place
        while start and (text[start - 1].isdecimal() or text[start - 1] in _NUMERALS or text[start - 1] == "-"):
            start -= 1
        if (
            start < place
            and start
            and text[start - 1] in _ADDRESS_ENDS
            and text[place + 1 : place + 2] not in tuple("线文令桥机井点")
        ):
            yield text[start : place + 1]


def _words(text: str, rules: MaskRules) -> Iterator[str]:
    """Yield private words; one that a person lets stand is told only beside somebody's name."""
    if not (rules.always or rules.with_name):
        return
    for sentence in re.split(r"[。！？；\n]", text):
        bare = _bare(sentence)
        names = "某某" in bare or any(name in bare for name in rules.hidden)
        for word in (*rules.always, *(rules.with_name if names else ())):
            if word in bare and (names or word not in rules.lifted):
                yield word
