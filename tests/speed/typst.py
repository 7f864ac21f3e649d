"""The consensus paper of the standard meeting beside Typst, a typesetter of its own, given the same words and fonts.

Typst breaks lines and pages too, so it is a fairer neighbour than a bare loop; it draws no tables, places to sign or
codes.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pypdfium2
import typst

from app.printing import draw
from app.printing.fonts import SHIPPED, Fonts
from tests.papers.examples import consensus_of
from tests.speed.figures import Figure, tell, usual_ms
from tests.speed.papers import bare

HEAD = """#set page(paper: "a4", margin: (top: 37mm, left: 28mm, right: 26mm, bottom: 35mm), numbering: "— 1 —")
#set text(font: ("FandolFang R", "FandolFang", "Noto Serif SC"), size: 16pt, lang: "zh")
#set par(justify: true, leading: 12.95pt, first-line-indent: 2em)
"""
ESCAPED = str.maketrans({sign: f"\\{sign}" for sign in "\\#*_`$<>@[]~=+-/"})


def bench(times: int = 5) -> Iterator[Figure]:
    """Set the same paper by both, all fonts open."""
    paper, fonts = consensus_of(12, 18, 9), Fonts([SHIPPED])
    source = HEAD + "\n\n".join(words.translate(ESCAPED) for words in _words(paper))
    compiler = typst.Compiler(source.encode(), font_paths=[str(SHIPPED)], ignore_system_fonts=True)
    theirs = compiler.compile(format="pdf")
    ours = draw(paper, fonts)
    text = "".join(_words(paper))
    number = iter(range(1_000_000))

    def anew() -> bytes:
        """Compile another text each time: Typst remembers what it has set before."""
        changed = f"{source}\n\n第{next(number)}稿"
        return bytes(typst.compile(changed.encode(), format="pdf", font_paths=[str(SHIPPED)], ignore_system_fonts=True))

    their_ms, our_ms = usual_ms(anew, times), usual_ms(lambda: draw(paper, fonts), times)
    floor = usual_ms(lambda: bare(text), times)
    yield Figure(
        "a consensus paper of 12 issues", our_ms, "ms", None, their_ms, "Typst, the same words", note=_said(our_ms)
    )
    yield Figure(
        "the same by Typst", their_ms, "ms", None, floor, "bare drawString of the same words", note=_said(their_ms)
    )
    yield Figure("bytes a page", _a_page(ours), "kB", None, _a_page(theirs), "Typst, the same words")


def _said(ms: float) -> str:
    return f"{1000 / ms:.1f} papers a second"


def _a_page(pdf: bytes) -> float:
    document = pypdfium2.PdfDocument(pdf)
    pages = len(document)
    document.close()
    return len(pdf) / pages / 1000


def _words(content: object) -> list[str]:
    """Return what a paper says, paragraph by paragraph."""
    if isinstance(content, str):
        return [content] if content else []
    if isinstance(content, tuple):
        return [words for part in content for words in _words(part)]
    if is_dataclass(content):
        told = (field.name for field in fields(content) if field.name not in ("names", "imprint"))
        return [words for name in told for words in _words(getattr(content, name))]
    return []


if __name__ == "__main__":
    tell(bench())
