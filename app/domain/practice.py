"""协商形式: how one place holds its consultations, as data.

院坝协商, 深聊会, 委员工作站 and their sisters differ in words, papers, quorum and deadlines, never in screens or rules.
A practice is one file of `resources/practices/`; a county may bring its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from app.domain.consensus import Method, Ratio
from app.domain.errors import Refused
from app.domain.people import MEMBERS, VILLAGERS, Role
from app.domain.sitting import QuorumBase, QuorumRule, SittingStage
from app.domain.statement import StatementKind
from app.domain.topic import LIFE, TOPIC_STAGE_WORDS, TopicStage

E = TypeVar("E", bound=StrEnum)

STAGE_WORDS: Mapping[SittingStage, str] = MappingProxyType(
    dict(zip(SittingStage, ("签到", "说事", "议事", "定事", "收尾"), strict=True))
)
LIFE_WORDS: Mapping[TopicStage, str] = MappingProxyType({stage: TOPIC_STAGE_WORDS[stage] for stage in LIFE})
QUORUM_WORDS = {QuorumRule.NONE: "", QuorumRule.HALF: "过半", QuorumRule.TWO_THIRDS: "三分之二"}
_REPLYING = frozenset({Role.LINE_DEPT, Role.TOWNSHIP_CADRE, Role.PROPERTY, Role.VILLAGE_CADRE})


class PaperKind(StrEnum):
    """The papers a practice may ask for. Source: domain.md section 2."""

    INVITATION = "INVITATION"
    AGENDA = "AGENDA"
    SIGN_IN = "SIGN_IN"
    RECORD = "RECORD"
    CONSENSUS = "CONSENSUS"
    MEDIATION = "MEDIATION"
    ACTION_LIST = "ACTION_LIST"
    EVALUATION = "EVALUATION"
    PUBLIC_NOTICE = "PUBLIC_NOTICE"
    MINUTES = "MINUTES"
    ADVICE_REPORT = "ADVICE_REPORT"
    DUTY_SHEET = "DUTY_SHEET"


class PaperTime(StrEnum):
    """When a paper is needed."""

    BEFORE = "before"
    TONIGHT = "tonight"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class PaperRule:
    """One paper of a practice: its printed name, when it is needed, and who keeps a copy.

    `copies` are kept whatever happens, `per_party` more go to each party; `keepers` says the same in words.
    """

    kind: PaperKind
    name: str
    when: PaperTime
    copies: int = 1
    per_party: int = 0
    keepers: str = ""

    def copies_for(self, parties: int) -> int:
        """Return how many to print when so many parties sign."""
        return self.copies + self.per_party * max(0, parties)


@dataclass(frozen=True, slots=True)
class Step:
    """A step as the practice itself counts it (溆浦 has seven), and the stage of a topic's life it belongs to."""

    name: str
    life: TopicStage


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long things may take. Source: domain.md section 10; workdays where the name says so, else calendar days."""

    notice_days: int = 3
    papers_days: int = 0
    minutes_workdays: int = 7
    return_workdays: int = 3
    contact_workdays: int = 15
    answer_months: int = 3
    opinion_workdays: int = 15
    display_days: int = 7
    assembly_notice_days: int = 10
    representatives_notice_days: int = 3
    mediation_days: int = 30
    confirmation_days: int = 30
    first_revisit_months: int = 3
    second_revisit_months: int = 12


@dataclass(frozen=True, slots=True)
class Practice:
    """One way of consulting. `code` is what a consultation stores; everything else may change from year to year."""

    code: str
    name: str
    form: str
    order: int
    source: str
    stages: Mapping[SittingStage, str]
    life: Mapping[TopicStage, str]
    steps: tuple[Step, ...]
    quorum_rule: QuorumRule
    quorum_base: QuorumBase
    needs_consensus: bool
    threshold: Ratio
    method: Method
    statement_kinds: Mapping[Role, StatementKind]
    papers: tuple[PaperRule, ...]
    checklist: tuple[str, ...]
    deadlines: Deadlines = field(default_factory=Deadlines)

    def kind_for(self, role: Role) -> StatementKind:
        """Return what somebody of this role usually says: 村民 诉求, 部门 答复, 委员 建议."""
        return self.statement_kinds.get(role) or usual_kind(role)

    def step_of(self, stage: TopicStage) -> str:
        """Return the practice's own step for a stage of a topic's life, or the stage's word when it has none."""
        named = [step.name for step in self.steps if step.life == stage]
        return "、".join(named) or self.life.get(stage, TOPIC_STAGE_WORDS[stage])

    def paper(self, kind: PaperKind) -> PaperRule | None:
        """Return the rule for a paper, or None when this practice does without it."""
        return next((rule for rule in self.papers if rule.kind == kind), None)

    def papers_of(self, when: PaperTime) -> tuple[PaperRule, ...]:
        """Return the papers needed before, on the evening or after, in the order of the file."""
        return tuple(rule for rule in self.papers if rule.when == when)

    @property
    def quorum_word(self) -> str:
        """Return 过半 or 三分之二; empty when nobody is counted."""
        return QUORUM_WORDS[self.quorum_rule]


def usual_kind(role: Role) -> StatementKind:
    """Return what somebody of this role says when the practice does not tell otherwise."""
    if role in _REPLYING:
        return StatementKind.REPLY
    if role in VILLAGERS:
        return StatementKind.CLAIM
    return StatementKind.PROPOSAL if role in MEMBERS | {Role.EXPERT} else StatementKind.OPINION


def read_practices(found: Iterable[Mapping[str, object]]) -> dict[str, Practice]:
    """Return all practices by code, in their order (`resources.practices()` gives what to read).

    Raises:
        Refused: One of them is not as it should be, or two have the same code.
    """
    practices: dict[str, Practice] = {}
    for practice in sorted(map(read_practice, found), key=lambda practice: (practice.order, practice.code)):
        if practice.code in practices:
            raise _refusal(practice.name, f"代码“{practice.code}”和别的形式重了")
        practices[practice.code] = practice
    return practices


def read_practice(found: Mapping[str, object]) -> Practice:
    """Return the practice a file tells of; whatever it leaves out is as in most places.

    Raises:
        Refused: Something is missing, unknown or of the wrong kind; the sentence names it.
    """
    table = _Table(found, str(found.get("name") or found.get("code") or "未命名"))
    quorum, consensus = table.table("quorum"), table.table("consensus")
    practice = Practice(
        code=table.text("code"),
        name=table.text("name"),
        form=table.text("form"),
        order=table.number("order", 99),
        source=table.text("source", ""),
        stages=table.words("stages", STAGE_WORDS, SittingStage),
        life=table.words("life", LIFE_WORDS, TopicStage),
        steps=tuple(_step(part) for part in table.tables("step")),
        quorum_rule=quorum.choice("rule", QuorumRule, QuorumRule.HALF),
        quorum_base=quorum.choice("base", QuorumBase, QuorumBase.PERSONS),
        needs_consensus=consensus.truth("needed", True),
        threshold=consensus.choice("threshold", Ratio, Ratio.HALF),
        method=consensus.choice("method", Method, Method.SHOW_OF_HANDS),
        statement_kinds=_kinds(table.table("statement_kinds")),
        papers=tuple(_paper(part) for part in table.tables("paper")),
        checklist=table.texts("checklist"),
        deadlines=_deadlines(table.table("deadlines")),
    )
    for part in (table, quorum, consensus):
        part.finish()
    return practice


def _step(table: "_Table") -> Step:
    step = Step(table.text("name"), table.choice("life", TopicStage))
    table.finish()
    return step


def _paper(table: "_Table") -> PaperRule:
    rule = PaperRule(
        table.choice("kind", PaperKind),
        table.text("name"),
        table.choice("when", PaperTime),
        table.number("copies", 1),
        table.number("per_party", 0),
        table.text("keepers", ""),
    )
    table.finish()
    return rule


def _kinds(table: "_Table") -> Mapping[Role, StatementKind]:
    kinds = {role: table.choice(role.value, StatementKind) for role in Role if role.value in table.left}
    table.finish()
    return MappingProxyType(kinds)


def _deadlines(table: "_Table") -> Deadlines:
    told = {part.name: table.number(part.name) for part in fields(Deadlines) if part.name in table.left}
    table.finish()
    return Deadlines(**told)


def _refusal(name: str, what: str) -> Refused:
    return Refused(f"协商形式“{name}”：{what}", "原来的形式照旧可用", "改好这一处再装")


class _Table:
    """One table of a practice file, taken apart key by key; what is left at the end was not known."""

    def __init__(self, found: Mapping[str, object], name: str, where: str = "") -> None:
        self.left = dict(found)
        self._name = name
        self._where = where

    def text(self, key: str, default: str | None = None) -> str:
        value = self._take(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self._wrong(key, "要写文字")
        return value

    def number(self, key: str, default: int | None = None) -> int:
        value = self._take(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self._wrong(key, "要写不小于 0 的整数")
        return value

    def truth(self, key: str, default: bool) -> bool:
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise self._wrong(key, "要写 true 或 false")
        return value

    def choice(self, key: str, kind: type[E], default: E | None = None) -> E:
        value = self._take(key, default)
        if not isinstance(value, str) or value not in tuple(kind):
            raise self._wrong(key, f"只能是 {'、'.join(kind)}")
        return kind(value)

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(part, str) and part.strip() for part in value):
            raise self._wrong(key, "要写一列文字")
        return tuple(value)

    def words(self, key: str, usual: Mapping[E, str], kind: type[E]) -> Mapping[E, str]:
        table = self.table(key)
        told = {stage: table.text(stage.value, usual[stage]) for stage in usual}
        table.finish()
        return MappingProxyType({stage: word.strip() or usual[stage] for stage, word in told.items()})

    def table(self, key: str) -> "_Table":
        value = self._take(key, {})
        if not isinstance(value, Mapping):
            raise self._wrong(key, "要写成一节")
        return _Table(value, self._name, f"{self._where}{key}.")

    def tables(self, key: str) -> list["_Table"]:
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(part, Mapping) for part in value):
            raise self._wrong(key, "要写成几节")
        return [_Table(part, self._name, f"{self._where}{key}.") for part in value]

    def finish(self) -> None:
        for key in self.left:
            raise _refusal(self._name, f"不认识“{self._where}{key}”")

    def _take(self, key: str, default: object) -> object:
        if default is None and key not in self.left:
            raise _refusal(self._name, f"缺“{self._where}{key}”")
        return self.left.pop(key, default)

    def _wrong(self, key: str, wanted: str) -> Refused:
        return _refusal(self._name, f"“{self._where}{key}”{wanted}")
