"""What people bring in, as it is typed beside their name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.action import ContributionKind
from app.domain.contribution_words import Amount, NotAnAmount, read_amount


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        ("50", Amount(ContributionKind.SHARE, "50", "%")),
        ("33.3%", Amount(ContributionKind.SHARE, "33.3", "%")),
        ("100", Amount(ContributionKind.SHARE, "100", "%")),
        ("101", Amount(ContributionKind.MONEY, "101", "元")),
        ("2000", Amount(ContributionKind.MONEY, "2000", "元")),
        ("２０００", Amount(ContributionKind.MONEY, "2000", "元")),
        ("2,000元", Amount(ContributionKind.MONEY, "2000", "元")),
        ("80块", Amount(ContributionKind.MONEY, "80", "元")),
        ("1.5万", Amount(ContributionKind.MONEY, "15000", "元")),
        ("1.5w", Amount(ContributionKind.MONEY, "15000", "元")),
        ("18方", Amount(ContributionKind.MATERIAL, "18", "方")),
        ("18f", Amount(ContributionKind.MATERIAL, "18", "方")),
        ("30袋水泥", Amount(ContributionKind.MATERIAL, "30", "袋水泥")),
        ("12工", Amount(ContributionKind.LABOUR, "12", "工")),
        ("12个工", Amount(ContributionKind.LABOUR, "12", "工")),
        ("12g", Amount(ContributionKind.LABOUR, "12", "工")),
    ],
)
def test_one_word_says_how_much_of_what(words, amount):
    assert read_amount(words) == amount


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("120%", "比例不能超过 100%"),
        ("0", "是 0 就不用写，空着回车"),
        ("2000.555", "钱数到分为止"),
        ("9" * 13, "数太大了，看看是不是多打了几位"),
        ("一些", "没看懂“一些”。写 50（百分之五十）、2000（元）、18方、12工"),
    ],
)
def test_what_is_no_contribution_is_told_in_a_sentence(words, sentence):
    assert read_amount(words) == NotAnAmount(sentence)


@given(st.decimals(min_value="0.01", max_value=10**9, places=2), st.sampled_from(["%", "元", "方", "工", ""]))
def test_what_stands_on_paper_reads_back_as_the_same(number, unit):
    first = read_amount(f"{number}{unit}")

    if isinstance(first, Amount):
        assert read_amount(str(first)) == first
    else:
        assert unit == "%"


@given(st.text())
def test_no_words_break_the_field(words):
    assert isinstance(read_amount(words), Amount | NotAnAmount)
