"""Signed paper taken back without a window: one line of JSON a page, then one for the batch; progress on stderr."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from app.desk import Desk
from app.domain.attachment import Placed
from app.scanning.reading import Step, Unread, read_files
from sync.homes import SystemClock
from ui.scanning import TakenIn, file_batch, sideways_papers


def scan(desk: Desk, files: Sequence[Path], say: Callable[[object], None], tell: Callable[[str], None]) -> int:
    """File the pages on some files and return how many went to their papers.

    Raises:
        NotSaved: The disk would not take them. None is filed.
    """
    began = time.perf_counter()

    def progress(step: Step) -> None:
        if step.file and step.known:
            tell(f"{step.done + 1}/{step.known} {step.file}")

    batch = read_files(files, progress, sideways=sideways_papers())
    taken = file_batch(desk, batch, SystemClock().now().tzinfo)
    for placed in taken.placed:
        say(_page(placed))
    for unread in taken.unread:
        say(_refused(unread))
        tell(unread.trouble.sentence())
    say(_summary(taken, time.perf_counter() - began))
    if not taken.filed:
        tell("一页也没归好")
    return taken.filed


def _page(placed: Placed) -> dict[str, object]:
    code = placed.scan.code
    told: dict[str, object] = {"source": placed.scan.source, "outcome": placed.placing.value, "said": placed.sentence}
    if code is not None:
        told |= {"sitting": code.sitting_id, "paper": code.paper, "version": code.version}
        told |= {"page": code.page, "pages": code.pages}
    return told | {"bytes": placed.scan.size}


def _refused(unread: Unread) -> dict[str, object]:
    page = {"page_in_file": unread.number} if unread.number else {}
    return {"source": unread.file, **page, "outcome": "refused", "said": unread.trouble.sentence()}


def _summary(taken: TakenIn, seconds: float) -> dict[str, object]:
    outcomes: dict[str, int] = {}
    for placed in taken.placed:
        outcomes[placed.placing.value] = outcomes.get(placed.placing.value, 0) + 1
    refused = {"refused": len(taken.unread)} if taken.unread else {}
    counts = outcomes | refused | {"filed": taken.filed}
    return counts | {"missing": list(taken.missing), "seconds": round(seconds, 2)}
