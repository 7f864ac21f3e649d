"""The page of topics, worked by keys: letters filter, arrows move, one key notes, merges, advances, bins."""

from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.commands.sitting import CallSitting
from app.commands.topic import RaiseTopic, TakeTopicOn
from app.domain.topic import Topic, TopicStage
from tests.hands import Hands
from tests.world import BEIJING
from ui.topic.topic_form import HALF
from ui.topic.topic_page import TopicPage

TOWNSHIP = "532622202"
TITLES = (
    ("破除陈规陋习，建设和美新塘", "CUSTOMS"),
    ("采购农资别再一家一户跑县城", "INDUSTRY"),
    ("石墙村 15 米挡墙怎么分摊", "DISPUTE"),
)


@pytest.fixture
def spring(world):
    world.clock.at = datetime(2026, 3, 30, 8, 42, tzinfo=BEIJING)
    world.desk.jot({"here/place": TOWNSHIP})
    return world


@pytest.fixture
def pool(spring):
    """Three topics, the first the oldest; their ids."""
    return [
        spring.made(spring.desk.do(RaiseTopic(title, "532622202001", "赵某甲", category=category)), "topic")
        for title, category in TITLES
    ]


@pytest.fixture
def room(spring, pool):
    standing = spring.room()
    yield standing
    standing.tasks.finish()


@pytest.fixture
def page(qtbot, room):
    made = TopicPage(room)
    made.went, made.said = [], []
    room.went.connect(lambda name, record_id: made.went.append((name, record_id)))
    room.said.connect(lambda text, undo: made.said.append((text, undo)))
    qtbot.addWidget(made)
    made.resize(1198, 694)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.enter()
    qtbot.waitUntil(lambda: made.pool is not None)
    return made


@pytest.fixture
def hands(page):
    return Hands(page)


def shown(page):
    return [found.topic.title for found in page.rows.found]


def kept(world, topic_id):
    return world.desk.ask(lambda shelf: shelf.find(Topic, topic_id))


def test_letters_filter_at_once_and_light_what_they_matched(page, hands):
    hands.press("cg")

    assert shown(page) == ["采购农资别再一家一户跑县城", "破除陈规陋习，建设和美新塘"]
    assert [found.positions for found in page.rows.found] == [(0, 1), (2, 3)]
    assert page.filter.count.text() == "2 条 · 拼音首字母"
    chips = {chip.text(): chip.detail for chip in page.chips if chip.isVisible()}
    assert chips == {"全部": "2", "移风易俗": "1", "产业发展": "1", "矛盾纠纷": "0"}


def test_letters_still_being_composed_filter_too(page, hands):
    hands.compose("c'g")

    assert len(page.rows.found) == 2


def test_nothing_found_says_what_to_do_and_escape_brings_all_back(page, hands):
    hands.press("cgx")

    assert page.empty.isVisible()
    assert page.empty.title.text() == "没有“cgx”"
    assert "Ctrl N" in page.empty.sentence.text()
    hands.press("⎋")
    assert len(page.rows.found) == 3


def test_a_chip_narrows_the_list_to_one_category(page, qtbot):
    chip = next(chip for chip in page.chips if chip.text() == "矛盾纠纷")

    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)

    assert shown(page) == ["石墙村 15 米挡墙怎么分摊"]
    assert page.filter.line.hasFocus()


def test_the_arrows_show_one_topic_after_the_other_beside_the_list(page, hands):
    hands.press("↓↓")

    assert page.detail.title.text() == "破除陈规陋习，建设和美新塘"
    assert page.filter.line.hasFocus()
    assert page.detail.origin.text().endswith("3月30日 入池")


def test_a_topic_is_noted_in_three_fields(spring, page, hands, room):
    hands.chord(Qt.Key.Key_N, ctrl=True)
    hands.say("一事一议出工出力，谁家轮几天")
    hands.press("↵")
    village = room.places.children(TOWNSHIP)[3]
    hands.say(village.display_name)
    hands.press("↵")
    hands.say("何某子")
    hands.press("↵")

    topic = kept(spring, page.current().id)
    assert (topic.title, topic.village_code, topic.raised_by) == (
        "一事一议出工出力，谁家轮几天",
        village.code,
        "何某子",
    )
    assert topic.raised_on.isoformat() == "2026-03-30"
    assert hands.keys == 4
    assert page.filter.line.hasFocus()
    assert [(text, bool(act)) for text, act in page.said] == [("记下了 一事一议出工出力，谁家轮几天", True)]
    assert room.jotted(HALF) == ""


def test_the_township_is_always_shown_beside_the_village(page, hands, room):
    hands.chord(Qt.Key.Key_N, ctrl=True)
    page.form.village.setFocus()
    hands.say(room.places.children(TOWNSHIP)[0].display_name)

    assert all("维摩乡" in text for text in page.form.village.popup.texts() if "乡" not in text.split()[0])
    hands.press("↵")
    assert page.form.village.echo.text().startswith("维摩乡")


def test_what_was_discussed_before_shows_while_the_title_is_typed(page, hands):
    hands.chord(Qt.Key.Key_N, ctrl=True)
    hands.say("又有人说起")
    assert page.form.before.isHidden()

    hands.say("挡墙怎么分摊")

    assert not page.form.before.isHidden()
    assert page.form.earlier[0].telling.title == "石墙村 15 米挡墙怎么分摊"


def test_a_topic_without_words_is_refused_in_its_field(page, hands):
    hands.chord(Qt.Key.Key_N, ctrl=True)
    hands.chord(Qt.Key.Key_Return, ctrl=True)

    assert page.form.title.note.words.text().startswith("什么事还没写")
    assert page.form.title.line.hasFocus()


def test_an_identity_number_is_refused_and_the_words_stay(page, hands):
    hands.chord(Qt.Key.Key_N, ctrl=True)
    hands.say("帮 11010519491231002X 办低保")
    hands.chord(Qt.Key.Key_Return, ctrl=True)

    assert "不收" in page.form.title.note.words.text()
    assert page.form.title.line.text() == "帮 11010519491231002X 办低保"


def test_what_is_half_typed_is_there_again_after_escape(page, hands, room):
    hands.chord(Qt.Key.Key_N, ctrl=True)
    hands.say("一事一议")
    hands.press("⎋")
    assert page.filter.line.hasFocus()

    hands.chord(Qt.Key.Key_N, ctrl=True)

    assert page.form.title.line.text() == "一事一议"
    assert "一事一议" in room.jotted(HALF)


def test_space_ticks_and_ctrl_m_merges_into_the_topic_in_view(spring, pool, page, hands):
    hands.press("␣↓␣")
    assert page.filter.line.text() == ""
    hands.chord(Qt.Key.Key_M, ctrl=True)

    assert kept(spring, pool[2]).merged_into == pool[1]
    assert shown(page) == [TITLES[1][0], TITLES[0][0]]
    assert page.said[-1][1]
    page._open()
    assert "来源 2 条已合并" in page.detail.rows[0].line.detail


def test_one_topic_alone_is_not_merged_and_the_reason_is_told(page, hands):
    hands.press("␣")
    hands.chord(Qt.Key.Key_M, ctrl=True)

    assert page.refusal.text().startswith("至少勾两条")
    assert page.refusal.isVisible()


def test_delete_bins_and_undo_brings_it_back(spring, pool, page, hands, room):
    hands.chord(Qt.Key.Key_Delete)
    assert kept(spring, pool[2]) is None
    assert shown(page)[0] == TITLES[1][0]
    assert page.current().id == pool[1]

    room.undo(page)

    assert TITLES[2][0] in shown(page)


def test_a_topic_with_a_meeting_is_not_binned(spring, pool, page, hands, room):
    room.do(page, CallSitting("挡墙协商", topic_id=pool[2]))
    hands.chord(Qt.Key.Key_Delete)

    assert "不能放进回收站" in page.refusal.text()
    assert kept(spring, pool[2]) is not None


def test_a_takes_a_topic_on_until_it_is_approved_and_no_further(spring, pool, page, hands):
    hands.press("→a")
    assert kept(spring, pool[2]).stage == TopicStage.SCREENED
    hands.press("a")
    topic = kept(spring, pool[2])
    assert (topic.stage, topic.approved_on.isoformat()) == (TopicStage.APPROVED, "2026-03-30")
    assert page.counts.text() == "池里 3 · 列入今年计划 1"

    hands.press("a")

    assert kept(spring, pool[2]).stage == TopicStage.APPROVED
    assert page.refusal.text().startswith("“石墙村 15 米挡墙怎么分摊”已经立题")


def test_x_wants_a_reason_and_keeps_it(spring, pool, page, hands):
    hands.press("→x↵")
    assert "要写一句理由" in page.detail.reason.note.words.text()

    hands.say("和村规民约重复")
    hands.press("↵")

    topic = kept(spring, pool[2])
    assert (topic.stage, topic.reason) == (TopicStage.DECLINED, "和村规民约重复")
    assert page.filter.line.hasFocus()


def test_a_topic_turned_away_can_be_taken_up_again(spring, pool, page, hands):
    hands.press("→x")
    hands.say("先放放")
    hands.press("↵→a")

    assert kept(spring, pool[2]).stage == TopicStage.RAISED


def test_f2_changes_a_topic_in_place(spring, pool, page, hands):
    hands.chord(Qt.Key.Key_F2)
    page.form.title.line.selectAll()
    hands.say("石墙村挡墙怎么分摊")
    hands.press("↵↵↵")
    page.form.category.line.selectAll()
    hands.press("jczl↵")
    hands.press("↵")
    hands.say("墙高两米")
    hands.press("↵")

    topic = kept(spring, pool[2])
    assert (topic.title, topic.category, topic.summary) == ("石墙村挡墙怎么分摊", "GOVERNANCE", "墙高两米")
    assert page.detail.summary.text() == "墙高两米"


def test_ctrl_enter_goes_on_to_calling_a_meeting(pool, page, hands):
    hands.press("↓")
    hands.chord(Qt.Key.Key_Return, ctrl=True)

    assert page.went == [("call", f"topic:{pool[1]}")]


def test_left_and_escape_come_back_to_the_filter(page, hands):
    hands.press("↵")
    assert not page.filter.line.hasFocus()
    hands.press("←")
    assert page.filter.line.hasFocus()
    hands.press("→⎋")
    assert page.filter.line.hasFocus()


def test_letters_typed_in_the_list_go_to_the_filter(page, hands):
    page.list.setFocus()
    hands.press("cg")

    assert page.filter.line.text() == "cg"
    assert len(page.rows.found) == 2


def test_a_page_opened_on_a_topic_shows_its_life(spring, pool, page):
    spring.desk.do(TakeTopicOn((pool[0],)))
    page.pool = None
    page.enter(pool[0])

    assert page.detail.title.text() == TITLES[0][0]
    assert [row.line.name for row in page.detail.rows if row.isVisible()][:2] == ["征集", "研判 · 立题"]
    assert page.detail.rows[0].line.detail == "赵某甲提的"


def test_a_reader_hears_the_whole_row(page):
    spoken = page.rows.index(0).data(Qt.ItemDataRole.AccessibleTextRole)

    assert spoken.startswith("石墙村 15 米挡墙怎么分摊")
    assert spoken.endswith("第 1 步 征集，共 7 步")


def test_no_topics_yet_says_how_to_begin(qtbot, tmp_path, spring, room, page, pool):
    for _ in pool:
        page._bin()

    assert page.empty.title.text() == "还没有议题"
    assert page.empty.button.isVisible()
    assert not page.note.isVisible()


def test_two_thousand_topics_are_filtered_a_letter_at_a_time(page, hands):
    from app.queries.topic import TopicPool

    many = [Topic(f"{n:06}", f"第{n}条 {TITLES[n % 3][0]}") for n in range(2000)]
    page.pool = TopicPool(many)
    page._seek()
    hands.press("c")

    for letter in "gnz":
        page.filter.line.insert(letter)

    assert page.rows.found


@pytest.mark.parametrize("width", [1198, 1039, 820, 629])
def test_list_and_panel_share_the_width_or_take_turns(page, hands, width):
    page.resize(width, 540)
    hands.press("↵")

    assert page.detail.isVisible()
    assert page.listing.isVisible() == (width >= 860)
    assert page.minimumSizeHint().width() <= width
    hands.press("⎋")
    assert page.filter.line.hasFocus()
    assert page.listing.isVisible()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_approval_form_is_kept_as_pdf_and_as_word_by_keys(qtbot, page, hands, tmp_path):
    sheet = page.papers.sheet("approval_form", "审批表")
    sheet.folder, sheet.find = tmp_path / "papers", list
    page.said.clear()

    for steps in range(3):
        hands.chord(Qt.Key.Key_P, ctrl=True)
        menu = QApplication.activePopupWidget()
        assert [action.text() for action in menu.actions()] == ["打印审批表", "审批表存 PDF", "审批表存 Word"]
        for _ in range(steps):
            QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda count=steps + 1: len(page.said) == count)

    assert [words.split(" ")[0] for words, _ in page.said] == ["没印成，审批表存在", "审批表存在", "审批表存在"]
    kept = sorted(file.name for file in (tmp_path / "papers").iterdir())
    assert [name[-4:] for name in kept] == [".pdf", "docx"]
    assert all("石墙村15米挡墙怎么分摊议题审批表" in name for name in kept)
