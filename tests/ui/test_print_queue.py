"""A print queue may hang, refuse, die, jam, run out of paper or talk nonsense: the window goes on, no page is lost."""

from contextlib import suppress
from pathlib import Path
from threading import Event
from time import monotonic

import pytest
from PySide6.QtCore import QTimer

from app.domain.paper import ConsensusPaper, ConsensusSection, SignInRow, SignInSheet
from tests.ui.ipp_printer import NAME, Mood, ipp_printer
from ui import ipp
from ui.print_run import PrintRun, copies_of
from ui.print_ways import Copy, GivenUp, IppWay
from ui.printing import PrinterRefused, PrinterSilent, drawn_paper

WORDS = "两户各担一半工钱，村集体出砂石约18方；今后凡协商确定的公共安全挡墙，照此办理。"
CONSENSUS = ConsensusPaper(
    "石墙村15米挡墙院坝协商共识", sections=tuple(ConsensusSection(f"第{at}件", WORDS * 3) for at in range(12))
)
SHEET = SignInSheet("石墙村15米挡墙签到表", rows=(SignInRow("赵某甲"), SignInRow("钱某乙")))
MOST_STILL_MS = 100


@pytest.fixture(scope="module")
def papers():
    return [drawn_paper("consensus_paper", CONSENSUS), drawn_paper("sign_in_sheet", SHEET)]


@pytest.fixture
def printer():
    with ipp_printer() as plugged_in:
        yield plugged_in


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch):
    monkeypatch.setattr(ipp, "ANSWER_S", 0.4)
    monkeypatch.setattr("ui.print_ways.STANDING_S", 0.2)


@pytest.fixture
def way(printer):
    return IppWay(ipp.Door("127.0.0.1", printer.port), NAME, poll_s=0.005)


def starved_ms():
    """Return how long this program's threads have waited for a processor: a busy machine is no window held up."""
    waited = 0
    for task in Path("/proc/self/task").glob("*"):
        with suppress(OSError):  # the thread has ended meanwhile
            waited += int((task / "schedstat").read_text().split()[1])
    return waited / 1e6


class Loop:
    """How long the window's loop stood still at the most."""

    def __init__(self, parent):
        self.longest_ms, self._last, self._starved = 0.0, monotonic(), starved_ms()
        self._timer = QTimer(parent, interval=2)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def allowed_ms(self):
        return MOST_STILL_MS + starved_ms() - self._starved

    def _tick(self):
        now = monotonic()
        self.longest_ms, self._last = max(self.longest_ms, 1000 * (now - self._last)), now


def printed(qtbot, copies, way, room, expect="ended", while_running=lambda run: None):
    """Print, and return the run when it has ended or failed; the window never stood still."""
    run = PrintRun(copies, way, room)
    run.out, run.troubles = [], []
    run.copied.connect(lambda copy: run.out.append((copy.paper.kind, copy.number)))
    run.failed.connect(run.troubles.append)
    loop = Loop(room)
    with qtbot.waitSignal(getattr(run, expect)):
        run.start()
        while_running(run)
    assert loop.longest_ms <= loop.allowed_ms()
    return run


def pages_in_tray(printer):
    """Return for each title how many pages lie in the tray."""
    count = {}
    for title, _, _ in printer.out:
        count[title] = count.get(title, 0) + 1
    return count


def all_of(papers, counts=(2, 1)):
    return copies_of(zip(papers, counts, strict=True))


def test_the_queue_prints_every_page_of_every_copy_once(qtbot, room, printer, way, papers):
    run = printed(qtbot, all_of(papers), way, room)

    assert run.out == [("consensus_paper", 1), ("consensus_paper", 2), ("sign_in_sheet", 1)]
    assert pages_in_tray(printer) == {
        f"{CONSENSUS.title} 1": papers[0].count,
        f"{CONSENSUS.title} 2": papers[0].count,
        f"{SHEET.title} 1": papers[1].count,
    }
    assert printer.jobs[1].pdf == papers[0].pdf
    assert printer.jobs[1].asked["print-scaling"] == "none"
    assert printer.jobs[1].asked["sides"] == "one-sided"


@pytest.mark.parametrize("mood", [Mood.HANGS, Mood.REFUSES, Mood.GARBAGE, Mood.STANDS])
def test_a_queue_that_takes_nothing_is_told_of_and_prints_all_of_it_later(qtbot, room, printer, way, papers, mood):
    printer.turns(mood)
    run = printed(qtbot, all_of(papers), way, room, "failed")

    assert isinstance(run.troubles[0], PrinterSilent)
    assert isinstance(run.troubles[0], PrinterRefused) == (mood is Mood.REFUSES)
    assert (run.out, run.done, printer.out) == ([], 0, [])

    printer.works_again()
    again = printed(qtbot, run.left, way, room)
    assert len(again.out) == 3
    assert sum(pages_in_tray(printer).values()) == 2 * papers[0].count + papers[1].count


@pytest.mark.parametrize("mood", [Mood.DIES, Mood.JAMS])
@pytest.mark.parametrize("after", [1, 2])
def test_a_printer_that_dies_in_the_middle_goes_on_with_the_very_next_page(
    qtbot, room, printer, way, papers, mood, after
):
    printer.turns(mood, after)
    run = printed(qtbot, all_of(papers), way, room, "failed")

    assert run.left[0].first == after
    assert f"从第 {after + 1} 页起" in run.troubles[0].kept
    printer.works_again()
    again = printed(qtbot, run.left, way, room)

    assert again.left == []
    texts = printer.texts()
    assert len(texts) == 2 * papers[0].count + papers[1].count
    assert texts[: papers[0].count] == texts[papers[0].count : 2 * papers[0].count]


def test_out_of_paper_is_said_and_the_queue_goes_on_by_itself(qtbot, room, printer, way, papers):
    printer.turns(Mood.EMPTY, 1)
    told = []

    def refill(run):
        run.waits.connect(told.append)
        run.waits.connect(lambda waits_for: printer.works_again() if waits_for else None)

    run = printed(qtbot, all_of(papers), way, room, while_running=refill)

    assert told == ["media-empty", ""]
    assert (run.left, len(printer.out)) == ([], 2 * papers[0].count + papers[1].count)


def test_stopping_ends_the_job_at_once_and_leaves_the_pages_that_did_not_come(qtbot, room, printer, way, papers):
    printer.turns(Mood.EMPTY, 1)
    run = printed(qtbot, all_of(papers), way, room, while_running=lambda run: run.waits.connect(lambda _: run.stop()))

    assert (run.left[0].first, run.out) == (1, [])
    assert printer.jobs[1].state is ipp.JobState.CANCELED


def test_a_job_that_ended_well_while_nobody_looked_is_not_printed_again(qtbot, room, printer, way, papers):
    copies = all_of(papers, (1, 0))
    printer.turns(Mood.STANDS)
    run = printed(qtbot, copies, way, room, "failed")
    printer.works_again()
    for _ in range(papers[0].count):
        printer._goes_on(printer.jobs[1])

    again = printed(qtbot, run.left, way, room)

    assert again.out == [("consensus_paper", 1)]
    assert (len(printer.jobs), len(printer.out)) == (1, papers[0].count)


def test_on_both_sides_it_goes_on_with_a_whole_sheet(papers):
    copy = Copy(papers[0], 1, two_sided=True)

    assert papers[0].count > 3
    assert [copy.after(pages).first for pages in (0, 1, 2, 3, papers[0].count)] == [0, 0, 2, 2, papers[0].count]


def test_a_queue_left_alone_for_good_holds_up_no_thread(printer, way, papers):
    given_up = Event()
    given_up.set()
    printer.turns(Mood.STANDS)

    with pytest.raises(GivenUp):
        list(way.copy(Copy(papers[1], 1), given_up))

    assert printer.jobs[1].state is ipp.JobState.CANCELED


@pytest.mark.parametrize("noise", [b"", b"\x01", b"\x02\x00\x00\x00\x00\x00\x00\x01\x04\x21\xff\xff", b"<html>"])
def test_noise_is_no_answer(noise):
    with pytest.raises(ipp.QueueSilent):
        ipp.unpacked(noise)
