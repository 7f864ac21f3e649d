"""Papers without a window: drawn from a sitting as it stands and written as PDF, whole or not at all."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import pypdfium2

import resources
from app.desk import Desk
from app.domain.attachment import Attachment
from app.domain.consultation import Consultation
from app.domain.errors import FileNotWritten, Trouble
from app.domain.paper import Paper
from app.domain.place import Places
from app.domain.practice import PaperTime, Practice, read_practices
from app.domain.wording import quoted
from app.ports import Is
from app.printing import PAPERS, draw, missing_characters
from app.printing.fonts import Fonts
from app.queries.edition import edition_state
from app.queries.paper_blanks import calibration
from app.queries.paper_notice import earlier_promises
from app.queries.papers import MAKERS, Matter, every_paper, issuer_of, made
from app.queries.people import register
from app.queries.printout import printouts_of
from app.queries.sitting import LiveSitting, live_sitting, sitting_of
from ui.paper_picture import long_picture

CALIBRATION, SIGN_IN, EXCHANGE_CHECK = "calibration", "sign_in_sheet", "exchange_check"


@dataclass(frozen=True, slots=True)
class Printed:
    """One paper as it was written."""

    paper: str
    file: str
    pages: int
    sha256: str
    missing: tuple[str, ...]


class Press:
    """Draws the papers of one home."""

    def __init__(self, desk: Desk, today: date | None = None) -> None:
        self._desk = desk
        self._today = today
        self._places = Places(resources.places())
        self._practices = read_practices(resources.practices())

    @cached_property
    def fonts(self) -> Fonts:
        """Return the fonts of this machine."""
        return Fonts()

    def print(self, consultation_id: str, kind: str, to: Path) -> Printed:
        """Draw one paper of a consultation's latest sitting and write it.

        Raises:
            Missing: There is no such consultation.
            Trouble: It has no sitting, or nothing to print on such a paper.
            FileNotWritten: The disk would not take the file.
        """
        return _printed(kind, self.paper(consultation_id, kind), self.fonts, to)

    def paper(self, consultation_id: str, kind: str) -> Paper:
        """Return what one paper of a consultation's latest sitting says; errors as for `print`."""
        matter = self.matter(consultation_id)
        live, paper = matter.live, made(kind, matter)
        if paper is None:
            raise Trouble(f"{quoted(live.consultation.title)}没有要印的{PAPERS[kind].name}", "别的文书照印")
        return paper

    def print_all(self, consultation_id: str, name: Callable[[str], Path]) -> Iterator[Printed]:
        """Draw and write every paper there is something to print on; `name` tells the file for a kind.

        Of a meeting not yet held those that are needed before it, and the sign-in sheet.
        """
        live = self._live(consultation_id)
        matter = self._matter(live)
        for kind, content in every_paper(matter).items():
            if live.sitting.opened_at or kind == SIGN_IN or MAKERS[kind].due(matter.practice) is PaperTime.BEFORE:
                yield _printed(kind, content, self.fonts, name(kind))

    def matter(self, consultation_id: str) -> Matter:
        """Return what papers of a consultation's latest sitting are made from; errors as for `print`."""
        return self._matter(self._live(consultation_id))

    def _matter(self, live: LiveSitting) -> Matter:
        """Return what papers are made from, with the version that is sealed and what the folder holds."""
        practice, sitting_id, whole = self._practice(live), live.sitting_id, Is("consultation_id", live.consultation.id)
        state = self._desk.ask(edition_state, sitting_id, self._places, practice)
        return Matter(
            live,
            self._places,
            practice,
            issuer_of(lambda one: self._desk.jotted(one.name).get(one.name, one.default)),
            self._today,
            edition=state.latest,
            correction=state.correction,
            versions=state.editions,
            attachments=tuple(self._desk.ask(lambda shelf: shelf.all(Attachment, whole))),
            printouts=tuple(one for one in self._desk.ask(printouts_of, sitting_id) if one.is_out()),
            promises=self._desk.ask(earlier_promises, live, self._today),
        )

    def _live(self, consultation_id: str) -> LiveSitting:
        consultation = self._desk.ask(lambda shelf: shelf.get(Consultation, consultation_id))
        sitting = self._desk.ask(sitting_of, consultation.id)
        if sitting is None:
            raise Trouble(f"{quoted(consultation.title)}还没有开过会", "", "先开会再打印")
        return self._desk.ask(live_sitting, sitting.id, self._desk.ask(register))

    def _practice(self, live: LiveSitting) -> Practice:
        return self._practices.get(live.consultation.practice) or self._practices["yuanba"]


def is_known(kind: str) -> bool:
    """Return whether there is such a paper."""
    return kind in MAKERS or kind == CALIBRATION


def print_calibration(to: Path) -> Printed:
    """Draw the sheet a printer is checked with; it needs no home.

    Raises:
        FileNotWritten: The disk would not take the file.
    """
    return _printed(CALIBRATION, calibration(), Fonts(), to)


def print_content(kind: str, content: Paper, to: Path) -> Printed:
    """Draw a paper that is about no meeting.

    Raises:
        FileNotWritten: The disk would not take the file.
    """
    return _printed(kind, content, Fonts(), to)


def _printed(kind: str, paper: Paper, fonts: Fonts, to: Path) -> Printed:
    pdf = draw(paper, fonts)
    write_whole(to, long_picture(pdf) if to.suffix.lower() == ".png" else pdf)
    lacking = missing_characters(paper, fonts)
    return Printed(kind, str(to), len(pypdfium2.PdfDocument(pdf)), hashlib.sha256(pdf).hexdigest(), lacking)


def write_whole(to: Path, content: bytes) -> None:
    """Write a file, whole or not at all.

    Raises:
        FileNotWritten: The disk or the folder would not take it. Nothing of it is left behind.
    """
    part = to.with_name(f"{to.name}.part")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        part.replace(to)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise FileNotWritten(to.name, str(error)) from error
