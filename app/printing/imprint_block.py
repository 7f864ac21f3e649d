"""版记, texts that hang beside a label, texts at both ends of a line (GB/T 9704, 7.4 and 10.3)."""

from collections.abc import Sequence
from dataclasses import replace

from app.printing.fonts import Style
from app.printing.page import Draw, Galley, Strip
from app.printing.pen import FOLIO_SIZE, MM, Align, Look, Pen, SetLine, typeset

OUTER, INNER = 0.35 * MM, 0.25 * MM
SMALL = Look(size=FOLIO_SIZE, pitch=24.0, indent=0, align=Align.JUSTIFY)
AIR = 2.0


def hung(galley: Galley, label: str, text: str, look: Look, pitch: float, indent: float) -> list[Strip]:
    """Return the lines of a text beside its label; `indent` characters of white before the label, and after the end."""
    em = look.size + look.tracking
    head = typeset(galley.fonts, label, galley.sheet.room, replace(look, style=Style.HEAD, indent=0))
    start = indent * em + sum(line.line.width for line in head[:1]) + look.tracking
    room = galley.sheet.room - start - (indent * em if indent < 2 else 0)
    flat = replace(look, indent=0)
    lines = [line for part in text.splitlines() for line in typeset(galley.fonts, part, room, flat, galley.names)]
    first = galley.sheet.left + indent * em
    drawings = [
        _hanging(head if number == 0 else (), first, line, start - indent * em, room, flat, pitch)
        for number, line in enumerate(lines)
    ]
    return [Strip(pitch, drawing) for drawing in drawings] or [
        Strip(pitch, lambda pen, top: pen.lines(head, first, top + (pitch - look.pitch) / 2, room, flat))
    ]


def _hanging(
    head: Sequence[SetLine], x: float, line: SetLine, shift: float, room: float, look: Look, pitch: float
) -> Draw:
    def draw(pen: Pen, top: float) -> None:
        top += (pitch - look.pitch) / 2
        pen.lines(head, x, top, room, replace(look, align=Align.LEFT))
        pen.lines([line], x + shift, top, room, look)

    return draw


def both_ends(galley: Galley, left: str, right: str, look: Look, pitch: float) -> list[Strip]:
    """Return one line with a text at each end, a character in; two lines when they do not fit beside each other."""
    flat = replace(look, indent=0, align=Align.LEFT)
    em, sheet = look.size, galley.sheet
    made = [typeset(galley.fonts, text, sheet.room - 2 * em, flat, galley.names)[:1] for text in (left, right)]
    widths = [sum(line.line.width for line in lines) for lines in made]
    places = (sheet.left + em, sheet.left + sheet.room - em - widths[1])

    def put(number: int) -> Draw:
        return lambda pen, top: pen.lines(made[number], places[number], top, sheet.room, flat)

    if sum(widths) > sheet.room - 3 * em:
        return [Strip(pitch, put(0), with_next=True), Strip(pitch, put(1))]

    def draw(pen: Pen, top: float) -> None:
        put(0)(pen, top)
        put(1)(pen, top)

    return [Strip(pitch, draw)]


def imprinted(galley: Galley, copies: str, organ: str, day: str) -> Strip:
    """Return 版记 in one piece: rules as wide as the 版心, the last one on its lower edge."""
    label, _, whom = copies.partition("：")
    sent = hung(galley, f"{label}：", whom, SMALL, SMALL.pitch, 1) if copies else []
    issued = both_ends(galley, organ, day, SMALL, SMALL.pitch)
    blocks = [block for block in (sent, issued) if block]
    height = sum(strip.height for block in blocks for strip in block) + 2 * AIR * len(blocks) + 2 * OUTER

    def draw(pen: Pen, top: float) -> None:
        left, right = galley.sheet.left, galley.sheet.left + galley.sheet.room
        pen.rule(left, top + OUTER / 2, right, top + OUTER / 2, OUTER)
        place = top + OUTER
        for number, block in enumerate(blocks):
            if number:
                pen.rule(left, place, right, place, INNER)
            place += AIR
            for strip in block:
                strip.draw(pen, place + (SMALL.pitch - SMALL.size) / 2)
                place += strip.height
            place += AIR
        pen.rule(left, place + OUTER / 2, right, place + OUTER / 2, OUTER)

    return Strip(height, draw, sinks=True)
