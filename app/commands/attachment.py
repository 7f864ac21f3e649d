"""Taking signed paper back: a batch of scans filed together, and what a person says about those kept aside."""

from dataclasses import dataclass, replace

from app.domain.attachment import Attachment, Placed, is_aside
from app.domain.change import ChangeSet, changed, created, laid_down
from app.domain.edition import Edition
from app.domain.errors import Incomplete
from app.domain.sitting import Sitting
from app.ports import Is, Moment, Shelf

JPEG = "image/jpeg"


@dataclass(frozen=True, slots=True)
class FileScans:
    """收回签好的纸: one batch, all of it or nothing. The pictures are on the disk already (`Desk.blobs`)."""

    placed: tuple[Placed, ...]

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return an attachment for each scan that is kept; empty when there is none.

        Raises:
            Missing: A meeting was laid down in the meantime.
        """
        kept = [placed for placed in self.placed if placed.placing.is_kept]
        for sitting_id in {placed.sitting_id for placed in kept if placed.sitting_id}:
            shelf.get(Sitting, sitting_id)
        made = tuple(change for placed in kept for change in created(_attachment(placed, moment)))
        return ChangeSet(f"收回签好的纸 {len(kept)}页", made)


def _attachment(placed: Placed, moment: Moment) -> Attachment:
    scan = placed.scan
    loose = Attachment(
        moment.mint(),
        placed.consultation_id,
        scan.blob,
        JPEG,
        scan.size,
        thumbnail=scan.thumbnail,
        digest=scan.digest,
        taken_at=scan.taken_at or moment.now.replace(microsecond=0),
        note=scan.source,
    )
    return _of_page(loose, placed) if placed.placing.is_filed else loose


def _of_page(loose: Attachment, placed: Placed) -> Attachment:
    code = placed.scan.code
    assert code is not None, "only what its code tells of is filed"
    return replace(
        loose,
        sitting_id=placed.sitting_id,
        edition_id=placed.edition_id,
        paper=code.paper,
        version=code.version,
        page=code.page,
        pages=code.pages,
    )


@dataclass(frozen=True, slots=True)
class PlaceScan:
    """认页: a person says which page of which paper a scan kept aside is."""

    attachment_id: str
    sitting_id: str
    paper: str
    version: int
    page: int
    pages: int

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the scan moved to its paper.

        Raises:
            Incomplete: Such a page cannot be, or the scan is no longer aside.
        """
        before = shelf.get(Attachment, self.attachment_id)
        if not is_aside(before):
            raise Incomplete("这一页已经归好了")
        if not (self.paper and 1 <= self.page <= self.pages):
            raise Incomplete("说清是哪一种纸、第几页、共几页")
        sitting = shelf.get(Sitting, self.sitting_id)
        edition = _edition(shelf, sitting.id, self.version)
        after = replace(
            before,
            consultation_id=sitting.consultation_id,
            sitting_id=sitting.id,
            edition_id=edition.id if edition else None,
            paper=self.paper,
            version=self.version,
            page=self.page,
            pages=self.pages,
        )
        return ChangeSet("认页", changed(before, after))


@dataclass(frozen=True, slots=True)
class RemoveScan:
    """Put a scan into the recycle bin: a blurred one, or one that is none of ours."""

    attachment_id: str

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the scan laid down; its picture stays until the bin is emptied."""
        return ChangeSet("删扫描页", laid_down(shelf.get(Attachment, self.attachment_id)))


def _edition(shelf: Shelf, sitting_id: str, version: int) -> Edition | None:
    found = shelf.all(Edition, Is("sitting_id", sitting_id), Is("version", version), limit=1)
    return found[0] if found else None
