"""Papers for the wall and for the households: read, measured with a ruler, and printed in every scenario.

`YUANBA_GOLDEN=1` writes the golden texts anew (look at the pictures before it is believed).
"""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp

from app.domain.edition_code import read_code
from app.domain.paper import Imprint, Issuer
from app.domain.paper_notice import LookBackLine, NoticeTask, PromiseCard, PromiseCards, PublicNotice, PublicNoticeWall
from app.printing import draw, missing_characters
from app.queries.paper_notice import masked_notice
from app.queries.papers import Matter, made
from tests.app.test_paper_content import AGREED, GUESTS, ISSUES, PEOPLE, PLACES, TASKS, YUANBA, meeting
from tests.papers.reading import MM, pages, text_of
from tests.papers.test_law_papers import scenarios
from ui.pages_of import page_count

GOLDEN = Path(__file__).parent / "golden"
TODAY = date(2026, 3, 31)
ISSUER = Issuer("石墙村民委员会", "0876-1234567", "村务监督委员会")
PROMISES = (
    LookBackLine("边沟清淤", "二组", "2025年12月20日", "已销号", "清到村口了。", is_done=True),
    LookBackLine("村口装路灯三盏", "村委会", "1月30日", "超期60天，办理中", "灯到了，电没接。", is_late=True),
    LookBackLine("看水棚翻新", "村委会", "6月30日", "办理中"),
)
OURS = (
    *("public_notice", "public_notice_wall", "public_notice_poster"),
    *("promise_cards", "look_back", "look_back_wall", "ballot_sheet"),
)
WALLS = ("public_notice_wall", "public_notice_poster", "look_back_wall")
NEVER_FIRST = "，。、；：？！）》」』】〕”’%"
FOOT_TOP = 262 * MM
__all__ = ["scenarios"]
"""A fixture, borrowed."""


def picture(pdf, page):
    return pypdfium2.PdfDocument(pdf)[page].render(scale=3, grayscale=True).to_numpy()


def village(**more):
    live = meeting(*PEOPLE, *GUESTS, *ISSUES, *AGREED, *TASKS, expected=12)
    return Matter(live, PLACES, YUANBA, ISSUER, TODAY, promises=PROMISES, **more)


def paper_of(kind):
    return made(kind, village())


@pytest.mark.parametrize("kind", OURS)
def test_papers_read_as_they_did(kind, fonts):
    text, golden = text_of(draw(paper_of(kind), fonts)), GOLDEN / f"{kind}.txt"
    if os.environ.get("YUANBA_GOLDEN"):
        golden.write_text(text + "\n", "utf-8")

    assert text == golden.read_text("utf-8").rstrip("\n")


@pytest.mark.parametrize(
    ("kind", "size"), [(kind, (297, 420) if kind == "public_notice_poster" else (210, 297)) for kind in OURS]
)
def test_papers_are_a4_and_the_poster_a3(kind, size, fonts):
    assert {(round(page.width / MM), round(page.height / MM)) for page in pages(draw(paper_of(kind), fonts))} == {size}


@pytest.mark.parametrize("kind", WALLS)
def test_letters_on_a_wall_are_28_points_at_the_least(kind, fonts):
    for page in pages(draw(paper_of(kind), fonts)):
        enlarged = page.height / (297 * MM)
        read = [sign for sign in page.signs if sign.text.strip() and sign.top < FOOT_TOP * enlarged]
        assert read
        assert min(sign.size for sign in read) >= 28
        assert max(sign.x1 for sign in read if sign.text not in NEVER_FIRST) <= page.width - 19 * MM


@pytest.mark.parametrize("size", range(1, 30, 4))
def test_a_wall_of_any_length_loses_no_task_and_wastes_no_sheet(size, fonts):
    tasks = tuple(NoticeTask(f"第{number}段水沟清淤到村口", "村委会", "4月30日") for number in range(size))
    notice = PublicNotice("石墙村清沟院坝协商结果公示", tasks=tasks, period="公示七天。", organ="石墙村民委员会")

    made_pages = pages(draw(PublicNoticeWall(notice.title, notice), fonts))

    rows = [row for page in made_pages for row in page.rows() if row[0].top < FOOT_TOP]
    text = "".join(sign.text for row in rows for sign in row).replace(" ", "")
    assert [task.task for task in tasks if task.task not in text] == []
    assert len(made_pages) <= 1 + size * 2 // 9


def test_the_notice_says_ground_days_phone_where_to_turn_and_leaves_room_to_write(fonts):
    text = "".join(text_of(draw(paper_of("public_notice"), fonts)).split())

    for said in (
        "公示依据：《中华人民共和国村民委员会组织法》关于村务公开的规定",
        "公示时间：2026年4月1日至2026年4月7日，共7天。",
        "监督电话：村务监督委员会，0876-1234567",
        "可在公示期内向村务监督委员会或者主办单位反映",
        "监督意见",
        "石墙村民委员会2026年3月31日",
    ):
        assert said in text


@pytest.mark.parametrize("kind", ["public_notice", "public_notice_wall"])
def test_what_others_must_still_decide_is_said_on_the_wall_too(kind, fonts):
    matter = village()
    consultation = replace(matter.live.consultation, category="VILLAGE_RULE")
    matter.live.records["consultation"][consultation.id] = consultation

    assert "需提交村民会议讨论决定" in "".join(text_of(draw(made(kind, matter), fonts)).split())


def test_days_ground_remarks_and_who_issued_it_stand_on_one_page(fonts):
    last = pages(draw(paper_of("public_notice"), fonts))[-1].text()

    assert all(word in last for word in ("公示依据", "公示时间", "监督意见", "石墙村民委员会"))


def test_no_wall_and_no_ballot_names_a_villager_and_a_card_only_its_own(fonts):
    names = [
        person.name for person in PEOPLE if person.role.value in ("PARTY", "VILLAGER", "VILLAGE_REP", "GROUP_HEAD")
    ]
    assert len(names) > 3

    for kind in OURS:
        if kind != "promise_cards":
            text = "".join(text_of(draw(paper_of(kind), fonts)).split())
            assert [name for name in names if name in text] == [], kind
    for card in paper_of("promise_cards").cards:
        assert [name for name in names if name in str(card) and name != card.household] == []


def test_a_sealed_wall_carries_a_code_that_a_telephone_reads(fonts):
    seal = "石墙村院坝协商结果 2026-03-30 第1版\n1.两户各担一半工钱。\nYB1:" + "A" * 195
    imprint = Imprint("石墙〔2026〕3号", sitting_id="0" * 32, paper="public_notice_wall", version=1, seal=seal)
    for kind in ("public_notice", "public_notice_wall", "public_notice_poster"):
        paper = replace(paper_of(kind), imprint=imprint)
        pdf = draw(paper, fonts)
        last = picture(pdf, page_count(pdf) - 1)

        assert seal in [code.text for code in zxingcpp.read_barcodes(last)]


def test_two_cards_on_a_sheet_with_a_line_to_cut_between(fonts):
    cards = tuple(PromiseCard(number, f"赵某{number}", "修沟。" * 90, "村委会", "4月30日") for number in range(3))

    made_pages = pages(draw(PromiseCards("承诺卡", "清沟协商", cards=cards), fonts))

    assert len(made_pages) == 2
    for page in made_pages:
        middle = [rule for rule in page.rules if abs(rule.top - page.height / 2) < 1 and rule.x1 - rule.x0 > 200 * MM]
        assert len(middle) == 1
        assert not [sign for sign in page.signs if sign.top < page.height / 2 < sign.top + sign.size]
        assert max(sign.top + sign.size for sign in page.signs) < page.height - 8 * MM


def test_four_ballots_ask_two_things_with_four_answers_each_and_no_name(fonts):
    page = pages(draw(paper_of("ballot_sheet"), fonts))[0]
    text = "".join(page.text().split())
    boxes = [frame for frame in page.frames if 4 < (frame.x1 - frame.x0) / MM < 6]

    assert len(boxes) == 4 * 2 * 4
    assert [text.count(word) for word in ("对办理工作", "对办理结果", "基本满意", "不了解", "理由")] == [4, 4, 8, 8, 4]
    assert "姓名" not in text
    cuts = [rule for rule in page.rules if max(rule.x1 - rule.x0, rule.bottom - rule.top) > 200 * MM]
    assert len(cuts) == 2


def test_what_is_overdue_comes_first_and_the_figures_add_up():
    paper = paper_of("look_back")

    assert [line.promised for line in paper.lines] == ["村口装路灯三盏", "看水棚翻新", "边沟清淤"]
    assert paper.sums == "一共3件，办好1件，没办好2件，其中超期1件。"


@pytest.mark.parametrize("kind", ["promise_cards", "ballot_sheet", "look_back"])
def test_every_paper_carries_its_page_code(kind, fonts):
    paper = paper_of(kind)
    pdf = draw(replace(paper, imprint=replace(paper.imprint, sitting_id="0" * 32)), fonts)

    codes = [read_code(code.text) for code in zxingcpp.read_barcodes(picture(pdf, 0))]

    assert {code.paper for code in codes if code} == {kind}


@pytest.mark.parametrize("kind", OURS)
def test_every_scenario_prints_without_a_missing_sign_and_no_line_begins_wrongly(kind, scenarios, fonts):
    papers = [paper for matter in scenarios if (paper := made(kind, replace(matter, issuer=ISSUER, promises=PROMISES)))]

    assert len(papers) >= 9
    assert all(missing_characters(paper, fonts) == () for paper in papers)
    for paper in papers if os.environ.get("YUANBA_GOLDEN") else papers[:1]:
        for page in pages(draw(paper, fonts)):
            rows = (row for row in page.rows() if row[0].upright)
            assert not [row for row in rows if row[0].text in NEVER_FIRST and row[0].x0 < 40 * MM]


def test_no_notice_of_any_scenario_is_refused_by_the_last_look(scenarios):
    found = [notice for matter in scenarios if (notice := masked_notice(matter))]

    assert len(found) >= 9
    assert {notice.findings for notice in found} == {()}
