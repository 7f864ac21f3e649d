"""Word files seen as an office would: opened in LibreOffice, and read back from what it prints."""

import re
import shutil
import subprocess
from itertools import groupby
from pathlib import Path

import pytest

from app.printing.fonts import SHIPPED
from tests.papers.reading import MM, Page

FACES = {
    "仿宋_GB2312": "FandolFang",
    "方正小标宋简体": "Noto Serif SC",
    "黑体": "WenQuanYi Zen Hei",
    "楷体_GB2312": "LXGW WenKai",
    "宋体": "FandolSong",
}
"""Which of the open fonts stands for each official one, the same as on paper."""
RULE = (
    '<match target="pattern"><test name="family"><string>{0}</string></test>'
    '<edit name="family" mode="assign" binding="strong"><string>{1}</string></edit></match>'
)
PATIENCE_SECONDS = 180


class Office:
    """LibreOffice without a window, in a home of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.fonts = folder / "fonts.conf"
        rules = "".join(RULE.format(*pair) for pair in FACES.items())
        places = f"<dir>{SHIPPED}</dir><dir>/usr/share/fonts</dir><cachedir>{folder / 'cache'}</cachedir>"
        self.fonts.write_text(f"<fontconfig>{places}{rules}</fontconfig>", "utf-8")

    def converted(self, files: list[Path], kind: str) -> list[Path]:
        """Return the files as another kind (pdf, fodt, csv), beside them."""
        profile = f"-env:UserInstallation=file://{self.folder / 'profile'}"
        subprocess.run(
            ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", self.folder, *files],
            env={"FONTCONFIG_FILE": str(self.fonts), "HOME": str(self.folder), "PATH": "/usr/bin:/bin:/usr/local/bin"},
            check=True,
            capture_output=True,
            timeout=PATIENCE_SECONDS,
        )
        return [self.folder / f"{file.stem}.{kind}" for file in files]

    def printed(self, words: dict[str, bytes]) -> dict[str, bytes]:
        """Return Word files as LibreOffice prints them, no white put between Chinese and figures.

        LibreOffice 7.4 does not read `autoSpaceDE`, by which our files say so to Word; here it is told otherwise.
        """
        files = []
        for name, content in words.items():
            files.append(self.folder / f"{name}.docx")
            files[-1].write_bytes(content)
        flat = self.converted(files, "fodt")
        for file in flat:
            file.write_text(file.read_text("utf-8").replace('autospace="ideograph-alpha"', 'autospace="none"'), "utf-8")
        return {file.stem: file.read_bytes() for file in self.converted(flat, "pdf")}


def office(folder: Path) -> Office:
    """Return LibreOffice; skip where there is none (`./run` brings it along for tests)."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed here; ./run installs it for the tests")
    return Office(folder)


def lines_of(page: Page) -> list[tuple[float, str]]:
    """Return the lines of a page above its foot, each with its top; what is no more than 2.5 points apart is one."""
    wide = page.width > page.height
    foot, left = (page.height, 34 * MM) if wide else (page.height - 33 * MM, 0.0)
    signs = [s for s in page.signs if s.text.strip() and s.top < foot and s.x0 > left]
    signs.sort(key=lambda sign: sign.top)
    places, row = {}, 0
    for before, sign in zip([None, *signs], signs, strict=False):
        row += before is not None and sign.top - before.top > 2.5
        places[id(sign)] = row
    rows = groupby(signs, key=lambda sign: places[id(sign)])
    return [(row[0].top, _text(row)) for row in (sorted(each, key=lambda sign: sign.x0) for _, each in rows)]


def _text(row: list) -> str:
    return re.sub(r"\s", "", "".join(sign.text for sign in row))
