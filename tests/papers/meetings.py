"""A meeting with everything on its record, minutes and invitations: papers to measure and to read."""

from app.domain.paper import Imprint, ReservationLine, Signer
from app.domain.paper_agenda import Agenda, AgendaStep
from app.domain.paper_invitation import (
    Invitation,
    InvitationLetter,
    InvitationPoster,
    InvitationWall,
    IssueSheet,
    Poster,
)
from app.domain.paper_minutes import Minutes, MinutesPart, MinutesPoint
from app.domain.paper_record import MeetingRecord, RecordedIssue, RecordedStatement

IMPRINT = Imprint(number="石墙〔2026〕3号")
SAID = "墙就沿量出来的线砌，15米，两家各出一半工钱；砂石村里砂场有，村集体可以出。"


def record(statements: int = 3) -> MeetingRecord:
    """A record with so many statements."""
    said = tuple(
        RecordedStatement(f"10:{number % 60:02}　当事人赵某甲（诉求）：", SAID) for number in range(statements)
    )
    return MeetingRecord(
        title="石墙村15米挡墙院坝协商会议记录",
        note="（不公开）",
        frame=(
            (("会议时间", "2026年3月30日10时00分至11时06分"),),
            (("主持人", "村支书王某辛"), ("记录人", "示例干部")),
            (("应到", "32人"), ("实到", "27人，占应到的84.4%")),
        ),
        guests=(
            ("群众18人：", "当事人赵某甲、钱某乙（女儿钱某丑代签）；二组组长李某丁。"),
            ("请假1人：", "许某戌（赶街）。"),
        ),
        issues=(
            RecordedIssue(
                "挡墙谁出资",
                said,
                "议定（10:50）：",
                "两户各担一半工钱。",
                "表决方式：举手表决；表决时在场7人，赞成3人，占42.9%，反对4人，占57.1%，弃权0人，占0%；表决结果：未通过。",
                True,
                (ReservationLine("村民代表周某戊", "应先定全村标准。", "另行讨论。"),),
            ),
            RecordedIssue("以后谁管", open_line="会上没有形成结论。"),
        ),
        others=(RecordedStatement("10:06　村支书王某辛（意见）：", "一件一件来。"),),
        incidents=(("中途离会：", "郑某庚（10:40）。"),),
        ending=("会议议定任务3项，见《任务分解清单》。", "11时06分散会。"),
        signers=(Signer("主持人", "王某辛"), Signer("记录人", "示例干部"), Signer("监票人"), Signer("计票人")),
        names=("赵某甲", "钱某乙", "王某辛"),
        imprint=IMPRINT,
    )


def minutes(points: int = 2, start_mm: float = 0.0) -> Minutes:
    """Minutes with so many points of what was said."""
    return Minutes(
        title="石墙村15米挡墙院坝协商纪要",
        mark="政协示例县委员会协商纪要",
        number_line="石墙〔2026〕3号",
        organ="政协示例县委员会办公室",
        day="2026年4月2日",
        opening="2026年3月30日，青石乡石墙村在李某丁家院坝召开院坝协商会，就修建15米挡墙一事进行协商。",
        parts=(
            MinutesPart("协商议题", (MinutesPoint("", ("本次协商的议题是“15米挡墙”。",)),)),
            MinutesPart("协商情况", tuple(MinutesPoint(f"关于第{at}件事", (SAID * 3,)) for at in range(1, points + 1))),
        ),
        lists=(
            (
                "出席：",
                "县政协委员孙某丙、魏某辰；" + "村民" + "、".join(f"赵某{sign}" for sign in "甲乙丙丁戊己庚辛") + "。",
            ),
            ("请假：", "许某戌。"),
            ("列席：", "专家张某卯。"),
        ),
        sent_to="分送：青石乡人民政府，石墙村民委员会，自然资源所，乡司法所，乡应急办，县水务局，县林草局。",
        imprint=Imprint(number="石墙〔2026〕3号", start_mm=start_mm),
    )


def invitation() -> Invitation:
    """A notice of a meeting."""
    return Invitation(
        "关于召开石墙村15米挡墙院坝协商会的通知",
        "各位村民，村组干部：",
        "经研究，定于2026年4月2日（星期四）召开院坝协商会。现将有关事项通知如下：",
        (("时间", ("2026年4月2日（星期四）19时30分。",)), ("协商问题", ("1.地界怎么认；", "2.挡墙谁出资。"))),
        "请相互转告，准时参加。",
        "石墙村民委员会",
        "2026年3月30日",
        IMPRINT,
    )


def letter() -> InvitationLetter:
    """A letter of invitation."""
    return InvitationLetter(
        "邀请函", "____________：", ("诚邀您参加。",), "敬请光临。", "石墙村民委员会", "2026年3月30日", IMPRINT
    )


def poster(issues: int = 3) -> Poster:
    """What hangs on the wall."""
    return Poster(
        "石墙村15米挡墙院坝协商会",
        (
            ("议什么", tuple(f"{number}.挡墙谁来出资" for number in range(1, issues + 1))),
            ("什么时候", ("4月2日（星期四）晚上7点半",)),
            ("在哪里", ("青石乡石墙村李某丁家院坝",)),
        ),
        "请相互转告，准时参加",
        "石墙村民委员会",
        "2026年3月30日",
    )


def wall(issues: int = 3) -> InvitationWall:
    """The notice in large letters, A4."""
    return InvitationWall("公告", poster(issues), IMPRINT)


def a3(issues: int = 3) -> InvitationPoster:
    """The notice in large letters, A3."""
    return InvitationPoster("公告", poster(issues), IMPRINT)


def issue_sheet(issues: int = 3, language: str = "傣语") -> IssueSheet:
    """The red paper."""
    return IssueSheet(
        "议题单",
        "请您来议一议",
        "4月2日（星期四）晚上7点半",
        "青石乡石墙村李某丁家院坝",
        tuple(f"墙后的水往哪排第{number}件" for number in range(1, issues + 1)),
        language,
        "联系：王某辛　0876-5550000",
        IMPRINT,
    )


def agenda(issues: int = 3) -> Agenda:
    """An agenda with so many issues."""
    steps = tuple(
        AgendaStep(f"议第{number}个问题", 20, "10:00—10:20", "当事人、群众", (SAID, "_" * 50))
        for number in range(issues)
    )
    return Agenda(
        "石墙村院坝协商会议议程和主持词", ((("时间", "2026年4月2日"),),), steps, "合计约60分钟。", "", (), IMPRINT
    )
