"""公示: putting a notice on the wall, and only one that names nobody."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.domain.attendance import Attendance
from app.domain.change import ChangeSet, created
from app.domain.consultation import Consultation
from app.domain.edition import Edition
from app.domain.errors import Incomplete, NoticeLeaks, StageForbids
from app.domain.notice import IN_OFFICE, Notice
from app.domain.notice_check import leaks
from app.domain.notice_mask import MaskRules
from app.domain.people import Person
from app.domain.sitting import Sitting
from app.ports import Among, Is, Moment, Shelf


@dataclass(frozen=True, slots=True)
class PostNotice:
    """Note that a notice hangs: its text as posted, from when on, for how many days, where, and the office's phone.

    `rules` are the meeting's (`app.queries.paper_notice.mask_rules`): the text is read once more before it counts, for
    the names of all who came in no office even where the rules have forgotten them.
    """

    sitting_id: str
    shown: str
    rules: MaskRules
    posted_on: date
    days: int = 7
    where: str = ""
    phone: str = ""

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the notice.

        Raises:
            StageForbids: The meeting was a closed session.
            Incomplete: There is nothing on it.
            NoticeLeaks: Something on it is nobody's business.
        """
        sitting = shelf.get(Sitting, self.sitting_id)
        consultation = shelf.get(Consultation, sitting.consultation_id)
        if consultation.closed_session:
            raise StageForbids("不公开的会，不往外贴", "会议内容都在", "要公开，先问过当事人，再改会议信息")
        if not self.shown.strip():
            raise Incomplete("公示上还没有字")
        found = leaks(self.shown, self._rules(shelf))
        if found:
            raise NoticeLeaks(found)
        sealed = shelf.all(Edition, Is("sitting_id", sitting.id), order="-version", limit=1)
        notice = Notice(
            moment.mint(),
            consultation.id,
            sitting.id,
            self.posted_on,
            self.posted_on + timedelta(days=self.days),
            sealed[0].id if sealed else None,
            sealed[0].version if sealed else 0,
            self.where.strip(),
            self.phone.strip(),
            self.shown,
        )
        return ChangeSet(f"贴公示 {consultation.title}", created(notice))

    def _rules(self, shelf: Shelf) -> MaskRules:
        """Return the rules with every villager who came; who came both ways is hidden."""
        guests = [one for one in shelf.all(Attendance, Is("sitting_id", self.sitting_id)) if one.role not in IN_OFFICE]
        people = shelf.all(Person, Among("id", tuple(guest.person_id for guest in guests)))
        names = {*(person.name for person in people), *(guest.proxy_name for guest in guests)} - {""}
        return replace(self.rules, hidden=tuple(sorted({*self.rules.hidden, *names})))
