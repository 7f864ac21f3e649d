"""Enrolling, behind the page: the functions of `sync.enrolment` on one open home."""

from collections.abc import Iterator
from pathlib import Path

from app.domain.place import Places
from app.ports import Postbox
from sync.carriers import place_of
from sync.directory import Directory, certifier, chain, level_of
from sync.enrolment import request_digits, shown
from sync.exchange import FOLDER, STICK
from ui.exchange.behind import Behind
from ui.exchange.enrol_port import Known, Standing, Waits
from ui.exchange.who import unit_name

EXPECTATION = "expectation"


class EnrolBehind:
    """What `ui.exchange.enrol_port.Enrolling` asks for."""

    def __init__(self, behind: Behind, postbox: Postbox, places: Places) -> None:
        self._behind = behind
        self._carrier = behind.carrier
        self._postbox = postbox
        self._places = places

    def own(self) -> str:
        """Return whose computer this is, '' while it is nobody's."""
        return self._carrier.directory().own()

    def join(self) -> Behind | None:
        """Return what 同步 works with, None while this computer is nobody's."""
        return self._behind if self.own() else None

    def standing(self) -> Standing:
        """Return how it stands now."""
        work = self._carrier.enrolment()
        directory, mine = work.directory, work.own_requests()
        own, asked = directory.own(), mine[-1] if mine else None
        is_open = asked is not None and (asked.body.to not in directory.pins if asked.body.sign_key else not own)
        digits = shown(request_digits(asked.raw)) if asked and is_open else ""
        to = unit_name(asked.body.to, directory, self._places) if asked else ""
        is_answered = bool(asked and asked.body.to in directory.pins)
        is_believed = is_answered or bool(asked and self._expects(asked.id))
        waiting = tuple(
            Waits(said.body.name, unit_name(said.body.org, directory, self._places)) for said in work.waiting()
        )
        may_accept = any(one.org == own and one.use == "sign" for one in self._postbox.identities()) and bool(own)
        own_name = unit_name(own, directory, self._places) if own else ""
        known = tuple(self._known(directory)) if may_accept else ()
        above, under = self._above(directory) if may_accept else ((), "")
        return Standing(own_name, digits, to, is_believed, may_accept, waiting, known, above, under)

    def _expects(self, request: str) -> bool:
        """Return whether the digits of the answer to a request were typed here already."""
        return any(file.subject == request for file in self._postbox.statements(EXPECTATION))

    def _above(self, directory: Directory) -> tuple[tuple[tuple[str, str], ...], str]:
        """Return whom this office may ask to stand under, and under whom it stands."""
        offices = chain(directory.own())[1:]
        under = next((org for org in offices if org in directory.pins), "")
        named = tuple((org, unit_name(org, directory, self._places)) for org in offices)
        return () if under else named, unit_name(under, directory, self._places) if under else ""

    def _known(self, directory: Directory) -> Iterator[Known]:
        """Yield the computers that this office has taken in, in the order of their townships."""
        own = directory.own()
        for card in sorted(directory.devices(), key=lambda one: (one.org, one.name)):
            if certifier(card.org) == own and card.device != directory.device_id:
                lost = directory.revoked_upto(card.device)
                yield Known(card.device, card.name, self._name_of(card.org), lost is not None)

    def ask(self, org: str, name: str, folder: Path) -> Standing:
        """Ask to be a computer of this organisation, or of an office to stand under it, and write the request onto a
        stick."""
        place = place_of(folder)
        self._carrier.enrolment().ask(org, name)
        self._carrier.export_request(place, carrier=STICK if place.is_removable else FOLDER)
        return self.standing()

    def confirm(self, digits: str) -> Standing:
        """Take the digits that the office read out."""
        self._carrier.confirm(digits)
        return self.standing()

    def take_answer(self, folder: Path) -> Standing:
        """Take in what the office has written onto the stick."""
        preview = self._behind.look(folder, lambda step: None, lambda: False)
        self._behind.take(preview, lambda step: None, lambda: False)
        return self.standing()

    def found(self, org: str) -> Standing:
        """Found an office on this computer."""
        place = self._places.get(org)
        self._carrier.enrolment().found(org, place.display_name if place else level_of(org).value)
        return self.standing()

    def accept(self, digits: str) -> tuple[str, str]:
        """Take in whoever read these digits out; return the name and the digits to be read back."""
        accepted = self._carrier.enrolment().accept(digits, (), self._name_of)
        return accepted.name, shown(accepted.digits)

    def lose(self, device: str, reason: str) -> Standing:
        """Report a computer lost."""
        self._carrier.enrolment().lose(device, reason)
        return self.standing()

    def _name_of(self, code: str) -> str:
        place = self._places.get(code)
        return place.display_name if place else code
