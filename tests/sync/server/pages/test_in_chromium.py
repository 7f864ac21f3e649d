"""The pages in a real Chromium: readable by everybody, without a script, on a telephone, and by keyboard."""

from itertools import pairwise

import pytest
from axe_core_python.sync_playwright import Axe

from app.domain.consultation import Consultation
from app.queries.place_titles import is_open

LAPTOP, TELEPHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 800}
PATHS = (
    "/",
    "/places",
    "/places/990521",
    "/places/990521201",
    "MEETING",
    "/check?code=123456789012",
    "/search?q=挡墙",
    "/data",
    "/figures",
    "/nowhere",
)


@pytest.fixture(scope="session")
def meeting(province):
    return next(f"/consultations/{one.id}" for one in province.home.shelf.all(Consultation, limit=400) if is_open(one))


@pytest.fixture
def tab(chromium, province):
    """Open pages one after the other; what a page writes to its console fails the test."""
    opened, said = [], []

    def open_page(path, viewport=LAPTOP, **how):
        context = chromium.new_context(viewport=viewport, base_url=province.url, **how)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if "404" not in message.text else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(path)
        opened.append(context)
        return page

    yield open_page
    for context in opened:
        context.close()
    assert said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [LAPTOP, TELEPHONE], ids=["laptop", "telephone"])
def test_nothing_hinders_a_reader(tab, meeting, scheme, viewport):
    found = {}
    for path in PATHS:
        page = tab(meeting if path == "MEETING" else path, viewport, color_scheme=scheme)
        for one in Axe().run(page, options={"resultTypes": ["violations"]})["violations"]:
            if one["impact"] in ("serious", "critical"):
                found.setdefault(one["id"], []).append((path, one["nodes"][0]["html"][:120]))

    assert found == {}


@pytest.mark.parametrize("path", PATHS)
def test_no_page_is_wider_than_a_telephone(tab, meeting, path):
    page = tab(meeting if path == "MEETING" else path, TELEPHONE)

    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_everything_can_be_read_without_a_script(tab):
    page = tab("/", java_script_enabled=False)
    page.click("text=逐级看")
    page.click("text=示例州")
    page.click("text=示例县")
    page.click("text=青石乡")
    page.click(".meetings li a >> nth=0")

    assert page.locator("article.detail h1").inner_text()
    assert page.locator(".item").count() >= 2


def test_arrows_walk_the_columns(tab):
    page = tab("/places/9905")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.closest('.column').querySelector('h2').textContent") == "县市区"

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.wait_for_url("**/places/990522*")


def test_a_slash_goes_to_the_search_field_and_never_takes_a_letter_from_it(tab):
    page = tab("/")
    page.keyboard.press("/")
    page.keyboard.type("a/b")

    assert page.input_value(".find input") == "a/b"


def test_english_is_one_click_away_and_stays(tab):
    page = tab("/")
    page.click("text=English")
    page.click("text=Level by level")

    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator(".column h2").first.inner_text().lower() == "prefectures"


def test_a_year_can_be_chosen_without_a_script(tab):
    page = tab("/", java_script_enabled=False)
    page.click(".menu summary")
    page.click(".menu a >> text=2025")

    assert "2025" in page.locator(".headline .about").inner_text()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("viewport", [LAPTOP, TELEPHONE], ids=["laptop", "telephone"])
def test_no_step_of_a_meeting_runs_into_the_next(tab, meeting, viewport, language):
    page = tab(f"{meeting}?lang={language}", viewport)

    ends = page.evaluate(
        """() => Array.from(document.querySelectorAll(".steps li"), step => {
            const words = document.createRange();
            words.selectNode(Array.from(step.childNodes).find(one => one.nodeType === 3));
            const box = words.getBoundingClientRect();
            return [box.left, box.right];
        })"""
    )

    assert len(ends) == 6
    assert all(right + 3 <= left for (_, right), (left, _) in pairwise(ends))
    assert ends[-1][1] <= viewport["width"]


@pytest.mark.parametrize("width", [683, 768, 800, 1024, 1100])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_tablet_or_a_page_made_larger_breaks_no_word_of_the_head(tab, width, language):
    page = tab(f"/?lang={language}", {"width": width, "height": 768})

    heights = page.locator(".top nav a").evaluate_all("links => links.map(link => link.getBoundingClientRect().height)")
    assert max(heights) < 40
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".line").first.evaluate("chart => chart.getBoundingClientRect().width") <= 660


def test_the_longest_bar_keeps_its_end_on_a_telephone(tab):
    page = tab("/", TELEPHONE)

    assert page.locator(".bar").first.evaluate("bar => getComputedStyle(bar).overflow") == "visible"


def test_a_printed_meeting_keeps_its_way_down_and_the_steps_that_were_reached(tab, meeting):
    page = tab(meeting)
    page.emulate_media(media="print")

    assert page.locator(".steps .reached i").first.evaluate("dot => getComputedStyle(dot).printColorAdjust") == "exact"
    assert page.locator(".way ol").is_visible()
    assert not page.locator(".way .keys").is_visible()
    assert not page.locator(".column").first.is_visible()
