"""The parts of a Word file in its own terms: elements of WordprocessingML, measures, and a package of fixed bytes.

Measures are twips (1/20 of a point), half-points for type and eighths of a point for borders, as the format has them.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from copy import deepcopy

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement, parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

from app.printing.fonts import clean

Element = BaseOxmlElement
MM_TWIPS = 1440 / 25.4
EMU = 12_700
"""English metric units in a point, in which drawings are measured."""
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can tell: the same paper is the same bytes, whenever it is written."""
TEXT_BOX = (
    '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
    '<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="{number}" behindDoc="0"'
    ' locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
    '<wp:positionH relativeFrom="{across[0]}"><wp:align>{across[1]}</wp:align></wp:positionH>'
    '<wp:positionV relativeFrom="{down[0]}"><wp:align>{down[1]}</wp:align></wp:positionV>'
    '<wp:extent cx="{width}" cy="{height}"/><wp:{wrap}/><wp:docPr id="{number}" name="文本框{number}"/>'
    '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
    '<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>'
    "<wps:txbx><w:txbxContent/></wps:txbx>"
    '<wps:bodyPr vert="{vert}" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"/></wps:wsp></a:graphicData></a:graphic>'
    "</wp:anchor></w:drawing>"
)
_NEVER = re.compile("[\ufffe\uffff\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f]")


def made(name: str, /, *parts: Element | None, **values: str | int) -> Element:
    """Return an element of Word (`name` without its w:), its attributes and the parts inside it."""
    element: Element = OxmlElement(f"w:{name}")
    for key, value in values.items():
        element.set(qn(f"w:{key}"), str(value))
    for part in parts:
        if part is not None:
            element.append(part)
    return element


def told(name: str, value: str | int) -> Element:
    """Return an element that has but a value."""
    return made(name, val=value)


def twips(mm: float) -> int:
    """Return millimetres in twips."""
    return round(mm * MM_TWIPS)


def points(pt: float) -> int:
    """Return points in twips."""
    return round(pt * 20)


def written(text: str) -> Element:
    """Return a text, its spaces kept, without signs that XML forbids."""
    element = made("t")
    element.text = sound(text)
    element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return element


def sound(text: str) -> str:
    """Return a text without what has no picture and what XML does not allow."""
    return _NEVER.sub("", clean(text)).replace("\n", " ")


def run(text: str, style: str = "", *, props: Element | None = None) -> Element:
    """Return a run of text, in a character style if one is named."""
    about = props if props is not None else (made("rPr", told("rStyle", style)) if style else None)
    return made("r", about, written(text))


def field(code: str, shown: str = "1", props: Element | None = None) -> list[Element]:
    """Return a field (PAGE, NUMPAGES) that Word counts anew; `shown` stands until it has."""
    instruction = made("instrText")
    instruction.text = f" {code} "
    instruction.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    parts = (
        made("fldChar", fldCharType="begin"),
        instruction,
        made("fldChar", fldCharType="separate"),
        written(shown),
        made("fldChar", fldCharType="end"),
    )
    return [made("r", deepcopy(props), part) for part in parts]


def text_box(
    lines: Sequence[Element],
    width: float,
    height: float,
    number: int,
    *,
    across: tuple[str, str],
    down: tuple[str, str],
    turned: bool = False,
) -> Element:
    """Return a frameless box with paragraphs in it, `width` by `height` points, placed by what it is aligned to.

    A `turned` one reads clockwise from the top and lies over what is there; any other pushes the text away.
    """
    wrap, vert = ("wrapNone", "vert") if turned else ("wrapTopAndBottom", "horz")
    size = {"width": round(width * EMU), "height": round(height * EMU)}
    xml = TEXT_BOX.format(number=number, across=across, down=down, wrap=wrap, vert=vert, **size)
    drawing: Element = parse_xml(xml)
    content = drawing.find(f".//{qn('w:txbxContent')}")
    assert content is not None
    content.extend(lines)
    return drawing


def border(side: str, size: int = 4, style: str = "single", colour: str = "auto") -> Element:
    """Return a border of a side: `size` in eighths of a point."""
    return made(side, val=style, sz=size, space=0, color=colour)


def same_bytes(package: bytes) -> bytes:
    """Return an office package with every time in its zip set to the first there is, in the order it has."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in given.namelist():
            entry = zipfile.ZipInfo(name, FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(entry, given.read(name))
    return out.getvalue()
