"""Papers as PDF: the page, the lines, the fonts, and one file for each paper.

`draw` makes any paper. `missing_characters` says before printing what no font here can show.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass

from app.domain.paper import ActionList, ConsensusPaper, Paper, SignInSheet
from app.printing import action_list, consensus_paper, sign_in_sheet
from app.printing.fonts import Fonts


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A paper the program can print: its official name, its content's type, and how to draw it."""

    name: str
    content: type[Paper]
    draw: Callable[..., bytes]


PAPERS: dict[str, PaperKind] = {
    "sign_in_sheet": PaperKind("签到表", SignInSheet, sign_in_sheet.draw),
    "consensus_paper": PaperKind("协商共识", ConsensusPaper, consensus_paper.draw),
    "action_list": PaperKind("任务分解清单", ActionList, action_list.draw),
}


def draw(paper: Paper, fonts: Fonts) -> bytes:
    """Return the PDF of a paper of any kind."""
    return next(kind.draw(paper, fonts) for kind in PAPERS.values() if isinstance(paper, kind.content))


def missing_characters(paper: Paper, fonts: Fonts) -> tuple[str, ...]:
    """Return the characters that will be printed as 〓, each with its code, in the order they stand."""
    return fonts.lacking("".join(_texts(paper)))


def _texts(content: object) -> Iterator[str]:
    """Yield every text of a paper, from the top."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, tuple):
        for part in content:
            yield from _texts(part)
    elif is_dataclass(content):
        for field in fields(content):
            yield from _texts(getattr(content, field.name))
