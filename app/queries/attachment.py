"""Signed paper that came back: where each scan belongs, which pages are there, which are missing, which lie aside."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.attachment import Attachment, Placed, Placing, Scan
from app.domain.consultation import Consultation
from app.domain.edition import Edition
from app.domain.edition_code import NO_CHECK, PageCode
from app.domain.sitting import Sitting
from app.domain.wording import quoted
from app.ports import Is, Shelf

NOT_READ = "看不清是哪一页，先放在一边，请您来认"
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PaperBack:
    """One paper of one version as it came back: for each page its scans, the newest first."""

    sitting_id: str
    paper: str
    name: str
    version: int
    pages: int
    scans: Mapping[int, tuple[Attachment, ...]]

    @property
    def missing(self) -> tuple[int, ...]:
        """Return the pages that have not come back."""
        return tuple(page for page in range(1, self.pages + 1) if page not in self.scans)

    def shown(self, page: int) -> Attachment | None:
        """Return the newest scan of a page."""
        return next(iter(self.scans.get(page, ())), None)

    def sentence(self) -> str:
        """Return what is there and what is missing."""
        title = f"《{self.name}》{version_words(self.version)}"
        if not self.missing:
            return f"{title}：共 {self.pages} 页，都齐了"
        return f"{title}：缺第 {'、'.join(map(str, self.missing))} 页，共 {self.pages} 页"


def version_words(version: int) -> str:
    """Return a version as it is called; 0 is paper printed before it was sealed."""
    return f"第 {version} 版" if version else "（定稿前印的）"


def placed_scans(shelf: Shelf, scans: Sequence[Scan], names: Names, here: str = "") -> list[Placed]:
    """Return where each scan goes, in their order; `here` is the meeting somebody is looking at, if any.

    A scan whose code cannot be read, or does not fit the sealed version it names, is kept aside and never guessed.
    """
    wanted = [_placed(shelf, scan, names, here) for scan in scans]
    met: set[tuple[object, ...]] = set()
    result = []
    for placed in wanted:
        same = (placed.scan.blob, placed.sitting_id, placed.scan.code)
        result.append(_known(placed) if placed.placing.is_kept and same in met else placed)
        met.add(same)
    return result


def _placed(shelf: Shelf, scan: Scan, names: Names, here: str) -> Placed:
    code = scan.code
    if code is None:
        return _aside(shelf, scan, NOT_READ)
    sitting = shelf.find(Sitting, code.sitting_id)
    if sitting is None:
        told = f"这是别的会的纸：{_page_words(code, names)}，这台电脑上没有这个会（{code.sitting_id[:8]}），没有收"
        return Placed(scan, Placing.FOREIGN, told)
    editions = {edition.version: edition for edition in shelf.all(Edition, Is("sitting_id", sitting.id))}
    edition = editions.get(code.version)
    if edition and not edition.digest.startswith(code.check) and code.check != NO_CHECK:
        return _aside(shelf, scan, f"码对不上{version_words(code.version)}的原件，先放在一边，请您来看")
    placed = _filed(scan, code, sitting, shelf, names, here, max(editions, default=0))
    return _unless_there(shelf, placed, sitting.id, edition.id if edition else None)


def _filed(scan: Scan, code: PageCode, sitting: Sitting, shelf: Shelf, names: Names, here: str, newest: int) -> Placed:
    title = shelf.get(Consultation, sitting.consultation_id).title
    said = [_page_words(code, names), f"归到{quoted(title)}"]
    if here and here != sitting.id:
        said = [f"这是别的会的纸：{said[0]}", f"归到那个会{quoted(title)}"]
    if code.version == newest:
        return Placed(scan, Placing.FILED, "，".join(said), sitting.consultation_id)
    now = version_words(newest) if newest else "还没有定稿"
    is_known = f"现在是{now}" if code.version < newest else f"这台电脑上{f'只到{now}' if newest else now}"
    said.append(f"注意：这是{version_words(code.version)}，{is_known}")
    return Placed(scan, Placing.OTHER_VERSION, "，".join(said), sitting.consultation_id)


def _unless_there(shelf: Shelf, placed: Placed, sitting_id: str, edition_id: str | None) -> Placed:
    """Return the scan placed, unless this very picture is there; another picture of the page is kept beside it."""
    code = placed.scan.code
    assert code is not None
    where = (Is("sitting_id", sitting_id), Is("paper", code.paper), Is("version", code.version), Is("page", code.page))
    before = shelf.all(Attachment, *where)
    filed = Placed(placed.scan, placed.placing, placed.sentence, placed.consultation_id, sitting_id, edition_id)
    if any(attachment.blob == placed.scan.blob for attachment in before):
        return _known(filed)
    if before:
        twice = f"{filed.sentence}；这一页以前也收过，两张都留着，看新的这张"
        return Placed(filed.scan, filed.placing, twice, filed.consultation_id, sitting_id, edition_id)
    return filed


def _aside(shelf: Shelf, scan: Scan, why: str) -> Placed:
    aside = Placed(scan, Placing.ASIDE, why)
    is_there = bool(shelf.count(Attachment, Is("blob", scan.blob)))
    return _known(aside) if is_there else aside


def _known(placed: Placed) -> Placed:
    said = "这一张以前收过，一模一样，没有再存"
    return Placed(placed.scan, Placing.ALREADY, said, placed.consultation_id, placed.sitting_id, placed.edition_id)


def _page_words(code: PageCode, names: Names) -> str:
    name = names.get(code.paper, code.paper)
    return f"《{name}》{version_words(code.version)}第 {code.page} 页，共 {code.pages} 页"


def papers_back(shelf: Shelf, sitting_id: str, names: Names) -> list[PaperBack]:
    """Return what came back of a meeting, by paper and version, the newest version of a paper first."""
    found: dict[tuple[str, int], list[Attachment]] = {}
    for attachment in shelf.all(Attachment, Is("sitting_id", sitting_id), order="-id"):
        if attachment.page:
            found.setdefault((attachment.paper, attachment.version), []).append(attachment)
    order = {kind: number for number, kind in enumerate(names)}
    keys = sorted(found, key=lambda key: (order.get(key[0], len(order)), -key[1]))
    return [_paper_back(sitting_id, *key, found[key], names) for key in keys]


def _paper_back(sitting_id: str, paper: str, version: int, scans: list[Attachment], names: Names) -> PaperBack:
    """Return one paper; how many pages it has is what the newest scan says: sheets may be printed anew."""
    by_page: dict[int, tuple[Attachment, ...]] = {}
    for scan in scans:
        by_page[scan.page] = (*by_page.get(scan.page, ()), scan)
    return PaperBack(sitting_id, paper, names.get(paper, paper), version, scans[0].pages, by_page)


def missing_pages(shelf: Shelf, sitting_ids: Iterable[str], names: Names) -> list[str]:
    """Return a sentence for each paper of these meetings that lacks a page."""
    papers = (back for sitting_id in sitting_ids for back in papers_back(shelf, sitting_id, names))
    return [back.sentence() for back in papers if back.missing]


def scans_aside(shelf: Shelf) -> list[Attachment]:
    """Return the scans that wait for a person to say what they are, the oldest first."""
    return shelf.all(Attachment, Is("consultation_id", ""))
