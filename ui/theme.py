"""The look: paper, ink and one red, in three themes and four letter sizes.

Colours come from resources/styles/tokens.toml, the sheet of standard widgets from resources/styles/yuanba.qss. Whoever
paints asks `look()` at the moment of painting and listens to `look().changed`; nobody keeps a colour.
"""

import re
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

RESOURCES = Path(__file__).resolve().parents[1] / "resources"
THEMES = ("light", "dark", "sun")
BASES = (14, 15, 17, 20)
STANDARD = 15
SUN_GROWTH = 1.07
SANS = ("Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei UI", "Microsoft YaHei", "PingFang SC", "sans-serif")
SERIF = ("Noto Serif CJK SC", "Source Han Serif SC", "SimSun", "Songti SC", "serif")
_SUN_WEIGHTS = {400: 500, 500: 700, 600: 700, 700: 700}


class Role(StrEnum):
    """What a text is for; decides its face, size and weight."""

    PAGE = "page"
    HERO = "hero"
    CARD = "card"
    SECTION = "section"
    FIGURE = "figure"
    BODY = "body"
    NAME = "name"
    STATEMENT = "statement"
    CONSENSUS = "consensus"
    TIMER = "timer"
    NOTE = "note"
    CAPTION = "caption"
    SMALL = "small"
    READOUT = "readout"


@dataclass(frozen=True, slots=True)
class Face:
    """Size and line in px at 标准, serif or not, weight in light."""

    size: int
    line: int
    serif: bool
    weight: int


FACES: Mapping[Role, Face] = {
    Role.PAGE: Face(26, 34, True, 600),
    Role.HERO: Face(24, 30, True, 600),
    Role.CARD: Face(20, 30, True, 600),
    Role.SECTION: Face(16, 24, True, 600),
    Role.FIGURE: Face(36, 44, True, 600),
    Role.BODY: Face(15, 23, False, 400),
    Role.NAME: Face(15, 23, False, 500),
    Role.STATEMENT: Face(16, 25, False, 400),
    Role.CONSENSUS: Face(15, 23, True, 400),
    Role.TIMER: Face(18, 24, False, 500),
    Role.NOTE: Face(14, 22, False, 400),
    Role.CAPTION: Face(13, 20, False, 400),
    Role.SMALL: Face(12, 18, False, 500),
    Role.READOUT: Face(44, 70, False, 700),
}


@dataclass(frozen=True, slots=True, eq=False)
class Theme:
    """One theme at one letter size: colours, measures and fonts."""

    name: str
    base: int
    hexes: Mapping[str, str]

    @property
    def is_sun(self) -> bool:
        """Say whether this is 户外高对比: outlines instead of tints, bold instead of serif, no motion."""
        return self.name == "sun"

    @property
    def is_dark(self) -> bool:
        """Say whether letters are lighter than the ground."""
        return self.name == "dark"

    @property
    def line(self) -> int:
        """Return the breadth of a line in px."""
        return 2 if self.is_sun else 1

    def hex(self, token: str) -> str:
        """Return a colour as #RRGGBB; KeyError for a token that is not in the file."""
        return self.hexes[token]

    def colour(self, token: str, alpha: float = 1.0) -> QColor:
        """Return a colour, more or less opaque."""
        colour = QColor(self.hexes[token])
        colour.setAlphaF(alpha)
        return colour

    def px(self, length: float) -> int:
        """Return a length of the drawings (标准) at this letter size; grows with the letters, not in sunlight."""
        return max(1, round(length * self.base / STANDARD)) if length else 0

    def size(self, letters: float) -> int:
        """Return a letter or icon size in px; in sunlight 7 % more."""
        return max(1, round(letters * self.base / STANDARD * (SUN_GROWTH if self.is_sun else 1)))

    def weight(self, drawn: int) -> int:
        """Return the weight to use for one drawn in light."""
        return _SUN_WEIGHTS.get(drawn, drawn) if self.is_sun else drawn

    def line_height(self, role: Role | str) -> int:
        """Return the line height of a role in px."""
        return self.size(FACES[Role(role)].line)

    def font(self, role: Role | str = Role.BODY, weight: int | None = None, size: float | None = None) -> QFont:
        """Return the font of a role with figures of one breadth; serif becomes bold sans in sunlight."""
        face = FACES[Role(role)]
        serif = face.serif and not self.is_sun
        return QFont(_font(serif, self.size(size or face.size), self.weight(weight or face.weight)))


@cache
def _font(serif: bool, pixels: int, weight: int) -> QFont:
    font = QFont()
    font.setFamilies(list(SERIF if serif else SANS))
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight(weight))
    if hasattr(font, "setFeature"):  # Qt 6.7 and newer
        font.setFeature(QFont.Tag("tnum"), 1)
    return font


@cache
def tokens() -> Mapping[str, Mapping[str, str]]:
    """Return the colours of all themes as the file has them."""
    return tomllib.loads((RESOURCES / "styles" / "tokens.toml").read_text("utf-8"))


@cache
def theme(name: str, base: int = STANDARD) -> Theme:
    """Return a theme by name at a letter size; the same object each time."""
    return Theme(name, base, tokens()[name])


class Look(QObject):
    """The theme in force. `changed` is said after colours, letter size or both are others."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.theme = theme("light")

    def colour(self, token: str, alpha: float = 1.0) -> QColor:
        """Return a colour of the theme in force."""
        return self.theme.colour(token, alpha)

    def px(self, length: float) -> int:
        """Return a drawn length at the letter size in force."""
        return self.theme.px(length)

    def size(self, letters: float) -> int:
        """Return a letter or icon size in force."""
        return self.theme.size(letters)

    def line_height(self, role: Role | str) -> int:
        """Return the line height of a role in force."""
        return self.theme.line_height(role)

    def font(self, role: Role | str = Role.BODY, weight: int | None = None, size: float | None = None) -> QFont:
        """Return the font of a role in force."""
        return self.theme.font(role, weight, size)


@cache
def look() -> Look:
    """Return the one look of the program."""
    return Look()


def apply(app: QApplication, theme_name: str, base_size: int = STANDARD) -> None:
    """Dress the running program in a theme at a letter size."""
    chosen = theme(theme_name, base_size)
    look().theme = chosen
    app.setStyleSheet("")  # undressed first: palette and font would each measure every widget under the old sheet
    app.setPalette(palette(chosen))
    app.setFont(chosen.font(Role.BODY))
    app.setStyleSheet(style_sheet(chosen))
    look().changed.emit()


def step(base: int, steps: int) -> int:
    """Return the letter size so many steps larger or smaller; stays at the ends."""
    place = BASES.index(base) if base in BASES else BASES.index(STANDARD)
    return BASES[max(0, min(len(BASES) - 1, place + steps))]


def next_theme(name: str) -> str:
    """Return the theme after this one: 明, 暗, 户外, 明."""
    return THEMES[(THEMES.index(name) + 1) % len(THEMES)]


def load_fonts() -> None:
    """Add the fonts that travel with the program; once, before the first window."""
    for file in sorted((RESOURCES / "fonts").glob("*.[ot]t[fc]")):
        QFontDatabase.addApplicationFont(str(file))


def begin(app: QApplication, theme_name: str = "light", base_size: int = STANDARD) -> None:
    """Set up the look of a program that has just started: fonts, calm caret, drawing rules, theme."""
    load_fonts()
    app.setStyle("Fusion")
    app.setCursorFlashTime(0)
    apply(app, theme_name, base_size)


_PALETTE: Mapping[QPalette.ColorRole, str] = {
    QPalette.ColorRole.Window: "paper",
    QPalette.ColorRole.WindowText: "ink",
    QPalette.ColorRole.Base: "raised",
    QPalette.ColorRole.AlternateBase: "note",
    QPalette.ColorRole.Text: "ink",
    QPalette.ColorRole.PlaceholderText: "ink3",
    QPalette.ColorRole.Button: "raised",
    QPalette.ColorRole.ButtonText: "ink",
    QPalette.ColorRole.BrightText: "on_seal",
    QPalette.ColorRole.Highlight: "indigo",
    QPalette.ColorRole.HighlightedText: "on_ink",
    QPalette.ColorRole.ToolTipBase: "ink",
    QPalette.ColorRole.ToolTipText: "on_ink",
    QPalette.ColorRole.Link: "indigo",
    QPalette.ColorRole.LinkVisited: "indigo",
    QPalette.ColorRole.Light: "raised",
    QPalette.ColorRole.Midlight: "line",
    QPalette.ColorRole.Mid: "line2",
    QPalette.ColorRole.Dark: "edge",
    QPalette.ColorRole.Shadow: "shadow",
}


def palette(chosen: Theme) -> QPalette:
    """Return the palette of a theme, for everything the sheet does not reach."""
    result = QPalette()
    for role, token in _PALETTE.items():
        result.setColor(role, chosen.colour(token))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, chosen.colour("ink3"))
    return result


@cache
def style_sheet(chosen: Theme) -> str:
    """Return the sheet of standard widgets in this theme, with the roles and tones of labels."""
    drawn = re.sub(r"/\*.*?\*/", "", (RESOURCES / "styles" / "yuanba.qss").read_text("utf-8"), flags=re.DOTALL)
    drawn = re.sub(r"url\(!(\w+)\)", lambda m: f"url({_stamp(chosen, m[1])})", drawn)
    drawn = re.sub(r"@(\w+)", lambda m: chosen.hex(m[1]), drawn)
    drawn = re.sub(r"\$(\d+)", lambda m: str(chosen.px(int(m[1]))), drawn)
    drawn = re.sub(r"%(\d+)", lambda m: str(chosen.size(int(m[1]))), drawn)
    return "\n".join(
        (
            drawn.replace("~", str(chosen.line)).replace("^", str(2 - chosen.line)),
            *_role_rules(chosen),
            *_tone_rules(chosen),
        )
    )


def _role_rules(chosen: Theme) -> list[str]:
    rules = []
    for role in FACES:
        font = chosen.font(role)
        families = ", ".join(f'"{family}"' for family in font.families())
        face = f"font-family: {families}; font-size: {font.pixelSize()}px; font-weight: {int(font.weight())};"
        rules.append(f'QLabel[role="{role}"], QLineEdit[role="{role}"], QPlainTextEdit[role="{role}"] {{ {face} }}')
    return rules


def _tone_rules(chosen: Theme) -> list[str]:
    tones = ("ink", "ink2", "ink3", "seal", "pine", "ochre", "indigo", "on_ink", "on_seal")
    return [f'QLabel[tone="{tone}"] {{ color: {chosen.hex(tone)}; }}' for tone in tones]


@cache
def _stamp_folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="yuanba-look-")


def _stamp(chosen: Theme, icon: str) -> str:
    """Write an icon in the colour of text on ink for the sheet, which can only name files; return its path."""
    name = f"{icon}-bold.svg"
    drawn = (RESOURCES / "icons" / name).read_text("utf-8").replace("currentColor", chosen.hex("on_ink"))
    file = Path(_stamp_folder().name) / f"{chosen.name}-{name}"
    file.write_text(drawn, "utf-8")
    return file.as_posix()
