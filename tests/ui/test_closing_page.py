"""The closing assistant: a meeting that lacks nothing is printed with two keys, and each gap is one field."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from app.commands.action import AmendAction, AssignAction, Offer
from app.commands.attendance import CheckIn
from app.commands.consensus import Objection, ReopenConsensus, SettleConsensus
from app.commands.consensus_closing import ConcedeIssue
from app.commands.edition import SealSitting
from app.commands.sitting import AmendSitting, CloseSitting, ReopenSitting
from app.domain.action import Action, ContributionKind
from app.domain.consensus import Consensus, Result, Tally
from app.domain.consultation import Consultation
from app.domain.errors import AlreadySettled
from app.domain.issue import Issue
from app.domain.people import Role
from app.domain.place import Places
from app.domain.sitting import Sitting
from app.domain.unit import Unit
from app.ports import Is
from app.printing.reprint import marked
from app.queries.edition import content_of
from app.queries.papers import made
from app.queries.printout import owed_of, printouts_of
from tests.hands import Hands
from tests.ui.ipp_printer import NAME, Mood, ipp_printer
from ui import ipp
from ui.consultation.closing_gaps import GapField
from ui.consultation.closing_page import ClosingPage
from ui.consultation.closing_steps import CHECK, DONE, PRINT, SEAL, SIGN, TO_PRINT
from ui.consultation.readout import ReadOut
from ui.pages_of import page_count
from ui.print_ways import set_for_papers
from ui.printers import queue_printers

VILLAGE = "530099205205"
PLACES = Places("53\t示例省\n5300\t示例州\n530099\t示例县\n530099205\t青石乡\n530099205205\t石墙村村民委员会")
ISSUES = ("地界怎么认", "挡墙谁出资", "墙后的水往哪排")
TEXTS = (
    "以2021年确权图为准，当场钉桩，两户签字认可。",
    "两户各担一半工钱，村集体出砂石约18方；今后凡协商确定的公共安全挡墙，照此办理。",
    "墙脚预留三个泄水孔，接入村里边沟，边沟由二组清淤。",
)
WALL = "沿确权界线修15米挡墙，留泄水孔三个"
MORE = tuple(f"卫某{sign}" for sign in "一二三四五六七八九十百千")


class Evening:
    """One meeting, from the invitations to the end."""

    def __init__(self, world) -> None:
        self.world, self.desk = world, world.desk
        self.people = self._people()
        self.sitting = world.sitting(
            *ISSUES, invited=tuple(self.people.values()), place_codes=(VILLAGE,), expected=len(self.people)
        )
        world.clock.passes(minutes=5)
        for person_id in list(self.people.values())[:27]:
            self.desk.do(CheckIn(self.sitting, person_id))

    def _people(self):
        roles = {
            "赵某甲": Role.PARTY,
            "钱某乙": Role.PARTY,
            "王某辛": Role.VILLAGE_CADRE,
            "孙某丙": Role.CPPCC_MEMBER,
            "周某戊": Role.VILLAGE_REP,
            "何某子": Role.LINE_DEPT,
            "吴某己": Role.VILLAGE_SUPERVISION,
        }
        rest = {f"郑某{sign}": Role.VILLAGER for sign in "庚壬癸寅卯辰巳午未申酉戌亥"} | dict.fromkeys(
            MORE, Role.VILLAGER
        )
        return {name: self.world.villager(name, role, phone="13800138000") for name, role in (roles | rest).items()}

    def issue(self, at):
        found = self.desk.ask(lambda shelf: shelf.all(Issue, Is("sitting_id", self.sitting), order="number"))
        return found[at].id

    def settle(self):
        tallies = (Tally(27), Tally(25, 1, 1), Tally(27))
        for at, (text, tally) in enumerate(zip(TEXTS, tallies, strict=True)):
            kept = (Objection(self.people["周某戊"], "应先定全村标准，再动用村集体砂石。"),) if at == 1 else ()
            self.desk.do(SettleConsensus(self.issue(at), text, tally=tally, objections=kept))

    def assign(self):
        consensus = self.consensus(1)
        shares = tuple(Offer(name, ContributionKind.SHARE, "50", "%") for name in ("赵某甲", "钱某乙"))
        sand = Offer("村集体", ContributionKind.MATERIAL, "18", "方")
        self.task(WALL, "村委会", "王某辛", date(2026, 4, 30), consensus, (*shares, sand))
        self.task("界桩坐标报乡备案", "自然资源所", "何某子", date(2026, 4, 3), consensus)
        self.task("二组边沟清淤至村口", "二组", None, date(2026, 4, 20), consensus)

    def task(self, text, unit, person, due, consensus=None, offers=()):
        person_id = self.people.get(person) if person else None
        changes = self.desk.do(
            AssignAction(self.sitting, text, consensus, None, unit, person_id, due, offers=tuple(offers))
        )
        return self.world.made(changes, "action")

    def consensus(self, at):
        return self.desk.ask(lambda shelf: shelf.all(Consensus, Is("issue_id", self.issue(at)))[0]).id

    def tasks(self):
        return self.desk.ask(lambda shelf: shelf.all(Action, Is("sitting_id", self.sitting), order="number"))

    def sat(self):
        return self.desk.ask(lambda shelf: shelf.get(Sitting, self.sitting))

    def end(self):
        self.world.clock.passes(minutes=73)
        self.desk.do(CloseSitting(self.sitting))


@pytest.fixture
def evening(world):
    made = Evening(world)
    made.settle()
    made.assign()
    made.end()
    return made


@pytest.fixture
def closing(qtbot, evening, world, tmp_path):
    """Return what opens the assistant on the evening, with a printer that prints into files."""
    opened = []

    def open_page(sitting=""):
        room = world.room()
        room.places = PLACES
        page = ClosingPage(room)
        qtbot.addWidget(page)
        page.resize(1312, 694)
        page.printing.printer_for = into(tmp_path / "printer")
        with qtbot.waitActive(page):
            page.show()
            page.activateWindow()
        page.enter(sitting or evening.sitting)
        qtbot.waitUntil(lambda: page.live is not None and page.drawn.is_ready())
        opened.append(page)
        return page

    yield open_page
    for page in opened:
        page.leave()
        page.room.tasks.finish()


def into(folder):
    folder.mkdir(exist_ok=True)

    def printer(copy):
        made = QPrinter(QPrinter.PrinterMode.HighResolution)
        made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        made.setOutputFileName(str(folder / f"{copy.paper.kind}-{copy.number}.pdf"))
        return set_for_papers(made)

    return printer


def focused_gap():
    """Return the gap whose field has the keyboard."""
    widget = QApplication.focusWidget()
    while widget is not None and not isinstance(widget, GapField):
        widget = widget.parentWidget()
    return widget.gap.what if isinstance(widget, GapField) else None


def ctrl(key):
    QTest.keyClick(QApplication.focusWidget(), key, Qt.KeyboardModifier.ControlModifier)


def row_of(page, kind):
    return next(row for row in page.printing.list.choices.rows if row.kind == kind)


def ticked(page):
    return [row.kind for row in page.printing.list.ticked()]


def printouts(evening):
    return evening.desk.ask(printouts_of, evening.sitting)


def files_of(number_of):
    """Return the files the printer makes, so many copies of each paper."""
    return sorted(f"{kind}-{number}.pdf" for kind, count in number_of.items() for number in range(1, count + 1))


def test_a_meeting_that_lacks_nothing_is_printed_with_two_keys(qtbot, evening, closing, tmp_path):
    page = closing()
    wanted = {row.kind: row.copies for row in page.printing.list.ticked()}
    assert {"sign_in_sheet": 1, "consensus_paper": 4, "action_list": 2}.items() <= wanted.items()
    hands = Hands(page)

    hands.chord(Qt.Key.Key_P, ctrl=True)
    hands.press("↵")

    qtbot.waitUntil(lambda: page.printing.onward.hasFocus())
    assert hands.keys == 2
    out = sorted(file.name for file in (tmp_path / "printer").iterdir())
    assert out == files_of(wanted)
    qtbot.waitUntil(lambda: len(printouts(evening)) == len(out) and not page.room.tasks.is_busy())
    assert {(one.paper, one.copies, one.is_reprint) for one in printouts(evening)} >= {("consensus_paper", 1, False)}
    assert "印过 4 份" in row_of(page, "consensus_paper").detail
    assert ticked(page) == []
    assert page.printing.sheets.text() == "都印齐了；要再印，按空格勾上"


def test_after_printing_enter_leads_through_signing_home(qtbot, closing):
    page, went = closing(), []
    page.room.went.connect(lambda name, _: went.append(name))
    hands = Hands(page)
    page.show_step(SIGN)

    hands.press("↵")
    assert page.at == DONE
    assert (
        page.done.sentence.text()
        == "27 人到会，3 个焦点有了结论，分了 3 个任务，文书还没印，随时可以回来印。都存在本机了。"
    )
    hands.press("↵")

    assert went == ["home"]


def test_everything_there_is_told_in_numbers(closing):
    page = closing()

    rows = {key: (row.title.text(), row.detail.text()) for key, row in page.check.must.rows.items()}
    assert page.check.headline.text() == "都齐了，可以打印"
    assert page.check.count.text() == "必须 4/4　可补 1/1"
    assert rows["attendance"][0] == "到会 27 人，过半"
    assert rows["issues"] == ("三个焦点都有结论", "27:0:0　25:1:1　27:0:0，票数与到会相符")
    assert page.check.go.button.hasFocus()


def test_the_page_beside_is_the_paper_that_will_be_printed(closing):
    page = closing()

    paper = page.drawn.paper("consensus_paper")
    assert paper.content == made("consensus_paper", page.matter())
    assert page.beside.preview.page_count() == page_count(paper.pdf) == paper.count


def test_a_due_day_is_filled_in_place_and_the_page_changes_with_it(qtbot, evening, closing):
    task = replace(evening.tasks()[2], due_on=None, due_words="")
    evening.desk.do(AmendAction(task))
    page = closing()
    before = page.drawn.paper("consensus_paper").pdf
    hands = Hands(page)

    assert page.check.headline.text() == "还差一样，就能打印"
    assert page.check.go.reason.text() == "补上期限就亮"
    assert focused_gap() == "due"
    hands.press("420")
    assert page.check.must.first_field().echo.text() == "4月20日 周一"
    hands.press("↵")

    qtbot.waitUntil(page.check.go.button.hasFocus)
    assert evening.tasks()[2].due_on == date(2026, 4, 20)
    qtbot.waitUntil(lambda: page.drawn.is_ready() and page.drawn.paper("consensus_paper").pdf != before)


def test_every_gap_is_one_field_and_enter_goes_to_the_next(qtbot, evening, closing):
    evening.desk.do(AmendSitting(evening.sitting, venue="", host="", recorder=""))
    first, second, _ = evening.tasks()
    evening.desk.do(AmendAction(replace(second, unit_id=None, due_on=None)))
    evening.desk.do(AmendAction(first, offers=(Offer("赵某甲", ContributionKind.SHARE, "50", "%"),)))
    page = closing()
    hands = Hands(page)

    for what, keys, words in (
        ("venue", "", "李某丁家院坝"),
        ("host", "", "王某辛"),
        ("recorder", "", "示例干部"),
        ("share", " q 50", ""),
        ("unit", "cwh", ""),
        ("due", "+20", ""),
    ):
        qtbot.waitUntil(lambda what=what: focused_gap() == what)
        if words:
            hands.say(words)
        hands.press(keys)
        hands.press("↵")

    qtbot.waitUntil(page.check.go.button.hasFocus)
    assert evening.sat().venue == "李某丁家院坝"
    assert evening.sat().host_id == evening.people["王某辛"]
    assert evening.tasks()[1].due_on == date(2026, 4, 19)
    assert evening.desk.ask(lambda shelf: shelf.get(Unit, evening.tasks()[1].unit_id)).name == "村委会"


def test_host_and_recorder_are_found_by_initials(qtbot, evening, closing):
    evening.desk.do(AmendSitting(evening.sitting, host="", recorder=""))
    hands = Hands(closing())

    qtbot.waitUntil(lambda: focused_gap() == "host")
    hands.press("wmx↵")
    qtbot.waitUntil(lambda: focused_gap() == "recorder")
    hands.press("zmj↵")

    qtbot.waitUntil(lambda: evening.sat().recorder != "")
    assert (evening.sat().host, evening.sat().host_id) == ("王某辛", evening.people["王某辛"])
    assert evening.sat().recorder == "赵某甲"


def test_letters_that_are_nobody_are_no_host_but_a_name_in_full_is(qtbot, evening, closing):
    evening.desk.do(AmendSitting(evening.sitting, host=""))
    page = closing()
    hands = Hands(page)

    hands.press("xyz↵")
    row = next(iter(row for row in page.check.must.rows.values() if row.field))
    refused = row.detail.text()
    row.field.line.clear()
    hands.say("欧阳某")
    hands.press("↵")

    assert "名册里没有“xyz”" in refused
    qtbot.waitUntil(lambda: evening.sat().host == "欧阳某")
    assert evening.sat().host_id is None


def test_a_meeting_without_a_village_asks_for_it_first(qtbot, world, evening, closing):
    sitting = world.sitting("地界怎么认", place_codes=())
    world.desk.do(CheckIn(sitting, evening.people["赵某甲"]))
    world.desk.do(CloseSitting(sitting))
    page = closing(sitting)

    assert focused_gap() == "place"
    assert not page.check.is_complete()
    Hands(page).press("sqc↵")

    qtbot.waitUntil(lambda: focused_gap() == "consensus")
    consultation = world.desk.ask(lambda shelf: shelf.get(Consultation, page.live.consultation.id))
    assert consultation.place_codes == (VILLAGE,)


def test_letters_that_are_no_village_are_told(qtbot, world, evening, closing):
    sitting = world.sitting(place_codes=())
    world.desk.do(CloseSitting(sitting))
    page = closing(sitting)

    Hands(page).press("zzz↵")

    row = next(iter(row for row in page.check.must.rows.values() if row.field))
    assert row.detail.text() == "没有“zzz”这个村，少打一个字母试试"


def test_a_day_that_is_none_is_told_in_the_row_and_nothing_is_written(evening, closing):
    evening.desk.do(AmendAction(replace(evening.tasks()[2], due_on=None)))
    page = closing()
    hands = Hands(page)

    hands.press("431↵")

    row = next(iter(row for row in page.check.must.rows.values() if row.field))
    assert row.detail.text() == "四月只有 30 天"
    assert focused_gap() == "due"
    assert evening.tasks()[2].due_on is None


def test_an_issue_without_an_end_is_conceded_with_one_key(qtbot, evening, closing):
    for command in (ReopenSitting(evening.sitting), ReopenConsensus(evening.issue(2)), CloseSitting(evening.sitting)):
        evening.desk.do(command)
    page = closing()
    assert focused_gap() == "consensus"

    Hands(page).press("↵")

    qtbot.waitUntil(page.check.go.button.hasFocus)
    assert page.live.consensus_of(evening.issue(2)).result == Result.NOT_REACHED
    section = made("consensus_paper", page.matter()).sections[2]
    assert section.tally == "未达成一致意见。"
    assert section.text.startswith("所议方案：")


def test_what_was_agreed_cannot_be_conceded(evening):
    with pytest.raises(AlreadySettled):
        evening.desk.do(ConcedeIssue(evening.issue(0)))


def test_conceding_is_taken_back_with_one_undo(evening):
    for command in (ReopenSitting(evening.sitting), ReopenConsensus(evening.issue(2)), CloseSitting(evening.sitting)):
        evening.desk.do(command)
    evening.desk.do(ConcedeIssue(evening.issue(2)))

    evening.desk.undo()

    consensus = evening.desk.ask(lambda shelf: shelf.get(Consensus, evening.consensus(2)))
    assert (consensus.is_settled(), consensus.result) == (False, Result.REACHED)


def test_with_gaps_ctrl_p_points_at_the_first_one(evening, closing):
    evening.desk.do(AmendSitting(evening.sitting, venue=""))
    page, said = closing(), []
    page.room.said.connect(lambda text, _: said.append(text))
    page.check.back.setFocus()

    ctrl(Qt.Key.Key_P)

    assert page.at == CHECK
    assert said == ["补上地点就亮"]
    assert focused_gap() == "venue"


def test_printing_all_the_same_leaves_room_to_write(qtbot, evening, closing):
    evening.desk.do(AmendSitting(evening.sitting, venue=""))
    page = closing()

    page.check.anyway.setFocus()
    Hands(page).press("↵")

    assert page.at == PRINT
    assert "在　　　　　　召开" in page.drawn.paper("consensus_paper").content.opening


def test_space_ticks_and_plus_and_minus_count(closing):
    page = closing()
    hands = Hands(page)
    ctrl(Qt.Key.Key_P)
    choices = page.printing.list.choices
    told = {row.name: (row.copies, row.is_ticked) for row in choices.rows}
    assert next(iter(told)) == "签到表"
    expected = {"协商共识": (4, True), "签到表": (1, True), "任务分解清单": (2, True)}
    assert expected.items() <= told.items()
    sheets = sum(row.sheets for row in choices.rows)
    assert page.printing.sheets.text().startswith(f"共 {sheets} 张纸，约 ")

    page.printing.list.show_kind("consensus_paper")
    hands.press("+--␣")

    row = row_of(page, "consensus_paper")
    assert (row.copies, row.is_ticked) == (3, False)
    assert page.printing.sheets.text().startswith(f"共 {sheets - 4 * row.pages} 张纸，约 ")


def test_the_paper_in_hand_lies_on_the_desk(qtbot, closing):
    page = closing()
    ctrl(Qt.Key.Key_P)
    for kind in ticked(page):
        assert page.printing.list.current_kind() == kind
        assert page.printing.preview.page_count() == page.drawn.paper(kind).count
        Hands(page).press("↓")


def test_papers_saved_as_pdf_are_the_drawn_bytes(qtbot, closing, tmp_path):
    page, said = closing(), []
    page.room.said.connect(lambda text, _: said.append(text))

    page.printing.save(tmp_path / "文书")

    qtbot.waitUntil(lambda: bool(said))
    files = sorted((tmp_path / "文书").iterdir())
    pdfs = {page.drawn.paper(kind).pdf for kind in ticked(page)}
    assert pdfs < {file.read_bytes() for file in files}
    assert next(file.name for file in files).startswith("01_石墙村15米挡墙院坝协商签到表")
    assert said == [f"{len(pdfs)} 样存成 PDF，在 文书"]
    page.show_step(DONE)
    qtbot.waitUntil(page.room.is_saved)
    assert f"{len(pdfs)} 样存成 PDF" in page.done.sentence.text()
    assert "还没印" not in page.done.sentence.text()


def test_where_to_save_is_asked_in_the_folder_for_papers(qtbot, closing, tmp_path):
    page = closing()
    page.room.where = str(tmp_path)

    ctrl(Qt.Key.Key_E)

    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    assert Path(dialog.directory().absolutePath()) == tmp_path / "文书"
    dialog.reject()


def test_a_printer_that_refuses_is_told_in_our_words_and_the_rest_prints_later(qtbot, evening, closing, tmp_path):
    page = closing()
    good = page.printing.printer_for

    class Jammed(QPrinter):
        def setPageOrientation(self, orientation) -> bool:
            raise OSError("paper jam")

    page.printing.printer_for = lambda copy: (
        good(copy) if (copy.paper.kind, copy.number) != ("consensus_paper", 3) else Jammed()
    )
    hands = Hands(page)
    ctrl(Qt.Key.Key_P)
    hands.press("↵")
    qtbot.waitUntil(page.printing.trouble.isVisible)

    assert page.printing.trouble.accessibleName() == "打印机没有回应"
    assert "第 3 份" in page.printing.trouble.accessibleDescription()
    assert "P-207" in page.printing.trouble.accessibleDescription()
    qtbot.waitUntil(lambda: page.printing.printed_copies("consensus_paper") == 2)
    assert not (tmp_path / "printer" / "action_list-1.pdf").exists()

    page.printing.printer_for = good
    ctrl(Qt.Key.Key_P)
    qtbot.waitUntil(page.printing.onward.hasFocus)
    qtbot.waitUntil(lambda: page.printing.printed_copies("consensus_paper") == 4)
    qtbot.waitUntil(lambda: owed_of(printouts(evening)) == ())


@pytest.fixture
def queue(monkeypatch):
    """A printer behind a print queue, which the program finds."""
    with ipp_printer() as plugged_in:
        door = ipp.Door("127.0.0.1", plugged_in.port)
        monkeypatch.setattr("ui.printers.found_printers", lambda: queue_printers(door))
        monkeypatch.setattr("ui.print_ways.POLL_S", 0.005)
        yield plugged_in


def to_print(page, evening):
    """Open the assistant at the papers, with whatever printer the machine has."""
    page.printing.printer_for = None
    page.enter(f"{TO_PRINT}{evening.sitting}")


def test_a_printer_of_the_machine_is_found_and_remembered_with_its_tray(qtbot, evening, closing, queue):
    page = closing()
    to_print(page, evening)
    qtbot.waitUntil(lambda: page.printing.printer.text() == NAME)
    assert page.printing.printers[0].trays == ("tray-1", "manual")

    page.printing._chosen(page.printing.printers[0], "manual")

    assert page.printing.printer.text() == f"{NAME} · 手动进纸"
    qtbot.waitUntil(page.room.is_saved)
    again = closing()
    to_print(again, evening)
    qtbot.waitUntil(lambda: again.printing.printer.text() == f"{NAME} · 手动进纸")


def test_after_a_jam_the_queue_goes_on_with_the_very_page_and_home_waits_no_more(qtbot, evening, closing, queue):
    page = closing()
    to_print(page, evening)
    qtbot.waitUntil(lambda: page.printing.at_printer is not None)
    pages = sum(row.sides for row in page.printing.list.ticked())
    queue.turns(Mood.JAMS, sum(page.drawn.paper(kind).count for kind in ("sign_in_sheet", "meeting_record")) + 1)
    page.printing.print()
    qtbot.waitUntil(page.printing.trouble.isVisible)

    assert "协商共识第 1 份从第 2 页起没印出来" in page.printing.trouble.accessibleDescription()
    qtbot.waitUntil(lambda: bool(owed_of(printouts(evening))))
    queue.works_again()
    page.printing.print()

    qtbot.waitUntil(page.printing.onward.hasFocus)
    qtbot.waitUntil(lambda: owed_of(printouts(evening)) == ())
    assert len(queue.out) == pages
    assert {one.where for one in printouts(evening) if one.is_out()} == {NAME}


def test_after_a_power_cut_the_page_that_did_not_come_is_the_next_one(qtbot, evening, closing, queue):
    page = closing()
    to_print(page, evening)
    qtbot.waitUntil(lambda: page.printing.at_printer is not None)
    pages = sum(row.sides for row in page.printing.list.ticked())
    queue.turns(Mood.EMPTY, sum(page.drawn.paper(kind).count for kind in ("sign_in_sheet", "meeting_record")) + 1)
    page.printing.print()
    qtbot.waitUntil(page.printing.trouble.isVisible)
    page.printing.run._press.blockSignals(True)
    qtbot.waitUntil(page.room.is_saved)

    again = closing()
    to_print(again, evening)
    qtbot.waitUntil(lambda: "上次印到一半" in again.printing.result.text())
    assert again.printing._left[0].first == 1
    queue.jobs[len(queue.jobs)].state = ipp.JobState.ABORTED
    queue.works_again()
    again.printing.print()

    qtbot.waitUntil(lambda: len(queue.out) == pages or again.printing.trouble.isVisible())
    assert again.printing.trouble.accessibleDescription() == ""
    page.printing.run._given_up.set()


def test_a_copy_more_of_a_sealed_paper_is_marked_as_a_reprint(qtbot, evening, closing, queue):
    page = closing()
    page.room.do(page, SealSitting(evening.sitting, content_of(PLACES, page.practice(), evening.sitting), ""))
    to_print(page, evening)
    qtbot.waitUntil(lambda: page.printing.evening.version == 1 and page.printing.at_printer is not None)
    qtbot.waitUntil(page.drawn.is_ready)
    page.printing.print()
    qtbot.waitUntil(page.printing.onward.hasFocus)
    qtbot.waitUntil(lambda: ticked(page) == [] and page.room.is_saved())
    sealed = page.drawn.paper("consensus_paper").pdf

    page.printing.list.show_kind("consensus_paper")
    page.printing.list.setFocus()
    Hands(page).press("␣↵")

    qtbot.waitUntil(lambda: any(one.is_reprint for one in printouts(evening)))
    assert [one.version for one in printouts(evening) if one.paper == "consensus_paper"] == [1] * 5
    last = queue.jobs[len(queue.jobs)].pdf
    assert last.startswith(sealed)
    assert last == marked(sealed, "补打 第5份")


def test_without_a_printer_it_is_said_and_pdf_is_offered(qtbot, closing, monkeypatch):
    monkeypatch.setattr("ui.printers.found_printers", list)
    page = closing()
    page.printing.printer_for = None

    ctrl(Qt.Key.Key_P)
    ctrl(Qt.Key.Key_P)

    qtbot.waitUntil(page.printing.trouble.isVisible)
    assert page.printing.trouble.accessibleName() == "没找到打印机"
    assert "存 PDF" in [button.text() for button in page.printing.trouble.findChildren(QAbstractButton)]


def test_f10_opens_the_meeting_again_and_esc_only_goes_back(qtbot, evening, closing):
    page, went = closing(), []
    page.room.went.connect(lambda name, record: went.append((name, record)))

    Hands(page).press("⎋")
    assert went == [("desk", evening.sitting)]
    assert evening.sat().ended_at is not None

    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F10)
    qtbot.waitUntil(lambda: len(went) == 2)
    assert evening.sat().ended_at is None


def test_printing_goes_on_behind_another_page_and_its_end_is_said(qtbot, closing, tmp_path):
    page, said = closing(), []
    page.room.said.connect(lambda text, _: said.append(text))
    hands = Hands(page)
    ctrl(Qt.Key.Key_P)
    hands.press("↵")
    pages = sum(row.sides for row in page.printing.list.ticked())
    copies = sum(row.copies for row in page.printing.list.ticked())
    page.leave()
    page.hide()

    qtbot.waitUntil(lambda: bool(said))

    assert said == [f"{pages} 页都印了。念一遍，签字。"]
    assert len(list((tmp_path / "printer").iterdir())) == copies


def test_tab_goes_round_and_comes_home(closing):
    page = closing()
    for step in (CHECK, PRINT, SIGN):
        page.show_step(step)
        first, met = QApplication.focusWidget(), []
        while len(met) < 40 and (not met or met[-1] is not first):
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
            met.append(QApplication.focusWidget())
        assert met[-1] is first, step
        assert len(set(map(id, met))) > 3


def test_esc_goes_back_one_step(closing):
    page = closing()
    ctrl(Qt.Key.Key_P)
    assert page.at == PRINT

    Hands(page).press("⎋")
    assert page.at == SEAL
    Hands(page).press("⎋")

    assert page.at == CHECK


def test_the_signers_are_listed_with_their_capacity(closing):
    page = closing()
    page.show_step(SIGN)

    from ui.consultation.closing_sign import SignerRow

    assert [row.accessibleName() for row in page.signing.findChildren(SignerRow)] == [
        "当事人 赵某甲",
        "当事人 钱某乙",
        "主持 王某辛",
        "委员 孙某丙",
        "保留意见 周某戊",
        "记录 示例干部",
        "村监委 吴某己",
    ]


def test_f9_reads_the_consensus_aloud(qtbot, closing):
    page = closing()
    page.show_step(SIGN)

    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F9)

    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), ReadOut))
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not isinstance(QApplication.activeWindow(), ReadOut))


def test_every_part_has_a_name(closing):
    page = closing()
    nameless = []
    for step in (CHECK, PRINT, SIGN, DONE):
        page.show_step(step)
        for part in page.findChildren(QWidget):
            takes_keys = part.focusPolicy() != Qt.FocusPolicy.NoFocus and part.isVisible()
            if takes_keys and not (part.accessibleName() or (isinstance(part, QAbstractButton) and part.text())):
                nameless.append((step, type(part).__name__))

    assert nameless == []


def test_every_key_of_the_hints_works_here(closing):
    page = closing()
    acts = {
        key for action in page.findChildren(QAction) for key in map(str, [s.toString() for s in action.shortcuts()])
    }

    assert {"Ctrl+P", "Ctrl+E", "F10", "Esc", "F9"} <= acts
    for step in (CHECK, PRINT, SIGN, DONE):
        page.show_step(step)
        assert 0 < len(page.hints()) <= 7


@pytest.mark.parametrize("width", [1312, 1038, 800])
def test_narrow_windows_keep_the_field_and_the_way_on(closing, width):
    page = closing()
    page.resize(width, 614)
    QApplication.processEvents()

    for part in (page.check.headline, page.check.go.button):
        assert part.isVisible()
        assert part.mapTo(page, part.rect().bottomRight()).x() <= page.width()


def test_in_the_middle_of_the_meeting_only_the_sign_in_sheet_is_ticked_and_esc_goes_back(qtbot, evening, closing):
    evening.desk.do(ReopenSitting(evening.sitting))
    page, went = closing(), []
    page.room.went.connect(lambda name, record: went.append((name, record)))
    page.enter(f"{TO_PRINT}{evening.sitting}")
    qtbot.waitUntil(lambda: page.at == PRINT and ticked(page) == ["sign_in_sheet"])

    Hands(page).press("⎋")

    assert went == [("desk", evening.sitting)]
    assert evening.sat().is_open()


def test_once_the_meeting_has_ended_the_assistant_begins_at_the_check_with_all_papers(qtbot, evening, closing):
    evening.desk.do(ReopenSitting(evening.sitting))
    page = closing()
    page.enter(f"{TO_PRINT}{evening.sitting}")
    qtbot.waitUntil(lambda: page.at == PRINT and ticked(page) == ["sign_in_sheet"])
    evening.desk.do(CloseSitting(evening.sitting))

    page.enter(evening.sitting)

    qtbot.waitUntil(lambda: page.at == CHECK)
    assert {"sign_in_sheet", "consensus_paper", "action_list"} <= set(ticked(page))


def test_ticked_papers_are_saved_as_word_in_the_form_of_their_print(closing, qtbot, tmp_path):
    page = closing()
    page.show_step(PRINT)
    qtbot.waitUntil(lambda: page.drawn.is_ready())

    page.printing.save_word(tmp_path / "word")

    qtbot.waitUntil(lambda: "存成 Word" in page.printing.result.text())
    names = sorted(file.stem for file in (tmp_path / "word").glob("*.docx"))
    assert any(name.endswith("协商共识") for name in names)
    assert all(file.read_bytes()[:2] == b"PK" for file in (tmp_path / "word").glob("*.docx"))
