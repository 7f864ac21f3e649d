"""The nouns of a consultation and their rules. `WORDS` is the list of words: one word per thing on every floor."""

from app.domain.action import Action, Contribution, Progress
from app.domain.attachment import Attachment
from app.domain.attendance import Attendance
from app.domain.consensus import Consensus, Reservation
from app.domain.consultation import Consultation
from app.domain.edition import Correction, Edition
from app.domain.hamlet import Hamlet
from app.domain.issue import Issue
from app.domain.notice import Notice
from app.domain.people import Household, Person
from app.domain.printout import Printout
from app.domain.record import Record
from app.domain.revisit import Revisit
from app.domain.ruling import Ruling
from app.domain.sitting import Sitting
from app.domain.statement import Statement
from app.domain.topic import Topic
from app.domain.unit import Unit

WORDS: dict[str, str] = {
    "topic": "议题",
    "consultation": "协商活动",
    "sitting": "场次",
    "issue": "焦点",
    "statement": "发言",
    "attendance": "签到",
    "consensus": "共识",
    "reservation": "保留意见",
    "action": "任务",
    "contribution": "分担",
    "progress": "进展",
    "revisit": "回访",
    "people": "名册",
    "person": "人",
    "household": "户",
    "member": "委员",
    "unit": "单位",
    "place": "区划",
    "hamlet": "自然村",
    "practice": "协商形式",
    "paper": "文书",
    "edition": "定稿",
    "correction": "更正",
    "printout": "印件",
    "notice": "公示",
    "attachment": "附件",
    "ledger": "台账",
    "return": "报表",
    "erasure": "删去",
    "contest": "分歧",
    "ruling": "定夺",
    "draft": "没写完",
    "account": "账号",
    "audit": "审计",
}

RECORDS: tuple[type[Record], ...] = (
    Hamlet,
    Unit,
    Household,
    Person,
    Topic,
    Consultation,
    Sitting,
    Attendance,
    Issue,
    Statement,
    Consensus,
    Reservation,
    Action,
    Contribution,
    Progress,
    Revisit,
    Edition,
    Correction,
    Printout,
    Notice,
    Attachment,
    Ruling,
)
