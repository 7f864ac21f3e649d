"""A reprint is the sealed paper, byte for byte, and a mark at its head."""

import re
from io import BytesIO

import pikepdf
import pypdfium2
import pytest

from app.domain.paper import ActionLine, ActionList, SignInRow, SignInSheet
from app.printing import draw
from app.printing.bundle import BundledPaper, bundle, joined, pages_from
from app.printing.fonts import Fonts
from app.printing.reprint import marked, reprint_words

SHEET = SignInSheet("石墙村15米挡墙签到表", rows=tuple(SignInRow(f"赵某{n}") for n in "甲乙丙丁戊己庚辛" * 8))
TASKS = ActionList("任务分解清单", rows=(ActionLine("修墙"),))


@pytest.fixture(scope="module")
def fonts():
    return Fonts()


@pytest.fixture(params=[SHEET, TASKS], ids=["upright", "sideways"])
def pdf(request, fonts):
    return draw(request.param, fonts)


def seen(pdf, page=0):
    """Return a page in greys, small."""
    document = pypdfium2.PdfDocument(pdf)
    picture = document[page].render(scale=2, grayscale=True).to_numpy()
    document.close()
    return picture.reshape(picture.shape[:2])


def test_the_sealed_bytes_stand_at_the_front_of_every_reprint(pdf):
    reprint = marked(pdf, reprint_words(5))

    assert reprint.startswith(pdf)
    assert marked(pdf, reprint_words(5)) == reprint != marked(pdf, reprint_words(6))


def test_only_the_head_of_the_page_differs_and_every_page_is_marked(pdf):
    reprint = marked(pdf, "补打 第12份")

    for page in range(len(pypdfium2.PdfDocument(pdf))):
        before, after = seen(pdf, page), seen(reprint, page)
        rows, columns = (before != after).nonzero()
        assert len(rows) > 100
        if before.shape[0] > before.shape[1]:
            assert rows.max() < 2 * 80
        else:
            assert columns.min() > before.shape[1] - 2 * 80
        assert rows.max() - rows.min() < 2 * 120


def test_readers_find_nothing_wrong_with_it(pdf):
    with pikepdf.open(BytesIO(marked(pdf, "补打 第2份"))) as document:
        assert document.check() == [] if hasattr(document, "check") else True
        assert len(document.pages) == len(pypdfium2.PdfDocument(pdf))


def test_a_pdf_of_another_make_is_marked_as_well(pdf):
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)

    reprint = marked(out.getvalue(), "补打 第2份")

    assert (seen(reprint) != seen(pdf)).any()


def test_a_bundle_has_every_copy_in_its_place(pdf):
    files = bundle([BundledPaper("签到表", pdf), BundledPaper("a/b", pdf, 2)])

    assert list(files) == ["01_签到表.pdf", "02_a_b_印2份.pdf", "全部_从头印到尾.pdf"]
    pages = len(pypdfium2.PdfDocument(pdf))
    assert len(pypdfium2.PdfDocument(files["全部_从头印到尾.pdf"])) == 3 * pages
    assert joined([pdf, pdf]) == joined([pdf, pdf])


def test_the_rest_of_a_paper_begins_with_the_page_asked_for(fonts):
    pdf = draw(SHEET, fonts)
    count = len(pypdfium2.PdfDocument(pdf))

    rest = pages_from(pdf, count - 1)

    assert pages_from(pdf, 0) is pdf
    text = pypdfium2.PdfDocument(rest)[0].get_textpage().get_text_range()
    assert re.search(rf"第{count}页", text)
