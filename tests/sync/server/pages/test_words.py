"""The pages speak two languages, whole."""

import json
import re
from pathlib import Path

import pytest

from app.domain.account import ROLE_WORDS
from app.domain.action import ACTION_STAGE_WORDS
from app.domain.consensus import METHOD_WORDS, RESULT_WORDS, Consensus
from app.domain.edition import Edition
from app.domain.place_figures import FIGURES
from app.domain.sitting import Sitting
from app.domain.topic import CATEGORIES, SOURCES, TOPIC_STAGE_WORDS
from app.ports import Is
from app.queries.edition import PROVES
from app.queries.place_lists import LISTS
from sync.server import accounts, office, passwords
from sync.server.pages import downloads, edition, guard, log, overview, own, place, search, site
from sync.server.words import words

ROOT = Path(__file__).resolve().parents[4]
SAID = re.compile(r"""tr\(\s*(?:"([^"\\]*)"|'([^']*)')""")
TABLES = (
    CATEGORIES,
    TOPIC_STAGE_WORDS,
    METHOD_WORDS,
    RESULT_WORDS,
    ACTION_STAGE_WORDS,
    edition.WORDS,
    search.KIND_WORDS,
    ROLE_WORDS,
    log.ACT_WORDS,
    log.OUTCOME_WORDS,
)
ELSEWHERE = (
    "要 8 位数字",
    "照电话里念的，4 位 4 位地输",
    "8 位数和收到的申请对不上",
    "请对方再念一遍；还是不对，就是路上换过，别用这个 U 盘",
    "登记要在单位设立时用的那台电脑上办",
    "县里的单位先设立，再收申请",
    "身份证号、银行卡号不收",
    "把号码删掉再记",
    "写全名，或者写编号的前几位",
)
"""Refusals of the exchange and of names, which the office shows as well."""
REFUSALS = (*accounts.SAID, *office.SAID, *passwords.SAID, *guard.SAID, *own.SAID, *ELSEWHERE)
SPOKEN = re.compile("[\u4e00-\u9fff]")


def sources():
    yield from (ROOT / "resources" / "web").glob("*.html")
    yield from (ROOT / "sync" / "server").rglob("*.py")


def texts():
    found = {one or other for file in sources() for one, other in SAID.findall(file.read_text("utf-8"))}
    for table in (*TABLES, overview.PARTS_WORDS, overview.WHOLE_WORDS, place.HEADS):
        found |= set(table.values())
    for meaning in FIGURES:
        found |= {meaning.title, meaning.sentence}
    for one in LISTS:
        found |= {one.title, one.sentence, *(text for column in one.columns for text in (column.head, column.sentence))}
    return found | {PROVES, downloads.TERMS, edition.SIGNED_ELSEWHERE, *site.SAID, *REFUSALS}


def test_every_text_of_the_pages_has_an_english_one():
    assert sorted(text for text in texts() if words("en")(text) == text and SPOKEN.search(text)) == []


@pytest.mark.parametrize("file", ["server.json", "office.json"])
def test_no_translation_of_the_pages_is_left_over(file):
    kept = json.loads((ROOT / "resources" / "i18n" / "en" / file).read_text("utf-8"))

    assert sorted(set(kept) - texts()) == []


@pytest.mark.parametrize(
    "path", ["/", "/places/990521", "/places/990521201", "/data", "/figures", "/check?code=123456789012"]
)
def test_an_english_page_has_chinese_only_in_names_and_titles(province, path):
    page = province.get(f"{path}{'&' if '?' in path else '?'}lang=en").text
    body = re.sub(
        r"<(h1|li|th|b|title|span|p class=\"about\")\b.*?</\1>|<p class=\"about\">.*?</p>", "", page, flags=re.S
    )
    body = re.sub(r"<a [^>]*lang=\"zh-CN\".*?</a>|<summary>.*?</summary>", "", body, flags=re.S)

    assert SPOKEN.findall(re.sub(r"<[^>]+>", "", body)) == []


def test_an_english_meeting_tells_votes_in_english(province):
    counted = next(
        one
        for one in province.home.shelf.all(Consensus, Is("against", 2), limit=50)
        if province.home.shelf.all(Edition, Is("sitting_id", one.sitting_id))
    )
    meeting = province.home.shelf.get(Sitting, counted.sitting_id).consultation_id

    page = province.get(f"/consultations/{meeting}?lang=en").text
    votes = re.findall(r"<small>([^<]*)</small>", page.partition("<article")[2])

    assert any(re.match(r"for \d+ · against 2\b", told) for told in votes)
    assert not SPOKEN.search("".join(votes))


@pytest.mark.parametrize(
    ("path", "told", "never"),
    [
        ("/", "16 prefectures · 129 counties · 1,418 townships", "County"),
        ("/", "Courtyard consultations across the province", "Whole province"),
        ("/figures", "households revisited Households asked again", "House H"),
        ("/check", "Code on the paper", "Digits"),
        ("/places/990521201", "September", "Month 9"),
    ],
)
def test_english_words_are_those_of_their_place_and_not_borrowed_from_another(province, path, told, never):
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", province.get(f"{path}?lang=en").text))

    assert told in page
    assert never not in page


def test_sources_have_english_words_too():
    assert all(SOURCES.values())
