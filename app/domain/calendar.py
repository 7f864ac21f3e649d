"""Calendar: the words people use for a day, workdays, and the lunar line.

A clerk types `430`, `+20`, `月底` or `清明前`; with the input method off, the initials of the words do as well (`yd`,
`qmq`, `z5`). A day without a year is the next one to come.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, partial
from types import MappingProxyType

from app.domain import pinyin, wording

_NUMERAL_VALUES = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_NUMERALS = re.compile(r"([〇零一二两三四五六七八九十百]+)(?=年|月|日|号|天|个|周(?![一二三四五六日天]))")
_SAID_WEEKDAY = re.compile(r"(?<=[\d日号])(?:周|星期|礼拜)[一二三四五六日天]$")
_MONTH_AND_DAY = re.compile(r"(?:(明年|今年|后年|(\d{4})[年\-/.]))?(\d{1,2})[月\-/.](\d{1,2})[日号]?(?:之前|以前|前)?")
_DAY_OF_MONTH = re.compile(r"(下个?月)?(\d{1,2})[日号]?(?:之前|以前|前)?")
_FROM_TODAY = re.compile(r"\+?(\d{1,6})(天|日|周|个?星期|个?礼拜|个?月|年|t|z|gy|)(?:后|以后|之后|内|之内|以内)?")
_DAYS_OF = {"天": 1, "日": 1, "t": 1, "": 1, "周": 7, "z": 7, "星期": 7, "礼拜": 7}
_MONTHS_OF = {"月": 1, "gy": 1, "年": 12}
_YEARS_AHEAD = {"今年": 0, "明年": 1, "后年": 2}
_FURTHEST_YEARS = 100
_FIXED_FESTIVALS = {
    "元旦": (1, 1),
    "妇女节": (3, 8),
    "泼水节": (4, 13),
    "五一": (5, 1),
    "劳动节": (5, 1),
    "七一": (7, 1),
    "八一": (8, 1),
    "国庆": (10, 1),
    "十一": (10, 1),
}
_LUNAR_FESTIVALS = {
    "春节": (1, 1),
    "元宵": (1, 15),
    "端午": (5, 5),
    "火把节": (6, 24),
    "七夕": (7, 7),
    "中秋": (8, 15),
    "重阳": (9, 9),
}
_SOLAR_TERMS = (
    *("小寒", "大寒", "立春", "雨水", "惊蛰", "春分", "清明", "谷雨", "立夏", "小满", "芒种", "夏至"),
    *("小暑", "大暑", "立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬", "小雪", "大雪", "冬至"),
)


@dataclass(frozen=True, slots=True)
class Day:
    """A day that was understood.

    `echo` is what stands beside the field (4月30日 周四) and reads back as the same day; `notes` are quiet remarks.
    """

    date: date
    echo: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotADay:
    """Words that are no day, with the sentence for under the field."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A day found by counting workdays; not `known` when a year on the way has no holiday notice yet."""

    date: date
    known: bool


@dataclass(frozen=True, slots=True)
class Workdays:
    """Who rests when: the State Council's notices, by day."""

    years: frozenset[int] = frozenset()
    rest: Mapping[date, str] = field(default_factory=lambda: MappingProxyType({}))
    work: Mapping[date, str] = field(default_factory=lambda: MappingProxyType({}))

    def is_workday(self, day: date) -> bool:
        """Return whether offices are open; Monday to Friday when the year has no notice."""
        return day in self.work or (day.weekday() < 5 and day not in self.rest)

    def knows(self, day: date) -> bool:
        """Return whether the notice for the year of this day is here."""
        return day.year in self.years

    def remark(self, day: date) -> str:
        """Return what is unusual about a day: a holiday, a weekend, a weekend worked; empty when nothing is."""
        if day in self.rest:
            return f"这天{self.rest[day]}放假"
        if day in self.work:
            return "这天调休上班"
        return f"这天是{wording.weekday(day)}" if day.weekday() > 4 else ""


NO_NOTICE = Workdays()


def read_workdays(notices: Iterable[Mapping[str, object]]) -> Workdays:
    """Return the table of all notices (`resources.holiday_notices()`).

    Raises:
        ValueError: A notice lacks a part or has one of the wrong kind.
    """
    years: set[int] = set()
    rest: dict[date, str] = {}
    work: dict[date, str] = {}
    for notice in notices:
        year, holidays = notice.get("year"), notice.get("holiday")
        if not isinstance(year, int) or not isinstance(holidays, list):
            raise ValueError("a holiday notice needs a year and its holidays")
        years.add(year)
        for holiday in holidays:
            _enter(holiday, rest, work)
    return Workdays(frozenset(years), MappingProxyType(rest), MappingProxyType(work))


def workdays_after(day: date, count: int, table: Workdays) -> Counted:
    """Return the `count`-th workday after a day, or before it when `count` is negative; the day itself for 0."""
    step = timedelta(days=1 if count > 0 else -1)
    left, known = abs(count), True
    while left:
        day += step
        known = known and table.knows(day)
        left -= table.is_workday(day)
    return Counted(day, known)


def lunar_day(day: date) -> str:
    """Return 农历二月十二."""
    from lunar_python import Solar

    lunar = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    return f"农历{lunar.getMonthInChinese()}月{lunar.getDayInChinese()}"


def read_day(words: str, today: date, table: Workdays = NO_NOTICE) -> Day | NotADay:
    """Return the day that is meant, or the clerk's sentence saying what is wrong.

    Understands 430, 0430, 4.30, 4/30, 4月30日, 20270115, 2027-01-15, 30号, +20, 20天, 3周, 2个月, 半个月, 今天 to
    大后天, 月底, 下月底, 年底, 周五, 下周三, festivals and solar terms with 前 and 后, full-width signs, and the words
    by their initials.
    """
    said = _plain(words)
    if not said:
        return NotADay("写个日子：430、+20、月底、清明前都行")
    for reader in (_digits, _month_and_day, _day_of_month, _from_today, _phrase):
        found = reader(said, today)
        if isinstance(found, NotADay):
            return found
        if found:
            return _seen(found, today, table)
    return NotADay(f"没看懂“{words.strip()[:12]}”。写 430、+20、月底、清明前都行")


def read_past_day(words: str, today: date) -> Day | NotADay:
    """Return the day that is meant where it has come already: 518 and 18号 are the last ones there were.

    Understands what `read_day` does, and 昨天 and 前天; a day that lies ahead all the same is told.
    """
    said = _plain(words)
    gone = _GONE.get(said)
    if gone is not None:
        return Day(today - timedelta(days=gone), wording.short_day_with_weekday(today - timedelta(days=gone)))
    found = read_day(words, today)
    if isinstance(found, NotADay):
        return found
    day = found.date
    if day > today and _DAY_OF_MONTH.fullmatch(said):
        day = months_on(day, -1)
    elif day > today and (re.fullmatch(r"\d{3,4}", said) or _is_without_year(said)):
        day = months_on(day, -12)
    if day > today:
        return NotADay("那天还没到，走了再记")
    return Day(day, (wording.short_day_with_weekday if day.year == today.year else wording.full_day_with_weekday)(day))


_GONE = {word: days for days, words in enumerate(("今天 jt", "昨天 zt", "前天 qt")) for word in words.split()}


def _is_without_year(said: str) -> bool:
    found = _MONTH_AND_DAY.fullmatch(said)
    return bool(found and not found[1] and not found[2])


def _seen(day: date, today: date, table: Workdays) -> Day | NotADay:
    if abs(day.year - today.year) > _FURTHEST_YEARS:
        return NotADay("太远了，写近一点的日子")
    comes_by_itself = day.year == today.year and day >= today
    echo = wording.short_day_with_weekday(day) if comes_by_itself else wording.full_day_with_weekday(day)
    return Day(day, echo, tuple(note for note in (_distance_note(day, today), table.remark(day)) if note))


def _distance_note(day: date, today: date) -> str:
    if day < today:
        return "这天已经过了"
    return "在一年以后" if (day.year - 1, day.month, day.day) > (today.year, today.month, today.day) else ""


def _plain(words: str) -> str:
    said = "".join(pinyin.fold(words).split()).replace("。", ".").replace("．", ".")
    said = said.replace("半个月", "15天").replace("半月", "15天").replace("半年", "6个月")
    said = _NUMERALS.sub(lambda found: str(_value(found[1])), said)
    return _SAID_WEEKDAY.sub("", said)


def _value(numeral: str) -> int:
    """Return 30 for 三十, 2026 for 二〇二六."""
    if not {"十", "百"} & set(numeral):
        return int("".join(str(_NUMERAL_VALUES[sign]) for sign in numeral))
    total, digit = 0, 1 if numeral[0] in "十百" else 0
    for sign in numeral:
        if sign in "十百":
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            digit = _NUMERAL_VALUES[sign]
    return total + digit if numeral[-1] not in "十百" else total


def _digits(said: str, today: date) -> date | NotADay | None:
    if not re.fullmatch(r"\d{3,4}|\d{8}", said):
        return None
    if len(said) == 8:
        return _dated(int(said[:4]), int(said[4:6]), int(said[6:]))
    return _coming(int(said[:-2]), int(said[-2:]), today)


def _month_and_day(said: str, today: date) -> date | NotADay | None:
    found = _MONTH_AND_DAY.fullmatch(said)
    if not found:
        return None
    ahead, year, month, day = found[1], found[2], int(found[3]), int(found[4])
    if year:
        return _dated(int(year), month, day)
    return _dated(today.year + _YEARS_AHEAD[ahead], month, day) if ahead else _coming(month, day, today)


def _day_of_month(said: str, today: date) -> date | NotADay | None:
    found = _DAY_OF_MONTH.fullmatch(said)
    if not found:
        return None
    number = int(found[2])
    if found[1]:
        following = months_on(today.replace(day=1), 1)
        return _dated(following.year, following.month, number)
    if not 1 <= number <= 31:
        return NotADay(f"没有 {number} 号")
    month = today.replace(day=1)
    while number > _length(month) or month.replace(day=number) < today:
        month = months_on(month, 1)
    return month.replace(day=number)


def _from_today(said: str, today: date) -> date | NotADay | None:
    found = _FROM_TODAY.fullmatch(said)
    if not found:
        return None
    count, unit = int(found[1]), found[2].removeprefix("个")
    if count > 366 * _FURTHEST_YEARS:
        return NotADay("太远了，写近一点的日子")
    if unit in _DAYS_OF:
        days = count * _DAYS_OF[unit]
        return today + timedelta(days=days) if days <= 366 * _FURTHEST_YEARS else NotADay("太远了，写近一点的日子")
    months = count * _MONTHS_OF[unit]
    return months_on(today, months) if months <= 12 * _FURTHEST_YEARS else NotADay("太远了，写近一点的日子")


def _phrase(said: str, today: date) -> date | NotADay | None:
    phrases = _phrases()
    meant = [said] if said in phrases else _by_sound().get(said, [])
    days = {word: phrases[word](today) for word in meant}
    if len(set(days.values())) > 1:
        return NotADay(f"“{said}”可以是{'或'.join(days)}，多打一个字母")
    return next(iter(days.values()), None)


def _coming(month: int, day: int, today: date) -> date | NotADay:
    passed = (month, day) < (today.month, today.day)
    return _dated(today.year + passed, month, day)


def _dated(year: int, month: int, day: int) -> date | NotADay:
    if not 1 <= month <= 12:
        return NotADay(f"没有 {month} 月")
    if not 1 <= year < 9999:
        return NotADay(f"没有 {year} 年")
    if day < 1:
        return NotADay("没有 0 日")
    if day > _length(date(year, month, 1)):
        return NotADay(f"{wording.numeral(month)}月只有 {_length(date(year, month, 1))} 天")
    return date(year, month, day)


def _length(month: date) -> int:
    return monthrange(month.year, month.month)[1]


def months_on(day: date, months: int) -> date:
    """Return the same day some months later, or the last of that month when it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    return first.replace(day=min(day.day, _length(first)))


def _days_on(days: int, today: date) -> date:
    return today + timedelta(days=days)


def _year_end(years: int, today: date) -> date:
    return date(today.year + years, 12, 31)


def _month_end(months: int, today: date) -> date:
    month = months_on(today.replace(day=1), months)
    return month.replace(day=_length(month))


def _coming_weekday(number: int, today: date) -> date:
    return today + timedelta(days=(number - today.weekday()) % 7)


def _weekday_of_week(number: int, weeks: int, today: date) -> date | NotADay:
    day = today + timedelta(days=number - today.weekday() + 7 * weeks)
    return day if day >= today else NotADay(f"这{wording.WEEKDAYS[number]}已经过了，下{wording.WEEKDAYS[number]}？")


Meaning = Callable[[date], date | NotADay]


@cache
def _phrases() -> dict[str, Meaning]:
    """Return every word for a day and what it means seen from today."""
    words: dict[str, Meaning] = {}
    for distance, word in enumerate(("今天", "明天", "后天", "大后天")):
        words[word] = partial(_days_on, distance)
    for months, name in ((0, "月底"), (0, "本月底"), (0, "这个月底"), (1, "下月底"), (1, "下个月底")):
        words[name] = words[f"{name}前"] = partial(_month_end, months)
    for years, name in ((0, "年底"), (0, "今年底"), (1, "明年底")):
        words[name] = words[f"{name}前"] = partial(_year_end, years)
    return words | _weekday_phrases() | _festival_phrases()


def _weekday_phrases() -> dict[str, Meaning]:
    words: dict[str, Meaning] = {}
    for number, signs in enumerate(("一1", "二2", "三3", "四4", "五5", "六6", "日天7")):
        for name in (week + sign for week in ("周", "星期", "礼拜") for sign in signs):
            words[name] = partial(_coming_weekday, number)
            for prefix, weeks in (("本", 0), ("这", 0), ("下", 1), ("下个", 1), ("下下", 2)):
                words[prefix + name] = partial(_weekday_of_week, number, weeks)
    return words


def _festival_phrases() -> dict[str, Meaning]:
    words: dict[str, Meaning] = {}
    for name in ("除夕", *_FIXED_FESTIVALS, *_LUNAR_FESTIVALS, *_SOLAR_TERMS):
        for spelling in dict.fromkeys((name, name.removesuffix("节") + "节")):
            for after, distance in (("", 0), ("前", -1), ("后", 1)):
                words[spelling + after] = partial(_next, name, distance)
    return words


@cache
def _by_sound() -> dict[str, list[str]]:
    """Return the words by initials and full pinyin; a commoner word keeps a spelling from the rarer ones after it."""
    sounds: dict[str, list[str]] = {}
    festivals = _festival_phrases()
    for word in _phrases():
        for spelling in pinyin.keys(word):
            if word not in festivals or all(other in festivals for other in sounds.get(spelling, ())):
                sounds.setdefault(spelling, []).append(word)
    return sounds


def _next(name: str, distance: int, today: date) -> date | NotADay:
    days = (_festival(name, year) + timedelta(days=distance) for year in range(today.year, today.year + 3))
    return next(day for day in days if day >= today)


@cache
def _festival(name: str, year: int) -> date:
    """Return the day of a festival or solar term that falls in a year."""
    if name in _FIXED_FESTIVALS:
        return date(year, *_FIXED_FESTIVALS[name])
    if name in _LUNAR_FESTIVALS:
        return _from_lunar(year, *_LUNAR_FESTIVALS[name])
    return _solar_term(name, year) if name in _SOLAR_TERMS else _from_lunar(year, 1, 1) - timedelta(days=1)


def _from_lunar(year: int, month: int, day: int) -> date:
    from lunar_python import Lunar

    return date.fromisoformat(str(Lunar.fromYmd(year, month, day).getSolar().toYmd()))


def _solar_term(name: str, year: int) -> date:
    from lunar_python import Solar

    # The table of a lunar year names the terms from last December's 冬至 on; this December's comes under another key.
    key = "DONG_ZHI" if name == "冬至" else name
    return date.fromisoformat(str(Solar.fromYmd(year, 6, 1).getLunar().getJieQiTable()[key].toYmd()))


def _enter(holiday: object, rest: dict[date, str], work: dict[date, str]) -> None:
    if not isinstance(holiday, dict):
        raise ValueError("a holiday is a table of name, first, last and work")
    name, first, last, worked = (holiday.get(key) for key in ("name", "first", "last", "work"))
    if not (isinstance(name, str) and isinstance(first, date) and isinstance(last, date) and isinstance(worked, list)):
        raise ValueError("a holiday needs name, first, last and work")
    for distance in range((last - first).days + 1):
        rest[first + timedelta(days=distance)] = name
    for day in worked:
        if not isinstance(day, date):
            raise ValueError(f"not a day: {day!r}")
        work[day] = name
