"""A settled dispute is put away as signed only when its mediation agreement is in force, or when none was made."""

import pytest
from PySide6.QtWidgets import QApplication

from app.commands.attendance import CheckIn
from app.commands.consensus import SettleConsensus
from app.commands.sitting import CloseSitting
from app.domain.consensus import Method
from app.domain.consultation import Consultation, ConsultationStage
from app.domain.issue import Issue
from app.domain.people import Role
from tests.hands import Hands
from ui.consultation.closing_agreement import AgreementTicks
from ui.consultation.closing_page import ClosingPage
from ui.consultation.closing_steps import DONE, SIGN
from ui.words import speak


@pytest.fixture
def dispute(world):
    """A meeting at which two parties settled their dispute by their own signatures."""
    people = [world.villager(name, Role.PARTY) for name in ("赵某甲", "钱某乙")]
    people.append(world.villager("沈某癸", Role.MEDIATOR))
    sitting = world.sitting("挡墙谁出资", invited=tuple(people), category="DISPUTE")
    for person in people:
        world.desk.do(CheckIn(sitting, person))
    issue = world.desk.ask(lambda shelf: shelf.all(Issue))[0]
    world.desk.do(SettleConsensus(issue.id, "两户各担一半工钱。", Method.PARTY_SIGNATURE))
    world.desk.do(CloseSitting(sitting))
    return sitting


@pytest.fixture
def signing(qtbot, world, dispute):
    """The assistant at its third step."""
    page = ClosingPage(world.room())
    qtbot.addWidget(page)
    page.resize(1312, 694)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    page.enter(dispute)
    qtbot.waitUntil(lambda: page.live is not None and page.drawn.is_ready())
    page.show_step(SIGN)
    yield page
    page.leave()
    page.room.tasks.finish()


def stage(world):
    return world.desk.ask(lambda shelf: shelf.all(Consultation)[0]).stage


def test_the_three_ticks_stand_above_the_button_and_have_the_keyboard(signing):
    ticks = signing.signing.agreement

    assert ticks.isVisible()
    assert [tick.text() for tick in ticks.three()] == [
        "当事人都签字或按了手印",
        "人民调解员签了字",
        "调委会盖了章",
    ]
    assert QApplication.focusWidget() is ticks.parties


def test_without_the_seal_it_is_not_put_away_and_the_sentence_says_why(qtbot, signing, world):
    ticks = signing.signing.agreement
    ticks.parties.setChecked(True)
    ticks.mediator.setChecked(True)

    signing.signing.kept.click()

    qtbot.waitUntil(ticks.said.isVisible)
    assert ticks.said.text().startswith("人民调解协议书还没生效：调委会还没盖章")
    assert QApplication.focusWidget() is ticks.seal
    assert signing.at == SIGN
    assert stage(world) == ConsultationStage.CONCLUDED


def test_ticked_by_the_keyboard_it_is_put_away_as_signed(qtbot, signing, world):
    hands = Hands(signing)
    for _ in range(3):
        hands.press("␣")
        hands.press("⇥")

    signing.signing.kept.click()

    qtbot.waitUntil(lambda: signing.at == DONE)
    assert stage(world) == ConsultationStage.SIGNED


def test_where_no_agreement_was_made_only_the_consensus_is_signed(qtbot, signing, world):
    ticks = signing.signing.agreement
    ticks.consensus_only.setChecked(True)

    signing.signing.kept.click()

    qtbot.waitUntil(lambda: signing.at == DONE)
    assert not any(tick.isEnabled() for tick in ticks.three())
    assert stage(world) == ConsultationStage.SIGNED


def test_the_ticks_are_told_in_english(qtbot):
    speak("en")
    try:
        ticks = AgreementTicks()
        qtbot.addWidget(ticks)
        assert ticks.seal.text() == "The mediation committee has put its seal"
    finally:
        speak("zh")
