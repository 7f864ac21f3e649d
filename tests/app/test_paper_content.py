"""What stands on tonight's papers, from a meeting in which everything happens that can happen."""

from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, timedelta, timezone

import pytest

import resources
from app.domain.action import Action, Contribution, ContributionKind
from app.domain.attendance import Attendance, Mode, Presence
from app.domain.consensus import Consensus, Method, Ratio, Reservation, Result
from app.domain.consultation import Consultation
from app.domain.issue import Issue
from app.domain.paper import READ_OUT
from app.domain.people import Person, Role
from app.domain.place import Places
from app.domain.practice import read_practices
from app.domain.sitting import QuorumBase, QuorumRule, Sitting
from app.domain.unit import Unit
from app.queries import paper, paper_words
from app.queries.people import Register
from app.queries.sitting import LiveSitting

CHINA = timezone(timedelta(hours=8))
PHONE = "13800138000"
VILLAGE = "999902005205"
PLACES = Places(
    "99\t示例省\n9999\t示例州\n999902\t示例县\n999902005\t青石彝族乡\n999902005205\t石墙村村民委员会\n"
    "999902005206\t桃源社区居民委员会\n999902006\t平坝镇\n999902006201\t平坝村民委员会\n"
    "999902007\t金沙街道办事处\n999902007001\t河口社区居委会"
)
PRACTICES = read_practices(resources.practices())
YUANBA = PRACTICES["yuanba"]


def at(hour, minute=0):
    return datetime(2026, 3, 30, hour, minute, tzinfo=CHINA)


def person(key, name, role=Role.VILLAGER, **more):
    return Person(key, name, VILLAGE, "二组", role, phone=PHONE, **more)


def came(key, role, presence=Presence.PRESENT, **more):
    return Attendance(f"a{key}", "s", key, role, presence, arrived_at=at(10, int(key[1:])), **more)


def meeting(*records, **sitting):
    """Return a meeting made of these records."""
    people = [record for record in records if isinstance(record, Person)]
    units = [record for record in records if isinstance(record, Unit)]
    live = LiveSitting("s", Register(people, [], units))
    frame = {
        "venue": "李某丁家院坝",
        "host": "王某辛",
        "recorder": "示例干部",
        "opened_at": at(10, 1),
        "ended_at": at(11),
    }
    theirs = [record for record in records if not isinstance(record, Person | Unit)]
    consultation = [r for r in theirs if isinstance(r, Consultation)] or [WALL]
    for record in (*theirs, *consultation, Sitting("s", "k", **{**frame, **sitting})):
        live.records[record.KIND][record.id] = record
    return live


WALL = Consultation("k", "石墙村 15 米挡墙", place_codes=(VILLAGE,), summary="赵某甲、钱某乙两户修建 15 米挡墙")
PEOPLE = (
    person("p1", "赵某甲", Role.PARTY, household_id="h1"),
    person("p2", "钱某乙", Role.PARTY, household_id="h2"),
    person("p3", "王某辛", Role.VILLAGE_CADRE, post="村支书"),
    person("p4", "孙某丙", Role.CPPCC_MEMBER),
    person("p5", "周某戊", Role.VILLAGE_REP),
    person("p6", "何某子", Role.LINE_DEPT, unit_id="u2"),
    person("p7", "吴某己", Role.VILLAGE_SUPERVISION),
    person("p8", "郑某庚"),
    person("p9", "冯某壬"),
)
GUESTS = (
    came("p1", Role.PARTY),
    came("p2", Role.PARTY, mode=Mode.PROXY, proxy_name="钱某丑", proxy_relation="女儿"),
    came("p3", Role.VILLAGE_CADRE),
    came("p4", Role.CPPCC_MEMBER),
    came("p5", Role.VILLAGE_REP),
    came("p6", Role.LINE_DEPT),
    came("p7", Role.VILLAGE_SUPERVISION),
    came("p8", Role.VILLAGER, Presence.LEFT, left_at=at(10, 40)),
    Attendance("a9", "s", "p9", Role.VILLAGER, Presence.EXCUSED, reason="赶街"),
)
SETTLED = at(10, 50)
ISSUES = (
    Issue("i1", "s", 1, "地界怎么认"),
    Issue("i2", "s", 2, "挡墙谁出资"),
    Issue("i3", "s", 3, "墙后的水往哪排"),
    Issue("i4", "s", 4, "以后谁管"),
)
AGREED = (
    Consensus("c1", "s", "i1", "以 2021 年确权图为准", Method.NO_OBJECTION, settled_at=SETTLED, present=7),
    Consensus("c2", "s", "i2", "两户各担一半工钱。", agree=3, against=3, abstain=1, present=7, settled_at=SETTLED),
    Consensus("c3", "s", "i3", "", result=Result.NOT_REACHED, present=7, settled_at=SETTLED),
    Reservation("r1", "c2", "应先定全村标准", "p5", "另行讨论"),
)
TASKS = (
    Unit("u1", "村委会"),
    Unit("u2", "自然资源所"),
    Action("t1", "s", "k", 1, "修 15 米挡墙", "c2", "u1", "p3", due_on=date(2026, 4, 30), due_words="430"),
    Action(
        "t2", "s", "k", 2, "界桩坐标报乡备案", "c1", "u2", "p6", ("u1", "乡政府"), date(2027, 1, 15), fund="县级资金"
    ),
    Action("t3", "s", "k", 3, "清淤", "c2"),
    Contribution("b1", "t1", "赵某甲", ContributionKind.SHARE, "50", "%"),
    Contribution("b2", "t1", "钱某乙", ContributionKind.SHARE, "50", "%"),
    Contribution("b3", "t1", "村集体", ContributionKind.MATERIAL, "18", "方"),
    Contribution("b4", "t1", "二组", ContributionKind.LABOUR, "12", "工"),
    Contribution("b5", "t1", "村集体", ContributionKind.MONEY, "2000.00", "元"),
)


@pytest.fixture
def wall():
    return meeting(*PEOPLE, *GUESTS, *ISSUES, *AGREED, *TASKS, spoken_language="傣语", expected=12)


@pytest.fixture
def consensus(wall):
    return paper.consensus_paper(wall, PLACES, YUANBA)


def texts(content):
    """Return every text of a paper."""
    if isinstance(content, str):
        return [content]
    if isinstance(content, tuple):
        return [text for part in content for text in texts(part)]
    return [t for f in fields(content) for t in texts(getattr(content, f.name))] if is_dataclass(content) else []


def test_the_opening_tells_when_where_about_what_how_many_and_who_presided(consensus):
    assert consensus.title == "石墙村15米挡墙院坝协商共识"
    assert consensus.date_line == "（2026年3月30日）"
    assert consensus.opening == (
        "2026年3月30日，青石彝族乡石墙村在李某丁家院坝召开院坝协商会，就赵某甲、钱某乙两户修建15米挡墙一事进行协商。"
        "应到12人，实到8人，其中群众4人、干部2人、政协委员1人、部门1人，1人中途离会，王某辛主持。"
        "经充分协商，形成以下共识："
    )


def test_each_issue_says_how_it_was_settled_and_nothing_is_left_out(consensus):
    assert [(s.heading, s.text, s.tally, s.below_ratio) for s in consensus.sections] == [
        ("地界怎么认", "以2021年确权图为准。", "无异议通过。", False),
        ("挡墙谁出资", "两户各担一半工钱。", "同意3人，反对3人，弃权1人（表决时在场7人），未达过半。", True),
        ("墙后的水往哪排", "", "未达成一致意见。", False),
        ("以后谁管", f"（{paper_words.BLANK * 8}）", paper_words.OPEN_TALLY, False),
    ]


def test_a_reservation_stands_with_its_voice_its_words_and_its_answer(consensus):
    (kept,) = consensus.sections[1].reservations

    assert (kept.speaker, kept.text, kept.answer) == ("村民代表周某戊", "应先定全村标准。", "另行讨论。")


def test_a_reservation_of_somebody_unnamed_stands_without_a_name():
    live = meeting(*PEOPLE, *GUESTS, *ISSUES, *AGREED, Reservation("r2", "c1", "再等等"))

    section = paper.consensus_paper(live, PLACES, YUANBA).sections[0]

    assert [(kept.speaker, kept.text) for kept in section.reservations] == [("", "再等等。")]


@pytest.mark.parametrize(
    ("settled", "said"),
    [
        ({"agree": 8, "present": 8}, "同意8人，反对0人，弃权0人。"),
        ({"agree": 6, "silent": 2, "present": 8}, "同意6人，反对0人，弃权0人，未表态2人。"),
        (
            {"method": Method.HOUSEHOLD_VOTE, "agree": 15, "against": 2, "present": 17},
            "一户一票：同意15户，反对2户，弃权0户。",
        ),
        ({"method": Method.NAMED_VOTE, "agree": 8, "present": 8}, "记名表决：同意8人，反对0人，弃权0人。"),
        ({"method": Method.SECRET_BALLOT, "agree": 8, "present": 8}, "无记名投票：同意8人，反对0人，弃权0人。"),
        ({"method": Method.HOST_SUMMARY}, "主持人归纳后确认。"),
        ({"method": Method.PARTY_SIGNATURE}, "当事人签字。"),
        ({"method": Method.CIRCULATION}, "入户签认。"),
        ({"method": Method.NO_OBJECTION, "result": Result.PARTIAL}, "部分达成：无异议通过。"),
        ({"method": Method.NO_OBJECTION, "result": Result.CONDITIONAL}, "附条件达成：无异议通过。"),
        ({"result": Result.NOT_REACHED, "route": "交乡人民调解委员会调解"}, "未达成一致意见，交乡人民调解委员会调解。"),
        ({"result": Result.NOT_REACHED}, "未达成一致意见。"),
        ({"result": Result.NOT_REACHED, "route": "COUNTY_DEPT"}, "未达成一致意见。"),
        ({"result": Result.DEFERRED}, "择期再议。"),
        (
            {"agree": 5, "against": 3, "present": 8, "ratio": Ratio.TWO_THIRDS},
            "同意5人，反对3人，弃权0人，未达三分之二。",
        ),
        ({"agree": 7, "against": 1, "present": 8, "ratio": Ratio.ALL}, "同意7人，反对1人，弃权0人，未达全体同意。"),
    ],
)
def test_every_way_of_settling_has_its_sentence(settled, said):
    assert paper_words.settled_words(Consensus("c", "s", "i", "好", **settled), 8) == said


def test_the_table_tells_who_does_what_by_when_and_who_brings_what(consensus):
    wall, report, open_task = consensus.actions

    assert (wall.task, wall.who, wall.due) == ("修15米挡墙", "村委会\n王某辛", "4月30日")
    assert wall.share == "赵某甲、钱某乙各50%\n村集体18方\n二组12个工\n村集体2000元"
    assert (report.who, report.due, report.share) == ("自然资源所\n何某子", "2027年1月15日", "县级资金")
    assert (open_task.who, open_task.due, open_task.share) == ("", "", "—")


def test_parties_host_member_dissenter_recorder_and_supervision_sign(consensus):
    assert [(signer.label, signer.name) for signer in consensus.signers] == [
        ("当事人", "赵某甲"),
        ("当事人（女儿钱某丑代）", "钱某乙"),
        ("主持", "王某辛"),
        ("委员", "孙某丙"),
        ("保留意见", "周某戊"),
        ("记录", "示例干部"),
        ("村监委", "吴某己"),
    ]
    assert consensus.seals == ("村委会盖章处",)


def test_without_parties_a_delegate_of_the_people_signs():
    live = meeting(*PEOPLE, *GUESTS[2:])

    assert paper.signers(live)[0].label == "群众代表"


def test_every_party_keeps_a_copy_and_so_do_village_and_township(wall, consensus):
    assert paper.copies(wall, YUANBA) == {"consensus_paper": 4, "sign_in_sheet": 1, "action_list": 2}
    assert consensus.copies_line == "本共识一式4份，赵某甲、钱某乙各一份，村存一份，乡镇存一份。"


def test_two_of_one_household_are_one_party(wall):
    cousin = person("p8", "郑某庚", household_id="h1")
    live = meeting(cousin, *PEOPLE[:7], *GUESTS[:7], came("p8", Role.PARTY))

    assert paper.parties(live) == ("赵某甲", "钱某乙")


def test_a_practice_without_a_consensus_paper_wants_no_copy(wall):
    assert paper.copies(wall, PRACTICES["gongzuozhan"])["consensus_paper"] == 0


def test_what_was_read_aloud_in_another_language_is_said(consensus):
    assert consensus.language_line == "已用傣语宣读，到会人员听清无异议。"


def test_every_name_is_known_so_that_none_is_torn(consensus):
    assert {"赵某甲", "钱某丑", "王某辛", "示例干部", "村集体", "周某戊"} <= set(consensus.names)


def test_the_sheet_lists_arrivals_in_order_with_who_signed_left_and_was_excused(wall):
    sheet = paper.sign_in_sheet(wall, PLACES, YUANBA)

    assert (sheet.title, sheet.time) == ("石墙村15米挡墙院坝协商签到表", "2026年3月30日10时01分")
    assert sheet.place == "青石彝族乡石墙村李某丁家院坝"
    assert (sheet.expected, sheet.arrived, sheet.blank_rows) == (12, 8, 5)
    assert [row.name for row in sheet.rows] == [one.name for one in PEOPLE]
    assert [row.note for row in sheet.rows] == ["", "女儿钱某丑代签", *[""] * 5, "10:40离会", "请假：赶街"]
    assert (sheet.rows[2].unit, sheet.rows[2].role) == ("石墙村二组", "村支书")
    assert (sheet.rows[5].unit, sheet.rows[5].role) == ("自然资源所", "部门")


def test_before_the_end_the_sheet_awaits_those_who_have_not_come_and_leaves_fifteen_rows():
    awaited = Attendance("a9", "s", "p9")
    live = meeting(*PEOPLE, *GUESTS[:2], awaited, ended_at=None)

    sheet = paper.sign_in_sheet(live, PLACES, YUANBA)

    assert [row.name for row in sheet.rows] == ["赵某甲", "钱某乙", "冯某壬"]
    assert sheet.blank_rows == 15


def test_the_task_list_names_the_consensus_and_the_units_for_each(wall):
    tasks = paper.action_list(wall, PLACES, YUANBA)

    assert tasks.title == "石墙村15米挡墙院坝协商任务分解清单"
    assert tasks.subtitle == "2026年3月30日协商活动形成共识1项，分解任务3项"
    assert tasks.rows[0].consensus == "二、挡墙谁出资"
    assert (tasks.rows[1].lead_unit, tasks.rows[1].support_units) == ("自然资源所", "村委会\n乡政府")
    assert tasks.rows[1].due == "2027年1月15日"


def test_nobodys_phone_stands_on_any_paper(wall):
    told = [text for one in paper.paper_set(wall, PLACES, YUANBA).values() for text in texts(one)]

    assert len(told) > 100
    assert not any(PHONE in text or PHONE[-4:] in text for text in told)


def test_a_meeting_that_missed_its_quorum_says_so():
    live = meeting(*PEOPLE, *GUESTS[:3], expected=9)

    assert paper_words.heads_words(live) == "应到9人，实到3人，其中群众2人、干部1人，到会未达过半"


def test_where_households_are_counted_households_are_told():
    live = meeting(*PEOPLE, *GUESTS[:3], expected_households=2, quorum_base=QuorumBase.HOUSEHOLDS)

    assert paper_words.heads_words(live).startswith("应到2户，实到2户，实到3人")


def test_experts_and_observers_are_counted_apart_from_the_departments():
    live = meeting(*PEOPLE, came("p6", Role.LINE_DEPT), came("p8", Role.EXPERT), quorum_rule=QuorumRule.NONE)

    assert paper_words.heads_words(live) == "应到2人，实到2人，其中部门1人、其他1人"


def test_a_meeting_of_which_nothing_is_known_yet_leaves_room_to_write():
    live = meeting(Consultation("k", "停电"), venue="", host="", recorder="", opened_at=None)

    opening = paper.consensus_paper(live, PLACES, YUANBA).opening

    assert opening.startswith("　　　年　　　月　　　日，在")
    assert "就停电一事进行协商" in opening
    assert "　　　主持" in opening


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        ("石墙村 15 米挡墙院坝协商会", "石墙村15米挡墙院坝协商共识"),
        ("重选红白理事会", "重选红白理事会院坝协商共识"),
        ("PVC 管 3 根", "PVC管3根院坝协商共识"),
    ],
)
def test_a_title_says_nothing_twice_and_keeps_its_words(title, printed):
    live = meeting(replace(WALL, title=title))

    assert paper.consensus_paper(live, PLACES, YUANBA).title == printed


def test_in_a_community_the_residents_committee_seals():
    live = meeting(replace(WALL, place_codes=("999902005206",)))

    assert paper.consensus_paper(live, PLACES, YUANBA).seals == ("社区居委会盖章处",)


def test_words_nobody_agreed_on_are_called_a_proposal():
    refused = Consensus("c1", "s", "i1", "两户平分", result=Result.NOT_REACHED, settled_at=SETTLED)

    section = paper.consensus_paper(meeting(*ISSUES[:1], refused), PLACES, YUANBA).sections[0]

    assert (section.text, section.tally) == ("所议方案：两户平分。", "未达成一致意见。")


def named(title, practice="yuanba", **more):
    """Return the consensus paper of a meeting with this title, held as a practice has it."""
    live = meeting(*PEOPLE, *GUESTS, replace(WALL, title=title, summary="", practice=practice, **more))
    return paper.consensus_paper(live, PLACES, PRACTICES[practice])


@pytest.mark.parametrize(
    ("title", "practice", "printed", "told"),
    [
        ("整治“不良酒风”协商在基层", "lincang", "整治“不良酒风”协商共识", "召开协商会，就整治“不良酒风”一事"),
        ("婴幼儿照护服务深聊会", "shenliaohui", "婴幼儿照护服务深聊会共识", "召开深聊会，就婴幼儿照护服务一事"),
        ("滨水岸线改造事前协商", "gongzuozhan", "滨水岸线改造事前协商共识", "就滨水岸线改造一事"),
        ("关于修路的院坝协商会议", "yuanba", "关于修路的院坝协商共识", "就修路一事"),
        ("清淤管护协商", "yuanba", "清淤管护协商共识", "就清淤管护一事"),
        ("院坝协商", "yuanba", "院坝协商共识", "就院坝协商一事"),
    ],
)
def test_the_name_of_the_practice_is_said_once(title, practice, printed, told):
    made = named(title, practice)

    assert made.title == printed
    assert told in made.opening


def test_of_a_meeting_not_yet_held_nothing_is_claimed():
    live = meeting(*PEOPLE, expected=12, opened_at=None, ended_at=None, spoken_language="傣语")

    made = paper.consensus_paper(live, PLACES, YUANBA)

    assert "应到12人，实到　　　人，王某辛主持。协商情况如下：" in made.opening
    assert "充分协商" not in made.opening
    assert (made.closing, made.language_line) == ("", "")


def test_that_it_was_read_out_is_said_once_the_meeting_has_ended(wall):
    still = meeting(*PEOPLE, *GUESTS, ended_at=None)

    assert paper.consensus_paper(still, PLACES, YUANBA).closing == ""
    assert paper.consensus_paper(wall, PLACES, YUANBA).closing == READ_OUT


CITY = ("999902007001",)
CANAL = (VILLAGE, "999902006201")


@pytest.mark.parametrize(
    ("codes", "hamlet", "practice", "seals", "copies"),
    [
        (CITY, "", "yuanba", ("社区居委会盖章处",), "社区存一份，街道存一份。"),
        (("999902005",), "大寨", "yuanba", ("青石彝族乡人民政府盖章处",), "村存一份，乡镇存一份。"),
        (("999902007",), "", "yuanba", ("金沙街道办事处盖章处",), "主办单位存一份，街道存一份。"),
        ((), "示例省示例市", "yuanba", ("主办单位盖章处",), "主办单位存一份，乡镇存一份。"),
        (CITY, "", "sanming", ("主办单位盖章处",), "工作站存一份，热线中心一份。"),
        (
            CANAL,
            "",
            "yuanba",
            ("石墙村委会盖章处", "平坝村委会盖章处"),
            "石墙村、平坝村各存一份，青石彝族乡、平坝镇各存一份。",
        ),
    ],
)
def test_seals_and_copies_follow_the_place_and_the_practice(codes, hamlet, practice, seals, copies):
    made = named("修路协商", practice, place_codes=codes, hamlet=hamlet)

    assert made.seals == seals
    assert made.copies_line.endswith(copies)


def test_every_village_and_township_of_a_canal_has_a_copy():
    live = meeting(replace(WALL, place_codes=CANAL))

    assert paper.copies(live, YUANBA)["consensus_paper"] == 4
    assert "一式4份" in paper.consensus_paper(live, PLACES, YUANBA).copies_line


@pytest.mark.parametrize(
    ("hamlet", "venue", "codes", "told", "address"),
    [
        ("大寨", "大寨文化广场", (VILLAGE,), "青石彝族乡石墙村大寨在文化广场召开", "青石彝族乡石墙村大寨文化广场"),
        ("", "石墙村火塘边", (VILLAGE,), "青石彝族乡石墙村在火塘边召开", "青石彝族乡石墙村火塘边"),
        ("水源地", "石墙村晒坝", (VILLAGE,), "石墙村水源地在石墙村晒坝召开", "青石彝族乡石墙村晒坝"),
        ("大寨", "大寨", (VILLAGE,), "石墙村大寨在大寨召开", "青石彝族乡石墙村大寨"),
        ("大寨", "大寨沟边", CANAL, "石墙村大寨、平坝镇平坝村在大寨沟边召开", "青石彝族乡石墙村大寨沟边"),
    ],
)
def test_no_place_is_told_twice(hamlet, venue, codes, told, address):
    live = meeting(replace(WALL, place_codes=codes, hamlet=hamlet), venue=venue)

    assert told in paper.consensus_paper(live, PLACES, YUANBA).opening
    assert paper.sign_in_sheet(live, PLACES, YUANBA).place == address


def test_a_group_that_names_its_village_does_not_double_it():
    elder = replace(PEOPLE[7], group="石墙村二组")

    (row,) = paper.sign_in_sheet(meeting(elder, GUESTS[7]), PLACES, YUANBA).rows

    assert row.unit == "石墙村二组"


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("960000", "96万元"),
        ("48000.00", "4.8万元"),
        ("10000", "1万元"),
        ("8000", "8000元"),
        ("12500", "12500元"),
        ("20000.50", "20000.50元"),
    ],
)
def test_round_sums_are_told_in_wan(amount, said):
    assert paper_words.money_words(amount) == said


def test_no_comma_stands_inside_a_figure():
    assert paper_words.printed("投工 4,000 个，1,234,567 元，1,2 组") == "投工4000个，1234567元，1,2组"
