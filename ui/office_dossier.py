"""卷宗 without a window: every paper of a consultation in its order, scans behind, one PDF with contents."""

from dataclasses import dataclass, replace
from pathlib import Path

import pypdfium2

from app.domain.attachment import Attachment
from app.domain.paper import Paper
from app.domain.paper_dossier import DossierItem
from app.ports import Blobs
from app.printing import PAPERS, draw
from app.printing.bundle import pages_from
from app.printing.dossier import Part, dossier
from app.printing.fonts import Fonts
from app.queries.paper_dossier import completeness, dossier_index
from app.queries.papers import Matter, every_paper
from ui.office_papers import Press, write_whole

INDEX = "dossier_index"


@dataclass(frozen=True, slots=True)
class Folded:
    """One folder as it was written."""

    file: str
    pages: int
    complete: bool
    lacking: tuple[str, ...]


def write_dossier(press: Press, blobs: Blobs, consultation_id: str, to: Path) -> Folded:
    """Put the folder of a consultation together and write it.

    Raises:
        Missing: There is no such consultation.
        Trouble: It has no sitting.
        AttachmentLost: The picture of a signed sheet is gone or damaged.
        NotSaved: The disk would not take the file.
    """
    matter = press.matter(consultation_id)
    papers = every_paper(matter)
    folder = completeness(matter, matter.attachments, matter.printouts, papers)
    index = replace(dossier_index(matter), folder=folder)
    parts = [_part(item, matter, papers, blobs, press.fonts) for item in folder.items]
    pdf = dossier(index, parts, press.fonts)
    write_whole(to, pdf)
    return Folded(str(to), len(pypdfium2.PdfDocument(pdf)), folder.is_complete(), folder.gaps())


def _part(item: DossierItem, matter: Matter, papers: dict[str, Paper], blobs: Blobs, fonts: Fonts) -> Part:
    drawn = tuple((PAPERS[kind].name, _drawn(kind, papers[kind], fonts)) for kind in _kinds(item, matter, papers))
    scans = sorted(
        (one for one in matter.attachments if one.id in item.attachments and _is_picture(one)),
        key=lambda one: (one.paper, one.version, one.page, one.id),
    )
    return Part(item, drawn, tuple(blobs.get(one.blob) for one in scans))


def _kinds(item: DossierItem, matter: Matter, papers: dict[str, Paper]) -> list[str]:
    """Return which papers of a part are filed: those that were printed; when none was, the first there is."""
    there = [kind for kind in item.kinds if kind in papers]
    out = {printout.paper for printout in matter.printouts if printout.is_out()}
    return [kind for kind in there if kind in out] or there[:1]


def _drawn(kind: str, paper: Paper, fonts: Fonts) -> bytes:
    """Return a paper; of the index only its last sheet, the back of the folder, for the folder has contents already."""
    pdf = draw(paper, fonts)
    return pages_from(pdf, len(pypdfium2.PdfDocument(pdf)) - 1) if kind == INDEX else pdf


def _is_picture(attachment: Attachment) -> bool:
    return attachment.media_type in ("image/jpeg", "image/png")
