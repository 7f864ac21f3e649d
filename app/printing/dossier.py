"""卷宗 as one PDF: cover, contents with page numbers and what is lacking, every part in its order, scans behind papers.

The sheets are numbered on, top right, as a clerk numbers a folder by hand; cover and contents are not counted. Page
labels and bookmarks of the file say the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf
from reportlab.lib.utils import ImageReader

from app.domain.paper import Imprint
from app.domain.paper_dossier import DossierIndex, DossierItem
from app.printing.archival import finish
from app.printing.column import Column, cell_look
from app.printing.document import Document
from app.printing.fonts import Fonts, Style
from app.printing.page import PORTRAIT
from app.printing.paper_pdf import PaperPdf
from app.printing.pen import FOLIO_SIZE, MM, SMALL_SIZE, Align, Look, Pen

NAME = Look(Style.TITLE, 36.0, pitch=54.0, indent=0, align=Align.CENTER)
HEAD = Look(Style.HEAD, SMALL_SIZE, pitch=21.0)
NUMBER = Look(Style.SONG, FOLIO_SIZE, indent=0, align=Align.RIGHT)
LEFT, CENTERED = cell_look(SMALL_SIZE), cell_look(SMALL_SIZE, Align.CENTER)
COLUMNS = (
    Column("序号", 13, CENTERED),
    Column("文件名称", 66, LEFT),
    Column("必备", 15, CENTERED),
    Column("页号", 20, CENTERED),
    Column("备注", 42, LEFT),
)
EDGE = 12 * MM
NUMBER_ROOM = 40 * MM


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a folder: what the contents call it, its papers (name, PDF), and the pictures of signed sheets."""

    item: DossierItem
    papers: tuple[tuple[str, bytes], ...] = ()
    pictures: tuple[bytes, ...] = ()


class _Unnumbered(PaperPdf):
    """A sheet of the folder itself; it is no paper, so it has neither page number nor version."""

    def _foot(self, canvas: Document, number: int, count: int, imprint: Imprint) -> None:
        return


def dossier(index: DossierIndex, parts: Sequence[Part], fonts: Fonts) -> bytes:
    """Return the folder, PDF/A-2b: the same papers and scans, the same bytes."""
    bodies = [_body(part, fonts) for part in parts]
    lengths = [sum(_count(pdf) for _, pdf in body) for body in bodies]
    front = [("封面", _cover(index, fonts)), ("目录", _contents(index, parts, lengths, fonts))]
    with pikepdf.new() as whole:
        _front(whole, front)
        counted = len(whole.pages)
        _parts(whole, parts, bodies)
        _numbers(whole, counted, fonts)
        whole.Root.PageLabels = Dictionary(
            Nums=Array([0, Dictionary(P="封面"), 1, Dictionary(P="目录", S=Name.D), counted, Dictionary(S=Name.D)])
        )
        whole.Root.PageMode = Name.UseOutlines
        facts = {"/Title": f"{index.title}", "/Subject": index.imprint.number}
        whole.trailer.Info = whole.make_indirect(Dictionary({name: said for name, said in facts.items() if said}))
        finish(whole)
        out = BytesIO()
        whole.save(out, deterministic_id=True, min_version="1.7")
    return out.getvalue()


def _count(pdf: bytes) -> int:
    with pikepdf.open(BytesIO(pdf)) as document:
        return len(document.pages)


def _body(part: Part, fonts: Fonts) -> list[tuple[str, bytes]]:
    scans = [("签字扫描件", _pictured(part.pictures, part.item.name, fonts))] if part.pictures else []
    return [*part.papers, *scans]


def _cover(index: DossierIndex, fonts: Fonts) -> bytes:
    to = _Unnumbered(fonts)
    to.text(" ", replace(NAME, pitch=36 * MM))
    to.title(index.folder.name, NAME)
    to.text(" ", replace(NAME, pitch=30 * MM))
    to.form([[fact] for fact in (*index.facts, ("保管期限", index.keeping))], row_mm=14.0, label_mm=34.0)
    return to.pdf(index.folder.name, index.imprint)


def _contents(index: DossierIndex, parts: Sequence[Part], lengths: Sequence[int], fonts: Fonts) -> bytes:
    to = _Unnumbered(fonts)
    to.title(index.title)
    to.blank(0.3)
    rows, page = [], 1
    for part, length in zip(parts, lengths, strict=True):
        rows.append(_row(part.item, page, length))
        page += length
    to.table(COLUMNS, rows, row_mm=10.0)
    to.blank(0.3)
    to.text(f"本卷共{page - 1}页。{index.folder.sentence()}。", HEAD)
    for gap in index.folder.gaps():
        to.text(f"缺：{gap}", HEAD)
    return to.pdf(index.title, index.imprint)


def _row(item: DossierItem, page: int, length: int) -> tuple[str, ...]:
    said = item.found if length or not item.is_missing else "缺"
    place = (str(page) if length == 1 else f"{page}—{page + length - 1}") if length else "—"
    return (str(item.number), item.name, item.need.value, place, said if length else said or "—")


def _pictured(pictures: Sequence[bytes], name: str, fonts: Fonts) -> bytes:
    """Return scans as pages of their own, each as large as an upright A4 sheet lets it be."""
    canvas = Document(fonts, (PORTRAIT.width, PORTRAIT.height), name)
    for picture in pictures:
        image = ImageReader(BytesIO(picture))
        width, height = image.getSize()
        scale = min((PORTRAIT.width - 2 * EDGE) / width, (PORTRAIT.height - 2 * EDGE) / height)
        x, y = (PORTRAIT.width - scale * width) / 2, (PORTRAIT.height - scale * height) / 2
        canvas.drawImage(image, x, y, scale * width, scale * height)
        canvas.showPage()
    return canvas.pdf()


def _front(whole: Pdf, front: Sequence[tuple[str, bytes]]) -> None:
    with whole.open_outline() as outline:
        for name, pdf in front:
            outline.root.append(OutlineItem(name, len(whole.pages)))
            _add(whole, pdf)


def _parts(whole: Pdf, parts: Sequence[Part], bodies: Sequence[list[tuple[str, bytes]]]) -> None:
    with whole.open_outline() as outline:
        for part, body in zip(parts, bodies, strict=True):
            if not body:
                continue
            entry = OutlineItem(f"{part.item.number} {part.item.name}", len(whole.pages))
            for name, pdf in body:
                entry.children.append(OutlineItem(name, len(whole.pages)))
                _add(whole, pdf)
            outline.root.append(entry)


def _add(whole: Pdf, pdf: bytes) -> None:
    with pikepdf.open(BytesIO(pdf)) as document:
        whole.pages.extend(document.pages)


def _numbers(whole: Pdf, counted: int, fonts: Fonts) -> None:
    """Write the number of its sheet on every page after the contents, in the corner that is top right as it is read."""
    leaves = whole.pages[counted:]
    if not leaves:
        return
    sizes = [(float(page.mediabox[2]), float(page.mediabox[3])) for page in leaves]
    canvas = Document(fonts, sizes[0], "")
    for number, (width, height) in enumerate(sizes, start=1):
        canvas.setPageSize((width, height))
        pen = Pen(canvas, fonts, height)
        pen.words(str(number), width - EDGE - NUMBER_ROOM, 9 * MM, NUMBER_ROOM, NUMBER)
        canvas.showPage()
    with pikepdf.open(BytesIO(canvas.pdf())) as marks:
        for page, mark in zip(leaves, marks.pages, strict=True):
            name = page.add_resource(whole.copy_foreign(mark.as_form_xobject()), Name.XObject, Name.FolderNumber)
            page.contents_add(b"q", prepend=True)
            page.contents_add(f"Q q {name} Do Q".encode())
