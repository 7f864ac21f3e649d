"""Type: which font each style is printed in on this machine, and what to do about characters it lacks.

For each style: the official font if the machine has it, else an open font of the same style, then fonts with many
characters, one character at a time. So a box (□) is never printed; what no font has becomes 〓, and `lacking` lists it.
A font is opened when its first character is needed, never before.
"""

import os
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from threading import Lock

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFDocument
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from app.domain.errors import Trouble

SHIPPED = Path(__file__).resolve().parents[2] / "resources" / "fonts"
MISSING = "〓"
UNSEEN = ("Cc", "Cf", "Cs")
_FIVE_DIGITS = re.compile("<([0-9A-F]{5,6})>")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
SUFFIXES = (".ttf", ".ttc", ".otf")


class Style(StrEnum):
    """The five faces of an official paper."""

    TITLE = "小标宋"
    BODY = "仿宋"
    HEAD = "黑体"
    KAI = "楷体"
    SONG = "宋体"


@dataclass(frozen=True, slots=True)
class Face:
    """A font we know: its name as offices call it, and the files it comes in (lower case)."""

    name: str
    files: tuple[str, ...]
    official: bool = False


XIAO_BIAO_SONG = Face(
    "方正小标宋",
    ("fzxbsjw.ttf", "fzxbsjw--gb1-0.ttf", "fzxbsk.ttf", "fzxbs.ttf", "方正小标宋简体.ttf", "方正小标宋_gbk.ttf"),
    official=True,
)
FANG_SONG = Face("仿宋", ("simfang.ttf", "仿宋_gb2312.ttf", "fangsong_gb2312.ttf", "fzfsk.ttf"), official=True)
SIM_HEI = Face("黑体", ("simhei.ttf", "fzhtk.ttf"), official=True)
SIM_KAI = Face("楷体", ("simkai.ttf", "楷体_gb2312.ttf", "kaiti_gb2312.ttf", "fzktk.ttf"), official=True)
SIM_SUN = Face("宋体", ("simsun.ttc", "simsun.ttf", "fzssk.ttf"), official=True)
FANDOL_FANG = Face("Fandol 仿宋", ("fandolfang-regular.ttf",))
FANDOL_SONG = Face("Fandol 宋体", ("fandolsong-regular.ttf",))
NOTO_SERIF_BOLD = Face("思源宋体粗（Noto Serif SC 700）", ("notoserifsc-bold.ttf",))
WEN_KAI = Face("霞鹜文楷", ("lxgwwenkai-regular.ttf", "lxgwwenkaigb-regular.ttf"))
ZEN_HEI = Face("文泉驿正黑", ("wqy-zenhei.ttc",))
MICRO_HEI = Face("文泉驿微米黑", ("wqy-microhei.ttc", "droidsansfallbackfull.ttf"))
YA_HEI = Face("微软雅黑", ("msyh.ttc", "msyh.ttf"))
BABEL_HAN = Face("BabelStone Han", ("babelstonehan.ttf",))
SIM_SUN_EXT = Face("宋体扩展", ("simsunb.ttf",))
SIM_SUN_EXT_G = Face("宋体扩展G", ("simsunextg.ttf",))
SYMBOLS = Face("符号", ("seguisym.ttf", "dejavusans.ttf"))
SCRIPTS = tuple(
    Face(name, files)
    for name, files in (
        ("彝文", ("msyi.ttf", "notosansyi-regular.ttf")),
        ("傣文", ("taile.ttf", "notosanstaile-regular.ttf")),
        ("新傣文", ("ntailu.ttf", "notosansnewtailue-regular.ttf")),
        ("傈僳文", ("notosanslisu-regular.ttf",)),
        ("苗文", ("notosansmiao-regular.ttf",)),
        ("老傣文", ("notosanstaitham-regular.ttf",)),
    )
)
SCRIPT_FILES = frozenset(file for face in SCRIPTS for file in face.files)
MANY = (*SCRIPTS, SIM_SUN_EXT, SIM_SUN_EXT_G, BABEL_HAN, NOTO_SERIF_BOLD, SYMBOLS)
CHAINS: dict[Style, tuple[Face, ...]] = {
    Style.TITLE: (XIAO_BIAO_SONG, NOTO_SERIF_BOLD, SIM_SUN, FANDOL_SONG, *MANY),
    Style.BODY: (FANG_SONG, FANDOL_FANG, SIM_KAI, WEN_KAI, SIM_SUN, FANDOL_SONG, *MANY),
    Style.HEAD: (SIM_HEI, ZEN_HEI, YA_HEI, MICRO_HEI, NOTO_SERIF_BOLD, *MANY),
    Style.KAI: (SIM_KAI, WEN_KAI, FANG_SONG, FANDOL_FANG, SIM_SUN, *MANY),
    Style.SONG: (SIM_SUN, FANDOL_SONG, FANG_SONG, FANDOL_FANG, WEN_KAI, *MANY),
}


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text in one font; `font` is the name ReportLab knows it by."""

    text: str
    font: str


@dataclass(frozen=True, slots=True)
class FontUse:
    """What a style is printed in, for the papers' screen."""

    style: str
    font: str
    official: bool


@dataclass(frozen=True, slots=True)
class Borrowed:
    """A name set in another font than the text around it, because that one lacks a character of it."""

    name: str
    font: str


def _private(code: int) -> bool:
    return 0xE000 <= code < 0xF900 or code >= 0xF0000


def _of_a_script(code: int) -> bool:
    """Return whether a character is Yi, Lisu, Tai Le, New Tai Lue, Tai Tham or Miao."""
    return 0x1950 <= code < 0x19E0 or 0x1A20 <= code < 0x1AB0 or 0xA000 <= code < 0xA500 or 0x16F00 <= code < 0x16FA0


class Embedded(TTFont):  # type: ignore[misc]  # ReportLab has no types
    """A font whose text can be copied out of the PDF again.

    ReportLab 5.1 writes codes above U+FFFF with five digits where a UTF-16 pair belongs, so that 𬱖 would be read as
    another character. Goes when ReportLab writes pairs.
    """

    def addObjects(self, doc: PDFDocument) -> None:  # noqa: N802 ReportLab's name
        """Put the font into a document, its map from print to text mended."""
        super().addObjects(doc)
        for name, part in doc.idToObject.items():
            if name.startswith("toUnicodeCMap:"):
                part.content = _FIVE_DIGITS.sub(_as_pair, part.content)


def _as_pair(code: re.Match[str]) -> str:
    return f"<{chr(int(code[1], 16)).encode('utf-16-be').hex().upper()}>"


class Type:
    """One opened font: the characters it has and how wide they are."""

    __slots__ = ("_widths", "font", "glyphs")

    def __init__(self, font: TTFont) -> None:
        """Keep ReportLab's view of the font, so that what we think it has is what it can print."""
        self.font = str(font.fontName)
        # Private codes mean another character in every font: a name coded so must be told, not printed wrong.
        self.glyphs = {code for code, glyph in font.face.charToGlyph.items() if glyph and not _private(code)}
        # Chinese fonts draw these, if at all, as wide as Chinese characters: a script has one face, made for it.
        if font.face.filename and Path(font.face.filename).name.lower() not in SCRIPT_FILES:
            self.glyphs = {code for code in self.glyphs if not _of_a_script(code)}
        self._widths = font.face.getCharWidth

    def has(self, text: str) -> bool:
        """Return whether every character is there."""
        return all(ord(character) in self.glyphs for character in text)

    def width(self, character: str) -> float:
        """Return the advance as a part of the type size."""
        return float(self._widths(ord(character))) / 1000


@cache
def opened(path: Path) -> Type | None:
    """Open a font file for printing; None when ReportLab cannot embed it (PostScript outlines, damaged)."""
    try:
        font = Embedded(path.stem, str(path), asciiReadable=False)
    except (TTFError, OSError, ValueError, KeyError, IndexError):
        return None
    pdfmetrics.registerFont(font)
    return Type(font)


def font_folders() -> tuple[Path, ...]:
    """Return where this machine keeps fonts, ours last: an installed one of the same name wins."""
    home = Path.home()
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", str(home / "AppData" / "Local"))
        windows = os.environ.get("WINDIR", r"C:\Windows")
        return (Path(windows, "Fonts"), Path(local, "Microsoft", "Windows", "Fonts"), SHIPPED)
    named = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".local/share/fonts", home / ".fonts")
    return (*named, Path("/Library/Fonts"), Path("/System/Library/Fonts"), SHIPPED)


def font_files(folders: Sequence[Path]) -> dict[str, Path]:
    """Return every font file by its name in lower case; later folders do not hide earlier ones."""
    found: dict[str, Path] = {}
    for folder in folders:
        for root, _, names in os.walk(folder):
            for name in sorted(names):
                if name.lower().endswith(SUFFIXES):
                    found.setdefault(name.lower(), Path(root, name))
    return found


class Fonts:
    """The fonts of one machine."""

    def __init__(self, folders: Sequence[Path] | None = None) -> None:
        """Look into `folders`; into the machine's own and ours when none are given. Nothing is opened yet."""
        self._folders = tuple(folders) if folders is not None else font_folders()
        self._files: dict[str, Path] | None = None
        self._lock = Lock()
        self._chains: dict[Style, list[tuple[Face, Type]]] = {}
        self._rest: dict[Style, Iterator[tuple[Face, Type]]] = {}
        self._found: dict[tuple[Style, str], Type | None] = {}

    def spans(self, text: str, style: Style, names: Sequence[str] = ()) -> list[Span]:
        """Return `text` cut where the font changes; 〓 for what no font has. A name is never set in two fonts."""
        types = self._types(text, style, names)
        spans: list[Span] = []
        for character, kind in zip(text, types, strict=True):
            font = (kind or self._first(style)).font
            shown = character if kind else MISSING
            if spans and spans[-1].font == font:
                spans[-1] = Span(spans[-1].text + shown, font)
            else:
                spans.append(Span(shown, font))
        return spans

    def widths(self, text: str, style: Style, size: float, names: Sequence[str] = ()) -> list[float]:
        """Return the advance of every character in points, 〓 counted where a font is missing."""
        first = self._first(style)
        types = self._types(text, style, names)
        return [
            size * (kind.width(character) if kind else first.width(MISSING))
            for character, kind in zip(text, types, strict=True)
        ]

    def lacking(self, text: str) -> tuple[str, ...]:
        """Return the characters no font of this machine has, each with its code, in order and once."""
        odd = dict.fromkeys(character for character in clean(text) if not self._type_of(character, Style.BODY))
        return tuple(f"{character}（U+{ord(character):04X}）" for character in odd if character != "\n")

    def borrowed(self, names: Sequence[str], style: Style = Style.BODY) -> tuple[Borrowed, ...]:
        """Return the names that are set whole in another font than the rest of the text."""
        first = self._first(style)
        odd = [(name, self._whole(name, style)) for name in dict.fromkeys(names) if not first.has(clean(name))]
        return tuple(Borrowed(name, self._face_name(style, kind)) for name, kind in odd if kind)

    def report(self) -> tuple[FontUse, ...]:
        """Return what each style is printed in here."""
        faces = {style: next(self._chain(style))[0] for style in Style}
        return tuple(FontUse(style.value, face.name, face.official) for style, face in faces.items())

    def _types(self, text: str, style: Style, names: Sequence[str]) -> list[Type | None]:
        """Return the font of every character; None where there is none."""
        first = self._first(style)
        if first.has(text):
            return [first] * len(text)
        types = [self._type_of(character, style) for character in text]
        for name in names:
            if name and not first.has(name) and name in text:
                whole = self._whole(name, style)
                for match in re.finditer(re.escape(name), text) if whole else ():
                    types[slice(*match.span())] = [whole] * len(name)
        return types

    def _type_of(self, character: str, style: Style) -> Type | None:
        key = (style, character)
        if key not in self._found:
            self._found[key] = self._whole(character, style)
        return self._found[key]

    def _whole(self, text: str, style: Style) -> Type | None:
        """Return the first font that has all of `text`."""
        return next((kind for _, kind in self._chain(style) if kind.has(text)), None)

    def _first(self, style: Style) -> Type:
        return next(self._chain(style))[1]

    def _chain(self, style: Style) -> Iterator[tuple[Face, Type]]:
        """Yield the fonts of a style in order, opening each when it is reached.

        Raises:
            FontsMissing: Not one font of the chain is on this machine.
        """
        place = 0
        while face := self._at(style, place):
            yield face
            place += 1
        if not place:
            raise FontsMissing(style)

    def _at(self, style: Style, place: int) -> tuple[Face, Type] | None:
        """Return one font of a chain, opened if it was not; None behind the last."""
        with self._lock:
            known = self._chains.setdefault(style, [])
            rest = self._rest.setdefault(style, self._opening(style))
            if place == len(known) and (face := next(rest, None)):
                known.append(face)
            return known[place] if place < len(known) else None

    def _opening(self, style: Style) -> Iterator[tuple[Face, Type]]:
        if self._files is None:
            self._files = font_files(self._folders)
        for face in CHAINS[style]:
            paths = [self._files[name] for name in face.files if name in self._files]
            kind = next((kind for path in paths if (kind := opened(path))), None)
            if kind:
                yield face, kind

    def _face_name(self, style: Style, kind: Type) -> str:
        return next(face.name for face, known in self._chain(style) if known is kind)


class FontsMissing(Trouble):
    """There is no font at all for a style: the program's own fonts are missing."""

    def __init__(self, style: Style) -> None:
        """Say which style, and that the program's own folder is incomplete."""
        super().__init__(f"没有可用的{style.value}字体", "会议内容都在", "程序自带的字体文件夹不完整，请重新安装")


def clean(text: str) -> str:
    """Return `text` without characters that have no picture: controls, joiners, selectors; tabs become spaces."""
    if text.isprintable():
        return text if not _SELECTORS.search(text) else _SELECTORS.sub("", text)
    spaced = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").replace("\xa0", " ")
    kept = (letter for letter in spaced if letter == "\n" or unicodedata.category(letter) not in UNSEEN)
    return _SELECTORS.sub("", "".join(kept))
