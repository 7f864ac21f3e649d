"""The page of a Word paper: GB/T 9704 margins and grid, page numbers right and left, and what stands at the foot.

Every foot says that this is a copy to edit and not what was signed, with the sum of what it said when it was written.
"""

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE as REL
from docx.opc.oxml import serialize_part_xml
from docx.oxml.ns import qn

from app.domain.edition_code import shown_digits
from app.domain.paper import Imprint
from app.office_files.ooxml import Element, field, made, points, run, text_box, told, twips
from app.office_files.word_styles import font_table, type_faces
from app.printing.fonts import Style
from app.printing.page import PORTRAIT, Sheet
from app.printing.pen import BODY_PITCH, FOLIO_SIZE, MM

NOT_SIGNED = "可编辑副本，不是签字原件"
SUM_WORDS = "内容摘要"
PORTRAIT_MARGINS = (37.0, 26.0, 35.0, 28.0)
LANDSCAPE_MARGINS = (28.0, 37.0, 26.0, 35.0)
"""Top, right, bottom and left in millimetres; a sheet turned clockwise has its binding edge on top."""
FOOT_MM, LANDSCAPE_FOOT_MM, HEAD_MM = 21.0, 13.0, 18.0
TURNED_MM = (15.0, 156.0)
"""Width and height of the foot on a turned sheet. It stands left of the 版心, where the portrait sheet has it (clause
8); by alignment, for LibreOffice 7.4 loses the offsets of a box in the foot of even pages."""
FOOT_DROP = 8.6
NUMBER_PITCH, LINE_PITCH = 20.0, 11.0
DRAFT = "草稿"
NEEDLESS = {"customXml", "numbering", "webSettings", "theme", "stylesWithEffects"}
MANNERS = ("spaceForUL", "balanceSingleByteDoubleByteWidth", "doNotExpandShiftReturn", "useFELayout")
"""As Word in China sets Chinese."""


def set_page(document: Document, sheet: Sheet, imprint: Imprint, digest: str) -> None:
    """Set size, margins, grid, head and foot of the only section, and what Word is told about the whole file."""
    section = document.sections[0]
    section.different_first_page_header_footer = False
    document.settings.odd_and_even_pages_header_footer = True
    for odd, footer in ((True, section.footer), (False, section.even_page_footer)):
        lines = _foot(PORTRAIT, imprint, digest, odd=odd)
        _emptied(footer._element).extend([_turned(lines, 1 if odd else 2)] if sheet.sideways else lines)
    if imprint.draft:
        for header in (section.header, section.even_page_header):
            _emptied(header._element).append(_draft_mark())
    _set_section(section._sectPr, sheet)
    _set_settings(document.settings.element)
    _set_fonts(document)


def _emptied(element: Element) -> Element:
    for child in list(element):
        element.remove(child)
    return element


def _set_section(section: Element, sheet: Sheet) -> None:
    for name in ("pgSz", "pgMar", "cols", "docGrid"):
        for found in section.findall(qn(f"w:{name}")):
            section.remove(found)
    wide = sheet.width > sheet.height
    size = made("pgSz", w=points(sheet.width), h=points(sheet.height), **({"orient": "landscape"} if wide else {}))
    top, right, bottom, left = map(twips, LANDSCAPE_MARGINS if wide else PORTRAIT_MARGINS)
    foot = twips(LANDSCAPE_FOOT_MM if wide else FOOT_MM)
    edges = {"top": top, "right": right, "bottom": bottom, "left": left}
    margins = made("pgMar", **edges, header=twips(HEAD_MM), footer=foot, gutter=0)
    grid = made("docGrid", type="lines", linePitch=points(BODY_PITCH))
    for part in (size, margins, made("cols", space=425), grid):
        section.append(part)


def _set_settings(settings: Element) -> None:
    """Tell Word: even pages have feet of their own, marks are not squeezed, and this is no file of an older Word."""
    _emptied(settings)
    address = "http://schemas.microsoft.com/office/word"
    modes = (("compatibilityMode", "15"), ("overrideTableStyleFontSizeAndJustification", "1"))
    known = (made("compatSetting", name=name, uri=address, val=value) for name, value in modes)
    for part in (
        made("zoom", percent=100),
        told("defaultTabStop", 420),
        told("evenAndOddHeaders", 1),
        told("drawingGridVerticalSpacing", 156),
        told("characterSpacingControl", "doNotCompress"),
        made("compat", *(made(name) for name in MANNERS), *known),
        made("themeFontLang", val="en-US", eastAsia="zh-CN"),
    ):
        settings.append(part)


def _set_fonts(document: Document) -> None:
    """Write the font table, and leave out what the empty file came with and no paper needs."""
    part = document.part
    for key, relation in list(part.rels.items()):
        if relation.reltype.rpartition("/")[2] in NEEDLESS:
            del part.rels[key]
        elif relation.reltype == REL.FONT_TABLE:
            font_root = made("fonts")
            font_table(font_root)
            relation.target_part._blob = serialize_part_xml(font_root)
    for key, relation in list(part.package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del part.package.rels[key]


def _foot(sheet: Sheet, imprint: Imprint, digest: str, *, odd: bool) -> list[Element]:
    """Return the two lines of a foot: which paper and which page of it; that it was not signed."""
    version = f"第{imprint.version}版" if imprint.version else "未定稿"
    parts = (f"编号 {imprint.number_shown}", version, DRAFT if imprint.draft else "")
    said = " · ".join(part for part in parts if part)
    about = [run(f"{said} · 第", props=_small()), *field("PAGE", props=_small()), run("页 共", props=_small())]
    about += [*field("NUMPAGES", props=_small()), run("页", props=_small())]
    about += [run(f" · {imprint.footer}", props=_small())] if imprint.footer else []
    number = [run("— ", props=_number()), *field("PAGE", props=_number()), run(" —", props=_number())]
    gap = [made("r", made("tab"))]
    room = points(sheet.room)
    stop = made("tabs", made("tab", val="right", pos=room - (points(FOLIO_SIZE) if odd else 0)))
    indent = made("ind", left=0 if odd else points(FOLIO_SIZE), firstLine=0, firstLineChars=0)
    lines = _foot_lines(NUMBER_PITCH, stop, indent)
    first = made("p", lines, *((*about, *gap, *number) if odd else (*number, *gap, *about)))
    signed = f"原件验真码 {shown_digits(imprint.digits)}" if imprint.digits else ""
    words = " · ".join(part for part in (NOT_SIGNED, signed, f"{SUM_WORDS} {digest}") if part)
    side = told("jc", "left" if odd else "right")
    return [first, made("p", _foot_lines(LINE_PITCH, None, side), run(words, props=_small()))]


def _turned(lines: list[Element], number: int) -> Element:
    """Return a line that holds a text box turned clockwise with the foot in it, at the left of the sheet."""
    spacing = lines[0].find(f".//{qn('w:spacing')}")
    spacing.set(qn("w:before"), str(points(FOOT_DROP)))
    width, height = (mm * MM for mm in TURNED_MM)
    drawing = text_box(
        lines, width, height, number, across=("leftMargin", "right"), down=("margin", "top"), turned=True
    )
    return made("p", _foot_lines(LINE_PITCH, None), made("r", drawing))


def _foot_lines(pitch: float, *parts: Element | None) -> Element:
    tabs, *rest = parts
    spacing = made("spacing", before=0, after=0, line=points(pitch), lineRule="exact")
    return made("pPr", told("pStyle", "页脚"), tabs, told("snapToGrid", 0), spacing, *rest)


def _small() -> Element:
    return made("rPr", type_faces(Style.SONG), told("snapToGrid", 0), told("sz", 16))


def _number() -> Element:
    return made("rPr", type_faces(Style.SONG), told("snapToGrid", 0), told("sz", 28))


def _draft_mark() -> Element:
    """Return the framed word 草稿 at the right of the head."""
    frame = made("bdr", val="single", sz=4, space=0, color="auto")
    kind = made("rPr", type_faces(Style.HEAD), told("snapToGrid", 0), told("sz", 28), frame)
    lines = made(
        "pPr",
        told("pStyle", "页脚"),
        told("snapToGrid", 0),
        made("spacing", before=0, after=0, line=points(24), lineRule="exact"),
        told("jc", "right"),
    )
    return made("p", lines, run(f" {DRAFT} ", props=kind))
