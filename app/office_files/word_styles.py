"""The styles of a Word paper, named as offices name them, so that whoever edits it changes a style and not each line.

Headings stand on Word's own Heading 1 to 4 (the outline pane works), the title on Title, all else on Normal, which a
Chinese Word shows as 正文. A look that has no name of its own gets a style named after what it is: 楷体小四居中.
"""

from docx.document import Document
from docx.oxml.ns import qn

from app.office_files.ooxml import Element, border, made, points, told, twips
from app.printing.fonts import Style
from app.printing.page import BODY, FOOT, LEVELS, TITLE
from app.printing.pen import BODY_PITCH, CELL_SIZE, SMALL_SIZE, Align, Look
from app.printing.signing import DAY, HINT, SEAL
from app.printing.signing import LABEL as SIGNER
from app.printing.table import HEADER

FACES: dict[Style, str] = {
    Style.TITLE: "方正小标宋简体",
    Style.BODY: "仿宋_GB2312",
    Style.HEAD: "黑体",
    Style.KAI: "楷体_GB2312",
    Style.SONG: "宋体",
}
"""What the type is called in offices; a machine without it takes one of `OTHERWISE`, told in the font table."""
OTHERWISE: dict[str, tuple[str, str]] = {
    "方正小标宋简体": ("方正小标宋_GBK", "roman"),
    "仿宋_GB2312": ("仿宋", "modern"),
    "黑体": ("SimHei", "modern"),
    "楷体_GB2312": ("楷体", "modern"),
    "宋体": ("SimSun", "auto"),
}
SIZES = {22.0: "二号", 16.0: "三号", 14.0: "四号", 12.0: "小四", 10.5: "五号", 9.0: "小五"}
ALIGNED = {Align.JUSTIFY: "", Align.LEFT: "左齐", Align.CENTER: "居中", Align.RIGHT: "右齐"}
JC = {Align.JUSTIFY: "both", Align.LEFT: "left", Align.CENTER: "center", Align.RIGHT: "right"}
RED = "C00000"
BODY_STYLE, LEAD, BLANK, MAST, TABLE = "公文正文", "黑体字头", "空行", "红头", "公文表格"
TABLE_HEAD, SUBSCRIPTION = "表头", "落款"
NAMED: dict[Look, str] = {
    TITLE: "公文标题",
    BODY: BODY_STYLE,
    Look(Style.BODY, SMALL_SIZE, pitch=17.0): "小字",
    Look(Style.BODY, CELL_SIZE, pitch=12.6, indent=0, align=Align.LEFT): "表格正文",
    Look(Style.BODY, CELL_SIZE, pitch=12.6, indent=0, align=Align.CENTER): "表格居中",
    SIGNER: "签字栏",
    HINT: "指印",
    SEAL: "盖章处",
    DAY: "签署日期",
    FOOT: "页脚",
}
SUBSCRIBED = Look(indent=0, align=Align.LEFT)
HEADINGS = ("一级标题", "二级标题", "三级标题", "四级标题")
SQUEEZE = -5
"""By how much body text stands closer, in twips: 28 characters of 三号 fill 156 mm. Not told as a grid of characters:
LibreOffice reads a negative `charSpace` as an enormous one (7.4, writerfilter PropertyMap), and Word sets the same."""


class StyleSheet:
    """The styles of one document; one for every look it uses."""

    def __init__(self, document: Document) -> None:
        """Begin with the styles every paper has."""
        self._root: Element = document.styles.element
        for child in list(self._root):
            self._root.remove(child)
        self._named: dict[Look, str] = {}
        self._names: set[str] = set()
        self._root.append(_defaults())
        self._basic()
        for look, name in NAMED.items():
            self._put(look, name, based="Title" if look is TITLE else "Normal", next_to=BODY_STYLE)
        for level, look in enumerate(LEVELS, start=1):
            extra = (told("keepNext", 1), told("keepLines", 1))
            self._paragraph(HEADINGS[level - 1], look, f"Heading{level}", BODY_STYLE, extra)
        for name, look in ((TABLE_HEAD, HEADER), (SUBSCRIPTION, SUBSCRIBED)):
            self._paragraph(name, look, "Normal", name)

    def of(self, look: Look) -> str:
        """Return the name of the style for a look, made when it is met first."""
        if look not in self._named:
            face = "仿宋" if look.style is Style.BODY else look.style.value
            name = f"{face}{SIZES.get(look.size, f'{look.size:g}磅')}{ALIGNED[look.align]}"
            base, number = name, 2
            while name in self._names:
                name, number = f"{base}{number}", number + 1
            self._put(look, name)
        return self._named[look]

    def _put(self, look: Look, name: str, based: str = "Normal", next_to: str = "") -> None:
        self._named[look] = name
        self._paragraph(name, look, based, next_to or name)

    def _paragraph(self, name: str, look: Look, based: str, next_to: str, extra: tuple[Element, ...] = ()) -> None:
        self._names.add(name)
        looks = (set_lines(look, extra), set_type(look))
        self._root.append(_style(name, name, "paragraph", based, *looks, next_to=next_to, custom=1))

    def _basic(self) -> None:
        """Put Word's own styles, and those of ours that are not the look of a paragraph."""
        plain = Look(indent=0)
        normal = _style("Normal", "Normal", "paragraph", "", set_lines(plain, _manners()), set_type(plain))
        normal.set(qn("w:default"), "1")
        self._root.append(normal)
        for level in range(1, 5):
            outline = made("pPr", told("outlineLvl", level - 1))
            self._root.append(_style(f"Heading{level}", f"heading {level}", "paragraph", "Normal", outline))
        self._root.append(_style("Title", "Title", "paragraph", "Normal", made("pPr", told("keepNext", 1))))
        lead = made("rPr", type_faces(Style.HEAD))
        self._root.append(_style(LEAD, LEAD, "character", "", lead, custom=1))
        gap = made("pPr", told("snapToGrid", 0), made("spacing", line=points(BODY_PITCH), lineRule="exact"))
        self._root.append(_style(BLANK, BLANK, "paragraph", "Normal", gap, custom=1))
        self._root.append(_style(MAST, MAST, "paragraph", "Normal", *_mast(), next_to=BODY_STYLE, custom=1))
        self._root.append(_table_style())


def set_lines(look: Look, extra: tuple[Element, ...] = ()) -> Element:
    """Return how the paragraphs of a look stand: exact pitch, indent in characters, alignment."""
    em = look.size + look.tracking
    indent = made("ind", left=0, right=0, firstLine=points(look.indent * em), firstLineChars=round(look.indent * 100))
    return made(
        "pPr",
        *extra,
        told("snapToGrid", int(on_grid(look))),
        made("spacing", before=0, after=0, line=points(look.pitch), lineRule="exact"),
        indent,
        told("jc", JC[look.align]),
    )


def set_type(look: Look) -> Element:
    """Return the type of a look: face, size, and for body text how close it stands."""
    size = round(look.size * 2)
    closer = told("spacing", SQUEEZE) if on_grid(look) else None
    return made("rPr", type_faces(look.style), closer, told("sz", size), told("szCs", size))


def on_grid(look: Look) -> bool:
    """Return whether a look stands on the grid: 22 lines of 28 characters."""
    return look.tracking != 0


def type_faces(style: Style) -> Element:
    """Return the face for Chinese and Latin alike: figures stand in the face of the text, as on the printed paper."""
    face = FACES[style]
    return made("rFonts", ascii=face, hAnsi=face, eastAsia=face, cs=face)


def _mast() -> tuple[Element, Element]:
    lines = made("pPr", told("keepNext", 1), told("snapToGrid", 0), told("jc", "center"))
    kind = made("rPr", type_faces(Style.TITLE), told("color", RED), told("sz", 72), told("szCs", 72))
    return lines, kind


def _defaults() -> Element:
    """Return what every style begins with: no gaps, marks neither hung nor squeezed, Chinese."""
    lines = made("pPr", *_manners(), made("spacing", before=0, after=0))
    kind = made(
        "rPr",
        type_faces(Style.BODY),
        told("kern", 0),
        told("sz", 32),
        told("szCs", 32),
        made("lang", val="en-US", eastAsia="zh-CN", bidi="ar-SA"),
    )
    return made("docDefaults", made("rPrDefault", kind), made("pPrDefault", lines))


def _manners() -> tuple[Element, ...]:
    """Return how lines are made: by the rules of Chinese, marks not hung, no white between Chinese and figures."""
    said = {"widowControl": 0, "kinsoku": 1, "overflowPunct": 0, "autoSpaceDE": 0, "autoSpaceDN": 0}
    return tuple(told(name, value) for name, value in said.items())


def _style(code: str, name: str, kind: str, based: str, *looks: Element, next_to: str = "", custom: int = 0) -> Element:
    about = (
        told("name", name),
        told("basedOn", based) if based else None,
        told("next", next_to) if next_to and next_to != code else None,
        told("qFormat", 1) if kind == "paragraph" else None,
    )
    element = made("style", *about, *looks, type=kind, styleId=code)
    if custom:
        element.set(qn("w:customStyle"), "1")
    return element


def _table_style() -> Element:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    grid = made("tblBorders", *(border(side) for side in sides))
    return _style(TABLE, TABLE, "table", "", made("tblPr", grid, cell_margins(1.2, 0.55)), custom=1)


def cell_margins(sides_mm: float, ends_mm: float) -> Element:
    """Return the white inside the cells of a table."""
    widths = (("top", ends_mm), ("left", sides_mm), ("bottom", ends_mm), ("right", sides_mm))
    return made("tblCellMar", *(made(side, w=twips(mm), type="dxa") for side, mm in widths))


def font_table(root: Element) -> None:
    """Write the faces into the font table, each with what may stand for it on a machine that lacks it."""
    for child in list(root):
        root.remove(child)
    for face, (other, family) in OTHERWISE.items():
        parts = (told("altName", other), told("charset", "86"), told("family", family), told("pitch", "variable"))
        root.append(made("font", *parts, name=face))
