"""What everybody reads of a province: figures that add up, meetings as they were settled, nothing about villagers."""

import csv
import html
import io
import re
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from urllib.parse import parse_qs, quote, urlsplit

import openpyxl
import pytest

from app.domain.action import Action
from app.domain.consensus import Consensus
from app.domain.consultation import Consultation
from app.domain.edition import Edition
from app.domain.errors import NotSaved
from app.domain.notice import Notice
from app.domain.place import Places
from app.domain.revisit import Revisit
from app.domain.sitting import Sitting
from app.ports import Contains, Is
from app.queries.consultation_open import open_consultation
from app.queries.place_book import By
from app.queries.place_titles import is_open
from db import keep
from db.place_book import SqlBook
from sync.homes import StageClock
from sync.server.pages.room import Room
from sync.server.pages.site import ENDPOINTS, site
from sync.server.pages.templates import day_words, moment_words
from sync.server.serving import Pages
from tests.sync.server.pages.conftest import NOW, Served

STONE_WALL = "/places/990521201"


def visible(page):
    """Return the words of a page without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_overview_shows_what_the_book_has_counted(province):
    book = province.room.book.sums(By.YEAR, "99")["2026"]

    page = visible(province.get("/?year=2026").text)

    assert f"{book.planned:,} 列入计划的议题" in page
    assert f"{book.consensuses:,} 条共识" in page
    assert f"{book.done:,} 个问题得到解决 还在办 {book.underway:,}" in page


def test_prefectures_come_in_the_order_of_the_table_until_a_reader_asks_otherwise(province):
    def order(path):
        return re.findall(r'<th scope="row"><a href="/places/(\d{4})', province.get(path).text)

    assert order("/") == sorted(order("/"))
    assert len(order("/")) == 16
    planned = province.room.book.sums(By.PREFECTURE, "99", "2026-01", "2026-12")
    by_plan = [planned[code].planned for code in order("/?order=planned")]
    assert by_plan == sorted(by_plan, reverse=True)


def test_nobody_is_ranked(province):
    for path in ("/", "/?order=planned", "/places", STONE_WALL):
        assert not re.search(r"第\s*\d+\s*名|排名第|名次榜|得分", visible(province.get(path).text))


def test_the_parts_of_every_level_add_up_to_the_level_above(province):
    sums = province.room.book.sums
    for above, below, size in ((By.PREFECTURE, By.COUNTY, 4), (By.COUNTY, By.TOWNSHIP, 6)):
        whole, parts = sums(above, "99"), sums(below, "99")
        for code, figures in whole.items():
            assert sum(part.planned for place, part in parts.items() if place[:size] == code) == figures.planned
            assert sum(part.done for place, part in parts.items() if place[:size] == code) == figures.done


def test_the_way_leads_from_the_province_to_one_meeting_by_links_alone(province):
    path = "/places"
    for level in (4, 6, 9):
        codes = re.findall(rf'href="(/places/\d{{{level}}}\?year=2026)"', province.get(path).text)
        path = next(code for code in codes if "0 / 0" not in province.get(code).text or True)
    township = next(
        code
        for code, found in province.room.book.sums(By.TOWNSHIP, "99", "2026-01", "2026-12").items()
        if found.sittings
    )
    meetings = re.findall(r'href="(/consultations/\w+)"', province.get(f"/places/{township}?year=2026").text)

    assert meetings
    assert province.get(meetings[0]).status == 200


def test_a_meeting_says_what_was_settled_by_how_many_and_who_does_what(province):
    found = province.home.shelf.all(Consensus, Contains("text", "以 2021 年确权图为准"), limit=50)
    edition = next(one for item in found for one in province.home.shelf.all(Edition, Is("sitting_id", item.sitting_id)))

    page = visible(province.get(f"/consultations/{edition.consultation_id}").text)

    assert "以 2021 年确权图为准，当场钉桩，两户签字认可。" in page
    assert re.search(r"一致 \d+|同意 \d+", page)
    assert re.search(r"沿确权界线修 15 米挡墙 村委会 \S+", page)
    assert "当事人姓名、电话不公开" in page


def test_a_notice_that_hangs_can_be_read_as_it_was_posted(province, monkeypatch):
    meeting = next(one for one in province.home.shelf.all(Consensus, limit=1))
    held = province.home.shelf.get(Sitting, meeting.sitting_id).consultation_id
    text = "挡墙协商结果公示\n一、谁出资\n两户各出一半，赵某某家出砂石。\n<b>公示时间</b>：2026年10月30日至11月5日。"
    posted = Notice("f" * 32, held, meeting.sitting_id, date(2026, 10, 30), date(2026, 11, 5), shown=text)

    def hung(shelf, consultation_id, today):
        return replace(open_consultation(shelf, consultation_id, today), notice=posted)

    assert "公示稿" not in province.get(f"/consultations/{held}").text
    monkeypatch.setattr("sync.server.pages.consultation.open_consultation", hung)
    page = province.get(f"/consultations/{held}").text

    assert "<p>挡墙协商结果公示</p><p>一、谁出资</p><p>两户各出一半，赵某某家出砂石。</p>" in page
    assert "&lt;b&gt;公示时间&lt;/b&gt;" in page
    assert "The notice as posted" in province.get(f"/consultations/{held}", Cookie="language=en").text


def test_a_revisit_is_told_without_saying_how_many_households_it_was(province):
    revisit = next(one for one in province.home.shelf.all(Revisit, limit=50) if one.households() > 4)

    page = visible(province.get(f"/consultations/{revisit.consultation_id}").text)

    assert re.search(r"回访 (\d{4}年)?\d+月\d+日 走了约 \d*[05] 户", page)
    assert revisit.text in page


def test_reservations_are_told_by_their_number_only(province):
    for edition in province.home.shelf.all(Edition, limit=400):
        if '"reservations":[{' in edition.record:
            page = visible(province.get(f"/consultations/{edition.consultation_id}").text)
            assert "保留意见 1 条" in page
            return
    pytest.fail("the sample has no reservation")


def test_what_nobody_has_sealed_or_posted_is_not_told_yet(province):
    shelf = province.home.shelf
    sealed = {edition.consultation_id for edition in shelf.all(Edition)}
    one = next(one for one in shelf.all(Consultation) if is_open(one) and one.id not in sealed)
    sitting = shelf.all(Sitting, Is("consultation_id", one.id))[0]
    texts = [consensus.text for consensus in shelf.all(Consensus, Is("sitting_id", sitting.id)) if consensus.text]

    page = visible(province.get(f"/consultations/{one.id}").text)
    rows = province.get(f"/data/consensuses.json?place={one.place_codes[0][:9]}&year={sitting.opened_at.year}").json()

    assert "等定稿" in page
    assert not [text for text in texts if text in page]
    assert one.id not in [row[0] for row in rows["rows"]]


def test_a_closed_session_is_counted_and_not_shown(province):
    closed = province.home.shelf.all(Consultation, Is("closed_session", True), limit=1)[0]
    township = closed.place_codes[0][:9]

    assert province.get(f"/consultations/{closed.id}").status == 404
    assert closed.id not in province.get(f"/places/{township}").text
    assert not [one for one in province.room.book.find(closed.title, township, 100) if one.consultation_id == closed.id]


def test_a_meeting_that_has_not_ended_is_nobodys_to_read(province):
    waiting = province.get("/consultations/" + "0" * 32)

    assert waiting.status == 404
    assert "这里没有这一页" in visible(waiting.text)


def test_a_code_from_a_paper_is_found_unchanged(province):
    edition = province.home.shelf.all(Edition, limit=1)[0]

    page = visible(province.get(f"/check?code={edition.digits}").text)

    assert "没改过：这是第1版，就是现行的一版。" in page
    assert "不证明村民都同意" in page


@pytest.mark.parametrize(("code", "told"), [("123456789012", "这里没有这份原件"), ("你好", "不是院坝的码")])
def test_a_code_that_is_not_here_is_called_so(province, code, told):
    assert told in visible(province.get(f"/check?code={code}").text)


def test_initials_find_a_topic_and_a_village(province):
    page = visible(province.get("/search?q=zzjf").text)

    assert "整治“酒风”，立村规" in page.replace(" ", "")
    assert "青石乡" in visible(province.get("/search?q=qsx").text)


def test_what_matched_is_marked(province):
    assert "<mark>酒风</mark>" in province.get("/search?q=酒风").text


def test_a_search_for_signs_of_the_store_finds_those_signs_only(province):
    assert "没有找到" in visible(province.get("/search?q=%25").text)
    assert "没有找到" in visible(province.get("/search?q=_").text)


@pytest.mark.parametrize("name", ["figures", "topics", "consultations", "consensuses", "actions"])
def test_a_list_has_the_same_rows_in_every_form(province, name):
    of = f"/data/{name}.{{}}?place=9905&year=2026"
    told = province.get(of.format("json")).json()
    lines = list(csv.reader(io.StringIO(province.get(of.format("csv")).body.decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(province.get(of.format("xlsx")).body)).active

    assert told["rows"]
    assert len(lines) == len(told["rows"]) + 1
    assert lines[0] == [column["title"] for column in told["columns"]]
    assert [lines[1][0], lines[-1][0]] == [str(told["rows"][0][0]), str(told["rows"][-1][0])]
    assert sheet.cell(3, 1).value == lines[0][0]
    assert str(sheet.cell(4, 1).value) == lines[1][0]
    assert all(column["description"] for column in told["columns"])


@pytest.mark.parametrize("name", ["figures", "topics", "consultations", "consensuses", "actions"])
def test_a_list_in_excel_says_of_every_column_what_it_holds_where_all_of_it_can_be_read(province, name):
    told = province.get(f"/data/{name}.json?place=9905&year=2026").json()
    book = openpyxl.load_workbook(io.BytesIO(province.get(f"/data/{name}.xlsx?place=9905&year=2026").body))
    sheet, meanings = book.worksheets

    rows = [[cell.value for cell in row] for row in meanings.iter_rows(min_row=2)]
    assert rows == [[column["title"], column["description"]] for column in told["columns"]]
    assert sheet.cell(sheet.max_row, 1).value == told["terms"]
    assert sheet["A2"].value == "来源：示例省"
    about = [cell.value for cell in sheet[2] if cell.value][1]
    assert about == "数据到 2026年10月31日，2026年11月1日取"


def test_the_figures_of_a_list_are_those_of_the_page(province):
    rows = province.get("/data/figures.json?place=9905&year=2026").json()
    at = [column["name"] for column in rows["columns"]].index("planned")

    assert (
        sum(row[at] for row in rows["rows"])
        == province.room.book.sums(By.PREFECTURE, "9905", "2026-01", "2026-12")["9905"].planned
    )


@pytest.mark.parametrize(
    "path", ["/data/people.csv", "/data/figures.exe", "/data/figures.csv?place=53", "/places/53", "/places/../x"]
)
def test_what_is_not_here_is_answered_with_a_page_that_leads_back(province, path):
    answer = province.get(path)

    assert answer.status == 404
    assert "回总览" in answer.text


def test_a_county_shows_nothing_beside_or_above_itself(county, province):
    beside = next(
        one
        for one in province.home.shelf.all(Consultation, limit=400)
        if is_open(one) and one.place_codes[0][:6] != "990521"
    )

    assert county.get("/places/990522").status == 404
    assert county.get("/places/9905").status == 404
    assert county.get(f"/consultations/{beside.id}").status == 404
    assert county.get("/data/topics.json?place=99").status == 404
    assert "示例州" not in visible(county.get("/places/990521201").text)
    assert {one.township[:6] for one in county.room.book.find("酒风", "990521", 99)} <= {"990521"}


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda one: one.path)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_written_through_the_pages(province, endpoint, method):
    path = endpoint.path.replace("{code:str}", "9905").replace("{name:str}.{form:str}", "figures.csv")

    assert province.ask(method, path.replace("{consultation_id:str}", "0" * 32)).status == 405


def test_every_answer_guards_its_reader(province):
    headers = province.get("/").headers

    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "server" not in headers


@pytest.mark.expects_log("a page could not be made", "Exception in ASGI application")
def test_a_page_that_could_not_be_made_guards_its_reader_too(province, monkeypatch, caplog):
    monkeypatch.setattr("sync.server.pages.room.years_of", lambda book, code: 1 // 0)
    answer = province.get("/")
    until = time.monotonic() + 10
    while "Exception in ASGI application" not in caplog.text and time.monotonic() < until:
        time.sleep(0.05)  # it is logged once the answer is out

    assert (answer.status, answer.headers["cache-control"]) == (500, "no-store")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "ZeroDivisionError" not in answer.text


@pytest.mark.expects_log("a page was not made: S-300 no room")
def test_a_server_whose_disk_is_full_says_so_in_words_for_a_reader_of_pages(province, monkeypatch):
    def full(book, code):
        raise NotSaved("disk full")

    monkeypatch.setattr("sync.server.pages.room.years_of", full)
    answer = province.get("/")

    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert "多半是磁盘满了" in answer.text


@pytest.mark.parametrize("path", ["/nothing", "/places/98", "/data/figures.exe", "/consultations/x", "/office/me"])
def test_that_something_is_not_here_is_kept_by_nobody(province, path):
    assert province.get(path).headers["cache-control"] == "no-store"
    assert province.ask("PUT", "/").headers["cache-control"] == "no-store"


def test_a_page_that_has_not_changed_is_not_sent_again(province):
    first = province.get("/")

    again = province.get("/", if_none_match=first.headers["etag"])

    assert (again.status, again.body) == (304, b"")


def test_no_page_weighs_more_than_two_hundred_kilobytes(province):
    township = max(province.room.book.sums(By.TOWNSHIP, "99").items(), key=lambda found: found[1].sittings)[0]
    pages = ["/", "/places", "/places/9905", f"/places/{township}", "/search?q=挡墙", "/data", "/figures", "/check"]

    weights = {path: len(province.get(path).body) for path in pages}

    style = len(province.get("/static/web.css").body) + len(province.get("/static/keys.js").body)
    assert {path: size for path, size in weights.items() if size + style > 200_000} == {}


def test_the_pages_tell_how_new_they_are_and_how_many_townships_are_silent(province):
    page = visible(province.get("/").text)

    assert "数据到 10月31日" in page
    assert re.search(r"\d+ 个乡镇这一年还没有数据", page)


def test_a_place_of_which_nothing_ever_came_says_so_and_offers_no_empty_menu(tmp_path):
    home = keep.open_home(tmp_path / "new", NOW)
    places, clock = Places("53\t示例省\n5301\t示例市"), StageClock(NOW)
    room = Room(home.shelf, SqlBook(home.engine, home.ledger), places, home.seal, clock, "53")
    with Pages(site(room), ("127.0.0.1", 0)) as pages:
        served = Served(pages.url, home, room)
        overview, below = served.get("/").text, served.get("/places").text
    home.close()

    assert "乡镇的包一到，数字就在这里" in overview
    assert "<summary>" not in overview
    assert "还没有数据" in below


def test_a_township_by_itself_shows_its_figures_and_no_table_of_nothing(sample):
    home, book, places = sample
    room = Room(home.shelf, book, places, home.seal, StageClock(NOW), "990521201")
    with Pages(site(room), ("127.0.0.1", 0)) as pages:
        served = Served(pages.url, home, room)
        overview, below = visible(served.get("/").text), visible(served.get("/places").text)

    planned = book.sums(By.TOWNSHIP, "990521201", "2026-01", "2026-12")["990521201"].planned
    assert "不排名次" not in overview
    assert "每月协商几场" in overview
    assert f"列入计划的议题 {planned} 已经协商" in below


def test_an_empty_place_says_so_instead_of_showing_zeros_only(county):
    empty = next(
        place.code
        for place in county.room.places.children("990521")
        if place.code not in county.room.book.sums(By.TOWNSHIP, "990521")
    )

    assert "这一年还没有会" in visible(county.get(f"/places/{empty}?year=2026").text)


def test_a_village_is_shown_with_its_township(province):
    assert "青石乡" in visible(province.get("/places/990521201201").text)
    assert province.get("/places/990521201299").status == 404


def test_a_page_kept_by_a_browser_is_not_shown_in_another_language(province):
    assert "Cookie" in province.get("/places").headers["vary"]


def test_health_tells_machines_that_the_store_answers(province):
    told = province.get("/health").json()

    assert told["ok"] is True
    assert told["place"] == "99"


@pytest.mark.expects_log("the store does not answer: RuntimeError$")
def test_while_the_store_is_away_machines_are_told_so_in_their_own_words(province, monkeypatch):
    def away(*_):
        raise RuntimeError("赵某甲")

    for name in ("counted", "stale"):
        monkeypatch.setattr(SqlBook, name, away)

    told = province.get("/health")

    assert (told.status, told.json()) == (503, {"ok": False, "place": "99"})
    assert "yuanba_store_answers 0" in province.get("/metrics").text


def test_counters_tell_how_often_an_address_was_asked_and_never_what_was_asked(province):
    province.get("/search?q=赵某甲")
    told = province.get("/metrics").text

    assert re.search(r'yuanba_requests_total\{path="/search",status="200"\} \d+', told)
    assert "赵某甲" not in told
    assert "%E8" not in told


def other_language(page):
    return html.unescape(re.search(r'<a href="([^"]*)" hreflang', page).group(1))


@pytest.mark.parametrize("path", ["/?year=2025", "/search?q=挡墙", "/check?code=4821-0937-5516", "/data?place=990521"])
def test_another_language_shows_the_same_page_and_not_its_beginning(province, path):
    asked = parse_qs(urlsplit(path).query)

    led = urlsplit(other_language(province.get(path).text))

    assert led.path == urlsplit(path).path
    assert parse_qs(led.query) == asked | {"lang": ["en"]}


@pytest.mark.parametrize("path", ["//elsewhere.example/", "/%5Celsewhere.example/", "/%2F%2Felsewhere.example"])
def test_no_link_of_a_page_that_is_not_there_leads_to_another_site(province, path):
    led = other_language(province.get(path).text)

    assert led.startswith("/")
    assert led[1] not in "/\\"


def test_a_past_year_is_not_told_as_if_it_ended_in_the_middle(province):
    assert "2025 年 · 数据到 2026年10月31日" in visible(province.get("/?year=2025").text)


def test_a_meeting_tells_its_year_and_a_day_of_another_year_tells_its_own(province):
    shelf = province.home.shelf
    sealed = {edition.consultation_id for edition in shelf.all(Edition)}
    late = next(
        one
        for one in shelf.all(Action)
        if one.consultation_id in sealed and one.done_on and (one.done_on.year, one.due_on.year) == (2026, 2025)
    )

    page = visible(province.get(f"/consultations/{late.consultation_id}").text)

    assert re.search(r" · 2025年\d+月\d+日 · 在场", page)
    assert f"2026年{late.done_on.month}月{late.done_on.day}日办完" in page


def test_another_year_is_one_click_away_at_every_level_and_stays(province):
    assert 'href="/places/990521?year=2025"' in province.get("/places/990521").text
    assert 'href="/places?year=2025"' in province.get("/?year=2025").text
    assert 'href="/data?year=2025"' in province.get("/places/990521?year=2025").text


def test_a_year_without_figures_says_so_and_leads_to_those_that_have_some(province):
    page = province.get("/?year=2030")

    assert "2030 年没有数据 有数据的年份： 2026 年 · 2025 年" in visible(page.text)
    assert "这一年还没有议题。" in visible(page.text)


@pytest.mark.parametrize("year", ["0000", "-001", "２０２５", "%_%_", "😀", "20255", ""])
def test_what_is_no_year_shows_the_latest(province, year):
    assert "2026 年 · 数据到" in visible(province.get(f"/?year={quote(year)}").text)


def test_a_clock_that_is_years_ahead_does_not_turn_every_page_to_a_year_that_has_not_begun(province, monkeypatch):
    monkeypatch.setattr("sync.server.pages.room.years_of", lambda book, code: (2106, 2027, 2026, 2025))

    assert "2026 年 · 数据到" in visible(province.get("/").text)


def test_levels_have_a_title_that_says_which_page_it_is(province):
    assert "<title>逐级看 · 示例省</title>" in province.get("/places").text
    assert "<title>示例州 · 示例省</title>" in province.get("/places/9905").text


def test_days_are_those_of_china_whatever_the_clock_of_the_server(province):
    dawn = datetime(2026, 10, 31, 23, 0, tzinfo=UTC)
    room = replace(province.room, clock=StageClock(dawn))

    assert room.today() == date(2026, 11, 1)
    assert day_words(dawn, "zh") == "2026年11月1日"
    assert moment_words(dawn) == "2026-11-01 07:00"


@pytest.mark.parametrize("asked", ["ｄｑ", "ＤＱ", "１５ 米", "挡墙 谁来修", "谁来修 挡墙", "15米"])
def test_wide_letters_and_words_apart_find_what_plain_ones_find(province, asked):
    page = province.get(f"/search?q={asked}").text

    assert re.search(r"15 米挡墙谁来修", re.sub(r"<[^>]+>", "", page.partition("<main")[2]))
    assert "<mark>" in page


def test_a_place_before_a_word_finds_what_was_discussed_there(province):
    page = province.get("/search?q=青石乡 挡墙").text
    found = re.findall(r"<small>([^<]*)</small>", page)

    assert found
    assert all("青石乡 · 示例县" in where for where in found)


def test_a_meeting_that_waits_to_be_sealed_says_what_it_waits_for(province):
    sealed = {edition.consultation_id for edition in province.home.shelf.all(Edition)}
    waiting = next(one for one in province.home.shelf.all(Consultation) if is_open(one) and one.id not in sealed)
    told = "定稿或者贴出公示以后，议定了什么、谁来办才在这里公开"

    assert told in province.get(f"/consultations/{waiting.id}").text
    assert told not in province.get(f"/consultations/{next(iter(sealed))}").text
    assert "数字会比取走的表多几行" in province.get("/figures").text


def test_what_stands_beside_a_place_and_on_a_button_says_what_it_is(province):
    page = visible(province.get(STONE_WALL).text)
    meeting = re.search(r'href="(/consultations/\w+)"', province.get(STONE_WALL).text).group(1)

    assert page.count("已协商 / 计划") == 3
    assert "协商活动 CSV" in page
    assert "本乡镇共识 CSV" in visible(province.get(meeting).text)


def test_a_search_says_when_there_is_more_than_it_lists(province):
    assert "还有更多" in visible(province.get("/search?q=挡墙").text)
    assert "还有更多" not in visible(province.get("/search?q=青石乡 挡墙").text)
    assert "<title>找“挡墙” · 示例省</title>" in province.get("/search?q=挡墙").text
