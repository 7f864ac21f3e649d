"""A paper as a Word file that an office edits: the same composition as the printed one, with real styles and tables.

It is set beside its own print: the strips of `PaperPdf` tell where a title breaks and from where on signatures stay
together, because only what was laid out knows. What makes a paper a proof (codes, the seal) does not go into a copy.
"""

import hashlib
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from functools import cache

import docx
from docx.document import Document
from docx.oxml.ns import qn

from app.domain.errors import Refused
from app.domain.paper import Paper, Signer
from app.office_files import word_signing, word_tables
from app.office_files.ooxml import Element, border, made, points, run, same_bytes, sound, told
from app.office_files.word_page import NOT_SIGNED, set_page
from app.office_files.word_styles import BLANK, BODY_STYLE, HEADINGS, LEAD, MAST, RED, SUBSCRIPTION, StyleSheet
from app.printing import PAPERS, kind_of
from app.printing.column import Column
from app.printing.fonts import Fonts
from app.printing.page import BODY, PORTRAIT, TITLE, Sheet
from app.printing.paper_pdf import MAST_DROP, PLAIN_INDENT, RED_DROP, SEALED_INDENT, PaperPdf
from app.printing.pen import BODY_PITCH, BODY_SIZE, FOLIO_SIZE, MM, Look, typeset
from app.printing.signing import keep_together
from app.printing.title import title_cuts

EM = BODY_SIZE


class NoWordFile(Refused):
    """A paper that is no column of text (cards, posters) has nothing to edit."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}没有 Word 版", "可以打印，也可以存 PDF", "要改内容，回会议里改了再打印")


def word(paper: Paper, fonts: Fonts) -> bytes:
    """Return a paper of any kind as a Word file: the same content, the same bytes.

    Raises:
        NoWordFile: The paper is drawn, not written.
    """
    kind = PAPERS[kind_of(paper)]
    if kind.compose is None:
        raise NoWordFile(kind.name)
    made_so_far = PaperWord(PaperPdf(fonts, kind.sheet, kind.names(paper)), starts_mm=paper.imprint.start_mm)
    kind.compose(paper, made_so_far)
    return made_so_far.docx(paper)


def sum_of(paper: Paper) -> str:
    """Return eight signs by which one sees whether two copies said the same: the head of the SHA-256 of all texts."""
    return hashlib.sha256("\x1f".join(_texts(paper)).encode("utf-8", "replace")).hexdigest()[:8].upper()


def _texts(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, tuple):
        for part in content:
            yield from _texts(part)
    elif is_dataclass(content):
        for one in fields(content):
            if one.name != "imprint":
                yield from _texts(getattr(content, one.name))


@cache
def _empty_file() -> bytes:
    out = io.BytesIO()
    docx.Document().save(out)
    return out.getvalue()


class PaperWord:
    """A paper on its way to Word: what `Compositor` asks for, as paragraphs and tables with styles."""

    def __init__(self, print_: PaperPdf, starts_mm: float = 0.0) -> None:
        """Begin an empty paper beside its empty print; `starts_mm` is where text begins under a printed red head."""
        self._print = print_
        self._document: Document = docx.Document(io.BytesIO(_empty_file()))
        self._styles = StyleSheet(self._document)
        self._parts: list[Element] = []
        self._marks: dict[int, int] = {}
        if starts_mm > PORTRAIT.top / MM:
            self._gap(starts_mm * MM - PORTRAIT.top)

    @property
    def sheet(self) -> Sheet:
        """Return the sheet it is set on."""
        return self._print.sheet

    def docx(self, paper: Paper, digest: str = "") -> bytes:
        """Return the file; its foot tells the sum of the paper's texts, or what is given instead."""
        body = self._document.element.body
        for old in [child for child in body if child.tag != qn("w:sectPr")]:
            body.remove(old)
        if not self._parts or self._parts[-1].tag == qn("w:tbl"):
            self._parts.append(_thin_line())
        for place, part in enumerate(self._parts):
            body.insert(place, part)
        set_page(self._document, self._print.sheet, paper.imprint, digest or sum_of(paper))
        tell_properties(self._document, paper)
        out = io.BytesIO()
        self._document.save(out)
        return same_bytes(out.getvalue())

    def _put(self, style: str, *runs: Element, about: Sequence[Element] = (), with_next: bool = False) -> None:
        keep = told("keepNext", 1) if with_next else None
        self._parts.append(made("p", made("pPr", told("pStyle", style), keep, *about), *runs))

    def _gap(self, height: float, *, with_next: bool = False) -> None:
        """Put white of a height in points."""
        line = made("spacing", line=max(20, points(height)), lineRule="exact")
        self._put(BLANK, about=[line], with_next=with_next)

    def masthead(self, text: str) -> None:
        """Put the mark, red, in the greatest size that fits on one line."""
        self._print.masthead(text)
        made_lines = self._print._fitted(text)
        size = made_lines[0].size if made_lines else 36.0
        above = made("spacing", before=points(MAST_DROP), line=points(size * 1.2), lineRule="exact")
        kind = made("rPr", told("sz", round(size * 2)), told("szCs", round(size * 2)))
        self._put(MAST, run(text, props=kind), about=[above])

    def title(self, text: str, look: Look | None = None) -> None:
        """Put a title, broken where the printed one is."""
        self._print.title(text, look)
        how, text = look or TITLE, sound(text).strip()
        galley = self._print
        widths = galley.fonts.widths(text, how.style, how.size, galley.names)
        runs: list[Element] = []
        for cut in title_cuts(text, widths, galley.sheet.room, galley.names):
            runs += [made("r", made("br"))] if runs else []
            runs.append(run(cut))
        if runs:
            self._put(self._styles.of(how), *runs, with_next=True)

    def text(self, text: str, look: Look = BODY, lead: str = "", *, with_next: bool = False) -> None:
        """Put paragraphs."""
        self._print.text(text, look, lead, with_next=with_next)
        self._paragraphs(text, self._styles.of(look), lead, with_next=with_next)

    def _paragraphs(self, text: str, style: str, lead: str = "", *, with_next: bool) -> None:
        for number, paragraph in enumerate(text.splitlines()):
            words = paragraph.lstrip(" \u3000") if lead or style == BODY_STYLE else paragraph
            head = [run(lead, LEAD)] if lead and number == 0 else []
            self._put(style, *head, run(words), with_next=with_next)

    def heading(self, text: str, level: int = 1) -> None:
        """Put a heading; the outline of the file has it."""
        self._print.heading(text, level)
        self._paragraphs(text, HEADINGS[level - 1], with_next=True)

    def blank(self, lines: float = 1.0, *, with_next: bool = False) -> None:
        """Leave lines blank."""
        self._print.blank(lines, with_next=with_next)
        whole = int(lines)
        for _ in range(whole):
            self._put(BLANK, with_next=with_next)
        if lines > whole:
            self._gap((lines - whole) * BODY_PITCH, with_next=with_next)

    def rule(self, width_pt: float = 0.5) -> None:
        """Draw a line as wide as the 版心."""
        self._print.rule(width_pt)
        self._ruled(1.0, round(width_pt * 8), "auto")

    def red_rule(self) -> None:
        """Draw the red line of an official head."""
        self._print.red_rule()
        self._ruled(RED_DROP, 10, RED)

    def _ruled(self, height: float, size: int, colour: str) -> None:
        under = made("pBdr", border("bottom", size, colour=colour))
        line = made("spacing", line=points(height), lineRule="exact")
        self._put(BLANK, about=[under, line], with_next=True)

    def ends(self, left: str, right: str, look: Look = BODY) -> None:
        """Put two texts on one line, the right one at a stop a character before the edge."""
        self._print.ends(left, right, look)
        room, style = self._print.sheet.room, self._styles.of(look)
        flat = replace(look, indent=0)
        wide = sum(
            len(typeset(self._print.fonts, text, room, flat)[:1]) and self._width(text, flat) for text in (left, right)
        )
        self._parts.extend(_both_ends(style, left, right, look.size, room, beside=wide <= room - 3 * look.size))

    def _width(self, text: str, look: Look) -> float:
        return sum(self._print.fonts.widths(sound(text), look.style, look.size, self._print.names))

    def hanging(self, label: str, text: str, *, with_next: bool = False) -> None:
        """Put a label in 黑体 and a text that hangs beside it."""
        self._print.hanging(label, text, with_next=with_next)
        for number, line in enumerate(text.splitlines() or [""]):
            head = [run(label, LEAD)] if number == 0 else []
            hang = len(label) if number == 0 else 0
            about = [_hung(2 + len(label), hang, EM + BODY.tracking)]
            self._put(BODY_STYLE, *head, run(line), about=about, with_next=with_next)

    def imprint_block(self, copies: str, organ: str, day: str) -> None:
        """Put 版记, standing at the foot of the page it comes to."""
        self._print.imprint_block(copies, organ, day)
        style = self._styles.of(Look(size=FOLIO_SIZE, pitch=24.0, indent=0))
        room = self._print.sheet.room
        label, _, whom = copies.partition("：")
        hang = len(label) + 1
        sent = made(
            "p",
            made("pPr", told("pStyle", style), _hung(1 + hang, hang, FOLIO_SIZE, right=1)),
            run(f"{label}：", LEAD),
            run(whom),
        )
        issued = _both_ends(style, organ, day, FOLIO_SIZE, room, beside=True)
        blocks = [[sent], issued] if copies else [issued]
        self._parts.append(word_tables.imprint_block(blocks, room, self._print.strips[-1].height))

    def table(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[str]],
        *,
        row_mm: float = 8.0,
        head_mm: float = 8.0,
        keep_last: bool = False,
    ) -> None:
        """Put a table."""
        self._print.table(columns, rows, row_mm=row_mm, head_mm=head_mm, keep_last=keep_last)
        self._parts.append(word_tables.grid(self._styles, columns, rows, row_mm, head_mm))
        if keep_last:
            _keep_last_row(self._parts[-1])

    def form(self, fields: Sequence[Sequence[tuple[str, str]]], *, row_mm: float = 9.0, label_mm: float = 28.0) -> None:
        """Put a form."""
        self._print.form(fields, row_mm=row_mm, label_mm=label_mm)
        if fields:
            self._parts.append(word_tables.form(self._styles, fields, self._print.sheet.room, row_mm, label_mm))

    def sign(self, signers: Sequence[Signer], seals: Sequence[str] = ()) -> None:
        """Put places to sign and for seals."""
        self._print.sign(signers, seals)
        sheet = self._print.sheet
        if len(seals) == 1 and len(signers) % 2:
            tables = [*word_signing.signatures(sheet, signers[:-1]), *word_signing.beside(sheet, signers[-1], seals[0])]
        else:
            tables = [*word_signing.signatures(sheet, signers), *word_signing.seals(sheet, seals)]
        self._put_tables(tables)

    def seals(self, places: Sequence[str]) -> None:
        """Put places for seals."""
        self._print.seals(places)
        self._put_tables(word_signing.seals(self._print.sheet, places))

    def _put_tables(self, tables: list[Element]) -> None:
        """Put tables that stay in one piece, a thin line between two: Word makes one of those that touch."""
        for one in tables:
            if self._parts and self._parts[-1].tag == qn("w:tbl"):
                self._parts.append(_thin_line())
            self._parts.append(one)
            _keep_with_next(one, but_last=True)

    def subscribe(self, organ: str, day: str, *, sealed: bool = True) -> None:
        """Put 署名 and 成文日期, indented from the right as 7.3.5 has them."""
        self._print.subscribe(organ, day, sealed=sealed)
        self._put(BLANK, with_next=True)
        widths = [self._width(text, Look()) / EM for text in (organ, day)]
        from_right = _sealed(*widths) if sealed else _unsealed(*widths)
        for text, right, keeps in zip((organ, day), from_right, (True, False), strict=True):
            if text:
                indent = made("ind", right=points(right * EM), rightChars=round(right * 100))
                self._put(SUBSCRIPTION, run(text), about=[indent, told("jc", "right")], with_next=keeps)

    def new_page(self) -> None:
        """Begin a new page."""
        self._print.new_page()
        self._put(BLANK, about=[told("pageBreakBefore", 1), made("spacing", line=20, lineRule="exact")], with_next=True)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep everything put inside on one page."""
        start = len(self._parts)
        with self._print.kept():
            yield
        self._keep(start)

    def mark(self) -> int:
        """Return how many parts there are."""
        self._marks[len(self._parts)] = self._print.mark()
        return len(self._parts)

    def stay_together(self, *marks: int) -> None:
        """Keep all from a mark on together: from the one from which the print does."""
        start = keep_together(self._print, *(self._marks[mark] for mark in marks))
        found = (mark for mark in marks if self._marks[mark] == start)
        self._keep(next(found, len(self._parts) - 1))

    def _keep(self, start: int) -> None:
        for part in self._parts[start:-1]:
            _keep_with_next(part)
        if self._parts[start:]:
            _keep_with_next(self._parts[-1], but_last=True)


def tell_properties(document: Document, paper: Paper) -> None:
    """Write what a file says of itself: title, number, version, and that it is a copy; no time and no editor."""
    about = document.core_properties
    for old in list(about._element):
        about._element.remove(old)
    about.title, about.author = sound(paper.title)[:255], sound(paper.imprint.author)[:255]
    about.subject, about.comments = sound(paper.imprint.number_shown)[:255], NOT_SIGNED
    about.version, about.language, about.category = str(paper.imprint.version), "zh-CN", "院坝"


def _both_ends(style: str, left: str, right: str, size: float, room: float, *, beside: bool) -> list[Element]:
    """Return a line with a text at each end, a character in; two lines when they do not fit beside each other."""
    indent = made("ind", left=points(size), leftChars=100, firstLine=0, firstLineChars=0)
    stop = made("tabs", made("tab", val="right", pos=points(room - size)))
    if beside:
        about = made("pPr", told("pStyle", style), stop, indent, told("jc", "left"))
        return [made("p", about, run(left), made("r", made("tab")), run(right))]
    first = made("p", made("pPr", told("pStyle", style), told("keepNext", 1), indent, told("jc", "left")), run(left))
    return [first, made("p", made("pPr", told("pStyle", style), indent, told("jc", "left")), run(right))]


def _hung(left: int, hang: int, em: float, right: int = 0) -> Element:
    """Return an indent in characters whose first line begins `hang` of them further left."""
    values = {
        "left": points(left * em),
        "leftChars": left * 100,
        "right": points(right * em),
        "rightChars": right * 100,
    }
    first = (
        {"hanging": points(hang * em), "hangingChars": hang * 100} if hang else {"firstLine": 0, "firstLineChars": 0}
    )
    return made("ind", **values, **first)


def _sealed(organ: float, day: float) -> tuple[float, float]:
    """Return how many characters from the right organ and day end: the day four, the organ centred over it."""
    return max(0.0, SEALED_INDENT + (day - organ) / 2), float(SEALED_INDENT)


def _unsealed(organ: float, day: float) -> tuple[float, float]:
    """Return the same without a seal: the organ two, the day beginning two after it; a longer day ends two in."""
    if day > organ:
        return (PLAIN_INDENT + day - organ - 2 if organ < day - 2 else float(PLAIN_INDENT)), float(PLAIN_INDENT)
    return float(PLAIN_INDENT), max(float(PLAIN_INDENT), PLAIN_INDENT + organ - day - 2)


def _thin_line() -> Element:
    line = made("spacing", line=20, lineRule="exact")
    return made("p", made("pPr", told("pStyle", BLANK), line))


def _keep_with_next(part: Element, *, but_last: bool = False) -> None:
    """Keep a part with what follows; of the last table all rows but the last."""
    rows = part.findall(qn("w:tr"))
    if part.tag == qn("w:p"):
        if not but_last:
            _keep_paragraph(part)
        return
    for one in rows[:-1] if but_last else rows:
        for paragraph in one.iter(qn("w:p")):
            _keep_paragraph(paragraph)


def _keep_last_row(table: Element) -> None:
    for paragraph in table.findall(qn("w:tr"))[-1].iter(qn("w:p")):
        _keep_paragraph(paragraph)


def _keep_paragraph(paragraph: Element) -> None:
    about = paragraph.find(qn("w:pPr"))
    if about is not None and about.find(qn("w:keepNext")) is None:
        about.insert(1, told("keepNext", 1))
