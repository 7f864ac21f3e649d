"""Codes on paper: the small one at the foot of every page, and the large one with the seal."""

from functools import lru_cache

import segno

from app.domain.edition_code import NO_CHECK, PageCode
from app.domain.paper import Imprint, Modules

PAGE_LEVEL, SEAL_LEVEL = "Q", "Q"
"""How much of a code may be blotted out: a quarter. Small symbols of level M are read worst."""


@lru_cache(maxsize=256)
def modules_of(text: str, level: str = SEAL_LEVEL) -> Modules:
    """Return a QR code of a text, row by row, without its quiet zone."""
    code = segno.make(text, error=level, micro=False, boost_error=False, encoding="utf-8")
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)


def page_code(imprint: Imprint, name: str, page: int, pages: int) -> str:
    """Return what the code at the foot of a page says; empty on papers of no meeting."""
    if not imprint.sitting_id:
        return ""
    code = PageCode(imprint.sitting_id, imprint.paper, imprint.version, page, pages, imprint.check or NO_CHECK)
    return code.text(name, imprint.digits)
