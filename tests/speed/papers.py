"""Tonight's papers of the standard meeting (60 people, 12 issues, 18 actions), beside a bare ReportLab loop."""

import io
import re
from collections.abc import Iterator

import pypdfium2
from reportlab.pdfbase.pdfmetrics import getRegisteredFontNames, registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

import resources
from app.domain.paper import Paper
from app.domain.place import Places
from app.domain.practice import PaperTime, read_practices
from app.printing import draw
from app.printing.fonts import SHIPPED, Fonts
from app.queries.papers import Matter, every_paper
from app.queries.people import register
from app.queries.printout import evening_plan
from app.queries.sitting import live_sitting
from db.keep import open_home
from tests.speed.county import EVENING, L, Size, county
from tests.speed.figures import Figure, tell, took_ms, usual_ms

PER_LINE, LINES = 28, 22


def bench(size: Size = L, times: int = 5) -> Iterator[Figure]:
    """Draw the evening's papers, first with no font open, then again and again."""
    found = _papers(size)
    papers = list(found.values())
    fonts = Fonts()
    first_ms = took_ms(lambda: first_page(found["consensus_paper"], fonts))
    whole_first_ms = took_ms(lambda: [draw(paper, fonts) for paper in papers])
    drawn = [draw(paper, fonts) for paper in papers]
    pages = sum(map(_pages, drawn))
    signs = "".join("".join(_text(pdf).split()) for pdf in drawn)
    floor_cold = took_ms(lambda: bare(signs))
    warm_page_ms = usual_ms(lambda: first_page(found["consensus_paper"], fonts), times)
    ours = usual_ms(lambda: [draw(paper, fonts) for paper in papers], times)
    floor = usual_ms(lambda: bare(signs), times)
    what, said = "bare drawString of the same characters", f"{pages} pages, {len(signs)} characters"
    name = f"tonight's {len(papers)} papers"
    yield Figure(name, ours, "ms", 3_000, floor, what, note=said)
    yield Figure(f"{name}, drawn the first time", first_ms + whole_first_ms, "ms", 3_000, floor_cold, what)
    yield Figure("first page painted, no font open yet", first_ms, "ms", 300)
    yield Figure("first page painted", warm_page_ms, "ms", 300)
    yield Figure(
        "one page of paper",
        ours / pages,
        "ms",
        note=f"{1000 * pages / ours:.0f} pages, {1000 * len(papers) / ours:.1f} papers a second",
    )
    bare_bytes = len(bare(signs)) / pages / 1000
    for name, pdf in zip(found, drawn, strict=True):
        yield Figure(
            f"bytes a page, {name}",
            len(pdf) / _pages(pdf) / 1000,
            "kB",
            None,
            bare_bytes,
            what,
            note=f"{_pages(pdf)} pages",
        )
    yield Figure("one page as a picture for the preview", usual_ms(lambda: _render(drawn[0]), times), "ms", 100)


def _papers(size: Size) -> dict[str, Paper]:
    with county(size) as lent:
        home = open_home(lent.folder, EVENING)
        live = live_sitting(home.shelf, lent.standard, register(home.shelf))
        practices = read_practices(resources.practices())
        matter = Matter(live, Places(resources.places("53")), practices["yuanba"])
        found = every_paper(matter)
        home.close()
    tonight = [p.kind for p in evening_plan(matter, found) if p.when is PaperTime.TONIGHT and p.copies]
    return {kind: found[kind] for kind in tonight if kind in found}


def first_page(paper: Paper, fonts: Fonts) -> None:
    """Do what the preview does until its first page can be looked at."""
    _render(draw(paper, fonts))


def _render(pdf: bytes) -> None:
    document = pypdfium2.PdfDocument(pdf)
    document[0].render(scale=1.5)
    document.close()


def _pages(pdf: bytes) -> int:
    document = pypdfium2.PdfDocument(pdf)
    count = len(document)
    document.close()
    return count


def _text(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return re.sub(r"[^\u0000-\uffff]", "", text)


def bare(signs: str) -> bytes:
    """Return a PDF with the same characters in one font, with no thought of where they stand."""
    if "bare" not in getRegisteredFontNames():
        registerFont(TTFont("bare", str(SHIPPED / "FandolFang-Regular.ttf")))
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    for page in range(0, len(signs), PER_LINE * LINES):
        canvas.setFont("bare", 16)
        for line in range(LINES):
            at = page + line * PER_LINE
            canvas.drawString(80, 740 - 30 * line, signs[at : at + PER_LINE])
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


if __name__ == "__main__":
    tell(bench())
