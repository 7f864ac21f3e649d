"""A topic, a task and a meeting say how far they have got; where nobody can know, nothing is said."""

import pytest

from sync.reach import Reach
from tests.ui.exchange.conftest import shown
from ui.topic.topic_page import TopicPage


def topics(qtbot, room):
    page = shown(qtbot, TopicPage(room), room)
    qtbot.waitUntil(lambda: page.detail.life is not None)
    room.tasks.finish()
    return page


@pytest.mark.parametrize(
    ("reach", "word"), [(Reach.HERE, "本机"), (Reach.CARRIED, "已拷出"), (Reach.APPLIED, "省已入账")]
)
def test_a_topic_says_how_far_it_has_got(qtbot, room, town, reach, word):
    town.reached = reach

    page = topics(qtbot, room)

    qtbot.waitUntil(page.detail.reach.isVisible)
    assert page.detail.reach.text() == word
    assert page.detail.reach.accessibleName() == f"送到哪里：{word}"


def test_another_topic_does_not_wear_the_word_of_the_one_before(qtbot, room, town):
    town.reached = Reach.APPLIED
    page = topics(qtbot, room)
    qtbot.waitUntil(page.detail.reach.isVisible)
    town.reached = None

    page.detail.reach.tell_of(room, "another")

    assert page.detail.reach.isHidden()
    room.tasks.finish()
    assert page.detail.reach.isHidden()


def test_a_laptop_that_is_nobodys_says_nothing(qtbot, room):
    room.exchange = None

    page = topics(qtbot, room)

    assert page.detail.reach.isHidden()
