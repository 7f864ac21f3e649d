"""Numbers, dates, names and money as a clerk expects to read them."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import wording

MONDAY = date(2026, 3, 30)


def test_a_day_has_the_form_of_the_paper_of_the_screen_and_of_the_home_line():
    day = date(2026, 3, 5)

    assert wording.full_day(day) == "2026年3月5日"
    assert wording.short_day(date(2026, 4, 30)) == "4月30日"
    assert wording.short_day_with_weekday(date(2026, 4, 30)) == "4月30日 周四"
    assert wording.full_day_with_weekday(date(2027, 1, 15)) == "2027年1月15日 周五"
    assert wording.home_day(MONDAY) == "三月三十日"
    assert wording.numeral_day(day) == "二〇二六年三月五日"


def test_a_title_is_quoted_and_its_own_quotation_marks_become_inner_ones():
    assert wording.quoted("石墙挡墙") == "“石墙挡墙”"
    assert wording.quoted("“清明客”旧俗怎么改") == "“‘清明客’旧俗怎么改”"


def test_clock_and_stopwatch():
    moment = datetime(2026, 3, 30, 9, 5, 7)

    assert wording.clock(moment) == "09:05"
    assert wording.clock_with_seconds(moment) == "09:05:07"
    assert wording.stopwatch(42 * 60 + 18.9) == "00:42:18"
    assert wording.stopwatch(-3) == "00:00:00"
    assert wording.time_until(moment + timedelta(hours=1, minutes=18), moment) == "还有 1 小时 18 分"
    assert wording.time_until(moment + timedelta(seconds=20), moment) == "还有 不到 1 分"
    assert wording.time_until(moment, moment) == "已到时间"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "今天"),
        (1, "明天"),
        (2, "后天"),
        (3, "周四"),
        (6, "周日"),
        (7, "下周一"),
        (13, "下周日"),
        (14, "4月13日"),
        (-1, "昨天"),
    ],
)
def test_a_near_day_is_said_as_people_say_it(days, words):
    assert wording.relative_day(MONDAY + timedelta(days=days), MONDAY) == words


def test_a_day_of_another_year_shows_its_year():
    assert wording.relative_day(date(2027, 1, 15), MONDAY) == "2027年1月15日"


def test_an_overdue_task_says_by_how_much():
    assert wording.due_words(date(2026, 3, 27), MONDAY) == "逾期 3 天"
    assert wording.due_words(MONDAY, MONDAY) == "今天"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "零"), (3, "三"), (10, "十"), (12, "十二"), (20, "二十"), (105, "一百零五"), (1001, "一千零一"),
        (1010, "一千零一十"), (10_000, "一万"), (12_000, "一万二千"), (10_005, "一万零五"), (100_500, "十万零五百"),
        (100_000_005, "一亿零五"), (-3, "负三"),
    ],
)  # fmt: skip
def test_chinese_numerals(number, words):
    assert wording.numeral(number) == words


@given(st.integers(0, 10**15), st.integers(0, 10**15))
def test_no_two_numbers_share_a_numeral(one, other):
    assert (wording.numeral(one) == wording.numeral(other)) == (one == other)


def test_circles_reach_fifty_and_then_become_brackets():
    assert [wording.circled(number) for number in (1, 20, 21, 35, 36, 50, 51)] == [*"①⑳㉑㉟㊱㊿", "(51)"]


def test_a_case_number_has_hexagonal_brackets_and_waits_for_its_office():
    assert wording.case_number("云砚维协", 2026, 3) == "云砚维协〔2026〕3号"
    assert wording.case_number("云砚维协", 2026, None) == "待编号"


def test_percentages_never_divide_by_nobody():
    assert wording.percent(27, 32) == "84.4%"
    assert wording.percent(32, 32) == "100%"
    assert wording.percent(0, 0) == "—"


def test_money_is_exact():
    assert wording.yuan("15000.00") == "15000元"
    assert wording.yuan("2000.5") == "2000.50元"
    assert wording.yuan_sign("1234567.5") == "¥1,234,567.50"
    assert wording.plain_number("1E+3") == "1000"
    with pytest.raises(ValueError, match="not a decimal"):
        wording.plain_number("一千")


@given(st.decimals(min_value=0, max_value=10**12, places=2))
def test_a_sum_keeps_its_value(amount):
    assert float(wording.yuan_sign(str(amount))[1:].replace(",", "")) == float(amount)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("李示例", "李某某"),
        ("赵甲", "赵某"),
        ("欧阳示例", "欧阳某某"),
        ("阿依·示例", "阿某某"),
        ("Nang", "N***"),
        ("", ""),
    ],
)
def test_a_public_copy_shows_the_surname_only(name, masked):
    assert wording.masked_name(name) == masked


def test_a_phone_is_masked_in_the_middle():
    assert wording.masked_phone("138 0000 3217") == "138****3217"
    assert wording.masked_phone("3121") == "**21"
    assert wording.masked_phone("") == ""


@given(st.text(alphabet="0123456789", min_size=8, max_size=12))
def test_a_masked_phone_keeps_its_length_and_hides_four_digits(phone):
    masked = wording.masked_phone(phone)

    assert len(masked) == len(phone)
    assert masked.count("*") == 4


def test_a_long_list_is_cut_with_a_word():
    assert wording.listed(["水务", "住建"]) == "水务、住建"
    assert wording.listed(["甲", "乙", "丙", "丁"]) == "甲、乙、丙等"
