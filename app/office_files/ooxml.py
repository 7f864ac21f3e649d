"""The parts of a Word file in its own terms: elements of WordprocessingML, measures, and a package of fixed bytes.

Measures are twips (1/20 of a point), half-points for type and eighths of a point for borders, as the format has them.
"""

import io
import re
import zipfile
from copy import deepcopy

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement

from app.printing.fonts import clean

Element = BaseOxmlElement
MM_TWIPS = 1440 / 25.4
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can tell: the same paper is the same bytes, whenever it is written."""
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
