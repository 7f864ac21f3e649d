"""A notice goes on the wall only when it names nobody, and says until when it hangs."""

from dataclasses import replace
from datetime import date

import pytest

import resources
from app.commands.action import AssignAction, NoteProgress, Offer
from app.commands.consensus import Objection, ReopenConsensus, SettleConsensus
from app.commands.edition import SealSitting
from app.commands.notice import PostNotice
from app.commands.people import RegisterPerson
from app.commands.revisit import RecordRevisit
from app.commands.sitting import CallSitting, CloseSitting, ReopenSitting
from app.domain.action import ActionStage, ContributionKind
from app.domain.consensus import Tally
from app.domain.errors import NoticeLeaks
from app.domain.notice_mask import MaskRules
from app.domain.paper import Issuer
from app.domain.people import Role
from app.domain.place import Places
from app.domain.practice import read_practices
from app.printing import draw
from app.printing.fonts import SHIPPED, Fonts
from app.queries.edition import Verdict, alone, content_of, editions_of, verdict
from app.queries.notice import notices_due, notices_of
from app.queries.paper_notice import earlier_promises, look_back, mask_rules, masked_notice, notice_text, promise_cards
from app.queries.papers import Matter, made
from app.queries.people import register
from app.queries.sitting import live_sitting

PLACES = Places(resources.places("53"))
PRACTICE = read_practices(resources.practices())["yuanba"]
TODAY = date(2026, 3, 31)


@pytest.fixture
def matter(yard):
    kept = (Objection(yard.people["周某戊"], "应当先量地。"),)
    yard.desk.do(
        SettleConsensus(yard.issues[0].id, "赵某甲、钱某乙两家各出一半工钱。", tally=Tally(6, 1), objections=kept)
    )
    offers = tuple(Offer(name, ContributionKind.SHARE, "50", "%") for name in ("赵某甲", "钱某乙"))
    text = "赵某甲家门前修十五米挡墙，电话13800138000"
    yard.desk.do(AssignAction(yard.sitting_id, text, unit_name="村委会", due_on=date(2026, 4, 30), offers=offers))
    yard.desk.do(CloseSitting(yard.sitting_id))
    live = yard.desk.ask(alone, yard.sitting_id)
    return Matter(live, PLACES, PRACTICE, Issuer("示例村民委员会", "0876-1234567"), TODAY)


def everything(paper):
    return str(paper)


def test_a_notice_tells_what_was_agreed_and_names_nobody(matter):
    found = masked_notice(matter)

    assert found.findings == ()
    assert found.paper.sections[0].text == "赵某某、钱某某两家各出一半工钱。"
    assert found.paper.sections[0].reserved == "另有保留意见1条，已记录在案。"
    assert found.paper.tasks[0].task == "赵某某家门前修十五米挡墙，电话〔电话略〕"
    assert not any(name in everything(found.paper) for name in ("赵某甲", "钱某乙", "周某戊", "13800138000"))
    assert [shown.where for shown in found.masks] == ["共识一", "共识一", "任务1", "任务1"]


def test_only_what_was_settled_stands_on_a_notice(matter):
    assert len(masked_notice(matter).paper.sections) == 1


def test_the_days_are_counted_from_the_day_after_posting(matter):
    assert masked_notice(matter).paper.period == "公示时间：2026年4月1日至2026年4月7日，共7天。"


def test_a_closed_session_has_no_notice(matter):
    consultation = replace(matter.live.consultation, closed_session=True)
    matter.live.records["consultation"][consultation.id] = consultation

    assert masked_notice(matter) is None


def test_a_notice_says_on_what_ground_it_hangs(matter):
    paper = masked_notice(matter).paper

    assert paper.basis == "公示依据：《中华人民共和国村民委员会组织法》关于村务公开的规定，院坝协商会议定的结果。"
    assert paper.basis in notice_text(paper)


def test_a_neighbour_who_did_not_come_is_hidden_too_and_somebody_unknown_is_left_to_a_look(yard, matter):
    yard.desk.do(RegisterPerson("郑某未", "532627208204", "三组"))
    yard.desk.do(RegisterPerson("何某申", "532627208204", "三组", role=Role.VILLAGE_CADRE))
    live = yard.desk.ask(live_sitting, yard.sitting_id, yard.desk.ask(register))
    first = next(iter(live.records["action"].values()))
    live.records["action"][first.id] = replace(first, text="占郑某未家的地，何某申负责，推选吴国庆为监督员")

    found = masked_notice(replace(matter, live=live))

    assert found.paper.tasks[0].task == "占郑某某家的地，何某申负责，推选吴国庆为监督员"
    assert found.doubts == ("吴国庆",)


def test_what_a_person_has_looked_at_may_stand_unless_it_is_a_name(matter):
    action = next(iter(matter.live.records["action"].values()))
    matter.live.records["action"][action.id] = replace(action, text="二组23号到赵某甲家修沟")

    found = masked_notice(matter, lifted=("23号", "赵某甲"))

    assert found.paper.tasks[0].task == "二组23号到赵某某家修沟"
    assert found.findings == ()


def test_the_code_of_the_seal_tells_no_more_than_the_wall_does(yard, matter):
    text = "赵某甲（电话13800138000）离婚后住二组23号，欧阳某己作证。"
    yard.desk.do(RegisterPerson("欧阳某己", "532627208204", "二组"))
    yard.desk.do(ReopenSitting(yard.sitting_id))
    yard.desk.do(ReopenConsensus(yard.issues[0].id))
    yard.desk.do(SettleConsensus(yard.issues[0].id, text, tally=Tally(7)))
    for issue in yard.issues[1:]:
        yard.desk.do(SettleConsensus(issue.id, "照旧例办。", tally=Tally(7)))
    yard.desk.do(CloseSitting(yard.sitting_id))
    yard.desk.do(SealSitting(yard.sitting_id, content_of(PLACES, PRACTICE, yard.sitting_id)))
    edition = yard.desk.ask(editions_of, yard.sitting_id)[-1]
    live = yard.desk.ask(live_sitting, yard.sitting_id, yard.desk.ask(register))
    sealed = replace(matter, live=live, edition=edition, versions=(edition,))

    for kind in ("public_notice", "public_notice_wall", "public_notice_poster"):
        words = made(kind, sealed).imprint.seal
        assert "赵某某（电话〔电话略〕）〔略〕后住二组〔门牌略〕，欧阳某某作证。" in words
        assert not any(part in words for part in ("13800138000", "离婚", "23号", "赵某甲", "欧阳某己"))
        assert yard.desk.ask(verdict, yard.desk.seal, words).verdict == Verdict.UNCHANGED


def test_a_person_may_hide_more_than_the_rules_do(matter):
    assert "挡墙" not in masked_notice(matter, ("挡墙",)).paper.tasks[0].task


def test_a_notice_that_names_somebody_is_not_posted(yard, matter):
    text = notice_text(masked_notice(matter).paper)
    rules = mask_rules(matter.live)

    with pytest.raises(NoticeLeaks, match="赵某甲"):
        yard.desk.do(PostNotice(yard.sitting_id, text + "赵 某甲同意。", rules, TODAY))
    with pytest.raises(NoticeLeaks, match="赵某甲"):
        yard.desk.do(PostNotice(yard.sitting_id, text + "赵某甲同意。", MaskRules(), TODAY))
    yard.desk.do(PostNotice(yard.sitting_id, text, rules, TODAY, where="村公示栏", phone="0876-1234567"))

    posted = yard.desk.ask(notices_of, yard.sitting_id)
    assert [(one.until, one.shown) for one in posted] == [(date(2026, 4, 7), text)]
    assert yard.desk.ask(notices_due, date(2026, 4, 7)) == []
    assert yard.desk.ask(notices_due, date(2026, 4, 8)) == posted


def test_each_household_gets_a_card_with_its_own_name_alone(matter):
    cards = promise_cards(matter).cards

    assert [card.household for card in cards] == ["赵某甲", "钱某乙"]
    assert "赵某甲" in cards[0].task
    assert "赵某甲" not in everything(cards[1])
    assert all(card.phone == "0876-1234567" for card in cards)


def test_the_next_meeting_of_the_village_hears_what_became_of_the_last(yard, matter):
    changes = yard.desk.do(CallSitting("雨污分流", ("532627208204",)))
    sitting = next(change.record_id for change in changes.changes if change.kind == "sitting")
    later = replace(matter, live=yard.desk.ask(alone, sitting), today=date(2026, 6, 1))

    promises = yard.desk.ask(earlier_promises, later.live, later.today)
    paper = look_back(replace(later, promises=promises))

    assert [(line.promised, line.unit, line.is_late) for line in paper.lines] == [
        ("赵某某家门前修十五米挡墙，电话〔电话略〕", "村委会", True)
    ]
    assert paper.sums == "一共1件，办好0件，没办好1件，其中超期1件。"


def test_the_wall_hears_how_many_were_satisfied_but_not_what_two_households_said(yard, matter):
    action = next(iter(matter.live.records["action"].values()))
    changes = yard.desk.do(CallSitting("雨污分流", ("532627208204",)))
    later = yard.desk.ask(alone, next(change.record_id for change in changes.changes if change.kind == "sitting"))

    def told(*counts):
        yard.desk.do(RecordRevisit("", action.id, None, *counts, text="赵某甲家说墙脚漏水"))
        return yard.desk.ask(earlier_promises, later, date(2026, 6, 1))[0].happened

    assert told(1, 0, 0, 1, 0) == "回访了2户。"
    assert told(4, 6, 1, 1, 0) == "回访了12户，满意10户，不满意1户。"
    assert told(4, 8, 0, 0, 0) == "回访了12户，满意12户。"


def test_only_meetings_before_this_one_are_looked_back_on_and_what_was_dropped_is_told(yard, matter):
    assert yard.desk.ask(earlier_promises, matter.live, TODAY) == ()
    action = next(iter(matter.live.records["action"].values()))
    yard.desk.do(NoteProgress(action.id, "地基不行，不修了", ActionStage.DROPPED))
    changes = yard.desk.do(CallSitting("雨污分流", ("532627208204",)))
    sitting = next(change.record_id for change in changes.changes if change.kind == "sitting")
    later = replace(matter, live=yard.desk.ask(alone, sitting), today=date(2026, 6, 1))

    paper = look_back(replace(later, promises=yard.desk.ask(earlier_promises, later.live, later.today)))

    assert [line.state for line in paper.lines] == ["终止"]
    assert paper.sums == "一共1件，办好0件，没办好1件，其中终止1件。"


def test_there_is_nothing_to_look_back_on_at_first(matter):
    assert look_back(matter) is None


@pytest.mark.parametrize(
    "kind", ["public_notice", "public_notice_wall", "public_notice_poster", "promise_cards", "ballot_sheet"]
)
def test_every_public_paper_is_drawn_the_same_twice(matter, kind):
    paper, fonts = made(kind, matter), Fonts([SHIPPED])

    assert draw(paper, fonts) == draw(paper, fonts)
