"""Finding people by what the clerk types."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.pinyin import Closeness, Index, fold_query, keys, last_four, matches, readings

VILLAGERS = [
    ("a", "郑某庚", ("3217",)),
    ("b", "赵某甲", ("0001",)),
    ("c", "单某乙", ()),
    ("d", "曾某丙", ()),
    ("e", "查某丁", ()),
    ("f", "欧阳某戊", ()),
    ("g", "吕某己", ()),
    ("h", "Nang Mo", ()),
    ("i", "小郑某庚", ()),
    ("j", "䶮某", ()),
    ("k", "𬱖㛃", ()),
]


@pytest.fixture
def village() -> Index[str]:
    return Index(VILLAGERS)


def found(village: Index[str], query: str) -> list[str]:
    return [hit.id for hit in village.search(query)]


@pytest.mark.parametrize(
    "typed",
    [
        "zmg",
        "zhengmg",
        "zmgeng",
        "zhmg",
        "zhengmougeng",
        "zhengmouge",
        "郑mg",
        "郑某庚",
        "ZMG",
        "ｚｍｇ",
        "zm'g",
        "z m g",
    ],
)
def test_one_villager_answers_to_every_way_of_typing_the_name(village, typed):
    assert found(village, typed)[0] == "a"


@pytest.mark.parametrize(
    ("typed", "who"),
    [("dmy", "c"), ("cmy", "c"), ("smy", "c"), ("shanm", "c"), ("cmb", "d"), ("zmb", "d"), ("zmd", "e"), ("cmd", "e")],
)
def test_every_reading_of_a_surname_finds_its_bearer(village, typed, who):
    assert who in found(village, typed)


@pytest.mark.parametrize("typed", ["lvm", "lum", "lyum", "lm"])
def test_lv_may_be_typed_with_v_or_u(village, typed):
    assert found(village, typed) == ["g"]


def test_a_compound_surname_is_found_by_both_characters(village):
    assert found(village, "oym") == ["f"]
    assert found(village, "ouyang") == ["f"]


def test_a_latin_name_is_found_as_typed(village):
    assert found(village, "nang") == ["h"]
    assert found(village, "nangmo") == ["h"]
    assert found(village, "Nang M") == ["h"]


def test_rare_characters_have_a_sound(village):
    assert found(village, "yanm") == ["j"]
    assert found(village, "djie") == ["k"]
    assert all(readings(sign) for sign in "䶮𬱖㛃竜脿鲊淜崀㱔〇耈咡杧塆拃垇偭塚磻毘萂昇渼𡐓𣒍𡌶")


def test_a_phone_is_found_by_its_last_four_digits_and_lights_no_character(village):
    hits = village.search("3217")

    assert [(hit.id, hit.positions) for hit in hits] == [("a", ())]
    assert last_four("138-0000-３２１７") == "3217"
    assert last_four("12") == ""


def test_exact_names_come_before_beginnings_before_contained_ones(village):
    village.add("l", "郑某庚甲")

    assert [(hit.id, hit.closeness) for hit in village.search("zmg")] == [
        ("a", Closeness.EXACT),
        ("l", Closeness.PREFIX),
        ("i", Closeness.CONTAINED),
    ]


def test_the_matched_characters_are_known(village):
    positions = {hit.id: hit.positions for hit in village.search("mg")}

    assert positions == {"a": (1, 2), "i": (2, 3)}


def test_a_corrected_name_keeps_its_place_and_the_old_one_is_gone(village):
    village.replace("a", "赵某甲")

    assert found(village, "zmj") == ["a", "b"]
    assert found(village, "zmg") == ["i"]
    assert found(village, "3217") == []


def test_a_removed_villager_is_not_found(village):
    village.remove("a")
    village.remove("nobody")

    assert found(village, "zmg") == ["i"]
    assert len(village) == len(VILLAGERS) - 1


def test_nothing_typed_finds_nobody(village):
    assert found(village, " ") == []
    assert found(village, "qqq") == []


def test_the_same_sound_in_other_characters_is_found_when_asked_for(village):
    assert [hit.id for hit in village.sounding("政谋更")] == ["a", "i"]
    assert village.search("政谋更") == []


def test_a_title_lights_the_characters_that_were_typed():
    assert matches("cg", "破除陈规陋习") == (2, 3)
    assert matches("chengui", "破除陈规陋习") == (2, 3)
    assert matches("陈g", "破除陈规陋习") == (2, 3)
    assert matches("cgx", "破除陈规陋习") is None
    assert matches("", "破除陈规陋习") == ()
    assert matches("3", "3号桥") == (0,)


def test_spellings_hold_initials_and_full_pinyin():
    spellings = keys("单某甲")

    assert {"dmj", "cmj", "smj", "danmoujia", "shanmoujia"} <= set(spellings)
    assert keys("") == ()


@given(st.text(alphabet="赵钱孙李单曾查吕某甲乙丙䶮𬱖a b·1", min_size=1, max_size=6))
def test_every_spelling_of_a_name_finds_it(name):
    people = Index([("x", name, ())])

    for spelling in keys(name):
        assert [hit.id for hit in people.search(spelling)] == ["x"]
        assert matches(spelling, name)


@given(
    st.lists(st.text(alphabet="赵钱孙李单曾查某甲乙", min_size=1, max_size=4), max_size=12),
    st.text("zqslcmjyhaou", max_size=5),
)
def test_the_index_and_the_type_ahead_agree(names, query):
    people = Index([(number, name, ()) for number, name in enumerate(names)])

    hits = {hit.id for hit in people.search(query, None)}

    assert hits == {number for number, name in enumerate(names) if fold_query(query) and matches(query, name)}


@given(st.text(), st.text())
def test_no_typing_breaks_the_search(name, query):
    people = Index([("x", name, ())])
    people.search(query)
    people.sounding(query)
    matches(query, name)
    people.remove("x")
    assert people.search(query) == []


def test_twenty_thousand_names_answer_with_six_at_most():
    surnames, given_names = "赵钱孙李周吴郑王张刘陈杨曾查单欧吕谢朱高", "建国志林海云春燕文斌波辉鹏飞龙凤翠莲荣福贵发"
    people = [
        (number, surnames[number % 20] + given_names[number // 20 % 22] + given_names[number // 440 % 22], ())
        for number in range(20_000)
    ]
    index = Index(people)

    found = [index.search(query, 6) for query in ("z", "zh", "zjg", "zhangjg", "zhangjianguo", "l", "jg", "张建")]

    assert all(0 < len(some) <= 6 for some in found)
