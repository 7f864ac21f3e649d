"""两边都改过，听您的, through its real page: nothing is chosen for anybody, and a decision can be taken back."""

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from app.domain.topic import Topic
from tests.hands import Hands
from tests.ui.exchange.conftest import shown
from tests.ui.exchange.town import removal_contest, text_contest
from ui.exchange.contest_page import ContestPage
from ui.exchange.port import How
from ui.exchange.sides import FieldLine


def topics(world):
    return {topic.id: topic for topic in world.desk.ask(lambda shelf: shelf.all(Topic))}


def words_on(page):
    return " ".join(one.text() for one in page.findChildren(QLabel) if one.isVisible())


def settled(qtbot, page, left):
    qtbot.waitUntil(lambda: not page.room.tasks.is_busy() and len(page.views) == left)


def test_nothing_is_chosen_until_somebody_chooses(contests, world, qtbot):
    before = topics(world)
    assert contests.choice is None

    Hands(contests).press("↵")

    assert contests.reason.note.words.text() == "先选一边：← 左边，→ 右边"
    assert topics(world) == before


def test_both_are_shown_with_who_and_when_and_what_differs(contests):
    assert contests.count.text() == "第 1 处，共 2 处"
    assert [card.about.text() for card in contests.cards] == [
        "青石乡 · 3月30日 14:20 · 示例干部",
        "县政协办 · 3月30日 16:05 · 示例科员",
    ]
    marks = {line.label.text(): line.mark.text() for line in contests.cards[0].findChildren(FieldLine)}
    assert marks == {"期限": "不同", "谁来办": "", "分担": "", "理由": "不同"}


def test_two_keys_decide_and_the_next_one_comes(contests, world, qtbot):
    hands, first = Hands(contests), contests.view.record_id
    hands.press("←↵")

    settled(qtbot, contests, 1)
    assert hands.keys == 2
    assert topics(world)[first].title == "5月10日"
    assert contests.count.text() == "第 2 处，共 2 处"
    assert contests.choice is None


def test_a_reason_may_be_typed_and_its_arrows_are_its_own(contests, world, qtbot):
    hands, first = Hands(contests), contests.view.record_id
    hands.press("→")
    hands.say("砂场开工晚")
    hands.press("←←")
    assert contests.choice.side == 1
    hands.press("↵")

    settled(qtbot, contests, 1)
    assert topics(world)[first].summary == "砂场开工晚"
    assert contests.reason.line.text() == ""


def test_ctrl_z_brings_it_back(contests, world, qtbot):
    first = contests.view.record_id
    Hands(contests).press("→↵")
    settled(qtbot, contests, 1)

    contests.room.undo(contests)

    settled(qtbot, contests, 2)
    assert contests.view.record_id == first
    assert contests.count.text() == "第 1 处，共 2 处"
    assert topics(world)[first].title == "挡墙哪天修完"


def test_keeping_both_says_what_it_means(contests, world, qtbot):
    first = contests.view.record_id
    assert contests.both.text() == "都留着，写成两条进展，期限先空着"

    Hands(contests).press("↑↵")

    settled(qtbot, contests, 1)
    assert topics(world)[first].title == "both"


def test_when_all_are_decided_it_says_so(contests, qtbot):
    hands = Hands(contests)
    hands.press("←↵")
    settled(qtbot, contests, 1)
    hands.press("→↵")

    settled(qtbot, contests, 0)
    assert contests.nothing.isVisible()
    with qtbot.waitSignal(contests.room.went) as went:
        hands.press("↵")
    assert went.args[0] == "exchange"


def test_another_one_can_be_looked_at_without_deciding(contests, world):
    before, hands = topics(world), Hands(contests)
    hands.press("←")
    hands.chord(Qt.Key.Key_PageDown)

    assert contests.count.text() == "第 2 处，共 2 处"
    assert contests.choice is None
    assert topics(world) == before


def test_escape_leaves_and_keeps_the_half_typed_reason(contests, room, qtbot):
    hands, first = Hands(contests), contests.view.record_id
    hands.say("等电话")
    with qtbot.waitSignal(room.went):
        hands.press("⎋")
    contests.leave()

    assert room.jotted(f"exchange/reason/{first}") == "等电话"


@pytest.fixture
def texts(qtbot, room, town):
    town.views = [text_contest]
    return shown(qtbot, ContestPage(room), room)


def test_a_joined_text_is_offered_shown_and_only_then_chosen(texts, world, qtbot):
    hands, first = Hands(texts), texts.view.record_id
    hands.press("↓")
    assert texts.choice is None
    assert texts.joined is not None
    hands.press("↓")
    assert texts.choice.how == How.JOINED
    assert texts.choice.texts == {"text": "挡墙修十五米，高两米。留三个泄水孔。工钱两户各半，五月底付清。"}
    hands.press("↵")

    settled(qtbot, texts, 0)
    assert topics(world)[first].title == "joined"


def test_the_original_stands_between_long_texts(texts):
    assert "原来的" in words_on(texts)
    assert words_on(texts).count("改过") >= 4


def test_the_same_sentence_changed_twice_is_not_joined(qtbot, room, town):
    town.views = [lambda topic: text_contest(topic, "挡墙修十五米，高三米。留三个泄水孔。工钱两户各半。")]
    page = shown(qtbot, ContestPage(room), room)

    Hands(page).press("↓")

    assert page.joined is None
    assert page.apart.isVisible()


def test_a_disputed_removal_is_called_so(qtbot, room, town):
    town.views = [removal_contest]
    page = shown(qtbot, ContestPage(room), room)

    assert page.subject.removal.isVisible()
    assert "放进了回收站" in words_on(page)
    assert [card.button.text() for card in page.cards] == ["留着", "照县里的删掉"]


def test_no_technicians_word_is_said(contests, texts):
    said = words_on(contests) + words_on(texts)

    assert not re.search("版本|合并|冲突|哈希|merge|version|hash", said)


def test_a_page_opened_on_one_record_shows_that_one(contests, qtbot):
    second = contests.views[1].record_id
    contests.enter(second)

    qtbot.waitUntil(lambda: contests.view.record_id == second)
