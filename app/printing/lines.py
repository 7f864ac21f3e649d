"""Where a Chinese line ends.

A break is never made
- before a closing mark (，。、；：？！）》” …), a lone 一字线, · or /, and never after an opening mark （《“ ¥ …;
- inside a Latin word or a number, inside —— or ……;
- between a number and its unit (15米, 50%, 3.5万元, 4月30日; 2026年|3月30日 may part);
- inside a name the caller asks to keep whole, before a space, or between a character and the accent on it.

What cannot part is a *run*. A run is split only when it starts a line and is wider than that line: then after a space
if it has one, else after the last character that fits with no mark on the wrong side, else after the last that fits.

A full line is spread to the measure by equal gaps between its characters; when the next run would leave a wide gap,
full-width marks may give up to half of themselves so that it fits after all.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

Measure = Callable[[str], Sequence[float]]
"""Returns the advance of every character of a text; of the whole text, because a name may be set in another font."""

NO_START = frozenset(
    "，。、；：？！）》〉」』】〕］｝〗”’…⋯·・•～〜々〻ー％‰℃°′″％／＊,.;:?!)]}%>/~–—-＞〞﹚﹜﹞｡､､」＂"
)
NO_END = frozenset("（《〈「『【〔［｛〖“‘¥￥$＄£€№＃#〝([{<＜／/＠@")
SPACES = " \u3000"
OPEN_QUOTE = ("opening quote", "'")
PAIRED = frozenset("—…⋯")
SHRINK_RIGHT = frozenset("，。、；：）》〉」』】〕］｝〗”’")
SHRINK_LEFT = frozenset("（《〈「『【〔［｛〖“‘")

LETTER = (
    r"0-9A-Za-z０-９Ａ-Ｚａ-ｚ\u00c0-\u024f\u0370-\u03ff\u0400-\u052f\ua4d0-\ua4ff\u1950-\u19df\U00016f00-\U00016f9f"
)
WORD = re.compile(rf"([{LETTER}!-~]{{2,}})")
NUMBER = r"[0-9０-９](?:[.,:：/~～\-–—－−×xX·]?[0-9０-９]){0,30}"
UNIT = (
    "个百分点|个工作日|工作日|个月|平方公里|平方千米|平方厘米|平方米|立方米|千瓦时|公里|千米|厘米|毫米|公顷|公斤|千克|毫克|"
    "毫升|小时|分钟|秒钟|星期|周年|周岁|人次|户次|场次|千瓦|块钱|元钱|分地|"
    "[个年月日号时分秒点天夜周岁米里亩厘方吨斤两克升元角块人户名位口条项件次场届期批份页张版章节款组队村乡镇县州市省国区社家"
    "所座栋幢间套层级台辆部艘架头只匹羽尾棵株根支把袋包箱桶瓶车趟遍回倍折成度步工票桌盏眼处段片道排行列字句类种样面孔门顶幅副双对]"
)
LATIN_UNIT = "(?:[kcm]?m[²³23]?|k?g|k?W|h|t)(?![A-Za-z])"
COUNT = rf"{NUMBER} ?(?:[%％‰℃°′″㎡㎥㎏㎞㎝㎜]|[十百千万亿]{{0,2}}[多余来]?(?:{UNIT})|[十百千万亿]{{1,2}}|{LATIN_UNIT})"
QUANTITY = re.compile(rf"(第?{COUNT})")
SMALLER = "(?:月[0-9]{1,2}[日号]|[时点][0-9]{1,2}分|分[0-9]{1,2}秒|[元块][0-9]角|亩[0-9]分)"
COMPOUND = re.compile(rf"(?=([0-9]{SMALLER}{{1,2}}))")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its text, no space at its end; where it starts in the paragraph; each character's left edge."""

    text: str
    start: int
    lefts: tuple[float, ...]
    width: float


def break_lines(
    text: str,
    room: float,
    measure: Measure,
    *,
    indent: float = 0.0,
    names: Sequence[str] = (),
    justify: bool = True,
) -> list[Line]:
    """Return the lines of one paragraph, `room` wide, the first one `indent` narrower; no line for empty text.

    `lefts` count from the line's own left edge, the indent included.
    """
    widths = list(measure(text))
    return _Breaker(text, widths, breaks(text, names), room, justify).lines(indent) if text.strip() else []


def breaks(text: str, names: Sequence[str] = ()) -> list[bool]:
    """Return for each character whether a line may start with it; the first one always may."""
    glued = bytearray(len(text))
    for start, end in _runs(text, names):
        for place in range(start + 1, end):
            glued[place] = 1
    last_ink = ""
    quotes = 0
    for place, character in enumerate(text):
        opens = character == '"' and quotes % 2 == 0
        quotes += character == '"'
        if place and (_stays_behind(text, place, opens) or last_ink in NO_END or last_ink in OPEN_QUOTE):
            glued[place] = 1
        if character not in SPACES:
            last_ink = OPEN_QUOTE[0] if opens else character.replace('"', "")
    return [not glue for glue in glued]


def _stays_behind(text: str, place: int, opens: bool) -> bool:
    """Return whether the character at `place` belongs to the one before it."""
    character, before = text[place], text[place - 1]
    if character in PAIRED:
        return before == character or (character == "—" and text[place + 1 : place + 2] != "—") or character in "…⋯"
    if character in SPACES or character == "'" or (character == '"' and not opens):
        return True
    return character in NO_START or unicodedata.category(character).startswith("M")


def _runs(text: str, names: Sequence[str]) -> list[tuple[int, int]]:
    """Return the spans that stay in one piece: words, quantities, names."""
    spans = [match.span(1) for pattern in (WORD, QUANTITY, COMPOUND) for match in pattern.finditer(text)]
    for name in names:
        if len(name) > 1:
            spans.extend(match.span() for match in re.finditer(re.escape(name), text))
    return spans


@dataclass(slots=True)
class _Breaker:
    """One paragraph being broken, from its first character on."""

    text: str
    widths: list[float]
    allowed: list[bool]
    room: float
    justify: bool
    em: float = field(init=False)
    edges: list[float] = field(init=False)
    spare: list[float] = field(init=False)

    def __post_init__(self) -> None:
        """Add up the widths, and what the marks could give."""
        self.em = max(self.widths)
        self.edges = [0.0, *accumulate(self.widths)]
        self.spare = [0.0, *accumulate(self._gives(place) for place in range(len(self.text)))]

    def _gives(self, place: int) -> float:
        """Return how much the character at `place` may be narrowed."""
        width = self.widths[place]
        marks = self.text[place] in SHRINK_RIGHT or self.text[place] in SHRINK_LEFT
        return width / 2 if marks and width > 0.8 * self.em else 0.0

    def lines(self, indent: float) -> list[Line]:
        """Return the lines from the top."""
        start, made = 0, list[Line]()
        while start < len(self.text):
            end = self._end(start, self.room - indent)
            made.append(self._line(start, end, indent))
            start, indent = end, 0.0
        return made

    def _end(self, start: int, room: float) -> int:
        """Return where the line that starts at `start` ends."""
        most = self._fits(start, room)
        if most == len(self.text):
            return most
        plain = self._legal(start, most)
        slack = room - self._ink(start, plain)
        if plain == start or slack > self.em:
            squeezed = self._legal(start, self._fits_squeezed(start, room))
            plain = max(plain, squeezed)
        return plain if plain > start else self._split(start, most)

    def _fits(self, start: int, room: float) -> int:
        """Return the furthest end whose characters, spaces at the end apart, fit."""
        end = bisect_right(self.edges, self.edges[start] + room + 1e-6) - 1
        while end < len(self.text) and self.text[end] in SPACES:
            end += 1
        return end

    def _fits_squeezed(self, start: int, room: float) -> int:
        """Return the furthest end that fits when every mark gives what it can."""
        end = self._fits(start, room)
        while end < len(self.text) and self._ink(start, end + 1) - self._spared(start, end + 1) <= room + 1e-6:
            end += 1
        return end

    def _spared(self, start: int, end: int) -> float:
        return self.spare[end] - self.spare[start]

    def _ink(self, start: int, end: int) -> float:
        """Return the width from `start` to `end` without the spaces at the end."""
        while end > start and self.text[end - 1] in SPACES:
            end -= 1
        return self.edges[end] - self.edges[start]

    def _legal(self, start: int, end: int) -> int:
        """Return the last place up to `end` where a line may end, or `start`."""
        while end > start and end < len(self.text) and not self.allowed[end]:
            end -= 1
        return end

    def _split(self, start: int, most: int) -> int:
        """Return where to split a run wider than its line: gently if it can be, always at least one character on."""
        most = max(most, start + 1)
        gentle = [end for end in range(most, start, -1) if self._gentle(end)]
        after_space = [end for end in gentle if self.text[end - 1] in SPACES]
        return (after_space or gentle or [most])[0]

    def _gentle(self, end: int) -> bool:
        """Return whether ending before `end` puts no mark on the wrong side."""
        if end == len(self.text):
            return True
        before, after = self.text[end - 1], self.text[end]
        torn = before == after and after in PAIRED
        return not (
            torn
            or before in NO_END
            or after in NO_START
            or after in SPACES
            or unicodedata.category(after).startswith("M")
        )

    def _line(self, start: int, end: int, indent: float) -> Line:
        text = self.text[start:end].rstrip(SPACES)
        end = start + len(text)
        room, natural = self.room - indent, self._ink(start, end)
        widths = self.widths[start:end]
        if natural > room + 1e-6:
            lefts, width = self._squeezed(start, end, natural - room)
        elif self.justify and end < len(self.text.rstrip(SPACES)):
            lefts, width = self._spread(start, end, room - natural)
        else:
            lefts, width = [0.0, *accumulate(widths)][: len(text)], natural
        return Line(text, start, tuple(indent + left for left in lefts), width + indent)

    def _squeezed(self, start: int, end: int, excess: float) -> tuple[list[float], float]:
        """Return left edges with `excess` taken from the marks; an opening mark gives its left half."""
        spared = self._spared(start, end)
        share = min(1.0, excess / spared) if spared else 0.0
        lefts, left = [], 0.0
        for place in range(start, end):
            given = self._gives(place) * share
            lefts.append(left - given if self.text[place] in SHRINK_LEFT else left)
            left += self.widths[place] - given
        return lefts, left

    def _spread(self, start: int, end: int, slack: float) -> tuple[list[float], float]:
        """Return left edges with `slack` shared among the gaps outside words; untouched when the gaps would gape."""
        opened = [place > start and not _in_word(self.text, place) for place in range(start, end)]
        gaps = sum(opened)
        gap = slack / gaps if gaps else 0.0
        gap = gap if gap <= self.em / 2 else 0.0
        lefts, left = [], 0.0
        for place, opens in zip(range(start, end), opened, strict=True):
            left += gap * opens
            lefts.append(left)
            left += self.widths[place]
        return lefts, left


def _in_word(text: str, place: int) -> bool:
    """Return whether the gap before `place` lies inside a Latin word or a number."""
    return bool(WORD.fullmatch(text[place - 1 : place + 1]))
