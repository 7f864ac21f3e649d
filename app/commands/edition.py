"""定稿 and 更正: sealing what was agreed, and the only way to change it afterwards."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.domain.action import Action, Contribution
from app.domain.attendance import Attendance
from app.domain.change import STANDING, Change, ChangeSet, created
from app.domain.consensus import Consensus, Reservation
from app.domain.consultation import Consultation
from app.domain.edition import BESIDE, HELD, Correction, Edition
from app.domain.edition_code import digits_of, signed_words
from app.domain.edition_record import FORMAT, SUITE, VERSION, Closing, Json, canonical, digest_of, openings_json
from app.domain.errors import Incomplete, NotToSeal, Sealed
from app.domain.issue import Issue
from app.domain.sitting import Sitting
from app.domain.statement import Statement
from app.ports import Among, Is, Moment, Shelf

Content = Callable[[Shelf, Closing], tuple[dict[str, Json], str]]
SPOKEN = 6
"""Three villagers call out two digits each."""


@dataclass(frozen=True, slots=True)
class SealSitting:
    """定稿落印: seal a meeting as it stands. `content` makes the record (`app.queries.edition.content_of`).

    `spoken_digits` are called out by villagers once the text was read, so that nobody can have prepared another text
    with the same 20 digits; none is allowed.
    """

    sitting_id: str
    content: Content
    spoken_digits: str = ""

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the edition; it cannot be undone, only corrected.

        Raises:
            NotToSeal: The meeting lasts, or this version is sealed and no correction is open.
            Incomplete: The spoken digits are not six.
        """
        sitting = shelf.get(Sitting, self.sitting_id)
        before = _latest(shelf, sitting.id)
        correction = _open(shelf, before)
        self._may_seal(sitting, before, correction)
        edition = self._edition(shelf, moment, sitting, before, correction)
        return ChangeSet(f"定稿 第{edition.version}版", created(edition), lasting=frozenset({Edition.KIND}))

    def _may_seal(self, sitting: Sitting, before: Edition | None, correction: Correction | None) -> None:
        if sitting.is_open():
            raise NotToSeal("会还没结，先结会再定稿", "记下的都在", "按 F10 结会")
        if before is not None and correction is None:
            raise NotToSeal(f"第{before.version}版已经定稿", "原件一个字没动", "要改，先开“更正”")
        digits = self.spoken_digits
        if digits and not (len(digits) == SPOKEN and digits.isascii() and digits.isdigit()):
            raise Incomplete("三个人各报两个数，一共六个数字；不报就空着")

    def _edition(
        self, shelf: Shelf, moment: Moment, sitting: Sitting, before: Edition | None, correction: Correction | None
    ) -> Edition:
        assert moment.seal is not None, "a desk that seals is given a seal"
        closing = Closing((), moment.bits)
        content, closure = self.content(shelf, closing)
        version = before.version + 1 if before else 1
        head: dict[str, Json] = {
            "format": FORMAT,
            "v": VERSION,
            "suite": SUITE,
            "id": sitting.id,
            "version": version,
            "previous": before.digest if before else None,
            "reason": closing.text(correction.reason) if correction else "",
            "asked_by": closing.close(correction.asked_by) if correction else "",
            "sealed_at": moment.now.isoformat(timespec="seconds"),
            "spoken": self.spoken_digits,
        }
        raw = canonical(content | head)
        digest = digest_of(raw)
        signed = moment.seal.sign(signed_words(sitting.id, version, digest))
        return Edition(
            moment.mint(),
            sitting.consultation_id,
            sitting.id,
            version,
            raw.decode(),
            openings_json(closing.openings.values()),
            closure,
            digest,
            digits_of(digest),
            signed.key,
            signed.signature,
            moment.now,
            moment.who,
            self.spoken_digits,
            before.id if before else None,
            correction.reason if correction else "",
        )


@dataclass(frozen=True, slots=True)
class OpenCorrection:
    """更正: let what was sealed be changed, with a reason and who asked for it; the sealed version stays as it is."""

    sitting_id: str
    reason: str
    asked_by: str = ""

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the correction.

        Raises:
            Incomplete: No reason is given.
            NotToSeal: Nothing was sealed, or a correction is open already.
        """
        if not self.reason.strip():
            raise Incomplete("要写一句为什么更正")
        before = _latest(shelf, self.sitting_id)
        if before is None:
            raise NotToSeal("还没有定稿，用不着更正", "记下的都在", "直接改就行")
        if _open(shelf, before):
            raise NotToSeal("更正已经开着了", "改过的都存好了", "改完再定稿")
        correction = Correction(
            moment.mint(),
            before.consultation_id,
            self.sitting_id,
            before.id,
            self.reason.strip(),
            self.asked_by.strip(),
            moment.now,
            moment.who,
        )
        return ChangeSet(f"开更正 第{before.version}版", created(correction), lasting=frozenset({Correction.KIND}))


@dataclass(frozen=True, slots=True)
class CloseCorrection:
    """不更正了: close a correction under which nothing was changed; `has_changed` is asked by whoever shows it."""

    sitting_id: str
    has_changed: Callable[[Shelf, Edition], bool]

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the correction laid down; nothing when none is open.

        Raises:
            NotToSeal: Something was changed since it was opened.
        """
        before = _latest(shelf, self.sitting_id)
        correction = _open(shelf, before)
        if before is None or correction is None:
            return ChangeSet("", ())
        if self.has_changed(shelf, before):
            raise NotToSeal("更正里已经改了东西", "改过的都存好了", "用 Ctrl Z 撤回去，或定成下一版")
        down = Change(Correction.KIND, correction.id, STANDING, 1, 0)
        return ChangeSet("不更正了", (down,))


def _latest(shelf: Shelf, sitting_id: str) -> Edition | None:
    found = shelf.all(Edition, Is("sitting_id", sitting_id), order="-version", limit=1)
    return found[0] if found else None


def _open(shelf: Shelf, edition: Edition | None) -> Correction | None:
    """Return the correction that was opened of a version."""
    if edition is None:
        return None
    found = shelf.all(Correction, Is("edition_id", edition.id), order="-id", limit=1)
    return found[0] if found else None


_WHOLE = {kind.KIND: kind for kind in (Sitting, Attendance, Issue, Statement, Consensus, Reservation)}
_PARTS = {kind: fields for kind, fields in HELD.items() if fields is not None}
_UNDER = {Reservation.KIND: (Consensus, "consensus_id"), Contribution.KIND: (Action, "action_id")}


def may_change(shelf: Shelf, changes: ChangeSet) -> str:
    """Return the id of the correction under which a sealed meeting would change; '' when none would.

    What touches a sealed meeting while no correction is open is refused; progress, scans and prints go on.

    Raises:
        Sealed: Text, votes or attendance of a sealed meeting would change.
    """
    if not changes.kinds() & _GUARDED:
        return ""
    wanted = sorted(_sittings_touched(shelf, changes))
    if not wanted:
        return ""
    sealed = shelf.all(Edition, Among("sitting_id", tuple(wanted)), order="version")
    latest = {edition.sitting_id: edition for edition in sealed}
    under = ""
    for edition in latest.values():
        correction = _open(shelf, edition)
        if correction is not None:
            under = correction.id
        elif not _is_of_later_tasks(shelf, changes, edition):
            raise Sealed(shelf.get(Consultation, edition.consultation_id).title)
    return under


def _is_of_later_tasks(shelf: Shelf, changes: ChangeSet, edition: Edition) -> bool:
    """Return whether all that is guarded here are tasks given out after the sealing, and their shares."""
    touched = [one for one in changes.by_record() if one[0] in _GUARDED and _counts(one[0], one[2])]
    if any(kind not in (Action.KIND, Contribution.KIND) for kind, _, _ in touched):
        return False
    return all(f'"{_task_of(shelf, *one)}"' not in edition.closure for one in touched)


def _task_of(shelf: Shelf, kind: str, record_id: str, parts: Iterable[Change]) -> str:
    """Return the task that a change of a task, or of a share, is about."""
    if kind == Action.KIND:
        return record_id
    said = next((str(part.new) for part in parts if part.field == "action_id"), "")
    found = [] if said else shelf.all(Contribution, Is("id", record_id), limit=1)
    return found[0].action_id if found else said


_GUARDED = frozenset({*_WHOLE, *_PARTS, Contribution.KIND})


def _sittings_touched(shelf: Shelf, changes: ChangeSet) -> set[str]:
    """Return the meetings whose sealed part an act would touch."""
    touched: set[str] = set()
    by_kind: dict[str, set[str]] = {}
    for kind, record_id, parts in changes.by_record():
        if kind in _GUARDED and _counts(kind, parts):
            said = _said(kind, record_id, parts)
            touched |= said
            if not said:
                by_kind.setdefault(kind, set()).add(_parent(kind, record_id, parts))
    for kind, ids in by_kind.items():
        touched |= _sittings_of(shelf, kind, tuple(sorted(ids)))
    return touched


def _counts(kind: str, parts: Iterable[Change]) -> bool:
    """Return whether the fields that change are among those that are sealed; a new task is not."""
    fields = {part.field for part in parts}
    if fields <= BESIDE.get(kind, frozenset()):
        return False
    if kind == Action.KIND:
        return bool(fields & _PARTS[kind]) and not _is_creation(parts)
    return bool(fields & _PARTS[kind]) if kind in _PARTS else True


def _is_creation(parts: Iterable[Change]) -> bool:
    return any(part.field == STANDING and part.old is None for part in parts)


def _said(kind: str, record_id: str, parts: Iterable[Change]) -> set[str]:
    """Return the meeting that the changes name themselves: a sitting's own, or that of a record just made."""
    if kind == Sitting.KIND:
        return set() if _is_creation(parts) else {record_id}
    return {str(part.new) for part in parts if part.field == "sitting_id" and part.new}


def _parent(kind: str, record_id: str, parts: Iterable[Change]) -> str:
    """Return by which id a record's meeting is found: its own, or that of what it hangs on when it is just made."""
    under = _UNDER.get(kind)
    hung = next((str(part.new) for part in parts if under and part.field == under[1] and part.new), "")
    return f"^{hung}" if hung else record_id


def _sittings_of(shelf: Shelf, kind: str, ids: tuple[str, ...]) -> set[str]:
    own = tuple(one for one in ids if not one.startswith("^"))
    hung = {one[1:] for one in ids if one.startswith("^")}
    if kind == Consultation.KIND:
        return {sitting.id for sitting in shelf.all(Sitting, Among("consultation_id", own))}
    if kind == Reservation.KIND:
        hung |= {reservation.consensus_id for reservation in shelf.all(Reservation, Among("id", own))}
        return {consensus.sitting_id for consensus in shelf.all(Consensus, Among("id", tuple(sorted(hung))))}
    if kind == Contribution.KIND:
        hung |= {contribution.action_id for contribution in shelf.all(Contribution, Among("id", own))}
        return {action.sitting_id for action in shelf.all(Action, Among("id", tuple(sorted(hung))))}
    if kind == Action.KIND:
        return {action.sitting_id for action in shelf.all(Action, Among("id", own))}
    return _owners(shelf, kind, own)


def _owners(shelf: Shelf, kind: str, ids: tuple[str, ...]) -> set[str]:
    if kind == Attendance.KIND:
        return {one.sitting_id for one in shelf.all(Attendance, Among("id", ids))}
    if kind == Issue.KIND:
        return {one.sitting_id for one in shelf.all(Issue, Among("id", ids))}
    if kind == Statement.KIND:
        return {one.sitting_id for one in shelf.all(Statement, Among("id", ids))}
    return {one.sitting_id for one in shelf.all(Consensus, Among("id", ids))} if kind == Consensus.KIND else set()
