"""议题: what somebody wants settled, from the day it is heard to the day it is done.

Seven steps of life as people see them (征集 研判 立题 协商 办理 回访 办结); side exits need a reason.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from app.domain.errors import Incomplete, StageForbids


class TopicStage(StrEnum):
    """Where a topic stands. Source: domain.md 1.5."""

    RAISED = "RAISED"
    SCREENED = "SCREENED"
    APPROVED = "APPROVED"
    IN_CONSULTATION = "IN_CONSULTATION"
    IN_HAND = "IN_HAND"
    REVISITED = "REVISITED"
    SETTLED = "SETTLED"
    RETURNED = "RETURNED"
    MERGED = "MERGED"
    REFERRED = "REFERRED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"
    DEFERRED = "DEFERRED"


LIFE = (
    TopicStage.RAISED,
    TopicStage.SCREENED,
    TopicStage.APPROVED,
    TopicStage.IN_CONSULTATION,
    TopicStage.IN_HAND,
    TopicStage.REVISITED,
    TopicStage.SETTLED,
)

TOPIC_STAGE_WORDS: dict[TopicStage, str] = {
    TopicStage.RAISED: "征集",
    TopicStage.SCREENED: "研判",
    TopicStage.APPROVED: "立题",
    TopicStage.IN_CONSULTATION: "协商",
    TopicStage.IN_HAND: "办理",
    TopicStage.REVISITED: "回访",
    TopicStage.SETTLED: "办结",
    TopicStage.RETURNED: "退回补充",
    TopicStage.MERGED: "并案",
    TopicStage.REFERRED: "转办",
    TopicStage.DECLINED: "不予列题",
    TopicStage.WITHDRAWN: "撤回",
    TopicStage.DEFERRED: "暂缓",
}

CATEGORIES: dict[str, str] = {
    "GOVERNANCE": "基层治理",
    "DISPUTE": "矛盾纠纷",
    "CUSTOMS": "移风易俗",
    "VILLAGE_RULE": "村规民约",
    "ENVIRONMENT": "人居环境",
    "WATER": "水利灌溉",
    "ROAD_BRIDGE": "道路桥梁",
    "DRAINAGE": "排水管网",
    "TRAFFIC": "交通安全",
    "INDUSTRY": "产业发展",
    "ECOMMERCE": "电商",
    "LAND": "土地山林",
    "HOUSING": "住房",
    "CARE": "一老一小",
    "OTHER": "其他",
}

SOURCES: dict[str, str] = {
    "VILLAGER": "群众反映",
    "VISIT": "走访",
    "MEMBER": "委员提出",
    "PROPOSAL": "提案",
    "OPINION_BRIEF": "社情民意",
    "HOTLINE_12345": "12345 热线",
    "VILLAGE_CADRE": "村两委提交",
    "TOWNSHIP": "乡镇提出",
    "PARTY_COMMITTEE": "党委点题",
    "DEPARTMENT": "部门提请",
    "STATION": "委员工作站",
    "MEDIATION": "调委会转",
    "SURVEY": "调研发现",
}


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic. Three fields are enough to note it: what, which village, who raised it."""

    KIND: ClassVar[str] = "topic"
    id: str
    title: str
    village_code: str = ""
    raised_by: str = ""
    raised_on: date | None = None
    source: str = "VILLAGER"
    category: str = "OTHER"
    summary: str = ""
    stage: TopicStage = TopicStage.RAISED
    reason: str = ""
    screened_on: date | None = None
    approved_on: date | None = None
    merged_into: str | None = None
    standing: int = 1

    def check(self) -> None:
        """Refuse a topic nobody could recognise.

        Raises:
            Incomplete: It has no title.
        """
        if not self.title.strip():
            raise Incomplete("什么事还没写")

    def step(self) -> int | None:
        """Return which of the seven steps it is at, from 0; None when it left by a side exit."""
        return LIFE.index(self.stage) if self.stage in LIFE else None

    def may_leave(self, reason: str) -> None:
        """Refuse to turn a topic away without telling why, or once it is settled.

        Raises:
            Incomplete: No reason is given.
            StageForbids: It is settled already.
        """
        if not reason.strip():
            raise Incomplete("要写一句理由，好给提的人回话")
        if self.stage == TopicStage.SETTLED:
            raise StageForbids(f"“{self.title}”已经办结")
