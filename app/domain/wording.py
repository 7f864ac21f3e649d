"""Wording: numbers, dates, names and money as officials write them.

Every number and date a person sees passes here. Thin spaces around numbers are the painter's business and never stored.
"""

import errno
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

_OF_A_DISK = {
    errno.ENOSPC: "磁盘满了",
    errno.EDQUOT: "给这个用户的磁盘用完了",
    errno.EROFS: "磁盘只能读",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.ENOTDIR: "路上有一段不是文件夹",
    errno.EISDIR: "是文件夹，不是文件",
    errno.EIO: "磁盘读写出错",
}
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
PENDING_NUMBER = "待编号"
_DIGITS = "〇一二三四五六七八九"
_PLACES = ("", "十", "百", "千")
_MYRIADS = ("", "万", "亿", "万亿")
_NEAR_DAYS = {-2: "前天", -1: "昨天", 0: "今天", 1: "明天", 2: "后天"}
_TWO_SIGNS = (
    "欧阳上官司马司徒诸葛尉迟长孙令狐皇甫慕容夏侯东方公孙宇文轩辕端木独孤南宫"
    "西门百里呼延澹台申屠太史公冶钟离闾丘万俟闻人赫连淳于单于濮阳宗政仲孙鲜于"
)
_INNER_QUOTES = str.maketrans("“”", "‘’")
_COMPOUND_SURNAMES = frozenset(_TWO_SIGNS[at : at + 2] for at in range(0, len(_TWO_SIGNS), 2))


def why_not(error: OSError) -> str:
    """Return in a few words why a disk would not; what the system says itself where we have no words of our own."""
    return _OF_A_DISK.get(error.errno or 0) or error.strerror or type(error).__name__


def quoted(title: str) -> str:
    """Return “石墙 15 米挡墙”; quotation marks in the title become inner ones: “‘清明客’旧俗怎么改”."""
    return f"“{title.translate(_INNER_QUOTES)}”"


def full_day(day: date) -> str:
    """Return 2026年3月5日, the form of papers: no zero before month and day (GB/T 9704, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def short_day(day: date) -> str:
    """Return 4月30日."""
    return f"{day.month}月{day.day}日"


def weekday(day: date) -> str:
    """Return 周四."""
    return WEEKDAYS[day.weekday()]


def short_day_with_weekday(day: date) -> str:
    """Return 4月30日 周四."""
    return f"{short_day(day)} {weekday(day)}"


def full_day_with_weekday(day: date) -> str:
    """Return 2027年1月15日 周五."""
    return f"{full_day(day)} {weekday(day)}"


def day_seen_from(day: date, today: date) -> str:
    """Return 4月30日, with the year only when it is not this year."""
    return short_day(day) if day.year == today.year else full_day(day)


def home_day(day: date) -> str:
    """Return 三月三十日, the date line of the home screen."""
    return f"{numeral(day.month)}月{numeral(day.day)}日"


def numeral_day(day: date) -> str:
    """Return 二〇二六年三月五日."""
    return f"{digit_by_digit(day.year)}年{home_day(day)}"


def clock(moment: datetime) -> str:
    """Return 10:42."""
    return f"{moment:%H:%M}"


def clock_with_seconds(moment: datetime) -> str:
    """Return 10:42:07."""
    return f"{moment:%H:%M:%S}"


def stopwatch(seconds: float) -> str:
    """Return 00:42:18; never less than zero."""
    whole = max(0, int(seconds))
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"


def length_of_time(length: timedelta) -> str:
    """Return 1 小时 18 分, 2 天 3 小时 or 不到 1 分; the two largest parts, never negative."""
    minutes = max(0, int(length.total_seconds())) // 60
    days, hours, left = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [f"{count} {unit}" for count, unit in ((days, "天"), (hours, "小时"), (left, "分")) if count]
    return " ".join(parts[:2]) or "不到 1 分"


def time_until(moment: datetime, now: datetime) -> str:
    """Return 还有 1 小时 18 分, or 已到时间."""
    return f"还有 {length_of_time(moment - now)}" if moment > now else "已到时间"


def relative_day(day: date, today: date) -> str:
    """Return a day as people say it: 今天, 明天, 周三 (this week), 下周三, 4月30日, 2027年1月15日."""
    distance = (day - today).days
    if distance in _NEAR_DAYS:
        return _NEAR_DAYS[distance]
    weeks = (_monday(day) - _monday(today)).days // 7
    if distance > 0 and weeks in (0, 1):
        return ("", "下")[weeks] + weekday(day)
    return day_seen_from(day, today)


def due_words(due: date, today: date) -> str:
    """Return 逾期 3 天 for a day that has passed, otherwise the day as people say it."""
    late = (today - due).days
    return f"逾期 {late} 天" if late > 0 else relative_day(due, today)


def numeral(number: int) -> str:
    """Return 十二, 二十, 一百零五, 一万二千; zero is 零."""
    if number < 0:
        return "负" + numeral(-number)
    if number == 0:
        return "零"
    text = _numeral_parts(number)
    return text[1:] if text.startswith("一十") else text


def digit_by_digit(number: int) -> str:
    """Return 二〇二六, as years are written."""
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def circled(number: int) -> str:
    """Return ① to ㊿; (51) for what has no circle."""
    if 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if 21 <= number <= 35:
        return chr(0x3251 + number - 21)
    if 36 <= number <= 50:
        return chr(0x32B1 + number - 36)
    return f"({number})"


def case_number(head: str, year: int, number: int | None) -> str:
    """Return 云砚维协〔2026〕3号; 待编号 while no number is given, for only the issuing office counts."""
    return PENDING_NUMBER if number is None else f"{head}〔{year}〕{number}号"


def percent(part: int, whole: int) -> str:
    """Return 84.4%, without a needless .0; a dash when there is no whole."""
    if whole == 0:
        return "—"
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10}%" if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}%"


def plain_number(amount: str) -> str:
    """Return a decimal string without needless zeros: 15000.00 is 15000, 0.50 is 0.5.

    Raises:
        ValueError: Not a decimal number.
    """
    try:
        number = Decimal(amount)
    except InvalidOperation:
        raise ValueError(f"not a decimal number: {amount!r}") from None
    if not number.is_finite():
        raise ValueError(f"not a decimal number: {amount!r}")
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def yuan(amount: str) -> str:
    """Return 15000元 or 2000.50元, as papers write a sum given as a decimal string."""
    return f"{_cents(amount)}元"


def yuan_sign(amount: str) -> str:
    """Return ¥15,000 or ¥2,000.50, for columns of figures."""
    whole, _, cents = _cents(amount).partition(".")
    return f"¥{int(whole):,}" + (f".{cents}" if cents else "")


def masked_name(name: str) -> str:
    """Return 李某某 for a name on a public copy; a compound surname is kept whole, a Latin name keeps one letter."""
    name = name.strip()
    if not name or name[0].isascii():
        return name[:1] + "***" if name else ""
    family = name[:2] if name[:2] in _COMPOUND_SURNAMES and len(name) > 2 else name[:1]
    given = [sign for sign in name[len(family) :] if sign.isalnum()]
    return family + "某" * min(2, max(1, len(given)))


def masked_phone(phone: str) -> str:
    """Return 138****3217; of a short number only the last two digits stay."""
    digits = "".join(sign for sign in phone if sign.isdecimal())
    if len(digits) < 8:
        return "*" * max(0, len(digits) - 2) + digits[-2:]
    return digits[: len(digits) - 8] + "****" + digits[-4:]


def listed(words: Sequence[str], most: int = 3) -> str:
    """Return 甲、乙、丙等: the first few words, and 等 when there are more."""
    return "、".join(words[:most]) + ("等" if len(words) > most else "")


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _cents(amount: str) -> str:
    text = plain_number(amount)
    return text + "0" if "." in text and len(text.partition(".")[2]) == 1 else text


def _numeral_parts(number: int) -> str:
    text, zero_pending = "", False
    for place in range(len(_MYRIADS) - 1, -1, -1):
        group = number // 10_000**place % 10_000
        if group:
            gap = "零" if text and (zero_pending or group < 1000) else ""
            text += gap + _thousands(group) + _MYRIADS[place]
        zero_pending = bool(text) and not group
    return text


def _thousands(group: int) -> str:
    text = ""
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit:
            gap = "零" if text and group // 10 ** (place + 1) % 10 == 0 else ""
            text += gap + _DIGITS[digit] + _PLACES[place]
    return text
