"""印件: which papers to print tonight, in the order of the table, how many of each, and what is still to be printed.

Counted are sheets that came out. An unsealed paper is counted by what it says (the sum of its PDF): what was printed
before a word was changed is not what is wanted now. A sealed one is counted by its version.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.consultation import Consultation
from app.domain.paper import Paper
from app.domain.practice import PaperKind, PaperRule, PaperTime, Practice
from app.domain.printout import Printout
from app.ports import Among, Is, Shelf
from app.queries.paper import parties
from app.queries.paper_places import copies_of
from app.queries.papers import MAKERS, Matter
from app.queries.sitting import LiveSitting

TWO_SIDED = (PaperKind.RECORD, PaperKind.MINUTES, PaperKind.ADVICE_REPORT)
"""公文 are printed on both sides (GB/T 9704 section 6); what is signed, posted, cut or handed round is not."""

SECONDS_A_PAGE = 10
"""How long a page takes on a printer nobody has printed on yet; a small office laser, warming up included."""

MOST_OWED = 60
_KINDS = tuple(PaperKind)
_TIMES = (PaperTime.TONIGHT, PaperTime.BEFORE, PaperTime.AFTER)


@dataclass(frozen=True, slots=True)
class PlannedPaper:
    """One paper of a meeting: whether tonight needs it, how many copies, how many are out, and who keeps them.

    `printed` are copies of what it says now, `outdated` those of earlier wordings.
    """

    kind: str
    when: PaperTime
    is_due: bool
    copies: int
    keepers: str
    two_sided: bool
    has_content: bool
    printed: int = 0
    outdated: int = 0

    @property
    def left(self) -> int:
        """Return how many copies tonight still needs."""
        return max(0, self.copies - self.printed) if self.is_due else 0


@dataclass(frozen=True, slots=True)
class OwedPaper:
    """One paper that waits to be printed elsewhere, and how many copies of it."""

    kind: str
    copies: int
    version: int = 0


@dataclass(frozen=True, slots=True)
class Owed:
    """回去再印: what one meeting still waits for on paper."""

    sitting_id: str
    title: str
    papers: tuple[OwedPaper, ...]

    @property
    def copies(self) -> int:
        """Return how many copies there are in all."""
        return sum(paper.copies for paper in self.papers)


def evening_plan(matter: Matter, contents: Mapping[str, Paper]) -> tuple[PlannedPaper, ...]:
    """Return every paper known: those due tonight first, in the order of the table, then what one may print as well.

    Papers there is nothing to print on come last; they are never due.
    """
    planned = [_planned(kind, matter, kind in contents) for kind in MAKERS]
    return tuple(sorted(planned, key=_place))


def _planned(kind: str, matter: Matter, has_content: bool) -> PlannedPaper:
    rule, copies = _rule(kind, matter.practice), wanted_copies(kind, matter.live, matter.practice)
    return PlannedPaper(
        kind,
        MAKERS[kind].due(matter.practice),
        has_content and copies > 0 and _is_time(kind, matter),
        copies,
        rule.keepers if rule else "",
        MAKERS[kind].rule in TWO_SIDED,
        has_content,
    )


def _rule(kind: str, practice: Practice) -> PaperRule | None:
    paper = MAKERS[kind].rule
    return practice.paper(paper) if paper else None


def _is_time(kind: str, matter: Matter) -> bool:
    """Return whether the paper is needed tonight; while the meeting lasts that is the sign-in sheet alone."""
    if matter.live.sitting.is_open():
        return MAKERS[kind].rule is PaperKind.SIGN_IN
    return MAKERS[kind].due(matter.practice) is PaperTime.TONIGHT


def _place(paper: PlannedPaper) -> tuple[bool, bool, int, int]:
    kind = MAKERS[paper.kind].rule
    return (
        not paper.has_content,
        not paper.is_due,
        _TIMES.index(paper.when),
        _KINDS.index(kind) if kind else len(_KINDS),
    )


def wanted_copies(kind: str, live: LiveSitting, practice: Practice) -> int:
    """Return how many copies of a paper are wanted; 0 for one the practice does without.

    A mediation agreement goes to each party and to the committee, whether the practice names it or not
    (source: 人民调解法 第三十条).
    """
    rule, sides = _rule(kind, practice), len(parties(live))
    if rule is not None:
        return copies_of(rule, live, sides)
    return sides + 1 if MAKERS[kind].rule is PaperKind.MEDIATION else 0


def counted(
    papers: Iterable[PlannedPaper], printouts: Sequence[Printout], digests: Mapping[str, str], version: int = 0
) -> tuple[PlannedPaper, ...]:
    """Return the papers with what came out of each; `digests` are the sums of the PDFs as they are now."""
    return tuple(_counted(paper, printouts, digests.get(paper.kind, ""), version) for paper in papers)


def _counted(paper: PlannedPaper, printouts: Sequence[Printout], digest: str, version: int) -> PlannedPaper:
    out = [one for one in printouts if one.paper == paper.kind and one.is_out()]
    now = [one for one in out if _is_same(one, digest, version)]
    printed = sum(one.copies for one in now)
    return replace(paper, printed=printed, outdated=sum(one.copies for one in out) - printed)


def _is_same(printout: Printout, digest: str, version: int) -> bool:
    return printout.version == version if version else printout.version == 0 and printout.sha256 == digest


def sheets(pages: int, copies: int, two_sided: bool = False) -> int:
    """Return how many sheets of paper it takes; every copy begins on a sheet of its own."""
    return copies * (-(-pages // 2) if two_sided else pages)


def printouts_of(shelf: Shelf, sitting_id: str) -> tuple[Printout, ...]:
    """Return what was printed of a meeting and what is to be printed, in the order it was noted."""
    return tuple(shelf.all(Printout, Is("sitting_id", sitting_id)))


def owed_of(printouts: Iterable[Printout]) -> tuple[OwedPaper, ...]:
    """Return what a meeting waits for: the last number noted for each paper, less what came out since."""
    owed: dict[str, OwedPaper] = {}
    for printout in printouts:
        kind, before = printout.paper, owed.get(printout.paper)
        if not printout.is_out():
            owed[kind] = OwedPaper(kind, printout.copies, printout.version)
        elif before is not None:
            owed[kind] = replace(before, copies=max(0, before.copies - printout.copies))
    return tuple(paper for paper in owed.values() if paper.copies)


def owed_papers(shelf: Shelf) -> tuple[Owed, ...]:
    """Return 回去再印: the meetings that wait for paper, the latest first; of very many the latest."""
    noted = shelf.all(Printout, Is("pages", 0), order="-id", limit=MOST_OWED)
    meetings = tuple(dict.fromkeys(one.sitting_id for one in noted))
    if not meetings:
        return ()
    printouts = shelf.all(Printout, Among("sitting_id", meetings))
    names = {one.id: one.title for one in shelf.all(Consultation, Among("id", _consultations(printouts)))}
    found = (_owed(meeting, [one for one in printouts if one.sitting_id == meeting], names) for meeting in meetings)
    return tuple(owed for owed in found if owed.papers)


def _consultations(printouts: Iterable[Printout]) -> tuple[str, ...]:
    return tuple({one.consultation_id for one in printouts})


def _owed(meeting: str, printouts: list[Printout], names: Mapping[str, str]) -> Owed:
    return Owed(meeting, names.get(printouts[0].consultation_id, ""), owed_of(printouts))
