"""Noting what came out of a printer, and what is still to be printed elsewhere. What is noted is never undone."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.change import Change, ChangeSet, created
from app.domain.printout import Printout
from app.domain.sitting import Sitting
from app.ports import Moment, Shelf

LASTING = frozenset({Printout.KIND})


@dataclass(frozen=True, slots=True)
class RecordPrintout:
    """印出: one copy of a paper is out, all its pages. `job` tells equal copies apart, so that each is counted."""

    sitting_id: str
    paper: str
    pages: int
    sha256: str
    version: int = 0
    where: str = ""
    is_reprint: bool = False
    job: str = ""

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the copy."""
        sitting = shelf.get(Sitting, self.sitting_id)
        copy = Printout(
            moment.mint(),
            sitting.consultation_id,
            sitting.id,
            self.paper,
            self.version,
            1,
            self.pages,
            self.sha256,
            moment.now.replace(microsecond=0),
            self.where,
            self.is_reprint,
        )
        return ChangeSet("补打文书" if self.is_reprint else "打印文书", created(copy), lasting=LASTING)


@dataclass(frozen=True, slots=True)
class ToPrint:
    """A paper to be printed elsewhere: how many copies of which version, and the sum of its PDF."""

    paper: str
    copies: int
    sha256: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class OwePrintouts:
    """回去再印: from now on so many copies are still to be printed; `where` is the folder they were saved in."""

    sitting_id: str
    papers: tuple[ToPrint, ...]
    where: str = ""

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return one note for each paper; none for no papers."""
        sitting = shelf.get(Sitting, self.sitting_id)
        return ChangeSet("回去再印", tuple(_owed(self.papers, sitting, self.where, moment)), lasting=LASTING)


def _owed(papers: Iterable[ToPrint], sitting: Sitting, where: str, moment: Moment) -> Iterable[Change]:
    for paper in papers:
        yield from created(
            Printout(
                moment.mint(),
                sitting.consultation_id,
                sitting.id,
                paper.paper,
                paper.version,
                paper.copies,
                0,
                paper.sha256,
                moment.now.replace(microsecond=0),
                where,
            )
        )
