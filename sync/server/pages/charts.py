"""Charts as SVG, written here: ink for done, an outline for planned, no third colour, and a table beside each."""

from collections.abc import Sequence
from math import ceil

from markupsafe import Markup

from sync.server.second_factor import code_path

BAR_WIDTH, BAR_HEIGHT = 500, 12
LINE_WIDTH, LINE_HEIGHT = 430, 200
LEFT, RIGHT, TOP, BOTTOM = 12, 12, 26, 24


def code_drawing(text: str) -> Markup:
    """Return a code that a telephone reads, dark on white by day and by night."""
    width, path = code_path(text)
    return Markup(
        '<svg class="code-drawing" viewBox="0 0 {width} {width}" role="img" aria-label="QR"><path d="{path}"/></svg>'
    ).format(width=width, path=path)


def bar(part: int, whole: int, most: int) -> Markup:
    """Return a bar: the whole as an outline, its part in ink; `most` is the longest whole beside it."""
    scale = (BAR_WIDTH - 2) / max(most, 1)
    outline, ink = round(whole * scale, 1), round(min(part, whole) * scale, 1)
    return Markup(
        f'<svg class="bar" viewBox="0 0 {BAR_WIDTH} {BAR_HEIGHT}" preserveAspectRatio="none" aria-hidden="true"'
        f' focusable="false"><rect class="whole" x="1" y="1" width="{outline}" height="{BAR_HEIGHT - 2}" rx="2"/>'
        f'<rect class="part" x="1" y="0" width="{ink}" height="{BAR_HEIGHT}" rx="2"/></svg>'
    )


def line(months: Sequence[int], title: str) -> Markup:
    """Return twelve months as a line over a ground, up to the last month that has anything, which bears its number."""
    last = max((at for at, count in enumerate(months) if count), default=-1)
    most = max(ceil(max(months, default=0) / 10) * 10, 10)
    step = (LINE_WIDTH - LEFT - RIGHT) / 11
    floor = LINE_HEIGHT - BOTTOM
    spots = [(LEFT + at * step, floor - months[at] / most * (floor - TOP)) for at in range(last + 1)]
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
    marks = "".join(f'<text x="{LEFT + at * step:.1f}" y="{LINE_HEIGHT - 4}">{at + 1}</text>' for at in range(12))
    shape = ""
    if spots:
        x, y = spots[-1]
        ground = f"{spots[0][0]:.1f},{floor} {drawn} {x:.1f},{floor}"
        shape = (
            f'<polygon class="ground" points="{ground}"/><polyline class="run" points="{drawn}"/>'
            f'<circle class="last" cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>'
            f'<text class="count" x="{x:.1f}" y="{y - 11:.1f}">{months[last]}</text>'
        )
    return Markup(
        '<svg class="line" viewBox="0 0 {width} {height}" role="img" aria-label="{title}">'
        '<line class="floor" x1="{left}" y1="{floor}" x2="{right}" y2="{floor}"/>'
        '{shape}<g class="marks">{marks}</g></svg>'
    ).format(
        width=LINE_WIDTH,
        height=LINE_HEIGHT,
        title=title,
        left=LEFT,
        right=LINE_WIDTH - RIGHT,
        floor=floor,
        shape=Markup(shape),
        marks=Markup(marks),
    )
