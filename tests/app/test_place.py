"""Finding where the meeting is."""

from datetime import date

import pytest

import resources
from app.domain.errors import Missing
from app.domain.place import Level, Place, Places, full_name, short_name

SEEDS = {
    "532627208": "五珠乡",
    "530502205205": "土官村",
    "530926101202": "芒来村",
    "532504203203": "宁就村",
    "530424201202": "所梅早村",
    "532622202": "维摩乡",
    "530103002001": "桃源社区",
    "533301205203": "佑雅村",
}


@pytest.fixture(scope="module")
def yunnan() -> Places:
    return Places(resources.places())


def codes(yunnan: Places, query: str, **how) -> list[str]:
    return [found.place.code for found in yunnan.search(query, **how)]


def test_yunnan_is_whole(yunnan):
    counted = {level: sum(place.level is level for place in yunnan) for level in Level}

    assert list(counted.values()) == [1, 16, 129, 1461, 14888]
    assert all(yunnan.get(place.parent) for place in yunnan if place.parent)


@pytest.mark.parametrize(("code", "name"), SEEDS.items())
def test_the_places_of_the_practice_evening_are_there(yunnan, code, name):
    assert yunnan.place(code).display_name == name
    assert code in codes(yunnan, name)


def test_initials_and_pinyin_find_a_village(yunnan):
    assert "530502205205" in codes(yunnan, "tgc", within="5305")
    assert "530424201202" in codes(yunnan, "smz", within="530424")
    assert codes(yunnan, "suomeizao") == ["530424201202"]
    assert yunnan.search("梅早")[0].positions == (1, 2)


def test_a_township_is_found_with_and_without_its_peoples(yunnan):
    assert codes(yunnan, "维摩乡")[0] == "532622202"
    assert codes(yunnan, "维摩彝族乡") == ["532622202"]
    assert "532622202" in codes(yunnan, "wmx")


@pytest.mark.parametrize("address", ["瓦渡 土官", "瓦渡乡土官村", "隆阳区瓦渡乡土官村", "wd tg", "wdtg", "隆阳土官"])
def test_an_address_narrows_it_down(yunnan, address):
    assert codes(yunnan, address)[0] == "530502205205"


def test_a_place_written_with_another_character_is_found_by_its_sound(yunnan):
    found = codes(yunnan, "桃园社区", within="530103")

    assert found == ["530103002001"]


def test_the_same_name_twenty_times_is_told_apart(yunnan):
    labels = [found.label for found in yunnan.search("新村", 200) if found.place.display_name == "新村"]

    assert len(labels) >= 18
    assert len(set(labels)) == len(labels)
    assert all(label.count(" · ") == 2 for label in labels)


def test_labels_and_addresses(yunnan):
    assert yunnan.label("530502205205") == "土官村 · 瓦渡乡 · 隆阳区"
    assert yunnan.label("532622202") == "维摩乡 · 砚山县"
    assert yunnan.label("5326") == "文山州"
    assert yunnan.full_address("532622202") == "砚山县维摩彝族乡"
    assert yunnan.full_address("530502205205") == "隆阳区瓦渡乡土官村"
    assert [place.display_name for place in yunnan.path("530502205")] == ["云南省", "保山市", "隆阳区", "瓦渡乡"]


def test_zones_farms_and_prisons_are_hidden_but_not_deleted(yunnan):
    assert codes(yunnan, "临沧监狱") == []
    assert "530922401" in codes(yunnan, "临沧监狱", with_hidden=True)
    assert all("虚拟" not in place.name for place in yunnan.children("530112403"))
    assert len(yunnan.children("530922", with_hidden=True)) == len(yunnan.children("530922")) + 2


def test_children_come_in_order_of_code(yunnan):
    assert len(yunnan.children("53")) == 16
    assert [place.display_name for place in yunnan.children("")] == ["云南省"]
    assert yunnan.children("530502205205") == []


@pytest.mark.parametrize(
    ("name", "short", "full"),
    [
        ("土官村民委员会", "土官村", "土官村民委员会"),
        ("宁就村委会", "宁就村", "宁就村民委员会"),
        ("木树朗村村民委员会", "木树朗村", "木树朗村村民委员会"),
        ("新村民委员会", "新村", "新村民委员会"),
        ("莽林社区村民委员会", "莽林社区", "莽林社区村民委员会"),
        ("碧溪村民委员会（农村社区）", "碧溪村", "碧溪村民委员会"),
        ("桃源社区居委会", "桃源社区", "桃源社区居民委员会"),
        ("古城社区居民委员", "古城社区", "古城社区居民委员会"),
        ("文林居委会", "文林社区", "文林社区居民委员会"),
        ("大兴社区", "大兴社区", "大兴社区"),
    ],
)
def test_whatever_the_table_calls_a_village_the_screen_says_it_short(name, short, full):
    assert short_name(name, Level.VILLAGE) == short
    assert full_name(name, Level.VILLAGE) == full


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("文山壮族苗族自治州", "文山州"),
        ("孟连傣族拉祜族佤族自治县", "孟连县"),
        ("兴蒙蒙古族乡", "兴蒙乡"),
        ("瓦渡乡", "瓦渡乡"),
    ],
)
def test_autonomous_places_are_short_on_screen(name, short):
    assert short_name(name, Level.COUNTY) == short


def test_a_merged_township_points_to_the_one_that_took_it_over():
    merged = "530502205\t瓦渡乡\t\t2027-06-30\t530502206\n530502206\t示例镇\t2027-07-01\n"
    places = Places(resources.places(), merged)

    assert places.current("530502205").display_name == "示例镇"
    assert places.place("530502205").display_name == "瓦渡乡"
    on_the_day = [place.name for place in places.children("530502", day=date(2026, 3, 30))]
    assert "瓦渡乡" in on_the_day
    assert "示例镇" not in on_the_day
    assert "瓦渡乡" not in [place.name for place in places.children("530502", day=date(2027, 7, 1))]


def test_successors_in_a_circle_end():
    places = Places("53\t云南省\n5301\t甲市\t\t2026-01-01\t5302\n5302\t乙市\t\t\t5301\n")

    assert places.current("5301").code == "5302"


def test_an_unknown_code_and_a_broken_line_are_refused(yunnan):
    with pytest.raises(Missing):
        yunnan.place("999999")
    assert yunnan.get("999999") is None
    with pytest.raises(ValueError, match="not a place"):
        Places("12345\t甲\n")
    assert yunnan.search("  ") == []


def test_a_place_knows_its_level_and_parent_by_its_code():
    village = Place("530502205205", "土官村民委员会")

    assert (village.level, village.parent) == (Level.VILLAGE, "530502205")
    assert Place("53", "云南省").parent == ""


def test_places_are_found_however_they_are_typed():
    places = Places(resources.places())
    places.warm()

    assert all(places.search(query) for query in ("x", "wd", "瓦渡乡土官村", "新村", "tgc", "桃园社区"))
