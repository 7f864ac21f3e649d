"""The papers of one evening as the printing step lists them: what is ticked, how many, and why one is not offered."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.domain.paper import Paper, SignInSheet
from app.domain.practice import PaperKind, PaperTime
from app.domain.printout import Printout
from app.printing import PAPERS
from app.printing.reprint import reprint_words
from app.queries.papers import MAKERS, Matter
from app.queries.printout import SECONDS_A_PAGE, PlannedPaper, counted, evening_plan
from ui.consultation.closing_choice import Choice
from ui.print_ways import Copy
from ui.printing import DrawnPaper, DrawnPapers
from ui.words import tr

_HEADS = {PaperTime.TONIGHT: "也可以印", PaperTime.BEFORE: "会前用的", PaperTime.AFTER: "会后用的"}


class EveningPapers:
    """What is planned, what came out, and what somebody has ticked and counted by hand."""

    def __init__(self, drawn: DrawnPapers) -> None:
        self._drawn = drawn
        self.matter: Matter | None = None
        self.contents: Mapping[str, Paper] = {}
        self.printouts: list[Printout] = []
        self._planned: tuple[PlannedPaper, ...] = ()
        self._by_hand: dict[str, Choice] = {}

    def take(self, matter: Matter, contents: Mapping[str, Paper]) -> None:
        """Take what the papers say now."""
        self.matter, self.contents = matter, contents
        self._planned = evening_plan(matter, contents)

    def forget(self) -> None:
        """Begin with another meeting."""
        self._by_hand, self.printouts = {}, []

    @property
    def version(self) -> int:
        """Return which sealed version the papers are of; 0 while they are drafts."""
        edition = self.matter.edition if self.matter and not self.matter.correction else None
        return edition.version if edition else 0

    def planned(self) -> tuple[PlannedPaper, ...]:
        """Return the papers with what came out of each."""
        return counted(self._planned, self.printouts, self._drawn.digests(), self.version)

    def paper(self, kind: str) -> PlannedPaper:
        """Return one paper with what came out of it."""
        return next(paper for paper in self.planned() if paper.kind == kind)

    def put_by_hand(self, row: Choice) -> None:
        """Remember what somebody ticked or counted."""
        self._by_hand[row.kind] = row

    def is_by_hand(self, kind: str) -> bool:
        """Return whether somebody has ticked or counted a paper."""
        return kind in self._by_hand

    def came_out(self, copy: Printout) -> None:
        """Count a copy before the disk has it, and want one less of what was counted by hand."""
        kind = copy.paper
        if self.matter is not None and copy.sitting_id == self.matter.live.sitting_id:
            self.printouts.append(copy)
        row = self._by_hand.get(kind)
        if row is not None and row.copies > 1:
            self._by_hand[kind] = replace(row, copies=row.copies - 1)
        elif row is not None:
            self._by_hand[kind] = replace(row, is_ticked=False)

    def rows(self, duplex: bool) -> list[Choice]:
        """Return the list: tonight's papers ticked as far as they lack copies, then the others in their groups."""
        heads: set[str] = set()
        shown = [paper for paper in self.planned() if paper.has_content or self._is_missed(paper)]
        return [self._row(paper, duplex, heads) for paper in shown]

    def _is_missed(self, paper: PlannedPaper) -> bool:
        """Return whether one would look for a paper there is nothing to print on."""
        assert self.matter is not None
        rule = MAKERS[paper.kind].rule
        return rule is PaperKind.MEDIATION or (rule is not None and self.matter.practice.paper(rule) is not None)

    def _row(self, paper: PlannedPaper, duplex: bool, heads: set[str]) -> Choice:
        drawn, by_hand = self._drawn.paper(paper.kind), self._by_hand.get(paper.kind)
        row = Choice(
            paper.kind,
            PAPERS[paper.kind].name,
            self._detail(paper, drawn),
            max(1, paper.left or (0 if paper.printed else paper.copies)),
            paper.left > 0,
            drawn.count if drawn else 0,
            paper.two_sided and duplex,
            _head(paper, heads),
            paper.has_content,
        )
        return replace(row, copies=by_hand.copies, is_ticked=by_hand.is_ticked) if by_hand else row

    def _detail(self, paper: PlannedPaper, drawn: DrawnPaper | None) -> str:
        if not paper.has_content:
            return why_not(paper.kind)
        content, about = self.contents[paper.kind], paper.keepers.partition("；")[0]
        if isinstance(content, SignInSheet):
            about = tr("已签 {count}，留白 {rows} 行", count=content.arrived or 0, rows=content.blank_rows)
        parts = (
            tr("印过 {count} 份", count=paper.printed) if paper.printed else "",
            tr("还差 {count} 份", count=paper.left) if paper.printed and paper.left else "",
            tr("改前印过 {count} 份", count=paper.outdated) if paper.outdated else "",
            tr("{count} 页", count=drawn.count) if drawn else "",
            about,
        )
        return " · ".join(part for part in parts if part)

    def copies_of(self, rows: Sequence[Choice]) -> list[Copy]:
        """Return the copies to print, in the order of the table; those beyond what was wanted are reprints."""
        return [copy for row in rows if (paper := self._drawn.paper(row.kind)) for copy in self._copies(row, paper)]

    def _copies(self, row: Choice, paper: DrawnPaper) -> list[Copy]:
        planned = self.paper(row.kind)
        numbers = range(planned.printed + 1, planned.printed + row.copies + 1)
        return [Copy(paper, number, 0, row.two_sided, self._mark(planned, number)) for number in numbers]

    def _mark(self, paper: PlannedPaper, number: int) -> str:
        is_reprint = self.version > 0 and paper.printed and number > max(1, paper.copies)
        return reprint_words(number) if is_reprint else ""


def _head(paper: PlannedPaper, heads: set[str]) -> str:
    """Return what begins a group of papers that are not tonight's; empty within it."""
    head = "" if paper.is_due else tr(_HEADS[paper.when]) if paper.has_content else tr("这次用不上")
    if not head or head in heads:
        return ""
    heads.add(head)
    return head


def why_not(kind: str) -> str:
    """Return why there is nothing to print on a paper."""
    if MAKERS[kind].rule is PaperKind.MEDIATION:
        return tr("没有调解成的纠纷")
    return tr("还没有要写进去的")


def seconds_of(pages: int, pace: float | None) -> float:
    """Return how long so many pages take, at the pace of this printer if it is known."""
    return pages * (pace or SECONDS_A_PAGE)


def time_words(seconds: float) -> str:
    """Return how long it takes, as one says it: 约 20 秒, 约 2 分钟."""
    if seconds < 55:
        return tr("约 {seconds} 秒", seconds=max(10, -(-int(seconds) // 10) * 10))
    return tr("约 {minutes} 分钟", minutes=max(1, round(seconds / 60)))
