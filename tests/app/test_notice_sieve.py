"""Of thousands of names, a sieve leaves those that matter for a text; what is hidden does not change by it."""

import random
import re
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import resources
from app.domain.notice_check import leaks
from app.domain.notice_mask import SURNAMES, MaskRules, masked
from app.domain.notice_sieve import Sieve

WORDS = resources.private_words()
LINES = [
    re.sub("[{}]", "", line)
    for line in (Path(__file__).parent / "notice_lines.txt").read_text("utf-8").splitlines()
    if line and line[0] != "#"
]
PARTS = (
    *(
        "甲乙丙",
        "国强",
        "秀英",
        "建国",
        "建",
        "家",
        "老",
        "小",
        "大",
        "阿",
        "姓",
        "的",
        "二",
        "三娃",
        "某",
        "某甲",
        "某某",
        "氏",
    ),
    *(
        "大爷",
        "幺叔",
        "寡妇",
        "媳妇",
        "兄弟",
        "父子",
        "婆媳",
        "儿子",
        "老幺",
        "四姑娘",
        "师傅",
        "孃",
        "说",
        "，",
        "。",
        " ",
        "·",
    ),
    *("离婚", "残疾", "低保户", "信访局", "13800138000", "二组23号", "9岁", "学生", "水务局", "王建国施工队", "砌墙"),
)


def large_register(count=3_000):
    """So many names as they occur, with those of two signs, of compound surnames, and with a dot."""
    dice = random.Random(7)
    surnames, signs = sorted(SURNAMES), "国强建明秀英华军丽芳文志伟平红霞金玉龙凤生富贵春海"
    names = {
        f"{dice.choice(surnames)}{dice.choice(signs)}{dice.choice(['', dice.choice(signs)])}" for _ in range(count)
    }
    return sorted(names | {"欧阳国强", "司马玉", "岩温·罕", "赵甲乙丙", "Ａ某甲"})


RULES = MaskRules(
    hidden=tuple(large_register()),
    shown=("王建国施工队", "水务局", "信访局", "李", "村委会", "何建", "残联"),
    always=(*map(str, WORDS["health"]), *map(str, WORDS["family"])),
    with_name=tuple(map(str, WORDS["aid"])),
)
SIEVE = Sieve(RULES)
texts = st.lists(st.sampled_from([*PARTS, *RULES.hidden[:400:7], *sorted(SURNAMES)[:60]]), max_size=9).map("".join)


@settings(max_examples=150)
@given(texts)
def test_under_the_rules_that_a_sieve_leaves_a_text_is_masked_as_under_all(text):
    narrow = SIEVE.rules_for(text)

    public = masked(text, RULES)

    assert masked(text, narrow) == public
    assert leaks(public[0], narrow) == leaks(public[0], RULES)
    assert leaks(text, narrow) == leaks(text, RULES)


@pytest.mark.parametrize("line", LINES[::4])
def test_lines_as_clerks_write_them_are_masked_the_same(line):
    assert masked(line, SIEVE.rules_for(line)) == masked(line, RULES)


def test_in_every_way_to_call_somebody_the_surname_is_found():
    ways = (
        "老{}说",
        "小{}家",
        "阿{}",
        "{}家老二",
        "{}大爷说",
        "{}三娃",
        "{}某甲家",
        "姓{}的",
        "{}媳妇",
        "{}氏",
        "{}父子",
        "{}孃",
    )
    rules = MaskRules(hidden=("段海龙", "鲁金凤", "欧阳国强"))
    sieve = Sieve(rules)

    for way, surname in product(ways, ("段", "鲁", "欧阳")):
        text = f"昨天{way.format(surname)}"
        assert masked(text, sieve.rules_for(text)) == masked(text, rules)


def test_of_thousands_of_names_a_text_leaves_few():
    narrow = SIEVE.rules_for("村集体出砂石，两家各出一半工钱，4月30日前完工。")

    assert len(RULES.hidden) > 2_500
    assert len(narrow.hidden) < 20
    assert narrow.always == ()


TELLING = (
    *("水沟", "砌墙", "同意", "，", "、", " ", "　", "-", "\0", "的", "叫", "是", "：", "负责", "村民", "姓"),
    *("一", "幺三八", "零零零零", "〇", "两", "五六七八九", "一三八零零零零零零零零", "８", "１３８", "①", "㎡", "٣"),
    *(
        "QQ",
        "ｑｑ",
        "abc12345",
        "微信",
        "扣扣",
        "abcdef",
        "电话",
        "手机",
        "号码",
        "八岁",
        "12",
        "号",
        "组",
        "栋",
        "单元",
        "门牌",
    ),
    *(
        "学生",
        "同学",
        "小朋友",
        "小孩",
        "孩子",
        "娃儿",
        "儿子",
        "女儿",
        "姑娘",
        "外孙",
        "孙子",
        "幼儿",
        "少年",
        "侄女",
        "周小明",
    ),
)


@settings(max_examples=600)
@given(st.lists(st.sampled_from(TELLING), max_size=8).map("".join) | texts)
def test_what_a_sieve_lets_pass_has_nothing_to_hide_and_leaks_nothing(text):
    narrow = SIEVE.rules_for(text)

    if SIEVE.lets_pass(text, narrow):
        assert masked(text, narrow) == (text, ())
        assert leaks(text, narrow) == ()


def test_most_lines_that_name_nobody_pass_at_once():
    plain = "村集体出砂石，两家各出一半工钱，年底前完工。"

    assert SIEVE.lets_pass(plain, SIEVE.rules_for(plain))
    assert not any(SIEVE.lets_pass(line, SIEVE.rules_for(line)) for line in LINES if masked(line, RULES)[1])
