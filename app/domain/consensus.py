"""共识: what was settled about one issue, how, by how many, and who kept a reservation.

No vote is ever forced: most courtyards end with "大家同意不同意? 同意!". Where there is a tally it must
add up to the people who were there; fewer only when somebody says so (有人离席、不表态), more never.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from app.domain.errors import Incomplete, VotesDoNotAddUp, VotesMissing
from app.domain.ids import about


class Method(StrEnum):
    """The eight ways a courtyard settles things. Source: domain.md 1.4."""

    NO_OBJECTION = "NO_OBJECTION"
    HOST_SUMMARY = "HOST_SUMMARY"
    SHOW_OF_HANDS = "SHOW_OF_HANDS"
    NAMED_VOTE = "NAMED_VOTE"
    SECRET_BALLOT = "SECRET_BALLOT"
    HOUSEHOLD_VOTE = "HOUSEHOLD_VOTE"
    PARTY_SIGNATURE = "PARTY_SIGNATURE"
    CIRCULATION = "CIRCULATION"


METHODS = tuple(Method)

METHOD_WORDS: dict[Method, str] = {
    Method.NO_OBJECTION: "无异议通过",
    Method.HOST_SUMMARY: "主持人归纳后确认",
    Method.SHOW_OF_HANDS: "举手表决",
    Method.NAMED_VOTE: "记名表决",
    Method.SECRET_BALLOT: "无记名投票",
    Method.HOUSEHOLD_VOTE: "一户一票",
    Method.PARTY_SIGNATURE: "当事人签字",
    Method.CIRCULATION: "入户签认",
}

COUNTED = frozenset({Method.SHOW_OF_HANDS, Method.NAMED_VOTE, Method.SECRET_BALLOT, Method.HOUSEHOLD_VOTE})


class Result(StrEnum):
    """What came of it."""

    REACHED = "REACHED"
    PARTIAL = "PARTIAL"
    CONDITIONAL = "CONDITIONAL"
    NOT_REACHED = "NOT_REACHED"
    DEFERRED = "DEFERRED"


RESULT_WORDS: dict[Result, str] = {
    Result.REACHED: "达成",
    Result.PARTIAL: "部分达成",
    Result.CONDITIONAL: "附条件",
    Result.NOT_REACHED: "未达成",
    Result.DEFERRED: "择期再议",
}

SETTLING = frozenset({Result.REACHED, Result.PARTIAL, Result.CONDITIONAL})


class Ratio(StrEnum):
    """The share of those present that must agree."""

    NONE = "none"
    HALF = "half"
    TWO_THIRDS = "two_thirds"
    ALL = "all"


ROUTE_WORDS: dict[str, str] = {
    "SELF_EXECUTED": "各方自行履行",
    "VILLAGE_COMMITTEE": "村委会办",
    "VILLAGERS_ASSEMBLY": "提交村民会议",
    "REPRESENTATIVES": "提交村民代表会议",
    "GROUP_MEETING": "村民小组会议",
    "COLLECTIVE_ECONOMY": "集体经济组织成员大会",
    "PEOPLES_MEDIATION": "人民调解",
    "TOWNSHIP": "乡镇办",
    "COUNTY_DEPT": "县级部门办",
    "PROPOSAL": "转提案",
    "OPINION_INFO": "社情民意信息",
    "PARTY_COMMITTEE": "报党委",
    "PUBLICITY": "宣传倡导",
}
"""Where a consensus may go, as a clerk says it. Source: domain.md 1.6."""

RATIO_WORDS: dict[Ratio, str] = {Ratio.NONE: "", Ratio.HALF: "过半", Ratio.TWO_THIRDS: "三分之二", Ratio.ALL: "全体"}


@dataclass(frozen=True, slots=True)
class Tally:
    """Votes as counted: 同意 反对 弃权, and those who were there but took no part (不表态)."""

    agree: int = 0
    against: int = 0
    abstain: int = 0
    silent: int = 0

    def total(self) -> int:
        """Return how many are accounted for."""
        return self.agree + self.against + self.abstain + self.silent

    def check(self, present: int) -> None:
        """Refuse a tally that does not account for everybody present.

        Raises:
            VotesDoNotAddUp: More votes than people.
            VotesMissing: Fewer, and the rest are not put down as silent.
        """
        if self.total() > present:
            raise VotesDoNotAddUp(self.total(), present)
        if self.total() < present:
            raise VotesMissing(self.total(), present)

    def is_unanimous(self) -> bool:
        """Return whether all who were there agreed."""
        return self.agree > 0 and self.total() == self.agree

    def reaches(self, ratio: Ratio) -> bool:
        """Return whether those who agreed are the share of those present that the rule asks for."""
        everybody = self.total()
        return {
            Ratio.NONE: True,
            Ratio.HALF: 2 * self.agree > everybody,
            Ratio.TWO_THIRDS: 3 * self.agree >= 2 * everybody,
            Ratio.ALL: self.agree == everybody,
        }[ratio]


@dataclass(frozen=True, slots=True)
class Consensus:
    """One consensus, or its draft while `settled_at` is None. `present` is who was in the yard when it was settled.

    `second_text` says the same in the second language of the village, to be read out; what is sealed is `text`.
    """

    KIND: ClassVar[str] = "consensus"
    id: str
    sitting_id: str
    issue_id: str
    text: str = ""
    method: Method = Method.SHOW_OF_HANDS
    result: Result = Result.REACHED
    agree: int = 0
    against: int = 0
    abstain: int = 0
    silent: int = 0
    present: int = 0
    expected: int = 0
    ratio: Ratio = Ratio.HALF
    route: str = ""
    settled_at: datetime | None = None
    drafted_at: datetime | None = None
    second_text: str = ""
    standing: int = 1

    @classmethod
    def of(cls, sitting_id: str, issue_id: str) -> "Consensus":
        """Return the consensus on an issue as it begins: there is one, so two laptops that write it write the same."""
        return cls(about(cls.KIND, issue_id), sitting_id, issue_id)

    def tally(self) -> Tally:
        """Return the votes as one thing."""
        return Tally(self.agree, self.against, self.abstain, self.silent)

    def is_settled(self) -> bool:
        """Return whether it has been settled, with or without agreement."""
        return self.settled_at is not None

    def is_below_ratio(self) -> bool:
        """Return whether votes were counted and too few agreed; it prints as 未达比例, never silently."""
        return self.method in COUNTED and self.result in SETTLING and not self.tally().reaches(self.ratio)

    def check(self) -> None:
        """Refuse to settle without words, or with a tally that does not add up.

        Raises:
            Incomplete: The text is empty though something was agreed.
            VotesDoNotAddUp: More votes than people.
            VotesMissing: Fewer, unexplained.
        """
        if self.result in SETTLING and not self.text.strip():
            raise Incomplete("定了什么还没写")
        if self.method in COUNTED and self.result in SETTLING:
            self.tally().check(self.present)


@dataclass(frozen=True, slots=True)
class Reservation:
    """保留意见: a voice that is kept beside the consensus. It can be answered, never removed."""

    KIND: ClassVar[str] = "reservation"
    id: str
    consensus_id: str
    text: str
    person_id: str | None = None
    answer: str = ""
    standing: int = 1
