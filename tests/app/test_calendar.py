"""The day a clerk means, in the words a clerk types."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import resources
from app.domain.calendar import (
    NO_NOTICE,
    Counted,
    Day,
    NotADay,
    lunar_day,
    read_day,
    read_past_day,
    read_workdays,
    workdays_after,
)

TODAY = date(2026, 3, 30)


@pytest.fixture(scope="module")
def notices():
    return read_workdays(resources.holiday_notices())


def meant(words: str, today: date = TODAY) -> date:
    day = read_day(words, today)
    assert isinstance(day, Day), day
    return day.date


def refused(words: str, today: date = TODAY) -> str:
    answer = read_day(words, today)
    assert isinstance(answer, NotADay), answer
    return answer.sentence


@pytest.mark.parametrize(
    "words",
    [
        "430",
        "0430",
        "4.30",
        "4/30",
        "4-30",
        "4月30日",
        "４３０",
        "４月３０号",
        "四月三十日",
        "4月30日前",
        " 4 30 ",
        "4。30",
    ],
)
def test_the_last_of_april_may_be_typed_in_many_ways(words):
    assert read_day(words, TODAY) == Day(date(2026, 4, 30), "4月30日 周四")


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("5/10", date(2026, 5, 10)),
        ("2027-01-15", date(2027, 1, 15)),
        ("20270115", date(2027, 1, 15)),
        ("明年4月30", date(2027, 4, 30)),
        ("二〇二七年一月十五日", date(2027, 1, 15)),
        ("+20", date(2026, 4, 19)),
        ("20天", date(2026, 4, 19)),
        ("20t", date(2026, 4, 19)),
        ("二十天内", date(2026, 4, 19)),
        ("3周", date(2026, 4, 20)),
        ("3个月后", date(2026, 6, 30)),
        ("半个月", date(2026, 4, 14)),
        ("今天", TODAY),
        ("明天", date(2026, 3, 31)),
        ("月底", date(2026, 3, 31)),
        ("下月底", date(2026, 4, 30)),
        ("年底", date(2026, 12, 31)),
        ("周五", date(2026, 4, 3)),
        ("下周三", date(2026, 4, 8)),
        ("周一", TODAY),
        ("清明前", date(2026, 4, 4)),
        ("清明", date(2026, 4, 5)),
        ("春节前", date(2027, 2, 5)),
        ("除夕", date(2027, 2, 5)),
        ("国庆节前", date(2026, 9, 30)),
        ("十一前", date(2026, 9, 30)),
        ("火把节", date(2026, 8, 6)),
        ("冬至", date(2026, 12, 22)),
        ("31号", date(2026, 3, 31)),
        ("5", date(2026, 4, 5)),
        ("下月5号", date(2026, 4, 5)),
    ],
)
def test_what_people_say_for_a_day(words, day):
    assert meant(words) == day


@pytest.mark.parametrize(
    ("letters", "word"),
    [
        ("yd", "月底"),
        ("xyd", "下月底"),
        ("yuedi", "月底"),
        ("nd", "年底"),
        ("qmq", "清明前"),
        ("z5", "周五"),
        ("xz3", "下周三"),
    ],
)
def test_with_the_input_method_off_the_initials_do(letters, word):
    assert meant(letters) == meant(word)


def test_initials_that_fit_two_days_ask_for_one_letter_more():
    assert refused("zs") == "“zs”可以是周三或周四，多打一个字母"


def test_a_day_that_has_passed_this_year_is_next_years():
    assert read_day("1/15", TODAY) == Day(date(2027, 1, 15), "2027年1月15日 周五")
    assert meant("330") == TODAY


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("431", "四月只有 30 天"),
        ("2/30", "二月只有 28 天"),
        ("2028-2-30", "二月只有 29 天"),
        ("1305", "没有 13 月"),
        ("400", "没有 0 日"),
        ("32号", "没有 32 号"),
        ("+9999999", "没看懂“+9999999”。写 430、+20、月底、清明前都行"),
        ("+999999", "太远了，写近一点的日子"),
        ("abc", "没看懂“abc”。写 430、+20、月底、清明前都行"),
        ("", "写个日子：430、+20、月底、清明前都行"),
    ],
)
def test_what_is_no_day_is_told_in_a_sentence(words, sentence):
    assert refused(words) == sentence


def test_this_weeks_day_that_is_over_is_not_guessed():
    assert refused("本周一", date(2026, 4, 1)) == "这周一已经过了，下周一？"


def test_holidays_weekends_and_far_days_get_a_quiet_note(notices):
    assert read_day("5/1", TODAY, notices) == Day(date(2026, 5, 1), "5月1日 周五", ("这天劳动节放假",))
    assert read_day("5/9", TODAY, notices) == Day(date(2026, 5, 9), "5月9日 周六", ("这天调休上班",))
    assert read_day("5/10", TODAY, notices) == Day(date(2026, 5, 10), "5月10日 周日", ("这天是周日",))
    assert read_day("2028-03-01", TODAY) == Day(date(2028, 3, 1), "2028年3月1日 周三", ("在一年以后",))
    assert read_day("2026-03-02", TODAY) == Day(date(2026, 3, 2), "2026年3月2日 周一", ("这天已经过了",))


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)), st.dates(date(2000, 1, 1), date(2090, 12, 31)))
@example(date(2024, 2, 29), date(2024, 3, 1))
def test_an_echo_reads_back_as_the_same_day(day, today):
    first = read_day(day.isoformat(), today)

    assert isinstance(first, Day)
    assert first.date == day
    again = read_day(first.echo, today)
    assert isinstance(again, Day)
    assert again.date == day


@given(st.integers(1, 12), st.integers(1, 28), st.dates(date(2000, 1, 1), date(2090, 12, 31)))
def test_a_day_without_a_year_is_never_past_and_within_the_year(month, day, today):
    found = meant(f"{month}/{day}", today)

    assert (found.month, found.day) == (month, day)
    assert timedelta(0) <= found - today <= timedelta(366)


@given(st.text(), st.dates(date(1950, 1, 1), date(2090, 12, 31)))
def test_no_words_break_the_field(words, today):
    assert isinstance(read_day(words, today, NO_NOTICE), Day | NotADay)


@given(st.text(alphabet="0123456789月日天前后底周一二三四五年下.-/+ 清明春节zqymd", max_size=8))
def test_no_half_typed_day_breaks_the_field(words):
    assert isinstance(read_day(words, TODAY), Day | NotADay)


def test_workdays_step_over_holidays_and_use_the_weekends_worked(notices):
    assert workdays_after(date(2026, 4, 30), 3, notices) == Counted(date(2026, 5, 8), known=True)
    assert workdays_after(date(2026, 5, 8), 1, notices) == Counted(date(2026, 5, 9), known=True)
    assert workdays_after(date(2026, 5, 6), -3, notices) == Counted(date(2026, 4, 28), known=True)
    assert workdays_after(TODAY, 0, notices) == Counted(TODAY, known=True)


def test_a_year_without_a_notice_is_counted_monday_to_friday_and_said_so(notices):
    assert workdays_after(date(2026, 12, 30), 3, notices) == Counted(date(2027, 1, 4), known=False)


@pytest.mark.parametrize(("year", "free", "worked"), [(2025, 28, 5), (2026, 33, 6)])
def test_the_bundled_notices_have_the_published_number_of_days(notices, year, free, worked):
    assert sum(day.year == year for day in notices.rest) == free
    assert sum(day.year == year for day in notices.work) == worked
    assert all(day.weekday() > 4 for day in notices.work)


@given(st.dates(date(2025, 1, 1), date(2026, 11, 1)), st.integers(1, 40))
def test_going_back_the_same_number_of_workdays_never_passes_the_start(day, count):
    table = read_workdays(resources.holiday_notices())
    there = workdays_after(day, count, table)

    assert table.is_workday(there.date)
    assert workdays_after(there.date, -count, table).date <= day


def test_a_broken_notice_is_refused():
    with pytest.raises(ValueError, match="holiday"):
        read_workdays([{"year": 2027, "holiday": [{"name": "元旦"}]}])


def test_the_home_line_knows_the_lunar_day():
    assert lunar_day(TODAY) == "农历二月十二"
    assert lunar_day(date(2025, 7, 25)) == "农历闰六月初一"


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("今天", "2026-05-18"),
        ("昨天", "2026-05-17"),
        ("qt", "2026-05-16"),
        ("518", "2026-05-18"),
        ("517", "2026-05-17"),
        ("5月17日", "2026-05-17"),
        ("1230", "2025-12-30"),
        ("17号", "2026-05-17"),
        ("30号", "2026-04-30"),
        ("2025-12-30", "2025-12-30"),
        ("清明前", None),
        ("明天", None),
        ("20260519", None),
        ("明年5月1日", None),
    ],
)
def test_a_day_on_which_somebody_went_lies_behind(words, day):
    found = read_past_day(words, date(2026, 5, 18))

    assert (found.date.isoformat() if isinstance(found, Day) else None) == day
    assert isinstance(found, Day) or found.sentence == "那天还没到，走了再记"


def test_of_a_day_of_another_year_the_year_is_told():
    assert read_past_day("1230", date(2026, 5, 18)).echo == "2025年12月30日 周二"
    assert read_past_day("zt", date(2026, 5, 18)).echo == "5月17日 周日"
    assert isinstance(read_past_day("431", date(2026, 5, 18)), NotADay)
