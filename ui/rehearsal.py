"""The rehearsal: plays the practice data of `resources/sample/` through the commands people use, oldest act first.

A scenario tells its days relative to today, so that the practice home is always fresh. Its steps are laid on one
line of time together with those of all others, and the clock is set to each before it is done.
"""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial

import msgspec

import resources
from app.commands.action import AssignAction, ExtendAction, FinishAction, NoteProgress, Offer
from app.commands.attendance import CheckIn, Excuse, Leave, WalkIn
from app.commands.consensus import (
    AnswerReservation,
    DraftConsensus,
    Objection,
    SettleConsensus,
    TranslateConsensus,
    votes_in_yard,
)
from app.commands.people import NameHamlet, RegisterHousehold, RegisterPerson, RegisterUnit
from app.commands.revisit import RecordRevisit
from app.commands.sitting import (
    AmendSitting,
    CallNextSitting,
    CallSitting,
    CloseSitting,
    MoveStage,
    OpenSitting,
    PostponeSitting,
)
from app.commands.statement import RecordStatement
from app.commands.topic import AdvanceTopic, MergeTopics, RaiseTopic, TurnTopicAway
from app.desk import Command, Desk
from app.domain.action import Action, ActionStage
from app.domain.attendance import Attendance
from app.domain.change import Change, ChangeSet
from app.domain.consensus import METHOD_WORDS, RESULT_WORDS, Consensus, Method, Ratio, Reservation, Tally
from app.domain.consultation import Consultation
from app.domain.contribution_words import Amount, read_amount
from app.domain.hamlet import Hamlet
from app.domain.issue import Issue
from app.domain.people import VILLAGERS, Household, Person, Role
from app.domain.sitting import QuorumBase, QuorumRule, Sitting, SittingStage
from app.domain.statement import STATEMENT_KIND_WORDS
from app.domain.topic import Topic, TopicStage
from app.domain.unit import Unit
from app.ports import Dice, Is, Ledger, Moment, Shelf
from app.settings import ME, PLACE, PRACTICE, VILLAGE
from ui.consultation.entry_draft import Draft
from ui.rehearsal_script import ActionPart, Evening, RevisitPart, Said, Scenario, Settled, Side, TopicPart

RECORDER = "示例干部"
TOWNSHIP, HOME_VILLAGE = "532627208", "532627208201"
PLAYED = "home/played"
METHODS = {word: method for method, word in METHOD_WORDS.items()}
RESULTS = {word: result for result, word in RESULT_WORDS.items()}
KINDS = {word: kind for kind, word in STATEMENT_KIND_WORDS.items()}
Play = Callable[[Desk], object]


@dataclass(slots=True)
class Stage:
    """The clock of the rehearsal; it is set before each act."""

    moment: datetime

    def now(self) -> datetime:
        """Return the moment it is set to."""
        return self.moment


@dataclass(frozen=True, slots=True)
class Step:
    """One act and when it is played."""

    at: datetime
    play: Play


@dataclass(slots=True)
class Cast:
    """Who and what of one scenario has an id by now, by the name the script calls it."""

    people: dict[str, str] = field(default_factory=dict)
    households: dict[str, str] = field(default_factory=dict)
    topic: str | None = None
    sitting: str = ""
    consultation: str = ""
    issues: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AllAtOnce:
    """Several commands that do not look at one another, as one act."""

    title: str
    commands: tuple[Command, ...]

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the changes of all of them."""
        parts: tuple[Change, ...] = ()
        for command in self.commands:
            parts += command.changes(shelf, moment).changes
        return ChangeSet(self.title, parts)


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What was played: how many acts, and for each scenario its code and consultation."""

    acts: int
    consultations: tuple[tuple[str, str], ...]
    evening: str


def rehearse(shelf: Shelf, ledger: Ledger, dice: Dice, now: datetime) -> Rehearsed:
    """Fill a home with the practice data as of `now` and leave it in the middle of the practice evening."""
    stage = Stage(now)
    desk = Desk(shelf, ledger, stage, dice, RECORDER)
    desk.jot({PRACTICE.name: "1", ME.name: RECORDER, PLACE.name: TOWNSHIP, VILLAGE.name: HOME_VILLAGE})
    scenes = [Scene(scenario, Cast(), now) for scenario in scenarios()]
    steps = sorted((step for scene in scenes for step in scene.steps()), key=lambda step: step.at)
    for step in steps:
        stage.moment = min(step.at, now)
        step.play(desk)
    held = tuple((scene.scenario.code, scene.cast.consultation) for scene in scenes if scene.cast.consultation)
    evening = next((scene.cast.sitting for scene in scenes if scene.is_under_way()), "")
    desk.jot({PLAYED: now.isoformat(), "desk/at": f"{evening}|speak"})
    return Rehearsed(len(steps), held, evening)


def scenarios() -> list[Scenario]:
    """Return the practice scenarios in the order of their files."""
    files = sorted(resources.path("sample").glob("*.toml"))
    return [msgspec.convert(tomllib.loads(file.read_text("utf-8")), Scenario) for file in files]


def _made(changes: ChangeSet, kind: str) -> list[str]:
    """Return the ids of the records of a kind that an act created, in their order."""
    return [change.record_id for change in changes.changes if change.kind == kind and change.field == "standing"]


@dataclass(frozen=True, slots=True)
class Scene:
    """One scenario being played."""

    scenario: Scenario
    cast: Cast
    now: datetime

    def is_under_way(self) -> bool:
        """Return whether this is the evening that is left in progress."""
        return any(evening.minutes_ago for evening in self.scenario.sittings)

    def steps(self) -> Iterator[Step]:
        """Yield every act of the scenario with its time; what lies ahead of now is left out."""
        for step in self._all_steps():
            if step.at <= self.now:
                yield step

    def _all_steps(self) -> Iterator[Step]:
        first = min((part.raised for part in (self.scenario.topic, *self.scenario.topics) if part), default=0)
        first = min([first, *(evening.day + evening.called for evening in self.scenario.sittings)]) - 1
        yield from self._register(self._on(first, "08:30"))
        for part in self.scenario.topics:
            yield from self._topic(part, Cast())
        if self.scenario.topic:
            yield from self._topic(self.scenario.topic, self.cast)
        for no, evening in enumerate(self.scenario.sittings):
            yield from SceneOfEvening(self, evening, no).steps()

    def _on(self, day: int, clock_time: str) -> datetime:
        return datetime.combine(self.now.date() + timedelta(days=day), time.fromisoformat(clock_time), self.now.tzinfo)

    def _register(self, at: datetime) -> Iterator[Step]:
        scenario = self.scenario
        tasks = [part for evening in scenario.sittings for part in evening.actions]
        named = [*scenario.units, *(name for part in tasks for name in (part.unit, *part.support))]
        wanted = dict.fromkeys(name for name in [*named, *(side.unit for side in scenario.people)] if name)
        yield Step(at, lambda desk: desk.do(AllAtOnce("登记单位", _new_units(desk, wanted))))
        if scenario.hamlet and len(scenario.places[0:1]) and len(scenario.places[0]) > 6:
            hamlet = NameHamlet(scenario.places[0], scenario.hamlet)
            yield Step(at + timedelta(minutes=1), lambda desk: _knows_hamlet(desk, hamlet) or desk.do(hamlet))
        yield Step(at + timedelta(minutes=2), self._register_households)
        yield Step(at + timedelta(minutes=4), self._register_people)

    def _register_households(self, desk: Desk) -> None:
        heads = [
            (name, side)
            for side in self.scenario.people
            for name, _, kin in _names(side)
            if not kin and Role[side.role] in VILLAGERS
        ]
        villages = [side.village or _village(self.scenario) for _, side in heads]
        commands = tuple(
            RegisterHousehold(village, side.group, name) for (name, side), village in zip(heads, villages, strict=True)
        )
        made = _made(desk.do(AllAtOnce(f"登记 {len(heads)} 户", commands)), Household.KIND)
        self.cast.households |= dict(zip([name for name, _ in heads], made, strict=True))

    def _register_people(self, desk: Desk) -> None:
        units = _units(desk)
        names: list[str] = []
        commands: list[Command] = []
        for side in self.scenario.people:
            village = "" if side.unit else side.village or _village(self.scenario)
            for name, post, kin in _names(side):
                household = self.cast.households.get(kin or name)
                names.append(name)
                commands.append(
                    RegisterPerson(name, village, side.group, Role[side.role], post, units.get(side.unit), household)
                )
        made = _made(desk.do(AllAtOnce(f"导入名册 {len(names)} 人", tuple(commands))), Person.KIND)
        self.cast.people |= dict(zip(names, made, strict=True))

    def _topic(self, part: TopicPart, cast: Cast) -> Iterator[Step]:
        yield Step(self._on(part.raised, "09:10"), lambda desk: _raise(desk, part, cast))
        if part.merged:
            yield Step(self._on(part.raised + 1, "09:30"), lambda desk: _merge(desk, part, cast))
        days = [(part.screened, TopicStage.SCREENED.value), (part.approved, TopicStage.APPROVED.value), *part.then]
        for day, stage in days:
            if day is not None:
                yield Step(self._on(day, "16:40"), _advances(cast, TopicStage[stage]))
        if part.exit:
            day, stage, reason = part.exit
            yield Step(self._on(day, "16:45"), _turns_away(cast, TopicStage[stage], reason))


def _village(scenario: Scenario) -> str:
    return scenario.places[0] if scenario.places else ""


def _names(side: Side) -> Iterator[tuple[str, str, str]]:
    """Yield name, post and whose household for each word of a side."""
    for word in side.names.split():
        name_and_post, _, kin = word.partition("=")
        name, _, post = name_and_post.partition("/")
        yield name, post, kin


def _new_units(desk: Desk, wanted: dict[str, None]) -> tuple[Command, ...]:
    known = _units(desk)
    return tuple(RegisterUnit(name) for name in wanted if name not in known)


def _units(desk: Desk) -> dict[str, str]:
    return {unit.name: unit.id for unit in desk.ask(lambda shelf: shelf.all(Unit))}


def _knows_hamlet(desk: Desk, hamlet: NameHamlet) -> bool:
    known = desk.ask(lambda shelf: shelf.all(Hamlet, Is("village_code", hamlet.village_code)))
    return any(one.name == hamlet.name for one in known)


def _raise(desk: Desk, part: TopicPart, cast: Cast) -> None:
    topic = RaiseTopic(part.title, part.village, part.raised_by, part.source, part.category, part.summary)
    cast.topic = _made(desk.do(topic), Topic.KIND)[0]


def _merge(desk: Desk, part: TopicPart, cast: Cast) -> None:
    others = [desk.do(RaiseTopic(title, part.village, category=part.category)) for title in part.merged]
    desk.do(MergeTopics(cast.topic or "", tuple(_made(other, Topic.KIND)[0] for other in others)))


def _advances(cast: Cast, stage: TopicStage) -> Play:
    return lambda desk: desk.do(AdvanceTopic(cast.topic or "", stage))


def _turns_away(cast: Cast, stage: TopicStage, reason: str) -> Play:
    return lambda desk: desk.do(TurnTopicAway(cast.topic or "", stage, reason))


@dataclass(frozen=True, slots=True)
class SceneOfEvening:
    """One sitting of a scene being played."""

    scene: Scene
    evening: Evening
    no: int

    @property
    def opening(self) -> datetime:
        """Return when the meeting is opened."""
        if self.evening.minutes_ago:
            return self.scene.now - timedelta(minutes=self.evening.minutes_ago)
        return self.scene._on(self.evening.day, self.evening.time)

    def steps(self) -> Iterator[Step]:
        """Yield the calling, the evening itself, and what came of its tasks."""
        evening, opening = self.evening, self.opening
        yield Step(min(self.scene._on(evening.day + evening.called, "10:00"), opening - timedelta(hours=1)), self._call)
        if not evening.held:
            return
        for minute, play in self._timeline():
            yield Step(opening + timedelta(minutes=minute), play)
        for part in evening.actions:
            yield from self._follow_up(part)
        for revisit in evening.revisits:
            yield Step(self._afternoon(revisit.day), self._revisits(revisit))

    def _timeline(self) -> list[tuple[float, Play]]:
        evening = self.evening
        told: list[tuple[float, Play]] = [(0, lambda desk: desk.do(OpenSitting(self.cast.sitting)))]
        told += [(-20 - no, self._excuses(*excuse)) for no, excuse in enumerate(evening.excused)]
        told += self._arrivals()
        told += [(minute, self._walks_in(name, group, role)) for minute, name, group, role in evening.walk_ins]
        told += [(minute, self._leaves(name)) for minute, name in evening.leaves]
        told += [(said.minute, self._says(said)) for said in evening.said]
        told += [(minute, self._drafts(issue, text)) for minute, issue, text in evening.drafts]
        told += [(part.minute, self._settles(part)) for part in evening.settled]
        told += [(part.minute, self._assigns(part)) for part in evening.actions]
        if evening.discussing is not None:
            told.append((evening.discussing, lambda desk: desk.do(MoveStage(self.cast.sitting, SittingStage.DISCUSS))))
        if evening.half_typed is not None:
            told.append((evening.minutes_ago, self._half_types))
        if evening.postponed:
            minute, reason = evening.postponed
            told.append((minute, lambda desk: desk.do(PostponeSitting(self.cast.sitting, reason))))
        if evening.ends is not None:
            told.append((evening.ends, lambda desk: desk.do(CloseSitting(self.cast.sitting))))
        return sorted(told, key=lambda pair: pair[0])

    @property
    def cast(self) -> Cast:
        """Return who and what has an id by now."""
        return self.scene.cast

    def _call(self, desk: Desk) -> None:
        evening, scenario, cast = self.evening, self.scene.scenario, self.cast
        starts = self.opening.replace(second=0, microsecond=0)
        if self.no:
            made = desk.do(CallNextSitting(cast.sitting, starts))
        else:
            made = desk.do(
                CallSitting(
                    scenario.title,
                    tuple(scenario.places),
                    cast.topic,
                    scenario.hamlet,
                    evening.venue,
                    starts,
                    evening.host,
                    cast.people.get(evening.host),
                    evening.recorder,
                    scenario.practice,
                    scenario.form,
                    scenario.category,
                    QuorumRule(scenario.quorum_rule),
                    QuorumBase(scenario.quorum_base),
                    evening.expected,
                    evening.expected_households,
                    scenario.closed,
                    tuple(evening.issues),
                    tuple(cast.people[name] for name in self._guests()),
                )
            )
            cast.consultation = _made(made, Consultation.KIND)[0]
        cast.sitting = _made(made, Sitting.KIND)[0]
        cast.issues[:] = _made(made, Issue.KIND)
        desk.do(AmendSitting(cast.sitting, spoken_language=evening.language, note=evening.note))

    def _guests(self) -> list[str]:
        sides = (side for side in self.scene.scenario.people if side.guests)
        return [name for side in sides for name, _, _ in _names(side)]

    def _arrivals(self) -> list[tuple[float, Play]]:
        """Return a check-in for everybody who came, spread over the time of arriving, the host's list last."""
        evening = self.evening
        absent = {*evening.away.split(), *(name for name, _ in evening.excused)}
        last = evening.last.split()
        came = [name for name in self._guests() if name not in absent and name not in last] + last
        first, until = evening.arrive
        pace = (until - first) / max(1, len(came))
        signed = {name: (proxy, relation) for name, proxy, relation in evening.proxies}
        return [(first + pace * no, self._arrives(name, *signed.get(name, ("", "")))) for no, name in enumerate(came)]

    def _arrives(self, name: str, proxy: str, relation: str) -> Play:
        return lambda desk: desk.do(CheckIn(self.cast.sitting, self.cast.people[name], proxy, relation))

    def _excuses(self, name: str, reason: str) -> Play:
        return lambda desk: desk.do(Excuse(self._attendance(desk, name), reason))

    def _leaves(self, name: str) -> Play:
        return lambda desk: desk.do(Leave(self._attendance(desk, name)))

    def _attendance(self, desk: Desk, name: str) -> str:
        where = (Is("sitting_id", self.cast.sitting), Is("person_id", self.cast.people[name]))
        return desk.ask(lambda shelf: shelf.all(Attendance, *where))[0].id

    def _walks_in(self, name: str, group: str, role: str) -> Play:
        def play(desk: Desk) -> None:
            made = desk.do(WalkIn(self.cast.sitting, name, group, Role[role], _village(self.scene.scenario)))
            self.cast.people[name] = _made(made, Person.KIND)[0]

        return play

    def _issue(self, number: int) -> str:
        return self.cast.issues[number - 1]

    def _says(self, said: Said) -> Play:
        def play(desk: Desk) -> None:
            speaker = self.cast.people[said.who] if said.who else None
            issue = self._issue(said.issue) if said.issue else None
            desk.do(RecordStatement(self.cast.sitting, said.text, speaker, KINDS[said.kind], issue))

        return play

    def _drafts(self, issue: int, text: str) -> Play:
        return lambda desk: desk.do(DraftConsensus(self._issue(issue), text))

    def _settles(self, part: Settled) -> Play:
        def play(desk: Desk) -> None:
            method, issue = METHODS[part.method], self._issue(part.issue)
            tally = self._tally(desk, part, method)
            voices = tuple(Objection(self.cast.people.get(name), text) for name, text, _ in part.objections)
            result, ratio = RESULTS[part.result], Ratio(part.ratio)
            made = desk.do(SettleConsensus(issue, part.text, method, tally, result, ratio, part.route, voices))
            kept = _made(made, Reservation.KIND)
            for reservation, (_, _, answer) in zip(kept, part.objections, strict=True):
                if answer:
                    desk.do(AnswerReservation(reservation, answer))
            if part.second:
                desk.do(TranslateConsensus(_made(made, Consensus.KIND)[0], part.second))

        return play

    def _tally(self, desk: Desk, part: Settled, method: Method) -> Tally:
        here = Is("sitting_id", self.cast.sitting)
        votes = desk.ask(lambda shelf: votes_in_yard(shelf.all(Attendance, here), method, shelf))
        rest = part.against + part.abstain + part.silent
        return Tally(votes - rest, part.against, part.abstain, part.silent)

    def _assigns(self, part: ActionPart) -> Play:
        def play(desk: Desk) -> None:
            desk.do(
                AssignAction(
                    self.cast.sitting,
                    part.text,
                    self._consensus(desk, part.issue),
                    unit_name=part.unit,
                    person_id=self.cast.people[part.person] if part.person else None,
                    due_on=None if part.due is None else (self.opening + timedelta(days=part.due)).date(),
                    due_words=part.due_words,
                    supervisor=part.supervisor,
                    fund=part.fund,
                    support_units=tuple(_units(desk)[name] for name in part.support),
                    offers=tuple(self._offer(party, words) for party, words in part.offers),
                )
            )

        return play

    def _consensus(self, desk: Desk, number: int) -> str | None:
        if not number:
            return None
        return desk.ask(lambda shelf: shelf.all(Consensus, Is("issue_id", self._issue(number))))[0].id

    def _offer(self, party: str, words: str) -> Offer:
        amount = read_amount(words)
        if not isinstance(amount, Amount):
            raise ValueError(amount.sentence)
        return Offer(party, amount.kind, amount.amount, amount.measure, self.cast.people.get(party))

    def _follow_up(self, part: ActionPart) -> Iterator[Step]:
        morning = self.opening.replace(hour=10, minute=20)
        if part.extended:
            day, due, reason = part.extended
            until = (self.opening + timedelta(days=due)).date()
            extends = self._on_task(part, lambda action: ExtendAction(action, until, reason))
            yield Step(morning + timedelta(days=day), extends)
        for day, stage, text in part.progress:
            yield Step(morning + timedelta(days=day), self._on_task(part, _told(stage, text)))
        for revisit in part.revisits:
            yield Step(self._afternoon(revisit.day), self._on_task(part, partial(_round, revisit)))

    def _afternoon(self, day: int) -> datetime:
        """Return when somebody is back from the households, so many days after the sitting."""
        return self.opening.replace(hour=16, minute=20) + timedelta(days=day)

    def _revisits(self, part: RevisitPart) -> Play:
        return lambda desk: desk.do(_round(part, None, self.cast.consultation))

    def _on_task(self, part: ActionPart, command: Callable[[str], Command]) -> Play:
        def play(desk: Desk) -> None:
            ours = (Is("consultation_id", self.cast.consultation), Is("text", part.text))
            desk.do(command(desk.ask(lambda shelf: shelf.all(Action, *ours))[0].id))

        return play

    def _half_types(self, desk: Desk) -> None:
        half = self.evening.half_typed
        if half is None:
            return
        speaker, issue = self.cast.people[half.who], self._issue(half.issue)
        draft = Draft(speaker, KINDS[half.kind], issue, half.text)
        desk.jot({f"desk/{self.cast.sitting}/speak": draft.note()})


def _round(part: RevisitPart, action: str | None, consultation: str = "") -> Command:
    return RecordRevisit(consultation, action, None, *part.counts, part.text, part.by)


def _told(stage: str, text: str) -> Callable[[str], Command]:
    if stage == ActionStage.DONE:
        return lambda action: FinishAction(action, text)
    return lambda action: NoteProgress(action, text, ActionStage[stage])
