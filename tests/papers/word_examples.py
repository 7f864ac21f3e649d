"""Papers of the meeting to be seen in Word, small: those the program can already print."""

from app.domain.paper import Imprint, ReservationLine, Signer
from app.printing import PAPERS

IMPRINT = Imprint(number="石墙〔2026〕3号", version=2, author="示例县政协")
FRAME = ((("时间", "2026年3月30日19时30分"), ("地点", "李某丁家院坝")), (("主持人", "王某辛"), ("记录人", "何某子")))


def minutes():
    """纪要: red head, 版记 at the foot of its second page."""
    from app.domain.paper_minutes import Minutes, MinutesPart, MinutesPoint

    settled = (
        MinutesPoint("地界怎么认", ("以2021年确权图为准，当场钉桩，两户签字认可。", "同意27人，反对0人，弃权0人。")),
        MinutesPoint("挡墙谁出资", ("两户各担一半工钱，村集体出砂石约18方；今后凡协商确定的公共安全挡墙，照此办理。",)),
    )
    tasks = (MinutesPoint("", ("村委会负责4月30日前修好挡墙。",)),)
    return Minutes(
        "关于石墙村修建15米挡墙的协商纪要",
        "示例县政协协商纪要",
        "〔2026〕3号",
        "政协示例县委员会办公室",
        "2026年3月31日",
        "2026年3月30日，青石乡石墙村在李某丁家院坝召开院坝协商会，王某辛主持。现将议定事项纪要如下。",
        (MinutesPart("议定事项", settled), MinutesPart("任务安排", tasks)),
        (("出席：", "王某辛（乡人民政府）、孙某丙（县政协委员）、赵某甲、钱某乙等27人。"), ("请假：", "周某戊。")),
        "分送：县政协办公室，青石乡人民政府，石墙村民委员会，示例县自然资源和规划局。",
        ("王某辛",),
        IMPRINT,
    )


def meeting_record():
    """会议记录: a form, what was said, who signs."""
    from app.domain.paper_record import MeetingRecord, RecordedIssue, RecordedStatement

    said = (RecordedStatement("赵某甲：", "墙要照图修。"), RecordedStatement("钱某乙：", "同意照图，但老桩要留。"))
    kept = (ReservationLine("村民代表周某戊", "应先定全村标准。", "另行讨论。"),)
    votes = "同意27人，反对0人，弃权0人。"
    return MeetingRecord(
        "石墙村院坝协商会议记录",
        "（当场宣读，核对后签字）",
        FRAME,
        (("群众：", "赵某甲、钱某乙等18人。"),),
        (RecordedIssue("地界怎么认", said, "议定：", "以2021年确权图为准，当场钉桩。", votes, False, kept),),
        ending=("本记录已当场宣读。",),
        signers=(Signer("主持", "王某辛"), Signer("记录", "何某子")),
        imprint=IMPRINT,
    )


def agenda():
    """议程: a table and the host's lines."""
    from app.domain.paper_agenda import Agenda, AgendaStep

    steps = (
        AgendaStep("签到", 15, "19:30—19:45", "记录人", ("各位乡亲，先签个到。",)),
        AgendaStep("说事", 30, "19:45—20:15", "群众", ("请大家一个一个说，每人三分钟。", "说事不说人。")),
    )
    return Agenda("石墙村院坝协商议程", FRAME, steps, "合计45分钟。", imprint=IMPRINT)


def invitation():
    """通知: points, and 落款 with room for a seal."""
    from app.domain.paper_invitation import Invitation

    points = (
        ("时间", ("2026年3月30日（周一）19时30分。",)),
        ("地点", ("青石乡石墙村李某丁家院坝。",)),
        ("商量什么", ("地界怎么认；", "挡墙谁出资。")),
    )
    opening = "为商量修建15米挡墙一事，定于近日召开院坝协商会，现将有关事项通知如下："
    return Invitation(
        "关于召开石墙村院坝协商会的通知",
        "石墙村各户：",
        opening,
        points,
        "请准时到会。",
        "石墙村民委员会",
        "2026年3月27日",
        IMPRINT,
    )


PAPERS_OF_THE_MEETING = {
    make.__name__: make for make in (minutes, meeting_record, agenda, invitation) if make.__name__ in PAPERS
}
