"""Believable work: a recorder's evenings, edit after edit, chosen from a seed by what the meeting has come to.

Everything is read from the shelf before each edit, so that work goes on where a killed run stopped.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

from app.commands.action import AmendAction, AssignAction, FinishAction, NoteProgress, Offer
from app.commands.attendance import CheckIn, Excuse, Leave, WalkIn
from app.commands.consensus import (
    AnswerReservation,
    DraftConsensus,
    KeepReservation,
    Objection,
    ReopenConsensus,
    SettleConsensus,
    votes_in_yard,
)
from app.commands.issue import AmendIssue, RaiseIssue, TakeUpIssue
from app.commands.people import AmendPerson, RegisterPerson
from app.commands.revisit import RecordRevisit, ReviseRevisit
from app.commands.sitting import AmendSitting, CallSitting, CloseSitting, OpenSitting
from app.commands.statement import AmendStatement, RecordStatement, RemoveStatement
from app.commands.topic import AdvanceTopic, RaiseTopic
from app.desk import Command, Desk
from app.domain.action import Action, ActionStage, ContributionKind
from app.domain.attendance import Attendance, Presence
from app.domain.change import ChangeSet
from app.domain.consensus import Consensus, Method, Reservation, Tally
from app.domain.errors import Refused
from app.domain.issue import Issue
from app.domain.people import Person, Role
from app.domain.record import R
from app.domain.revisit import Revisit
from app.domain.sitting import Sitting
from app.domain.statement import Statement, StatementKind
from app.domain.topic import Topic, TopicStage
from app.ports import Condition, Is
from sync.homes import StageClock

SURNAMES = "赵钱孙李周吴郑王冯陈何褚卫蒋沈韩杨朱秦尤许吕施张孔曹严华金魏陶姜䶮𬱖㛃竜"
GIVEN = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
WHAT = ("排水沟", "挡墙", "机耕路", "路灯", "垃圾清运", "红白喜事", "饮水管网", "文化广场", "森林防火", "摆摊设点")
SAID = (
    "去年雨季就堵过两回，今年再不修要进水。",
    "我不是不肯出，就是怕别家不出，轮到我家吃亏。",
    "按户头摊还是按人头摊，先说清楚。",
    "砂石村里有，工钱大家想办法。",
    "县里的项目今年报得上，村里先把方案拿出来。",
    "老人家走路不方便，台阶要留扶手。",
    "这个事拖了三年了，今晚定下来就好。",
)
UNITS = ("村委会", "乡水利站", "县住建局", "县农业农村局", "县交通运输局", "乡民政所")
PLACE = "532627208"


class Recorder:
    """Somebody who records meetings: picks the next edit from what there is, and does it."""

    def __init__(self, desk: Desk, clock: StageClock, seed: str) -> None:
        self._desk = desk
        self._clock = clock
        self._random = random.Random(seed)

    def edits(self, count: int) -> Iterator[ChangeSet]:
        """Do that many edits and yield each once it is durable; what a rule refuses is not counted."""
        done = 0
        while done < count:
            changes = self._one()
            if changes:
                done += 1
                yield changes

    def _one(self) -> ChangeSet | None:
        self._clock.set(self._clock.moment + timedelta(seconds=self._random.randrange(1, 90)))
        try:
            if self._random.random() < 0.06:
                return self._desk.undo()
            if self._random.random() < 0.5 and self._desk.undone(1):
                return self._desk.redo()
            command = self._command()
            return self._desk.do(command) if command else None
        except Refused:
            return None

    def _command(self) -> Command | None:
        sitting = self._sitting()
        if sitting is None:
            return self._call()
        if sitting.opened_at is None:
            return self._pick((self._arrive, 8), (self._frame, 1), (self._open, 1))(sitting)
        return self._pick(
            *((self._arrive, 4), (self._say, 10), (self._mend, 2), (self._unsay, 1), (self._raise, 1)),
            *((self._turn, 1), (self._draft, 3), (self._settle, 3), (self._object, 1), (self._answer, 1)),
            *((self._assign, 3), (self._follow, 2), (self._revisit, 1), (self._amend, 1), (self._go, 1)),
            (self._reopen, 1),
            *((self._person, 1), (self._topic, 1), (self._rename, 1), (self._close, 1)),
        )(sitting)

    def _pick(self, *ways: tuple[Callable[[Sitting], Command | None], int]) -> Callable[[Sitting], Command | None]:
        return self._random.choices([way for way, _ in ways], [weight for _, weight in ways])[0]

    def _sitting(self) -> Sitting | None:
        found = self._all(Sitting, Is("ended_at", None), order="-id", limit=1)
        return found[0] if found else None

    def _all(self, kind: type[R], *where: Condition, order: str = "", limit: int = 0) -> list[R]:
        return self._desk.ask(lambda shelf: shelf.all(kind, *where, order=order, limit=limit))

    def _some(self, kind: type[R], *where: Condition) -> R | None:
        found = self._all(kind, *where, order="-id", limit=40)
        return self._random.choice(found) if found else None

    def _name(self) -> str:
        return f"{self._random.choice(SURNAMES)}某{self._random.choice(GIVEN)}"

    def _what(self) -> str:
        return f"{self._random.choice(WHAT)}{self._random.choice(('怎么修', '谁出钱', '谁来管', '什么时候办'))}"

    def _call(self) -> Command:
        invited = tuple(person.id for person in self._all(Person, order="-id", limit=30))
        title = f"{self._random.choice(WHAT)}院坝协商"
        issues = tuple(self._what() for _ in range(self._random.randrange(2, 5)))
        return CallSitting(
            title, (PLACE,), venue=f"{self._name()}家院坝", host=self._name(), issues=issues, invited=invited
        )

    def _arrive(self, sitting: Sitting) -> Command:
        awaited = Is("presence", Presence.EXPECTED.value)
        guest = self._some(Attendance, Is("sitting_id", sitting.id), awaited)
        if guest is None or self._random.random() < 0.3:
            role = self._random.choice((Role.VILLAGER, Role.VILLAGE_CADRE, Role.CPPCC_MEMBER, Role.LINE_DEPT))
            return WalkIn(sitting.id, self._name(), "二组", role, PLACE)
        if self._random.random() < 0.1:
            return Excuse(guest.id, "外出务工")
        signs = self._random.random() < 0.1
        return CheckIn(sitting.id, guest.person_id, self._name() if signs else "", "儿子" if signs else "")

    def _go(self, sitting: Sitting) -> Command | None:
        guest = self._here(sitting)
        return Leave(guest.id) if guest else None

    def _here(self, sitting: Sitting) -> Attendance | None:
        return self._some(Attendance, Is("sitting_id", sitting.id), Is("presence", Presence.PRESENT.value))

    def _frame(self, sitting: Sitting) -> Command:
        return AmendSitting(sitting.id, venue=f"{self._name()}家院坝", expected=self._random.randrange(20, 60))

    def _open(self, sitting: Sitting) -> Command:
        return OpenSitting(sitting.id)

    def _say(self, sitting: Sitting) -> Command:
        guest, issue = self._here(sitting), self._issue(sitting)
        kind = self._random.choice(tuple(StatementKind))
        text = self._random.choice(SAID)
        return RecordStatement(sitting.id, text, guest.person_id if guest else None, kind, issue.id if issue else None)

    def _issue(self, sitting: Sitting) -> Issue | None:
        return self._some(Issue, Is("sitting_id", sitting.id))

    def _mend(self, sitting: Sitting) -> Command | None:
        statement = self._statement(sitting)
        return AmendStatement(replace(statement, text=statement.text + "（改）")) if statement else None

    def _unsay(self, sitting: Sitting) -> Command | None:
        statement = self._statement(sitting)
        return RemoveStatement(statement.id) if statement else None

    def _raise(self, sitting: Sitting) -> Command:
        return RaiseIssue(sitting.id, self._what())

    def _turn(self, sitting: Sitting) -> Command | None:
        issue = self._issue(sitting)
        return TakeUpIssue(issue.id) if issue else None

    def _rename(self, sitting: Sitting) -> Command | None:
        issue = self._issue(sitting)
        return AmendIssue(issue.id, self._what()) if issue else None

    def _draft(self, sitting: Sitting) -> Command | None:
        issue = self._issue(sitting)
        return DraftConsensus(issue.id, f"{issue.title}：{self._random.choice(SAID)}") if issue else None

    def _settle(self, sitting: Sitting) -> Command | None:
        issue = self._issue(sitting)
        if issue is None:
            return None
        method = self._random.choice((Method.SHOW_OF_HANDS, Method.SHOW_OF_HANDS, Method.NO_OBJECTION))
        here = self._all(Attendance, Is("sitting_id", sitting.id))
        votes = self._desk.ask(lambda shelf: votes_in_yard(here, method, shelf))
        against = self._random.randrange(min(3, votes + 1))
        tally = Tally(votes - against, against, 0, 0)
        guest = self._here(sitting)
        objections = (Objection(guest.person_id, "应先定全村标准"),) if against and guest else ()
        return SettleConsensus(issue.id, f"{issue.title}，按大家商量的办。", method, tally, objections=objections)

    def _consensus(self, sitting: Sitting) -> Consensus | None:
        return self._some(Consensus, Is("sitting_id", sitting.id))

    def _object(self, sitting: Sitting) -> Command | None:
        consensus, guest = self._consensus(sitting), self._here(sitting)
        return KeepReservation(consensus.id, "钱怎么用要公开", guest.person_id) if consensus and guest else None

    def _answer(self, sitting: Sitting) -> Command | None:
        consensus = self._consensus(sitting)
        kept = self._some(Reservation, Is("consensus_id", consensus.id)) if consensus else None
        return AnswerReservation(kept.id, "每月在公开栏贴一次") if kept else None

    def _reopen(self, sitting: Sitting) -> Command | None:
        consensus = self._consensus(sitting)
        return ReopenConsensus(consensus.issue_id) if consensus else None

    def _assign(self, sitting: Sitting) -> Command:
        consensus = self._consensus(sitting)
        due = self._clock.moment.date() + timedelta(days=self._random.randrange(5, 90))
        offers = (
            Offer("两家各半", ContributionKind.SHARE, "50", "%"),
            Offer("村集体", ContributionKind.MATERIAL, "18", "方"),
            Offer("全组", ContributionKind.LABOUR, "12", "工"),
        )
        brought = self._random.sample(offers, self._random.randrange(4))
        unit = self._random.choice(UNITS)
        consensus_id = consensus.id if consensus else None
        return AssignAction(sitting.id, self._what(), consensus_id, unit_name=unit, due_on=due, offers=tuple(brought))

    def _action(self) -> Action | None:
        return self._some(Action)

    def _follow(self, _: Sitting) -> Command | None:
        action = self._action()
        if action is None:
            return None
        if self._random.random() < 0.3:
            return FinishAction(action.id, "修好了，去看过。")
        stage = self._random.choice((ActionStage.ACCEPTED, ActionStage.IN_PROGRESS, ActionStage.BLOCKED))
        return NoteProgress(action.id, "材料拉到了，等天晴动工。", stage)

    def _revisit(self, _: Sitting) -> Command | None:
        before = self._some(Revisit) if self._random.random() < 0.3 else None
        if before is not None:
            return ReviseRevisit(replace(before, satisfied=self._random.randrange(12), unsure=1))
        action = self._action()
        if action is None:
            return None
        pleased, displeased = self._random.randrange(12), self._random.randrange(3)
        text = "墙脚还有点渗水。" if displeased else ""
        return RecordRevisit(action_id=action.id, satisfied=pleased, dissatisfied=displeased, text=text)

    def _amend(self, _: Sitting) -> Command | None:
        action = self._action()
        return AmendAction(replace(action, supervisor=self._name())) if action else None

    def _person(self, _: Sitting) -> Command | None:
        person = self._some(Person)
        if person is None or self._random.random() < 0.5:
            return RegisterPerson(self._name(), PLACE, "三组")
        return AmendPerson(replace(person, post=self._random.choice(("护林员", "网格员", "水管员"))))

    def _topic(self, _: Sitting) -> Command:
        topic = self._some(Topic, Is("stage", TopicStage.RAISED.value))
        if topic is None or self._random.random() < 0.6:
            return RaiseTopic(self._what(), PLACE, self._name())
        return AdvanceTopic(topic.id, TopicStage.SCREENED)

    def _close(self, sitting: Sitting) -> Command:
        return CloseSitting(sitting.id)

    def _statement(self, sitting: Sitting) -> Statement | None:
        return self._some(Statement, Is("sitting_id", sitting.id))
