"""Checking a paper without a window: a code typed in, a picture of one, or a record file; and writing such a file."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from app.desk import Desk
from app.domain.edition_code import shown_digits
from app.domain.edition_file import record_file
from app.domain.errors import Missing, NotAPack, PictureRefused, Trouble
from app.ports import Postbox
from app.queries.edition import Finding, editions_of, verdict
from app.queries.sitting import sitting_of
from sync.directory import Directory
from sync.pack import read_pack
from ui.office_papers import write_whole
from ui.verifying import RECORD_FILE_MOST, gravest, of_record

RECORD, PACK = ".json", ".yb"
FILES = frozenset({RECORD, ".pdf", ".png", ".jpg", ".jpeg", ".heic", ".heif", ".tif", ".tiff"})
"""What a file is called that somebody wanted checked; no code ends like this."""


def verified(desk: Desk, told: str) -> Finding:
    """Return what a file or a typed code is worth.

    Raises:
        PictureRefused: It is a file that is not there, or a picture that cannot be read.
    """
    file = Path(told)
    if not _is_file(file):
        if file.suffix.lower() in FILES:
            raise PictureRefused(file.name, "missing")
        return desk.ask(verdict, desk.seal, told)
    if file.suffix.lower() == RECORD:
        with file.open("rb") as record:
            return desk.ask(of_record, desk.seal, record.read(RECORD_FILE_MOST + 1))
    from app.scanning.texts import code_texts

    return desk.ask(gravest, desk.seal, code_texts(file))


def _is_file(file: Path) -> bool:
    try:
        return file.is_file()
    except (OSError, ValueError):  # a code is no path: too long, or with signs no path has
        return False


def facts(finding: Finding) -> Iterator[tuple[str, object]]:
    """Yield a finding as it is told on the command line."""
    yield "verdict", finding.verdict.value
    if finding.edition is not None:
        yield "version", finding.edition.version
        yield "digits", shown_digits(finding.edition.digits)
        yield "digest", finding.edition.digest
        yield "sealed_at", finding.edition.sealed_at.isoformat()
    if finding.latest is not None:
        yield "latest", finding.latest.version


def write_record(desk: Desk, consultation_id: str, to: Path, is_private: bool) -> dict[str, object]:
    """Write the record file of a consultation's latest sealed version and return what was written.

    Raises:
        Missing: There is no such consultation.
        Trouble: It was not sealed.
        FileNotWritten: The disk would not take it.
    """
    sitting = desk.ask(sitting_of, consultation_id)
    if sitting is None:
        raise Missing("consultation", consultation_id)
    editions = desk.ask(editions_of, sitting.id)
    if not editions:
        raise Trouble("这一场还没有定稿", "记下的都在", "先到收尾里定稿，再写")
    write_whole(to, record_file(editions[-1], is_private))
    return {"file": str(to), "version": editions[-1].version, "digest": editions[-1].digest, "private": is_private}


def pack_facts(postbox: Postbox, file: Path) -> dict[str, object]:
    """Return what a pack says of itself once every byte of it has been accounted for; nothing is taken in.

    Raises:
        NotTaken: It is no pack, not whole, or not as it was packed.
    """
    try:
        stream = file.open("rb")
    except OSError as error:
        raise NotAPack(str(error)) from error
    with stream:
        pack = read_pack(stream)
        card = Directory.of(postbox).device(pack.device)
        told = {"packer": pack.device, "name": pack.head.packer_name, "number": pack.head.number, "to": pack.head.to}
        brought = [*(segment_id for segment_id, *_ in pack.head.segs), *chain(*pack.head.snapshots.values())]
        counts = {"segments": len(brought), "statements": sum(1 for _ in pack.statements())}
        counts |= {"snapshots": len(pack.head.snapshots)} if pack.head.snapshots else {}
        here = {one.id for one in postbox.parcels()}
        new = sum(1 for segment_id in brought if segment_id not in here)
        return told | counts | {"new": new, "known": card is not None, "org": card.org if card else ""}
