"""What stands on the record, the minutes, the notices and the agenda, from a meeting in which everything happens."""

from dataclasses import fields, is_dataclass, replace
from datetime import date

import pytest

from app.domain.attendance import Attendance, Presence
from app.domain.consensus import Consensus, Method, Ratio, Result
from app.domain.issue import Issue
from app.domain.paper import Issuer
from app.domain.people import Role
from app.domain.statement import Statement, StatementKind
from app.domain.unit import Unit
from app.queries import paper_agenda, paper_invitation, paper_minutes, paper_record
from app.queries.papers import MAKERS, Matter, issuer_of
from app.settings import MASTHEAD, ORGAN, START_MM
from tests.app import test_paper_content as scene

SAID = (
    Statement("d1", "s", 1, "先量界线", StatementKind.CLAIM, "p1", "i1", scene.at(10, 5)),
    Statement("d2", "s", 2, "老辈人说“界在水沟边”。", StatementKind.OPINION, "p2", "i1", scene.at(10, 6)),
    Statement("d3", "s", 3, "图带来了。", StatementKind.REPLY, "p6", "i1", scene.at(10, 7)),
    Statement("d4", "s", 4, "我出 12 个工。", StatementKind.PROMISE, "p8", "i2", scene.at(10, 8)),
    Statement("d5", "s", 5, "村集体出砂石，别家也给？", StatementKind.DISSENT, None, "i2", scene.at(10, 9)),
    Statement("d6", "s", 6, "一件一件来", StatementKind.OPINION, "p3", None, scene.at(10, 2)),
    Statement("d7", "s", 7, "我家檐沟堵了", StatementKind.CLAIM, "p1", "i1", scene.at(10, 30)),
)
OFFICE = Issuer("政协示例县委员会办公室", "0876-5550000", "李某某", "政协示例县委员会协商纪要")
WHOLE = (*scene.PEOPLE, *scene.GUESTS, *scene.ISSUES, *scene.AGREED, *scene.TASKS, *SAID)
MINE = ("meeting_record", "minutes", "invitation", "invitation_letter", "invitation_wall", "issue_sheet", "agenda")


def matter(*records, practice="yuanba", today=None, issuer=OFFICE, **sitting):
    live = scene.meeting(*(records or WHOLE), **{"expected": 12, "starts_at": scene.at(19, 30), **sitting})
    return Matter(live, scene.PLACES, scene.PRACTICES[practice], issuer, today)


def closed(*records):
    wall = replace(scene.WALL, closed_session=True)
    return matter(*WHOLE, wall, *records)


def texts(content):
    if isinstance(content, str):
        return [content]
    if isinstance(content, tuple):
        return [text for part in content for text in texts(part)]
    return [t for f in fields(content) for t in texts(getattr(content, f.name))] if is_dataclass(content) else []


@pytest.fixture
def record():
    return paper_record.meeting_record(matter(note="电停过一回", spoken_language="傣语"))


@pytest.fixture
def minutes():
    return paper_minutes.minutes(matter())


def test_the_record_tells_when_where_who_presided_and_how_many_came(record):
    told = dict(cell for row in record.frame for cell in row)

    assert record.title == "石墙村15米挡墙院坝协商会议记录"
    assert told["会议时间"] == "2026年3月30日10时01分至11时00分"
    assert told["会议地点"] == "青石彝族乡石墙村李某丁家院坝"
    assert (told["主持人"], told["记录人"]) == ("王某辛", "示例干部")
    assert (told["应到"], told["实到"]) == ("12人", "8人，占应到的66.7%")


def test_everybody_is_on_the_record_by_bench_with_who_signed_left_and_was_excused(record):
    told = dict(record.guests)

    assert list(told) == ["群众4人：", "干部2人：", "委员1人：", "部门1人：", "请假1人："]
    assert told["群众4人："] == "当事人赵某甲、钱某乙（女儿钱某丑代签）；村民代表周某戊；村民郑某庚（10:40离会）。"
    assert told["干部2人："] == "村支书王某辛；村监委成员吴某己。"
    assert told["部门1人："] == "自然资源所何某子。"
    assert told["请假1人："] == "村民冯某壬（赶街）。"


def test_who_did_not_come_and_did_not_say_is_absent_once_the_meeting_has_ended():
    awaited = Attendance("a9", "s", "p9")

    ended = paper_record.meeting_record(matter(*scene.PEOPLE, *scene.GUESTS[:2], awaited))
    lasting = paper_record.meeting_record(matter(*scene.PEOPLE, *scene.GUESTS[:2], awaited, ended_at=None))

    assert ("缺席1人：", "村民冯某壬。") in ended.guests
    assert ("未到1人：", "村民冯某壬。") in lasting.guests


def test_every_statement_stands_under_its_issue_with_time_speaker_and_kind(record):
    first, second, *_ = record.issues

    assert [(said.lead, said.text) for said in first.statements] == [
        ("10:05\u3000当事人赵某甲（诉求）：", "先量界线。"),
        ("10:06\u3000当事人钱某乙（意见）：", "老辈人说“界在水沟边”。"),
        ("10:07\u3000自然资源所何某子（答复）：", "图带来了。"),
        ("10:30\u3000当事人赵某甲（诉求）：", "我家檐沟堵了。"),
    ]
    assert [said.lead for said in second.statements] == ["10:08\u3000村民郑某庚（承诺）：", "10:09\u3000群众（异议）："]
    assert [said.lead for said in record.others] == ["10:02\u3000村支书王某辛（意见）："]


def test_every_vote_is_told_with_its_shares_and_its_result(record):
    first, second, third, fourth = record.issues

    assert first.vote == "议定方式：无异议通过；结果：达成共识。"
    assert (second.lead, second.below_ratio) == ("所议方案（10:50）：", True)
    assert second.vote == (
        "表决方式：举手表决；表决时在场7人，赞成3人，占42.9%，反对3人，占42.9%，弃权1人，占14.3%；"
        "表决结果：未通过，未达过半。"
    )
    assert [kept.speaker for kept in second.reservations] == ["村民代表周某戊"]
    assert third.vote == "结果：未达成一致意见。"
    assert fourth.open_line == "会上没有形成结论。"


@pytest.mark.parametrize(
    ("settled", "end"),
    [
        ({"agree": 8, "present": 8}, "赞成8人，占100%，反对0人，占0%，弃权0人，占0%；表决结果：通过。"),
        (
            {"agree": 6, "silent": 2, "present": 8},
            "赞成6人，占75%，反对0人，占0%，弃权0人，占0%，未表态2人，占25%；表决结果：通过。",
        ),
        ({"method": Method.HOUSEHOLD_VOTE, "agree": 2, "against": 1, "present": 3}, "弃权0户，占0%；表决结果：通过。"),
        ({"agree": 5, "against": 3, "present": 8, "ratio": Ratio.TWO_THIRDS}, "表决结果：未通过，未达三分之二。"),
        ({"agree": 8, "present": 8, "result": Result.PARTIAL}, "表决结果：部分通过。"),
        ({"method": Method.HOST_SUMMARY, "result": Result.CONDITIONAL}, "结果：附条件达成共识。"),
        ({"result": Result.DEFERRED, "route": "等补助标准"}, "结果：择期再议：等补助标准。"),
    ],
)
def test_every_way_of_deciding_has_its_sentence(settled, end):
    assert paper_record.vote_words(Consensus("c", "s", "i", "好", **settled)).endswith(end)


def test_incidents_the_language_and_the_end_are_told(record):
    told = dict(record.incidents)

    assert told["会议开始后到会："].startswith("钱某乙（10:02）、王某辛（10:03）")
    assert told["中途离会："] == "郑某庚（10:40）。"
    assert told["其他情况："] == "电停过一回。"
    assert record.ending == (
        "会议议定任务3项，见《任务分解清单》。",
        "议定内容已用傣语宣读，到会人员听清无异议。",
        "11时00分散会。",
    )


def test_who_counted_and_who_watched_sign_when_votes_were_counted(record):
    plain = paper_record.meeting_record(matter(*scene.PEOPLE, *scene.GUESTS, scene.ISSUES[0], scene.AGREED[0]))

    assert [signer.label for signer in record.signers] == ["主持人", "记录人", "监票人", "计票人"]
    assert [signer.label for signer in plain.signers] == ["主持人", "记录人"]


def test_a_meeting_not_held_has_no_record_and_no_minutes():
    before = matter(opened_at=None, ended_at=None)

    assert paper_record.meeting_record(before) is None
    assert paper_minutes.minutes(before) is None


def test_the_record_of_a_closed_session_says_so_and_nothing_of_it_is_made_for_walls_or_offices():
    told = {kind: MAKERS[kind].make(closed()) for kind in (*MINE, "invitation_poster")}

    assert told["meeting_record"].note == paper_record.NOT_PUBLIC
    assert {kind for kind, content in told.items() if content} == {"meeting_record", "invitation_letter", "agenda"}
    assert "本次会议不公开" in "".join(told["invitation_letter"].paragraphs)


def test_the_minutes_quote_what_was_said_by_bench_and_kind_and_invent_nothing(minutes):
    spoken = next(part for part in minutes.parts if part.heading == "协商情况")

    first, second, others = spoken.points
    assert first.paragraphs == (
        "群众方面：当事人赵某甲提出诉求：“先量界线。”“我家檐沟堵了。”当事人钱某乙表示：“老辈人说‘界在水沟边’。”",
        "部门方面：自然资源所何某子答复：“图带来了。”",
    )
    assert second.paragraphs == ("群众方面：村民郑某庚承诺：“我出12个工。”群众提出异议：“村集体出砂石，别家也给？”",)
    assert (others.heading, others.paragraphs) == ("其他发言", ("干部方面：村支书王某辛表示：“一件一件来。”",))


def test_the_minutes_open_as_an_office_writes(minutes):
    assert minutes.mark == "政协示例县委员会协商纪要"
    assert minutes.number_line == "（待编号）"
    assert minutes.opening == (
        "2026年3月30日，青石彝族乡石墙村在李某丁家院坝召开院坝协商会，就赵某甲、钱某乙两户修建15米挡墙一事进行协商。"
        "王某辛主持会议，应到12人，实到8人，其中群众4人、干部2人、政协委员1人、部门1人，1人中途离会。"
        "现将会议情况纪要如下："
    )
    assert minutes.parts[0].points[0].paragraphs == (
        "本次协商的议题是“石墙村15米挡墙”，重点协商四个问题：地界怎么认；挡墙谁出资；墙后的水往哪排；以后谁管。",
    )


def test_the_minutes_tell_what_was_agreed_what_was_not_and_who_does_what(minutes):
    parts = {part.heading: part.points for part in minutes.parts}

    assert [point.paragraphs[0] for point in parts["协商共识"]] == [
        "以2021年确权图为准。无异议通过。",
        "所议方案：两户各担一半工钱。同意3人，反对3人，弃权1人（表决时在场7人），未达过半。",
        "未达成一致意见。",
        "尚未形成结论。",
    ]
    assert parts["协商共识"][1].paragraphs[1] == "保留意见（村民代表周某戊）：应先定全村标准。答复：另行讨论。"
    assert parts["任务分工"][0].paragraphs == (
        "1.修15米挡墙。由村委会（王某辛）负责，4月30日前完成；"
        "分担：赵某甲、钱某乙各50%，村集体18方，二组12个工，村集体2000元。",
        "2.界桩坐标报乡备案。由自然资源所（何某子）负责，村委会、乡政府配合，2027年1月15日前完成；资金：县级资金。",
        "3.清淤。",
    )


def test_those_present_and_excused_are_listed_offices_first_and_it_goes_to_all_who_have_a_task(minutes):
    assert minutes.lists[0] == (
        "出席：",
        "政协委员孙某丙；自然资源所何某子；村支书王某辛；村监委成员吴某己；当事人赵某甲、钱某乙；"
        "村民代表周某戊；村民郑某庚。",
    )
    assert minutes.lists[1] == ("请假：", "村民冯某壬。")
    assert minutes.sent_to == "分送：青石彝族乡人民政府，石墙村村民委员会，自然资源所，乡政府。"


def test_who_only_listened_is_listed_apart():
    expert = replace(scene.came("p8", Role.EXPERT), counts=False)

    made = paper_minutes.minutes(matter(*scene.PEOPLE, *scene.GUESTS[:2], expert))

    assert made.lists[-1] == ("列席：", "专家郑某庚。")


@pytest.mark.parametrize(
    ("practice", "mark"), [("yuanba", "院坝协商纪要"), ("shenliaohui", "深聊会议纪要"), ("yixian", "一线协商纪要")]
)
def test_without_an_office_the_head_is_the_practice(practice, mark):
    assert paper_minutes.mark_words(matter(practice=practice, issuer=Issuer())) == mark


def test_paper_with_a_printed_head_begins_where_the_office_has_set_it():
    told = {ORGAN.name: "示例办公室", MASTHEAD.name: "示例纪要", START_MM.name: "118.5"}

    issuer = issuer_of(lambda one: told.get(one.name, one.default))

    assert (issuer.organ, issuer.masthead, issuer.start_mm) == ("示例办公室", "示例纪要", 118.5)
    assert paper_minutes.minutes(matter(issuer=issuer)).imprint.start_mm == 118.5
    assert issuer_of(lambda one: "没量" if one is START_MM else "").start_mm == 0


def test_a_notice_tells_whom_when_where_about_what_and_whom_to_ask():
    made = paper_invitation.invitation(matter(today=date(2026, 3, 27)))
    told = dict(made.points)

    assert made.title == "关于召开石墙村15米挡墙院坝协商会的通知"
    assert made.to_whom == "各位村民，村组干部，各位委员，自然资源所："
    assert told["时间"] == ("2026年3月30日（星期一）19时30分。",)
    assert told["地点"] == ("青石彝族乡石墙村李某丁家院坝。",)
    assert told["协商问题"] == ("1.地界怎么认；", "2.挡墙谁出资；", "3.墙后的水往哪排；", "4.以后谁管。")
    assert told["参会人员"] == ("村民1人、当事人2人、村民代表1人、村干部1人、村监委1人、政协委员1人；自然资源所1人。",)
    assert told["有关事项"][1] == "联系人：李某某，联系电话：0876-5550000。"
    assert (made.organ, made.day) == ("政协示例县委员会办公室", "2026年3月27日")


def test_what_hangs_on_a_wall_names_no_villager_and_no_phone_of_theirs():
    issues = [Issue("i9", "s", 9, "水往哪排")]
    wall = replace(scene.WALL, summary="修建15米挡墙")
    asked = matter(*scene.PEOPLE, *scene.GUESTS, *issues, wall, venue="村委会院坝")

    told = [MAKERS[kind].make(asked) for kind in ("invitation", "invitation_wall", "invitation_poster", "issue_sheet")]

    names = {one.name for one in scene.PEOPLE}
    assert [text for content in told for text in texts(content) if any(name in text for name in names)] == []
    assert [text for content in told for text in texts(content) if scene.PHONE in text] == []


def test_what_nobody_knows_yet_is_room_to_write():
    bare = matter(scene.ISSUES[0], issuer=Issuer(), venue="", today=date(2026, 4, 9))

    made = paper_invitation.invitation(bare)

    assert made.organ == "石墙村村民委员会"
    assert made.day.split() == ["年", "月", "日"]
    assert made.to_whom.strip() == "："
    assert dict(made.points)["有关事项"][1].replace("\u3000", "") == "联系人：，联系电话：。"


def test_a_meeting_that_began_on_the_spot_needs_no_notice():
    assert paper_invitation.invitation(matter(starts_at=None)) is None
    assert paper_invitation.invitation_wall(matter(starts_at=None)) is None


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [
        (19, 30, "晚上7点半"),
        (9, 0, "上午9点"),
        (12, 0, "中午12点"),
        (14, 5, "下午2点05分"),
        (7, 45, "早上7点45分"),
        (0, 0, "凌晨0点"),
    ],
)
def test_times_are_said_as_in_a_village(hour, minute, said):
    assert paper_invitation.plain_time(scene.at(hour, minute)) == f"3月30日（星期一）{said}"


def test_the_red_paper_has_the_issues_as_they_are_and_room_for_a_second_language():
    made = paper_invitation.issue_sheet(matter(spoken_language="傣语"))

    assert made.issues == ("地界怎么认", "挡墙谁出资", "墙后的水往哪排", "以后谁管")
    assert (made.when, made.language) == ("3月30日（星期一）晚上7点半", "傣语")


def test_the_agenda_gives_every_issue_its_time_and_adds_up():
    made = paper_agenda.agenda(matter())

    assert [step.name for step in made.steps][:3] == ["开场", "通报会前走访情况", "议第一个问题：地界怎么认"]
    assert [step.clock for step in made.steps][:3] == ["19:30—19:35", "19:35—19:45", "19:45—20:00"]
    assert made.total == f"合计约{sum(step.minutes for step in made.steps)}分钟，预计21时00分散会。"
    assert made.warning == ""


def test_an_evening_that_does_not_hold_it_all_is_told():
    many = [Issue(f"i{at}", "s", at, f"第{at}件") for at in range(1, 14)]

    assert "超过2小时" in paper_agenda.agenda(matter(*scene.PEOPLE, *scene.GUESTS, *many)).warning


@pytest.mark.parametrize("code", scene.PRACTICES)
def test_the_host_asks_as_the_practice_decides(code):
    made = paper_agenda.agenda(matter(practice=code))
    lines = "".join(line for step in made.steps for line in step.lines)

    practice = scene.PRACTICES[code]
    assert ("大家看这样行不行" in lines) == practice.needs_consensus
    assert ("请举手" in lines) == (
        practice.needs_consensus and practice.method in (Method.SHOW_OF_HANDS, Method.HOUSEHOLD_VOTE)
    )


def test_every_maker_copes_with_an_empty_meeting():
    for kind in (*MINE, "invitation_poster"):
        content = MAKERS[kind].make(matter(Unit("u1", "村委会"), expected=0, starts_at=None, opened_at=None))
        assert content is None or content.title


def test_who_is_excused_is_not_asked():
    excused = Attendance("a9", "s", "p9", presence=Presence.EXCUSED)

    made = paper_invitation.invitation(matter(*scene.PEOPLE, excused, *scene.ISSUES))

    assert "参会人员" not in dict(made.points)
