"""Lines end where a careful typesetter would end them.

The checker below knows nothing of the breaker: it knows the pieces a paragraph was made of, and the two lists of marks.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.printing.lines import Line, break_lines

CLOSING = "，。、；：？！）》」』】〕”’…%‰℃·"
OPENING = "（《「『【〔“‘￥"
HANZI = (
    "院坝协商共识村民委员会任务分解清单挡墙排水沟地界确权当场钉桩两户签字认可保留意见先定全村标准再动用集体砂石一二三十"
)
WORDS = ["COVID-19", "Wi-Fi", "PVC", "DN300", "internet", "a", "GB/T9704", "km2", "https://a.cn/x?y=1", "3D"]
NUMBERS = ["7", "15", "3.5", "1,200", "2026", "0.05", "100000000"]
UNITS = [
    "米",
    "%",
    "年",
    "万元",
    "月",
    "人",
    "户",
    "公里",
    "平方米",
    "立方米",
    "℃",
    "‰",
    "亩",
    "个月",
    "小时",
    "kg",
    "个工作日",
    "岁",
    "方",
]
DATES = ["4月30日", "19时30分", "8:30", "3—5天", "12月1日", "3×4米", "30多户", "第3条"]
NAMES = ["赵某甲", "欧阳某某", "阿的某呷", "示例县青石乡石墙村委会"]
ROOM = 28.0


def advances(text: str) -> list[float]:
    """Return one for full-width characters, half for the others, as a typewriter would."""
    return [0.5 if ord(character) < 0x2000 else 1.0 for character in text]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph that knows its pieces: spans which must not be torn."""

    text: str
    whole: tuple[tuple[int, int], ...]


def paragraph(dice: random.Random, length: int) -> Paragraph:
    text, whole = "", []
    for _ in range(length):
        piece, keep = _piece(dice)
        narrow = piece[0].isascii() and piece[0].isalnum() and text[-1:].isascii() and text[-1:].isalnum()
        text += " " if narrow else ""
        if keep:
            whole.append((len(text), len(text) + len(piece)))
        text += piece
    return Paragraph(text, tuple(whole))


def _piece(dice: random.Random) -> tuple[str, bool]:
    kind = dice.random()
    if kind < 0.45:
        return "".join(dice.choices(HANZI, k=dice.randint(1, 9))), False
    if kind < 0.62:
        return dice.choice(CLOSING[:14]), False
    if kind < 0.70:
        return dice.choice(OPENING), False
    if kind < 0.80:
        return dice.choice(NUMBERS) + dice.choice(UNITS), True
    if kind < 0.85:
        return dice.choice(DATES), True
    if kind < 0.92:
        return dice.choice(WORDS), True
    if kind < 0.95:
        return dice.choice(["——", "……"]), True
    return dice.choice(NAMES), True


def faults(made: Paragraph, lines: Sequence[Line], room: float, indent: float) -> list[str]:
    """Return what a proof-reader would mark, except inside a run that is wider than the line it starts."""
    found = []
    for number, line in enumerate(lines):
        narrower = indent if number == 0 else 0.0
        if line.width > room + 1e-6:
            found.append(f"too wide: {line.text}")
        if number == 0:
            continue
        wrong = _edge_fault(made, line.start)
        above = lines[number - 1]
        narrower = indent if number == 1 else 0.0
        if wrong and _run_width(made, above.start) <= room - narrower:
            found.append(f"{wrong}: {above.text} | {line.text}")
    return found


def _edge_fault(made: Paragraph, place: int) -> str:
    before, after = made.text[:place].rstrip(" ")[-1], made.text[place]
    if after in CLOSING:
        return "closing mark starts a line"
    if before in OPENING:
        return "opening mark ends a line"
    if any(start < place < end for start, end in made.whole):
        return "torn"
    if before == after and after in "—…":
        return "torn pair"
    both_narrow = before.isascii() and after.isascii() and made.text[place - 1] != " "
    return "torn word" if both_narrow else ""


def _run_width(made: Paragraph, start: int) -> float:
    """Return how wide the piece is that starts at `start` and in which no line may end."""
    end = start + 1
    while end < len(made.text) and (_edge_fault(made, end) or made.text[end] == " "):
        end += 1
    return sum(advances(made.text[start:end].rstrip(" ")))


def test_ten_thousand_paragraphs_have_not_one_fault():
    dice = random.Random(20260330)

    found = []
    for _ in range(10_000):
        made = paragraph(dice, dice.randint(1, 40))
        room, indent = dice.choice([(ROOM, 2.0), (ROOM, 0.0), (12.0, 0.0), (9.5, 2.0)])
        found += faults(made, break_lines(made.text, room, advances, indent=indent, names=NAMES), room, indent)

    assert found == []


def test_the_proof_reader_sees_what_is_wrong():
    made = Paragraph("甲乙，丙（丁15米", ((6, 9),))

    torn = [Line("甲乙", 0, (), 2), Line("，丙（", 2, (), 3), Line("丁15", 5, (), 2), Line("米", 8, (), 1)]

    assert [fault.split(":")[0] for fault in faults(made, torn, 28, 0)] == [
        "closing mark starts a line",
        "opening mark ends a line",
        "torn",
    ]


@given(
    st.text(alphabet=HANZI + CLOSING + OPENING + "aB3 —…-/'\"\u3000", max_size=120), st.floats(2, 40), st.floats(0, 1.5)
)
@settings(max_examples=300, deadline=None)
def test_no_character_is_lost_and_no_line_is_too_wide(text, room, indent):
    lines = break_lines(text, room, advances, indent=indent)

    assert "".join(line.text for line in lines).replace(" ", "").replace("\u3000", "") == text.replace(" ", "").replace(
        "\u3000", ""
    )
    assert all(line.width <= room + 1e-6 or len(line.text) == 1 for line in lines)
    assert all(sorted(line.lefts) == list(line.lefts) for line in lines)


@given(st.integers(0, 2**32), st.integers(1, 30), st.sampled_from([28.0, 20.0, 10.0]))
@settings(max_examples=200, deadline=None)
def test_any_paragraph_is_free_of_faults(seed, length, room):
    made = paragraph(random.Random(seed), length)

    assert faults(made, break_lines(made.text, room, advances, names=NAMES), room, 0.0) == []


def test_full_lines_fill_the_measure_and_stand_on_the_grid():
    lines = break_lines("院坝协商" * 20, ROOM, advances, indent=2.0)

    assert [len(line.text) for line in lines] == [26, 28, 26]
    assert lines[1].lefts == tuple(float(column) for column in range(28))
    assert lines[0].lefts[0] == 2.0


def test_a_mark_is_squeezed_in_rather_than_leaving_a_wide_gap():
    lines = break_lines("甲乙丙丁，戊己庚辛，2026年，后来", 10.0, advances, justify=True)

    assert all(line.width == pytest.approx(10.0) for line in lines[:-1])


def test_spread_lines_end_at_the_measure():
    lines = break_lines("院坝协商会今晚在李某丁家院坝召开应到的人都来了100000人次参加", 16.0, advances)

    assert lines[0].width == pytest.approx(16.0)


@pytest.mark.parametrize(
    ("text", "torn"),
    [
        ("一二三四五六七八九15米", "15米"),
        ("一二三四五六七八3.5万元", "3.5万元"),
        ("一二三四五六七4月30日", "4月30日"),
        ("一二三四五六七八九 50%", "50%"),
        ("一二三四五六七八（GB/T 9704）", "GB/T"),
        ("一二三四五六七2026年", "2026年"),
        ("一二三四五六七八九100 米", "100 米"),
        ("一二三四五六七八九——好", "——"),
        ("一二三四五六七八九30余户", "30余户"),
        ("一二三四五六七八19时30分", "19时30分"),
    ],
)
def test_numbers_stay_with_their_units(text, torn):
    assert any(torn in line.text for line in break_lines(text, 10.0, advances))


def test_a_year_may_part_from_its_day():
    lines = break_lines("一二三四五六2026年3月30日", 10.0, advances)

    assert [line.text for line in lines] == ["一二三四五六2026年", "3月30日"]


def test_a_word_wider_than_the_paper_is_split_at_the_edge_and_nowhere_else():
    lines = break_lines("见" + "x" * 50, 10.0, advances)

    assert [len(line.text) for line in lines] == [1, 20, 20, 10]


def test_a_heap_of_marks_is_printed_whole():
    lines = break_lines("好" + "。" * 30, 10.0, advances)

    assert "".join(line.text for line in lines) == "好" + "。" * 30


def test_a_name_is_kept_whole_only_when_asked():
    text = "一二三四五六七八九欧阳某某"

    assert break_lines(text, 10.0, advances)[0].text == "一二三四五六七八九欧"
    assert break_lines(text, 10.0, advances, names=["欧阳某某"])[1].text == "欧阳某某"


@pytest.mark.parametrize("text", ["", "   ", "\u3000"])
def test_nothing_makes_no_line(text):
    assert break_lines(text, 10.0, advances) == []


def test_one_character_wider_than_its_column_still_prints():
    assert [line.text for line in break_lines("院坝", 0.5, advances)] == ["院", "坝"]
