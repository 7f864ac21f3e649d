"""Fandol as TrueType: the conversion that made our two Fandol files.

ReportLab embeds TrueType outlines only; Fandol comes with PostScript ones. The curves are turned into quadratic ones
within one thousandth of the type size; the layout tables are left out, papers place every character themselves.

    python resources/fonts/outlines.py FandolFang-Regular.otf FandolFang-Regular.ttf
"""

import sys

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

TOLERANCE = 1.0  # of 1,000 units to the em
UNUSED = ("CFF ", "VORG", "GSUB", "GPOS", "BASE")
ZERO = (
    "maxTwilightPoints",
    "maxStorage",
    "maxFunctionDefs",
    "maxInstructionDefs",
    "maxStackElements",
    "maxSizeOfInstructions",
)


def converted(source: str) -> TTFont:
    """Return the font of `source` with quadratic outlines."""
    font = TTFont(source, recalcTimestamp=False)
    order = font.getGlyphOrder()
    drawn = font.getGlyphSet()
    outlines = newTable("glyf")
    outlines.glyphOrder, outlines.glyphs = order, {}
    for name in order:
        pen = TTGlyphPen(drawn)
        drawn[name].draw(Cu2QuPen(pen, TOLERANCE, reverse_direction=True))
        outlines.glyphs[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), outlines
    as_truetype(font)
    outlines.compile(font)
    return font


def as_truetype(font: TTFont) -> None:
    """Change the tables that say which outlines a font has."""
    for tag in UNUSED:
        if tag in font:
            del font[tag]
    profile = font["maxp"]
    profile.tableVersion, profile.maxZones = 0x00010000, 1
    for field in ZERO:
        setattr(profile, field, 0)
    names = font["post"]
    names.formatType, names.extraNames, names.mapping = 3.0, [], {}
    font["head"].glyphDataFormat = 0
    font.sfntVersion = "\x00\x01\x00\x00"


if __name__ == "__main__":
    converted(sys.argv[1]).save(sys.argv[2])
