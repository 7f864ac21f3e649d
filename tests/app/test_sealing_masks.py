"""What goes above the county names nobody: the masks of a whole register, and what is 不公开."""

from dataclasses import replace

import pytest

from app.commands.action import AssignAction, Offer
from app.commands.attendance import CheckIn
from app.commands.consensus import Objection, SettleConsensus
from app.commands.people import AmendPerson, RegisterUnit, RemovePerson
from app.commands.sitting import CallSitting, OpenSitting
from app.commands.statement import AmendStatement, RecordStatement, RemoveStatement
from app.domain.action import ContributionKind
from app.domain.attachment import Attachment
from app.domain.audience import IN_DOUBT, NOT_PUBLIC
from app.domain.change import Change, ChangeSet, changed, created
from app.domain.consensus import Tally
from app.domain.consultation import Consultation
from app.domain.issue import Issue
from app.domain.op import Audience, Op
from app.domain.people import Person, Role
from app.domain.sitting import Sitting
from app.domain.statement import Statement
from app.queries.audience import Masks, mask_of, split_of
from tests.world import World

OPEN, COUNTY, TOWNSHIP = Audience


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path / "home")
    world.villager("赵某甲", village_code="532627208204", phone="13800138000")
    world.villager("欧阳某乙", village_code="532627208999")
    world.villager("王某辛", role=Role.VILLAGE_CADRE)
    yield world
    world.close()


def ops(world):
    return world.home.postbox.unsealed(10_000)


def parts(world):
    """Every op of the home with its parts."""
    return list(zip(ops(world), split_of(world.home.shelf, world.home.postbox.ops)()(ops(world)), strict=True))


def audiences(world, kind):
    """Return in which parts the ops of a kind go out, in the order they were made."""
    return ["".join(found) for op, found in parts(world) if op.kind == kind]


def person(world, name):
    return next(one for one in world.home.shelf.all(Person) if one.name == name)


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("赵某甲、欧阳某乙两家各出一半。", "赵某某、欧阳某某两家各出一半。"),
        ("由王某辛牵头，村委会出砂石。", "由王某辛牵头，村委会出砂石。"),
        ("找他打13900139000。", "找他打〔电话略〕。"),
        ("住二组23号的老赵家先修。", "住二组〔门牌略〕的某某家先修。"),
        ("推选吴国庆为监督员，由水务局负责。", "推选某某为监督员，由水务局负责。"),
        ("2026年4月30日前修15米挡墙，合计12900元。", "2026年4月30日前修15米挡墙，合计12900元。"),
    ],
)
def test_of_a_text_goes_up_what_the_public_may_read(world, text, public):
    mask = mask_of(world.home.shelf)

    assert mask(text) == (public, text != public)


def test_a_text_that_the_second_check_still_doubts_is_not_sent_at_all(world):
    mask = mask_of(world.home.shelf)

    assert mask("验收编号 12345678-90 已登记") == (IN_DOUBT, True)


def test_villagers_of_every_village_are_hidden_in_every_meeting(world):
    world.sitting("欧阳某乙家的水沟", venue="赵某甲家院坝", place_codes=("532627208204",))

    told = str([found[OPEN] for _, found in parts(world) if OPEN in found])

    assert "欧阳某某家的水沟" in told
    assert "赵某某家院坝" in told
    assert "欧阳某乙" not in told
    assert "赵某甲" not in told


def test_who_has_been_taken_off_the_register_or_was_misspelt_is_hidden_still(world):
    gone, misspelt = person(world, "赵某甲"), person(world, "欧阳某乙")
    world.desk.do(RemovePerson(gone.id))
    world.desk.do(AmendPerson(Person(misspelt.id, "欧阳某亿", "532627208999", "二组")))

    mask = mask_of(world.home.shelf, ops(world))

    assert mask("赵某甲和欧阳某乙、欧阳某亿同意") == ("赵某某和欧阳某某、欧阳某某同意", True)


def test_whom_a_sealing_has_heard_of_once_it_hides_to_its_end(world):
    gone = person(world, "赵某甲")
    world.desk.do(RemovePerson(gone.id))
    masks = Masks(world.home.shelf)

    masks.knowing(ops(world))

    assert masks.knowing(())("赵某甲同意") == ("赵某某同意", True)


def test_who_leaves_an_office_while_a_sealing_goes_on_is_hidden_from_then_on(world):
    masks, leaving = Masks(world.home.shelf), person(world, "王某辛")
    assert masks.knowing(ops(world))("王某辛同意") == ("王某辛同意", False)
    before = len(ops(world))

    world.desk.do(AmendPerson(replace(leaving, role=Role.VILLAGER)))

    assert masks.knowing(ops(world)[before:])("王某辛同意") == ("王某某同意", True)


def test_who_signs_for_somebody_or_shares_a_cost_is_hidden_without_being_on_the_register(world):
    sitting = world.sitting("谁出资")
    world.desk.do(CheckIn(sitting, person(world, "赵某甲").id, proxy_name="周某戊", proxy_relation="女儿"))
    share = Offer("吴某己", ContributionKind.MONEY, "300", "元")
    world.desk.do(AssignAction(sitting, "砌墙", offers=(share, Offer("村集体", ContributionKind.MONEY, "900", "元"))))

    mask = mask_of(world.home.shelf)

    assert mask("周某戊、吴某己和村集体出钱") == ("周某某、吴某某和村集体出钱", True)


def test_a_unit_called_after_a_villager_is_not_named_by_him(world):
    world.desk.do(RegisterUnit("赵某甲施工队"))

    unit = next(found for op, found in parts(world) if op.kind == "unit")

    assert unit[OPEN].sets["name"] == "赵某某施工队"
    assert unit[COUNTY].sets == {"name": "赵某甲施工队"}


def closed_sitting(world):
    called = world.desk.do(CallSitting("两家的地界", closed_session=True, issues=("地界怎么认",), venue="村委会"))
    sitting = world.made(called, "sitting")
    world.desk.do(OpenSitting(sitting))
    world.desk.do(CheckIn(sitting, person(world, "赵某甲").id))
    return sitting


def amend(world, statement, text):
    world.desk.do(AmendStatement(replace(world.home.shelf.get(Statement, statement), text=text)))


def test_what_was_said_in_a_closed_session_stays_in_the_township(world):
    sitting = closed_sitting(world)
    issue = world.home.shelf.all(Issue)[0]
    said = world.made(world.desk.do(RecordStatement(sitting, "墙是我家的", issue_id=issue.id)), "statement")
    amend(world, said, "墙是我爷爷砌的")
    kept = Objection("不服", person(world, "赵某甲").id)
    world.desk.do(SettleConsensus(issue.id, "以核桃树为界", tally=Tally(1), objections=(kept,)))

    found = parts(world)

    assert audiences(world, "statement") == ["T", "T"]
    assert audiences(world, "reservation") == ["T"]
    up = [part[OPEN].sets for op, part in found if op.kind == "consensus" and part[OPEN].sets.get("text")]
    assert {sets["text"] for sets in up} == {NOT_PUBLIC}
    county = [part[COUNTY].sets for op, part in found if op.kind == "consensus" and COUNTY in part]
    assert any(sets.get("text") == "以核桃树为界" for sets in county)
    assert not any("爷爷" in str(part[one]) for _, part in found for one in (OPEN, COUNTY) if one in part)


def test_a_statement_of_a_closed_session_that_was_removed_was_never_the_countys(world):
    sitting = closed_sitting(world)
    said = world.made(world.desk.do(RecordStatement(sitting, "墙是我家的")), "statement")
    amend(world, said, "墙是我爷爷砌的")
    world.desk.do(RemoveStatement(said))

    assert audiences(world, "statement") == ["T", "T", "T"]


def test_a_session_that_was_closed_after_the_talk_is_closed_from_its_beginning(world):
    sitting = world.sitting("谁出资")
    world.desk.do(RecordStatement(sitting, "各出一半"))
    assert audiences(world, "statement") == ["C"]
    consultation = world.home.shelf.all(Consultation)[0]
    flag = Change("consultation", consultation.id, "closed_session", False, True)

    world.home.ledger.write(ChangeSet("不公开", (flag,), "0" * 32), "示例干部", world.clock.now())

    assert audiences(world, "statement") == ["T"]


def test_a_consultation_laid_down_still_keeps_its_closed_session(world):
    sitting = closed_sitting(world)
    world.desk.do(RecordStatement(sitting, "墙是我家的"))
    for kind in (Sitting, Consultation):
        one = world.home.shelf.all(kind)[0]
        down = Change(kind.KIND, one.id, "standing", 1, 0)
        world.home.ledger.write(ChangeSet("拿掉", (down,), one.id), "示例干部", world.clock.now())

    assert audiences(world, "statement") == ["T"]


def test_a_scan_goes_with_the_meeting_it_is_placed_in(world):
    sitting = closed_sitting(world)
    consultation = world.home.shelf.all(Consultation)[0]
    loose = Attachment("d" * 32, "", "b" * 64, "image/jpeg", 9)
    world.home.ledger.write(ChangeSet("收回", created(loose), "1" * 32), "示例干部", world.clock.now())
    assert audiences(world, "attachment") == ["C"]

    placed = changed(loose, Attachment("d" * 32, consultation.id, "b" * 64, "image/jpeg", 9, sitting_id=sitting))
    world.home.ledger.write(ChangeSet("归卷", placed, "2" * 32), "示例干部", world.clock.now())

    assert audiences(world, "attachment") == ["T", "T"]


def test_what_hangs_on_a_meeting_that_has_not_come_is_taken_for_closed(world):
    orphan = Statement("e" * 32, "f" * 32, 1, "墙是我家的")
    sets = {change.field: change.new for change in created(orphan)}
    op = Op("0011223344556677/1", 1, 1, "statement", orphan.id, sets, None)

    found = next(split_of(world.home.shelf, world.home.postbox.ops)()([op]))

    assert list(found) == [TOWNSHIP]
