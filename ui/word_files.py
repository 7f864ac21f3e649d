"""Papers as Word files from the window: in the county's own template where one lies in the home, else as they print."""

from collections.abc import Sequence
from pathlib import Path

from app.domain.errors import NotSaved
from app.office_files.template import fill
from app.office_files.word import word
from app.printing import PAPERS
from app.printing.bundle import FORBIDDEN
from ui.office_files import template_of
from ui.office_papers import write_whole
from ui.printing import DrawnPaper, PdfNotSaved, fonts


def has_word(kind: str) -> bool:
    """Return whether a paper is one that can be edited; cards, ballots and posters are drawn."""
    return PAPERS[kind].compose is not None


def save_word(papers: Sequence[DrawnPaper], folder: Path, home: Path) -> list[Path]:
    """Write papers as Word files into a folder and return where; those that have no Word form are passed over.

    Raises:
        PdfNotSaved: The folder cannot be written to.
        Trouble: The county's template is wrong.
    """
    return [_save(paper, folder, home) for paper in papers if has_word(paper.kind)]


def _save(paper: DrawnPaper, folder: Path, home: Path) -> Path:
    own = template_of(home, paper.kind)
    try:
        content = fill(own.read_bytes(), paper.content) if own else word(paper.content, fonts())
        target = folder / f"{paper.content.title.translate(FORBIDDEN)}.docx"
        write_whole(target, content)
    except (OSError, NotSaved) as error:
        raise PdfNotSaved(str(folder)) from error
    return target
