"""公示 and 查真伪 through their real pages."""

import pytest
from PySide6.QtCore import Qt

from app.commands.edition import SealSitting
from app.domain.edition_code import shown_digits
from app.domain.notice import Notice
from app.printing import draw
from app.queries.edition import content_of, editions_of
from app.queries.papers import made
from tests.hands import Hands
from tests.ui.test_closing_page import PLACES, Evening
from ui.edition.verify_page import VerifyPage
from ui.matter import matter_of
from ui.notice.notice_page import NoticePage
from ui.pages_of import page_image
from ui.printing import fonts


@pytest.fixture
def evening(world):
    made = Evening(world)
    made.settle()
    made.task("赵某甲家门前砌十五米挡墙", "村委会", "王某辛", None, made.consensus(1))
    made.end()
    return made


@pytest.fixture
def room(world, evening):
    room = world.room()
    room.places = PLACES
    yield room
    room.tasks.finish()


def shown(qtbot, page):
    qtbot.addWidget(page)
    page.resize(1312, 694)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    return page


@pytest.fixture
def notice(qtbot, room, evening):
    page = shown(qtbot, NoticePage(room))
    page.enter(evening.sitting)
    qtbot.waitUntil(lambda: page.found is not None and page.preview.page_count() > 0)
    yield page
    page.leave()


@pytest.fixture
def verify(qtbot, room):
    return shown(qtbot, VerifyPage(room))


def posted(evening):
    return evening.desk.ask(lambda shelf: shelf.all(Notice))


def test_every_mask_is_shown_beside_the_notice(notice):
    texts = [row.title.text() for row in notice._rows.findChildren(type(notice._list.itemAt(0).widget()))]

    assert "姓名：赵某甲 → 赵某某" in texts
    assert notice.masks.after.text() == f"{len(notice.found.masks)} 处"
    assert "赵某甲" not in str(notice.drawn.paper("public_notice").content)


def test_more_words_are_hidden_with_enter(notice, qtbot):
    notice.more.line.setText("挡墙")
    notice.more.line.setFocus()
    Hands(notice).press("↵")

    assert "挡墙" not in notice.found.paper.tasks[0].task
    assert notice.more.line.text() == ""


def test_a_notice_that_hangs_is_noted_with_its_days(notice, qtbot, evening):
    notice.where.line.setText("村公示栏")
    Hands(notice).chord(Qt.Key.Key_Return, ctrl=True)

    qtbot.waitUntil(lambda: bool(posted(evening)))
    assert posted(evening)[0].where == "村公示栏"
    assert (posted(evening)[0].until - posted(evening)[0].posted_on).days == 7
    qtbot.waitUntil(lambda: "到期请取下" in notice.told.text())


def sealed(evening, room):
    practice = next(iter(room.practices.values()))
    evening.desk.do(SealSitting(evening.sitting, content_of(room.places, practice, evening.sitting)))
    return evening.desk.ask(editions_of, evening.sitting)[-1]


def test_typed_digits_say_what_the_paper_is_worth(verify, qtbot, evening, room):
    edition = sealed(evening, room)
    verify.enter()
    verify.code.line.setText(shown_digits(edition.digits))
    Hands(verify).press("↵")

    qtbot.waitUntil(verify.answer.isVisible)
    assert verify.word.text() == "没改过"
    assert "不证明村民都同意" in verify.proves.text()


def test_what_is_no_code_is_said_so(verify, qtbot):
    verify.enter("微信支付")

    qtbot.waitUntil(verify.answer.isVisible)
    assert verify.word.text() == "不是我们的"
    assert not verify.proves.isVisible()


def test_what_was_said_of_one_paper_does_not_stay_beside_a_picture_that_cannot_be_read(
    verify, qtbot, evening, room, tmp_path
):
    verify.enter(sealed(evening, room).digits)
    qtbot.waitUntil(verify.answer.isVisible)
    assert verify.proves.isVisible()
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"")

    verify.check_file(broken)

    assert not verify.answer.isVisible()
    qtbot.waitUntil(lambda: not verify.room.tasks.is_busy())
    assert not verify.answer.isVisible()


def test_a_photograph_of_the_paper_is_read_and_checked(verify, notice, qtbot, evening, room, tmp_path):
    sealed(evening, room)
    notice.enter(evening.sitting)
    qtbot.waitUntil(lambda: notice.state.is_sealed())
    paper = made("consensus_paper", matter_of(room, notice.live, notice.state))
    picture = tmp_path / "paper.png"
    page_image(draw(paper, fonts()), 0, 200).save(str(picture))

    verify.check_file(picture)

    qtbot.waitUntil(verify.answer.isVisible)
    assert verify.word.text() == "没改过"
