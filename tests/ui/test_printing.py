"""Papers come out of the printer as they were drawn, and a printer that does not answer stops nothing."""

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter

from app.domain.paper import ActionList, ConsensusPaper, ConsensusSection, SignInRow, SignInSheet
from app.printing import draw
from ui.pages_of import page_count, page_image, page_images
from ui.print_run import PrintRun, copies_of
from ui.print_ways import QtWay, set_for_papers
from ui.printing import DrawnPapers, PdfNotSaved, PrinterSilent, drawn_paper, fonts, save_papers, warm

WORDS = "两户各担一半工钱，村集体出砂石约18方；今后凡协商确定的公共安全挡墙，照此办理。"
CONSENSUS = ConsensusPaper(
    "石墙村15米挡墙院坝协商共识", sections=tuple(ConsensusSection(f"第{at}件", WORDS * 3) for at in range(12))
)
SHEET = SignInSheet("石墙村15米挡墙签到表", rows=(SignInRow("赵某甲"), SignInRow("钱某乙")))
TASKS = ActionList("石墙村15米挡墙任务分解清单")


@pytest.fixture
def papers():
    return [drawn_paper("consensus_paper", CONSENSUS), drawn_paper("sign_in_sheet", SHEET)]


@pytest.fixture
def printer_for(tmp_path):
    """Return a printer that prints into files, one for each copy."""

    def printer(copy):
        made = QPrinter(QPrinter.PrinterMode.HighResolution)
        made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        made.setOutputFileName(str(tmp_path / f"{copy.paper.kind}-{copy.number}.pdf"))
        return set_for_papers(made)

    return printer


def run_of(room, papers, counts, printer_for, **more):
    return PrintRun(copies_of(zip(papers, counts, strict=True)), QtWay(printer_for), room, **more)


def test_there_are_as_many_pictures_as_pages_and_they_are_not_blank(papers):
    pdf = papers[0].pdf

    assert len(page_images(pdf)) == page_count(pdf) > 1
    picture = page_image(pdf, 0, 36)
    greys = {picture.pixelColor(x, y).value() for x in range(picture.width()) for y in range(0, picture.height(), 3)}
    assert min(greys) < 120
    assert max(greys) == 255


def test_once_the_fonts_are_open_a_paper_opens_no_other():
    warm()
    opened = fonts().report()

    drawn_paper("consensus_paper", CONSENSUS)

    assert fonts().report() == opened


def test_a_wide_table_is_a_wide_page(room):
    page = page_image(drawn_paper("action_list", TASKS).pdf, 0)

    assert page.width() > page.height()


def test_every_copy_comes_out_with_all_its_pages(qtbot, room, papers, printer_for, tmp_path):
    run = run_of(room, papers, (2, 1), printer_for)
    out = []
    run.copied.connect(lambda copy: out.append((copy.paper.kind, copy.number)))

    with qtbot.waitSignal(run.ended) as ended:
        run.start()

    assert ended.args == [True]
    assert out == [("consensus_paper", 1), ("consensus_paper", 2), ("sign_in_sheet", 1)]
    printed = (tmp_path / "consensus_paper-2.pdf").read_bytes()
    assert page_count(printed) == papers[0].count
    assert run.done == run.pages == 2 * papers[0].count + papers[1].count


def test_what_comes_out_looks_as_it_was_drawn(qtbot, room, papers, printer_for, tmp_path):
    run = run_of(room, papers[1:], (1,), printer_for)
    with qtbot.waitSignal(run.ended):
        run.start()

    drawn = darkness(page_image(papers[1].pdf, 0))
    came = darkness(page_image((tmp_path / "sign_in_sheet-1.pdf").read_bytes(), 0))

    assert min(drawn) < 250
    assert max(abs(one - other) for one, other in zip(drawn, came, strict=True)) < 12


def darkness(page):
    """Return how dark a page is, field by field, seen from afar."""
    seen = page.scaled(21, 30, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
    return [seen.pixelColor(x, y).value() for y in range(30) for x in range(21)]


def test_stopping_leaves_what_is_out_and_prints_no_more(qtbot, room, papers, printer_for, tmp_path):
    run = run_of(room, papers[1:], (3,), printer_for)
    run.copied.connect(lambda _: run.stop())

    with qtbot.waitSignal(run.ended) as ended:
        run.start()

    assert ended.args == [False]
    assert [copy.number for copy in run.left] == [2, 3]
    assert not (tmp_path / "sign_in_sheet-2.pdf").exists()


def test_a_printer_that_never_answers_is_told_of_and_the_window_lives_on(qtbot, room, papers, printer_for):
    plugged_in = threading.Event()

    class Dead(QPrinter):
        def newPage(self) -> bool:
            return plugged_in.wait(30)

    def dead(copy):
        return set_for_papers(_into_files(Dead(QPrinter.PrinterMode.HighResolution), printer_for(copy)))

    run = run_of(room, papers[:1], (2,), dead, patience_ms=1_500)
    with qtbot.waitSignal(run.failed) as failed:
        run.start()

    trouble = failed.args[0]
    assert isinstance(trouble, PrinterSilent)
    assert trouble.code == "P-207"
    assert "第 1 份" in trouble.kept
    assert [copy.number for copy in run.left] == [1, 2]
    plugged_in.set()


def _into_files(printer, like):
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(like.outputFileName())
    return printer


def test_a_printer_that_refuses_is_told_of(qtbot, room, papers):
    class Refusing(QPrinter):
        def setPageOrientation(self, orientation) -> bool:
            raise OSError("paper jam")

    run = run_of(room, papers[1:], (1,), lambda copy: Refusing(QPrinter.PrinterMode.HighResolution))
    with qtbot.waitSignal(run.failed) as failed:
        run.start()

    assert "打印机没有回应" in failed.args[0].what


def test_a_saved_paper_is_the_drawn_bytes(papers, tmp_path):
    files = save_papers([(papers[0], 3), (papers[1], 1)], tmp_path / "文书")

    assert [file.name for file in files] == [
        "01_石墙村15米挡墙院坝协商共识_印3份.pdf",
        "02_石墙村15米挡墙签到表.pdf",
        "全部_从头印到尾.pdf",
    ]
    assert [file.read_bytes() for file in files[:2]] == [paper.pdf for paper in papers]
    assert page_count(files[2].read_bytes()) == 3 * papers[0].count + papers[1].count
    assert files[0].read_bytes() == draw(CONSENSUS, fonts())
    assert sorted(tmp_path.rglob("*.part")) == []


def test_a_folder_that_cannot_be_written_to_is_told_of(papers, tmp_path):
    (tmp_path / "taken").write_text("a file, not a folder")

    with pytest.raises(PdfNotSaved) as told:
        save_papers([(paper, 1) for paper in papers], tmp_path / "taken")

    assert told.value.code == "P-208"


def test_a_paper_is_drawn_anew_only_when_it_says_something_else(qtbot, room):
    desk = DrawnPapers(room, room)
    drawn = []
    desk.drawn.connect(drawn.append)

    desk.want({"consensus_paper": CONSENSUS, "sign_in_sheet": SHEET}, first="sign_in_sheet")
    qtbot.waitUntil(desk.is_ready)
    desk.want({"consensus_paper": CONSENSUS, "sign_in_sheet": SHEET})
    desk.want({"consensus_paper": ConsensusPaper("另一份"), "sign_in_sheet": SHEET})
    qtbot.waitUntil(desk.is_ready)

    assert drawn == ["sign_in_sheet", "consensus_paper", "consensus_paper"]
    paper = desk.paper("consensus_paper")
    assert paper is not None
    assert paper.content.title == "另一份"
