"""人民调解文书: the agreement tells who, what and by when; one copy for each party and one for the committee."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.commands.attendance import CheckIn
from app.commands.consensus import SettleConsensus
from app.commands.people import RegisterPerson
from app.commands.sitting import CallSitting, CloseSitting, SignConsultation
from app.domain.action import Action, Contribution, ContributionKind
from app.domain.attendance import Attendance, Mode, Presence
from app.domain.consensus import Consensus, Method, Result
from app.domain.consultation import Consultation, ConsultationStage
from app.domain.errors import Incomplete
from app.domain.issue import Issue
from app.domain.paper_mediation import AgreementSigned
from app.domain.people import Person, Role
from app.domain.sitting import Sitting
from app.domain.unit import Unit
from app.queries.paper_law import law, route_line
from app.queries.paper_mediation import (
    confirmation_request,
    has_agreement,
    mediation_agreement,
    oral_agreement,
    rights_notice,
)
from app.queries.papers import MAKERS, Matter, made
from tests.app.test_paper_content import PLACES, SETTLED, VILLAGE, YUANBA, at, meeting

DISPUTE = Consultation("k", "石墙村挡墙协商", place_codes=(VILLAGE,), category="DISPUTE", summary="修建 15 米挡墙")


def side(number, name, **more):
    return Person(f"p{number}", name, VILLAGE, "二组", Role.PARTY, **more)


def came(number, role=Role.PARTY, **more):
    return Attendance(f"a{number}", "s", f"p{number}", role, Presence.PRESENT, arrived_at=at(10, number), **more)


ISSUE = Issue("i1", "s", 1, "挡墙谁出资")
AGREED = Consensus("c1", "s", "i1", "两户各担一半工钱", Method.PARTY_SIGNATURE, settled_at=SETTLED)
MEDIATOR = Person("p9", "沈某癸", VILLAGE, unit_id="u9", role=Role.MEDIATOR)
WALL = (
    DISPUTE,
    side(1, "赵某甲"),
    side(2, "钱某乙"),
    MEDIATOR,
    came(1),
    came(2, mode=Mode.PROXY, proxy_name="钱某丑", proxy_relation="女儿"),
    came(9, Role.MEDIATOR),
    ISSUE,
    AGREED,
    Unit("u1", "村委会"),
    Unit("u9", "青石彝族乡人民调解委员会"),
    Action("t1", "s", "k", 1, "修 15 米挡墙", "c1", "u1", due_on=date(2026, 4, 30)),
    Action("t2", "s", "k", 2, "别的事", None, "u1"),
    Contribution("b1", "t1", "赵某甲", ContributionKind.SHARE, "50", "%"),
    Contribution("b2", "t1", "钱某乙", ContributionKind.SHARE, "50", "%"),
)


def matter(*records):
    return Matter(meeting(*records), PLACES, YUANBA)


@pytest.fixture
def agreement():
    return mediation_agreement(matter(*WALL))


def test_the_agreement_names_both_sides_and_leaves_room_for_what_is_not_kept(agreement):
    told = agreement.settlement

    assert [(party.name, party.home, party.proxy) for party in told.parties] == [
        ("赵某甲", "青石彝族乡石墙村二组", ""),
        ("钱某乙", "青石彝族乡石墙村二组", "女儿钱某丑代"),
    ]
    assert told.number == "（2026）　　　人调字第　　　号"
    assert agreement.responsibility == ""


def test_the_agreement_tells_the_dispute_the_terms_and_how_they_are_carried_out(agreement):
    told = agreement.settlement

    assert told.facts == (
        "赵某甲与钱某乙之间因修建15米挡墙一事发生纠纷。2026年3月30日，沈某癸在青石彝族乡石墙村李某丁家院坝主持调解。",
        "争议事项：挡墙谁出资。",
    )
    assert told.terms == ("两户各担一半工钱。",)
    assert told.performance == ("修15米挡墙，由村委会负责，2026年4月30日前完成；分担：赵某甲、钱某乙各50%。",)


def test_the_law_is_quoted_with_its_source(agreement):
    assert [line[-25:] for line in agreement.law_lines] == [
        line[-25:]
        for line in (
            "之日起生效（《中华人民共和国人民调解法》第二十九条）。",
            "当事人应当按照约定履行（《中华人民共和国人民调解法》第三十一条）。",
            "共同向人民法院申请司法确认（《中华人民共和国人民调解法》第三十三条）。",
        )
    ]
    assert "具有法律约束力" in agreement.law_lines[1]
    assert "三十日内共同" in agreement.law_lines[2]


def test_parties_mediator_and_recorder_sign_and_the_mediators_committee_seals(agreement):
    assert [(signer.label, signer.name) for signer in agreement.signers] == [
        ("当事人", "赵某甲"),
        ("当事人（女儿钱某丑代）", "钱某乙"),
        ("人民调解员", "沈某癸"),
        ("记录人", "示例干部"),
    ]
    assert agreement.seals == ("青石彝族乡人民调解委员会盖章处",)


@given(st.integers(1, 9))
def test_every_party_has_a_copy_and_the_committee_one(sides):
    people = [side(number, f"赵某{number}") for number in range(1, sides + 1)]
    guests = [came(number) for number in range(1, sides + 1)]

    agreement = mediation_agreement(matter(DISPUTE, *people, *guests, ISSUE, AGREED))

    assert agreement.copies == sides + 1
    assert f"一式{sides + 1}份" in agreement.copies_line
    assert agreement.copies_line.endswith("人民调解委员会留存一份。")


def test_a_household_is_one_side_though_all_of_it_sign():
    cousins = (side(1, "赵某甲", household_id="h1"), side(2, "赵某乙", household_id="h1"), side(3, "钱某乙"))

    agreement = mediation_agreement(matter(DISPUTE, *cousins, came(1), came(2), came(3), ISSUE, AGREED))

    assert agreement.copies == 3
    assert agreement.settlement.parties[0].household == ("赵某乙",)
    assert [signer.name for signer in agreement.signers if signer.label == "当事人"] == ["赵某甲", "赵某乙", "钱某乙"]


def test_somebody_from_nowhere_known_has_room_for_a_home():
    stranger = replace(side(1, "赵某甲"), village_code="000000000000", group="二组")
    nowhere = replace(side(2, "钱某乙"), village_code="", group="")

    agreement = mediation_agreement(matter(DISPUTE, stranger, nowhere, came(1), came(2), ISSUE, AGREED))

    assert [party.home for party in agreement.settlement.parties] == ["二组", ""]


def test_where_only_one_side_is_known_there_is_room_for_the_other():
    agreement = mediation_agreement(matter(DISPUTE, side(1, "赵某甲"), came(1), ISSUE, AGREED))

    assert [party.name for party in agreement.settlement.parties] == ["赵某甲", ""]
    assert [signer.name for signer in agreement.signers] == ["赵某甲", "", "", "示例干部"]


@pytest.mark.parametrize(
    ("category", "method", "result", "leaves_one"),
    [
        ("DISPUTE", Method.NO_OBJECTION, Result.REACHED, True),
        ("ROAD_BRIDGE", Method.PARTY_SIGNATURE, Result.REACHED, True),
        ("ROAD_BRIDGE", Method.NO_OBJECTION, Result.REACHED, False),
        ("DISPUTE", Method.PARTY_SIGNATURE, Result.NOT_REACHED, False),
        ("DISPUTE", Method.PARTY_SIGNATURE, Result.CONDITIONAL, True),
    ],
)
def test_only_a_settled_dispute_leaves_an_agreement(category, method, result, leaves_one):
    settled = replace(AGREED, method=method, result=result)
    held = matter(replace(DISPUTE, category=category), side(1, "赵某甲"), came(1), ISSUE, settled)

    assert has_agreement(held.live) is leaves_one
    assert (made("mediation_agreement", held) is not None) is leaves_one
    assert (made("oral_agreement", held) is not None) is leaves_one
    assert (made("confirmation_request", held) is not None) is leaves_one


def test_without_a_party_there_is_no_agreement():
    held = matter(DISPUTE, Person("p1", "赵某甲", VILLAGE), came(1, Role.VILLAGER), ISSUE, AGREED)

    assert mediation_agreement(held) is None
    assert rights_notice(held) is None


def test_the_committees_number_is_printed_and_another_number_is_not_taken_for_it():
    numbered = replace(DISPUTE, case_number="（2026）青人调字第7号")
    other = replace(DISPUTE, case_number="云石协〔2026〕3号")

    assert mediation_agreement(matter(numbered, *WALL[1:])).settlement.number == "（2026）青人调字第7号"
    assert "第　　　号" in mediation_agreement(matter(other, *WALL[1:])).settlement.number


def test_an_oral_agreement_is_told_with_its_law_and_its_mediator():
    sheet = oral_agreement(matter(*WALL))

    assert sheet.mediators == "沈某癸"
    assert sheet.law_line == "口头调解协议自各方当事人达成协议之日起生效（《中华人民共和国人民调解法》第三十条）。"


def test_rights_are_told_to_awaited_parties_before_the_meeting():
    awaited = replace(came(1), presence=Presence.EXPECTED, arrived_at=None)

    notice = rights_notice(matter(DISPUTE, side(1, "赵某甲"), awaited))

    assert [signer.name for signer in notice.signers] == ["赵某甲", ""]
    assert notice.points[1] == (
        "您在调解中的权利",
        (
            "选择或者接受人民调解员；",
            "接受调解、拒绝调解或者要求终止调解；",
            "要求调解公开进行或者不公开进行；",
            "自主表达意愿、自愿达成调解协议。",
        ),
    )
    assert notice.source.startswith("引用法条：《中华人民共和国人民调解法》2010年8月28日文本")


def test_the_court_is_asked_by_both_with_the_known_parts_filled_in():
    request = confirmation_request(matter(*WALL))

    assert [signer.name for signer in request.signers] == ["赵某甲", "钱某乙"]
    assert "于2026年3月30日自愿达成人民调解协议" in request.reasons[0]
    assert "三十日内共同" in request.reasons[1]


def test_no_article_is_quoted_that_was_not_read_in_the_version_in_force():
    assert law("village").cited("village_rule") == "《中华人民共和国村民委员会组织法》"
    assert law("mediation").cited("binding") == "《中华人民共和国人民调解法》第三十一条"


def test_a_route_beyond_the_courtyard_is_said_in_one_line():
    assert route_line("", True) == "此项需提交村民会议讨论决定，并报乡镇备案。"
    assert route_line("REPRESENTATIVES", False).startswith("此项需提交村民代表会议讨论决定")
    assert route_line("COLLECTIVE_ECONOMY", False).startswith("此项需提交农村集体经济组织")
    assert route_line("SELF_EXECUTED", False) == ""


def test_the_agreement_is_among_the_papers_of_the_evening():
    assert MAKERS["mediation_agreement"].due(YUANBA).value == "tonight"


class Dispute:
    """A settled dispute on a real desk."""

    def __init__(self, desk):
        self.desk = desk
        people = [self.first(desk.do(RegisterPerson(name, role=Role.PARTY))) for name in ("赵某甲", "钱某乙")]
        desk.do(CallSitting("挡墙协商", category="DISPUTE", issues=("谁出资",), invited=tuple(people)))
        self.sitting = desk.ask(lambda shelf: shelf.all(Sitting))[0].id
        for person in people:
            desk.do(CheckIn(self.sitting, person))
        issue = desk.ask(lambda shelf: shelf.all(Issue))[0].id
        desk.do(SettleConsensus(issue, "各担一半。", Method.PARTY_SIGNATURE))
        desk.do(CloseSitting(self.sitting))

    def first(self, changes):
        return changes.changes[0].record_id

    def sign(self, **seen):
        self.desk.do(SignConsultation(self.sitting, AgreementSigned(**seen)))
        return self.desk.ask(lambda shelf: shelf.all(Consultation))[0].stage


@pytest.mark.parametrize(
    ("seen", "lacking"),
    [
        ({}, "当事人还没有都签字或按手印，人民调解员还没签字，调委会还没盖章"),
        ({"by_parties": True, "by_mediator": True}, "调委会还没盖章"),
        ({"by_parties": True, "sealed": True}, "人民调解员还没签字"),
        ({"by_mediator": True, "sealed": True}, "当事人还没有都签字或按手印"),
    ],
)
def test_an_agreement_that_is_not_in_force_is_not_called_signed(desk, seen, lacking):
    with pytest.raises(Incomplete) as refused:
        Dispute(desk).sign(**seen)

    assert refused.value.what == f"人民调解协议书还没生效：{lacking}"


def test_an_agreement_in_force_is_signed_and_so_is_a_consensus_without_one(desk):
    dispute = Dispute(desk)

    assert dispute.sign(by_parties=True, by_mediator=True, sealed=True) is ConsultationStage.SIGNED


def test_a_consensus_without_an_agreement_may_be_signed(desk):
    assert Dispute(desk).sign(consensus_only=True) is ConsultationStage.SIGNED
