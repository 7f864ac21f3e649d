"""定稿 through the real closing page: sealing, what it locks, and the way through 更正."""

import pytest
from PySide6.QtCore import Qt

from app.commands.edition import OpenCorrection, SealSitting
from app.commands.sitting import AmendSitting, ReopenSitting
from app.domain.edition import Edition
from app.domain.edition_code import shown_digits
from app.domain.errors import Sealed
from app.queries.edition import content_of
from tests.hands import Hands
from tests.ui.test_closing_page import closing, evening  # noqa: F401 the same meeting, the same page
from ui.consultation.closing_steps import CHECK, PRINT, SEAL


@pytest.fixture
def sealing(closing, qtbot):  # noqa: F811
    page = closing()
    page.show_step(SEAL)
    qtbot.waitUntil(page.sealing.seal.button.hasFocus)
    return page


def sealed(page, qtbot):
    Hands(page).chord(Qt.Key.Key_Return, ctrl=True)
    qtbot.waitUntil(lambda: page.state.is_sealed() and page.at == PRINT)
    return page.state.latest


def test_enter_after_checking_leads_to_sealing(closing, qtbot):  # noqa: F811
    page = closing()
    assert page.at == CHECK

    Hands(page).press("↵")

    assert page.at == SEAL
    assert page.sealing.headline.text() == "可以定稿了"


def test_the_red_button_seals_and_goes_on_to_print_with_the_digits_on_the_paper(sealing, qtbot):
    edition = sealed(sealing, qtbot)

    assert edition.version == 1
    qtbot.waitUntil(lambda: sealing.drawn.paper("consensus_paper").content.imprint.digits == edition.digits)
    assert sealing.drawn.paper("consensus_paper").content.imprint.seal.startswith(sealing.live.consultation.title)


def test_what_villagers_called_out_is_sealed_and_five_digits_are_not_enough(sealing, qtbot):
    field = sealing.sealing.spoken
    field.setFocus()
    Hands(sealing).press("48210")
    Hands(sealing).press("↵")
    assert "一共六个" in field.note.words.text()
    assert not sealing.state.editions

    Hands(sealing).press("9")
    Hands(sealing).press("↵")

    qtbot.waitUntil(lambda: sealing.state.is_sealed())
    assert sealing.state.latest.spoken_digits == "482109"


def test_a_sealed_meeting_shows_its_digits_and_is_not_reopened(sealing, qtbot, evening):  # noqa: F811
    edition = sealed(sealing, qtbot)
    sealing.show_step(SEAL)

    assert sealing.sealing.headline.text() == "第 1 版已定稿"
    assert sealing.sealing.digits.text() == shown_digits(edition.digits)
    with pytest.raises(Sealed):
        evening.desk.do(ReopenSitting(evening.sitting))


def test_a_correction_asks_why_and_is_dropped_again_when_nothing_was_changed(sealing, qtbot, evening):  # noqa: F811
    sealed(sealing, qtbot)
    sealing.show_step(SEAL)
    step = sealing.sealing
    step.correct.click()
    Hands(sealing).press("↵")
    Hands(sealing).press("↵")
    assert "为什么更正" in step.reason.note.words.text()

    step.reason.setFocus()
    step.reason.line.setText("签字前当场改")
    step.press()
    qtbot.waitUntil(lambda: sealing.state.correction is not None)
    assert step.headline.text() == "正在更正第 1 版"
    assert step.seal.reason.text() == "还没有改，不用再定"
    step.press()
    assert len(evening.desk.ask(lambda shelf: shelf.all(Edition))) == 1
    step.drop.click()

    qtbot.waitUntil(lambda: sealing.state.is_sealed())
    assert len(evening.desk.ask(lambda shelf: shelf.all(Edition))) == 1


def test_a_correction_is_sealed_as_soon_as_something_was_changed(sealing, qtbot, evening):  # noqa: F811
    sealed(sealing, qtbot)
    sealing.room.do(sealing, OpenCorrection(evening.sitting, "签字前当场改"))
    sealing.show_step(SEAL)
    qtbot.waitUntil(lambda: sealing.sealing.seal.reason.text() == "还没有改，不用再定")

    sealing.room.do(sealing, AmendSitting(evening.sitting, venue="别处"))
    qtbot.waitUntil(lambda: bool(sealing.state.changes))
    sealing.sealing.press()

    qtbot.waitUntil(lambda: len(sealing.state.editions) == 2)


def test_sealing_offers_no_undo_that_would_be_refused(sealing, qtbot):
    said = []
    sealing.room.said.connect(lambda text, set_id: said.append((text, set_id)))

    sealed(sealing, qtbot)

    qtbot.waitUntil(lambda: bool(said))
    assert said == [("定稿了", "")]


def test_an_old_version_is_printed_again_as_it_was(sealing, qtbot, evening):  # noqa: F811
    first = sealed(sealing, qtbot)
    evening.desk.do(OpenCorrection(evening.sitting, "签字前当场改"))
    evening.desk.do(AmendSitting(evening.sitting, venue="别处"))
    content = content_of(sealing.room.places, sealing.practice(), evening.sitting)
    evening.desk.do(SealSitting(evening.sitting, content))
    sealing.enter(evening.sitting)
    qtbot.waitUntil(lambda: len(sealing.state.editions) == 2)

    sealing.sealing.version_wanted.emit(1)
    qtbot.waitUntil(lambda: sealing.drawn.is_ready())

    paper = sealing.drawn.paper("consensus_paper").content
    assert (sealing.at, paper.imprint.version, paper.imprint.digits) == (PRINT, 1, first.digits)
    sealing.show_step(SEAL)
    qtbot.waitUntil(lambda: sealing.drawn.is_ready())
    assert sealing.drawn.paper("consensus_paper").content.imprint.version == 2
