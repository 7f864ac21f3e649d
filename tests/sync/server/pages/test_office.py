"""An office at work: signing in, accounts, who has not been heard from, enrolling, a lost laptop, the log."""

import base64
import html
import re
import threading
from dataclasses import replace
from urllib.parse import quote

import pytest
from axe_core_python.sync_playwright import Axe
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from app.domain.account import Role
from app.domain.change import ChangeSet, created
from app.domain.edition import Edition
from sync import enrolment
from sync.directory import REVOCATION
from sync.server.log_file import checked
from sync.server.office import Computer, State, Unit
from sync.server.pages.site import site
from sync.server.serving import Pages
from tests.sync.server.offices import COUNTY, NOW, OWN, PASSWORD, SIBLING
from tests.sync.server.pages.county_office import CANARY, EVERY, Browser, CountyOffice

NEW = "bamboo 稻田 kettle 石阶"
LAPTOP, TELEPHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 800}
NAMES = (
    r"<(th|b|title|h2|td|small)\b.*?</\1>",
    r"<nav class=\"rooms\".*?</nav>",
    r"<a [^>]*(?:lang=\"zh-CN\"|class=\"brand\").*?</a>",
    r"<span class=\"unseen\">.*?</span>",
    r"<p class=\"about\">.*?</p>",
    r"<p>[^<]*·.*?</p>",
    r"<section class=\"card\"><h2>.*?</section>",
)
"""Where names of people, places and machines stand, which are not translated."""
PAGES = {
    Role.SYSTEM: ("/office/accounts", "/office/me"),
    Role.SECURITY: ("/office/exchange", "/office/enrolment", "/office/accounts"),
    Role.AUDIT: ("/office/audit",),
    Role.READER: ("/office/exchange",),
}


@pytest.fixture
def county(tmp_path):
    made = CountyOffice(tmp_path)
    yield made
    made.close()


def wide(county, role):
    """Let somebody in whose scope is the whole county."""
    county.office.add(f"全县{role}", role, COUNTY)
    browser = Browser(county.url)
    assert browser.sign_in(f"全县{role}").status == 303
    return browser


def secret_on(browser):
    return html.unescape(re.search(r'class="secret"><code>([^<]+)<', browser.text).group(1))


def press(page, what):
    """Press what opens another page, and wait until that page is there."""
    with page.expect_navigation():
        page.click(what)


def words(browser):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", browser.text)))


def test_everybody_is_led_to_the_first_page_of_their_role(county):
    led = {}
    for role, whom in county.people.items():
        browser = Browser(county.url)
        led[role] = browser.sign_in(whom.name).headers["location"]
        assert browser.get(led[role]).status == 200

    assert led == {
        Role.SYSTEM: "/office/accounts",
        Role.SECURITY: "/office/exchange",
        Role.AUDIT: "/office/audit",
        Role.READER: "/office/exchange",
    }


def test_the_office_has_an_address_of_its_own_and_is_one_click_away_for_who_is_in(county):
    stranger, reader = Browser(county.url), county.browser(Role.READER)

    assert stranger.get("/office").headers["location"] == "/office/sign-in"
    assert "/office" not in stranger.get("/").text
    assert reader.get("/office").headers["location"] == "/office/exchange"
    assert 'href="/office">管理</a>' in reader.get("/").text
    assert 'href="/office" aria-current="true">管理</a>' in reader.get("/office/exchange").text
    with Pages(site(county.room), ("127.0.0.1", 0)) as pages:
        elsewhere = Browser(pages.url)
        elsewhere.cookies = dict(reader.cookies)  # a browser takes them to every port of a machine
        assert "/office" not in elsewhere.get("/").text


def test_what_was_typed_into_a_form_that_is_refused_stands_there_still_but_never_a_password(county):
    door, system, security = Browser(county.url), county.browser(Role.SYSTEM), county.browser(Role.SECURITY)

    door.sign_in("李示例<b>", "wrong wrong wrong")
    system.post("/office/accounts", name="新人甲", role="security", scope="9999")
    security.post("/office/enrolment", "/office/enrolment", digits="1234")

    assert 'name="name" value="李示例&lt;b&gt;"' in door.text
    assert "wrong" not in door.text
    assert 'name="name" value="新人甲"' in system.text
    assert 'name="scope" value="9999"' in system.text
    assert re.search(r'<option value="security" selected>', system.text.partition("新设账号")[2])
    assert 'name="digits" value="1234"' in security.text


def test_who_changed_a_password_or_a_second_factor_is_told_so(county):
    browser = county.browser(Role.READER)

    browser.post("/office/me/password", old=PASSWORD, new=NEW, again=NEW)
    assert "密码改好了" in words(browser.get(browser.headers["location"]))
    secret = secret_on(browser.post("/office/me/factor")).replace(" ", "")
    code = TOTP(base64.b32decode(secret), 6, SHA1(), 30, enforce_key_length=False)
    browser.post("/office/me/factor/on", digits=code.generate(county.office.clock.now().timestamp()).decode())
    assert "动态码用上了" in words(browser.get(browser.headers["location"]))
    browser.post("/office/me/factor/off", old=NEW)
    assert "动态码停用了" in words(browser.get(browser.headers["location"]))
    assert 'role="status"' not in browser.get("/office/me?done=<b>").text


def test_what_cannot_be_taken_back_by_the_same_hand_asks_once_more(county, chromium):
    whom = county.targets[OWN]
    context = chromium.new_context(base_url=county.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/office/sign-in")
    page.fill("#name", county.people[Role.SYSTEM].name)
    page.fill("#password", PASSWORD)
    press(page, "form.fields button")

    for act in ("lock", "reset", "remove"):
        sure = page.locator(f'form[action$="{whom.id}/{act}"] button')
        assert not sure.is_visible()
        page.locator("details", has=sure).locator("summary").click()
        assert sure.inner_text().startswith("确定")
    with page.expect_navigation():
        page.locator(f'form[action$="{whom.id}/lock"] button').click()

    assert page.locator(f'form[action$="{whom.id}/lock"]').count() == 0
    context.close()


def test_many_accounts_stand_on_pages_that_are_not_too_heavy(county):
    for no in range(170):
        county.office.add(f"很多人{no:03}", "reader", COUNTY)
    system = wide(county, "system")

    pages = [system.get(f"/office/accounts{asked}").text for asked in ("", "?page=2", "?page=3")]
    names = [name for page in pages for name in re.findall(r'<th scope="row">([^<]*)</th>', page)]

    assert max(len(page.encode()) for page in pages) < 180_000
    assert len(names) == len(set(names)) >= 178
    assert 'href="/office/accounts?page=2"' in pages[0]
    assert 'href="/office/accounts?page=1"' in pages[1]
    assert "page=4" not in pages[2]
    for odd in ("0", "-1", "99", "abc", "9" * 50, "%F0%9F%98%80", ""):
        assert system.get(f"/office/accounts?page={odd}").status == 200
        assert '<th scope="row">' in system.text


def test_the_wrong_password_is_told_in_a_sentence_and_a_right_one_after_five_is_refused_too(county):
    name, browser = county.people[Role.READER].name, Browser(county.url)
    for _ in range(5):
        assert browser.sign_in(name, "wrong wrong wrong").status == 422
    told = words(browser)
    assert browser.sign_in(name).status == 422

    assert "名字、密码或者动态码不对" in told
    assert words(browser) == told
    county.office.passes(minutes=1)
    assert browser.sign_in(name).status == 303


def test_signing_out_ends_it_and_an_old_cookie_opens_nothing(county):
    browser = county.browser(Role.READER)
    cookies = dict(browser.cookies)

    assert browser.post("/office/sign-out").headers["location"] == "/office/sign-in"
    browser.cookies = cookies

    assert browser.get("/office/exchange").headers["location"] == "/office/sign-in"


def test_another_language_after_a_form_leads_to_the_page_of_the_form(county):
    system, security = county.browser(Role.SYSTEM), county.browser(Role.SECURITY)
    forms = (
        (Browser(county.url), "/office/sign-in", "/office/sign-in"),
        (system, "/office/me/password", "/office/me"),
        (system, "/office/me/factor", "/office/me"),
        (system, "/office/accounts", "/office/accounts"),
        (system, f"/office/accounts/{county.targets[OWN].id}/reset", "/office/accounts"),
        (security, "/office/enrolment", "/office/enrolment"),
    )
    for browser, path, page in forms:
        browser.post(path, page)
        led = re.search(r'<a href="([^"]*)" hreflang', browser.text).group(1)

        assert led.startswith(f"{page}?lang=")
        assert browser.get(led).status == 200


def test_a_new_account_is_led_to_change_its_password_before_anything_else(county):
    browser = wide(county, "system")
    browser.post("/office/accounts", name="新来的人", role="reader", scope=OWN)
    word = secret_on(browser)
    newcomer = Browser(county.url)

    assert newcomer.sign_in("新来的人", word).headers["location"] == "/office/me"
    assert newcomer.get("/office/exchange").headers["location"] == "/office/me"
    newcomer.post("/office/me/password", old=word, new=NEW, again=NEW)
    assert newcomer.status == 303
    assert newcomer.get("/office/exchange").status == 200
    assert word not in browser.get("/office/accounts").text


def test_a_second_factor_is_set_up_on_the_page_and_asked_for_from_then_on(county):
    name, browser = county.people[Role.READER].name, county.browser(Role.READER)
    browser.post("/office/me/factor")
    secret = secret_on(browser).replace(" ", "")
    totp = TOTP(base64.b32decode(secret), 6, SHA1(), 30)
    assert 'class="code-drawing"' in browser.text
    assert secret not in browser.get("/office/me").text.replace(" ", "")

    def digits():
        return totp.generate(int(county.office.clock.now().timestamp())).decode()

    assert browser.post("/office/me/factor/on", digits="000000").status == 422
    assert browser.post("/office/me/factor/on", digits=digits()).status == 303

    other = Browser(county.url)
    assert other.sign_in(name).status == 422
    county.office.passes(seconds=30)
    assert other.sign_in(name, digits=digits()).status == 303
    assert other.post("/office/me/factor/off", old=PASSWORD).status == 303
    assert Browser(county.url).sign_in(name).status == 303


def test_one_locks_and_another_unlocks(county):
    system, security = county.browser(Role.SYSTEM), county.browser(Role.SECURITY)
    whom = county.targets[OWN]

    assert system.post(f"/office/accounts/{whom.id}/lock").status == 303
    assert Browser(county.url).sign_in(whom.name).status == 422
    assert f"/office/accounts/{whom.id}/unlock" not in system.get("/office/accounts").text
    assert f"/office/accounts/{whom.id}/unlock" in security.get("/office/accounts").text
    assert security.post(f"/office/accounts/{whom.id}/unlock").status == 303

    assert Browser(county.url).sign_in(whom.name).status == 303


def unlocked(county, whom):
    """Let the security administrator open an account that watches over others."""
    assert county.browser(Role.SECURITY).post(f"/office/accounts/{whom.id}/unlock").status == 303


def test_a_role_is_changed_a_password_reset_and_an_account_removed(county):
    system, whom = county.browser(Role.SYSTEM), county.targets[OWN]
    system.post(f"/office/accounts/{whom.id}/role", role="security")
    assert Browser(county.url).sign_in(whom.name).status == 422
    unlocked(county, whom)
    assert Browser(county.url).sign_in(whom.name).headers["location"] == "/office/exchange"
    told = system.post(f"/office/accounts/{whom.id}/reset").text
    assert "安全管理员解锁以后才能登录" in told
    word = secret_on(system)
    unlocked(county, whom)
    assert Browser(county.url).sign_in(whom.name, word).headers["location"] == "/office/me"

    assert system.post(f"/office/accounts/{whom.id}/remove").status == 303
    assert Browser(county.url).sign_in(whom.name, word).status == 422
    own = county.people[Role.SYSTEM].id
    assert "自己的账号自己不能这样动" in words(system.post(f"/office/accounts/{own}/remove"))


def test_who_has_not_been_heard_from_stands_on_the_page_within_ones_scope(county):
    near, far = county.browser(Role.READER), wide(county, "reader")
    county.office.passes(days=1)
    near.sign_in(county.people[Role.READER].name)
    assert "甲笔记本 2 天前来过" in words(near.get("/office/exchange"))
    county.office.passes(days=13)
    near.sign_in(county.people[Role.READER].name)
    far.sign_in("全县reader")

    assert "好久没有消息" in words(near.get("/office/exchange"))
    assert CANARY not in near.text
    assert f"{CANARY}乙笔记本" in words(far.get("/office/exchange"))
    assert CANARY not in far.get(f"/office/exchange?place={OWN}").text
    assert "县笔记本" not in far.text


def test_a_laptop_is_enrolled_by_the_digits_that_were_read_out_and_gets_digits_back(county):
    browser = county.browser(Role.SECURITY)
    assert "甲二笔记本" in words(browser.get("/office/enrolment"))

    for wrong in ("1234", "0000 0000", county.digits[SIBLING]):
        assert browser.post("/office/enrolment", digits=wrong).status == 422
    assert len(county.county.exchange.directory().devices(OWN)) == 1
    browser.post("/office/enrolment", digits=county.digits[OWN])

    assert browser.status == 200
    assert "登记好了：甲二笔记本" in words(browser)
    assert re.fullmatch(r"\d{4} \d{4}", secret_on(browser))
    assert len(county.county.exchange.directory().devices(OWN)) == 2
    assert ("本乡security", "enrolment.accept", "", "done") in county.office.told()
    taken_in = county.county.exchange.directory().devices(OWN)
    assert {one.org_name for one in taken_in if one.name == "甲二笔记本"} == {"甲乡"}  # on its certificate, for good


def two_who_may_approve(county):
    """Let somebody else of the county approve too, and return both at their browsers."""
    county.office.add("本县security", "security", COUNTY)
    second = Browser(county.url)
    second.sign_in("本县security")
    return county.browser(Role.SECURITY), second


def confirming(browser):
    """Return the address behind the button that confirms a request; None where there is none."""
    found = re.search(r'action="(/office/enrolment/[0-9a-f]+)"', browser.get("/office/enrolment").text)
    return found and found.group(1)


def enrolled_in(county, org=OWN):
    return len(county.county.exchange.directory().devices(org))


def test_where_two_may_approve_one_compares_the_digits_and_the_other_confirms(county):
    first, second = two_who_may_approve(county)
    assert confirming(second) is None

    assert "还差一个人" in words(first.post("/office/enrolment", digits=county.digits[OWN]))
    assert enrolled_in(county) == 1
    assert confirming(first) is None
    path = confirming(second)
    assert "本乡security核对过" in words(second)
    assert first.post(path).status == 422
    assert "要另一个人确认" in words(first)
    assert enrolled_in(county) == 1
    second.post(path)

    assert "登记好了：甲二笔记本" in words(second)
    assert re.fullmatch(r"\d{4} \d{4}", secret_on(second))
    assert enrolled_in(county) == 2
    assert second.post(path).status == 404
    told = [line for line in county.office.told() if line[1].startswith("enrolment.") and line[3] == "done"]
    by_two = [line[:2] for line in told if line[1] != "enrolment.read"]
    assert by_two == [("本乡security", "enrolment.accept"), ("本县security", "enrolment.confirm")]


@pytest.mark.parametrize("is_by_two", [False, True])
def test_no_pack_waits_while_digits_of_requests_are_drawn(county, monkeypatch, is_by_two):
    """Anybody may ask to be enrolled, and to draw the digits of each takes half a second."""
    drawn, draw = [], enrolment._drawn
    worker = county.worker.submit(threading.get_ident).result()
    enrolment._request_digits.cache_clear()
    monkeypatch.setattr(
        enrolment,
        "_drawn",
        lambda salt, told: drawn.append((salt, threading.get_ident() == worker)) or draw(salt, told),
    )
    browsers = two_who_may_approve(county) if is_by_two else [county.browser(Role.SECURITY)]
    for browser in browsers:
        browser.post("/office/enrolment", digits=county.digits[OWN])
        enrolment._request_digits.cache_clear()

    assert enrolled_in(county) == 2
    assert {salt for salt, _ in drawn} >= {b"yuanba request"}
    assert not any(is_worker for salt, is_worker in drawn if salt == b"yuanba request")


def test_the_second_may_compare_the_digits_as_well(county):
    first, second = two_who_may_approve(county)
    first.post("/office/enrolment", digits=county.digits[OWN])
    first.post("/office/enrolment", digits=county.digits[OWN])
    assert enrolled_in(county) == 1

    second.post("/office/enrolment", digits=county.digits[OWN])

    assert "登记好了" in words(second)
    assert enrolled_in(county) == 2


@pytest.mark.parametrize("what", ["a day has passed", "a day was put back", "the first was locked", "nobody compared"])
def test_what_was_not_compared_just_now_by_somebody_who_may_is_not_confirmed(county, what):
    first, second = two_who_may_approve(county)
    first.post("/office/enrolment", digits=county.digits[OWN])
    path = confirming(second)
    if what.startswith("a day"):
        county.office.passes(days=1 if what == "a day has passed" else -1)
        second.sign_in("本县security")
    elif what == "the first was locked":
        county.browser(Role.SYSTEM).post(f"/office/accounts/{county.people[Role.SECURITY].id}/lock")
    else:
        county.home.postbox.note(dict.fromkeys(county.home.postbox.noted("enrolment/checked/")))

    second.post(path)

    assert second.status == 422
    assert "没有核对过" in words(second)
    assert enrolled_in(county) == 1


def test_somebody_who_may_not_approve_for_that_township_is_no_second_person(county):
    county.office.add("邻乡security", "security", SIBLING)
    browser = county.browser(Role.SECURITY)

    browser.post("/office/enrolment", digits=county.digits[OWN])

    assert "登记好了" in words(browser)
    assert enrolled_in(county) == 2


def test_a_lost_laptop_is_reported_and_its_line_says_so(county):
    browser, device = county.browser(Role.SECURITY), county.devices[OWN]
    assert f"/office/devices/{device}/lost" in browser.get("/office/exchange").text

    assert browser.post(f"/office/devices/{device}/lost", reason="在车上丢了").status == 303

    assert county.home.postbox.statements(REVOCATION)
    assert "已报失" in words(browser.get("/office/exchange"))
    told = [line for line in county.office.told() if line[1] == "device.lost"]
    assert told == [("本乡security", "device.lost", device, outcome) for outcome in ("begun", "done")]


def test_what_waits_behind_a_large_pack_is_told_and_not_done_later(county):
    import threading

    browser, gate = county.browser(Role.SECURITY), threading.Event()
    county.room.office._wait_s = 0.2
    county.worker.submit(gate.wait)
    browser.post(f"/office/devices/{county.devices[OWN]}/lost")
    told = words(browser)
    gate.set()
    county.worker.submit(lambda: None).result(10)

    assert browser.status == 422
    assert "正在收一个大包" in told
    assert county.home.postbox.statements(REVOCATION) == []


def test_every_read_by_somebody_who_is_signed_in_is_a_line(county):
    browser = county.browser(Role.READER)
    last = county.office.register.newest(1)[0].number

    browser.get("/office/exchange")
    browser.get("/data/topics.csv?year=2026")
    browser.get("/consultations/" + "0" * 32)
    Browser(county.url).get("/data/topics.csv")
    lines = [line.deed.texts()[1:] for line in county.office.register.lines(last)]

    assert lines == [
        ("本乡reader", "exchange.read", "", "done"),
        ("本乡reader", "read.list", "topics csv 2026", "done"),
        ("本乡reader", "read.consultation", "0" * 32, "refused"),
    ]


def test_who_is_signed_in_and_checks_a_code_leaves_the_record_in_the_log_and_not_what_was_typed(county):
    told = ("c" * 32, "d" * 32, 1, "", "", "", "e" * 64, "48210937551622087743", "", "", NOW)
    county.home.ledger.write(ChangeSet("定稿", created(Edition("f" * 32, *told)), "seal"), "示例干部", NOW)
    browser = county.browser(Role.READER)
    last = county.office.register.newest(1)[0].number

    assert "没改过" in browser.get("/check?code=482109375516").text
    for typed in ("", "123456789012", CANARY):
        browser.get(f"/check?code={quote(typed)}")
    Browser(county.url).get("/check?code=482109375516")
    lines = [line.deed.texts()[1:] for line in county.office.register.lines(last)]

    assert lines == [("本乡reader", "read.edition", "c" * 32, "done")]


class WholeProvince:
    """An office with three computers in each of 1,418 townships; every seventh has not been heard from."""

    def state(self, scope):
        def computer(no):
            return Computer(
                f"{no:032x}", f"笔记本{no}", None, 20 if no % 7 == 0 else 1, no % 7 == 0, False, False, False
            )

        units = [
            Unit(f"{530000000 + no}", f"示例乡{no}", tuple(computer(3 * no + at) for at in range(3)))
            for no in range(1_418)
        ]
        return State(tuple(units), (), 0)


def test_a_province_of_computers_fits_on_a_page_and_those_to_ring_up_come_first(county):
    security = wide(county, "security")
    room = replace(county.room, office=WholeProvince())
    with Pages(site(room, None, EVERY), ("127.0.0.1", 0)) as pages:
        browser = Browser(pages.url)
        browser.cookies = dict(security.cookies)
        page = browser.get("/office/exchange").text

    assert len(page.encode()) < 150_000
    assert page.count('class="doubt"') == 0  # never heard from, so nothing but that is said
    assert "/lost" not in page  # other offices have enrolled them
    assert "由给它登记的单位报失" in page
    listed = re.findall(r"<b>笔记本(\d+)</b>", page)
    assert listed == [str(no) for no in range(0, 700, 7)]
    assert "另外 4,154 台点上面的地名看" in words(browser)
    assert "4,254 台电脑登记在册" in words(browser)


def test_a_township_is_named_with_its_county_for_there_are_many_of_a_name(county):
    assert "甲乡 · 示例县" in words(wide(county, "security").get("/office/exchange"))


def test_an_auditor_reads_the_log_and_takes_it_away_whole(county):
    browser = county.browser(Role.AUDIT)
    told = words(browser.get("/office/audit"))
    raw = browser.get("/office/audit.jsonl").text.encode().splitlines(keepends=True)

    assert "都对得上" in told
    assert "新设账号" in told
    assert checked(raw).broken_at is None
    assert checked(raw).count == len(raw) - 1 >= 10


def test_the_page_of_the_log_says_where_it_breaks(county):
    browser = county.browser(Role.AUDIT)
    with county.home.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        connection.exec_driver_sql("UPDATE audit SET outcome = 'done ' WHERE number = 3")

    assert "第 3 行改动过" in words(browser.get("/office/audit"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [LAPTOP, TELEPHONE], ids=["laptop", "telephone"])
def test_nothing_hinders_whoever_works_here(county, chromium, viewport, scheme):
    found, wide_ones, said = {}, [], []
    county.browser(Role.SYSTEM).post(f"/office/accounts/{county.targets[OWN].id}/lock")

    def look(page, where):
        for one in Axe().run(page, options={"resultTypes": ["violations"]})["violations"]:
            if one["impact"] in ("serious", "critical"):
                found.setdefault(one["id"], []).append((where, one["nodes"][0]["html"][:120]))
        if page.evaluate("document.documentElement.scrollWidth") > viewport["width"]:
            wide_ones.append(where)

    for role, paths in PAGES.items():
        context = chromium.new_context(
            viewport=viewport, base_url=county.url, color_scheme=scheme, java_script_enabled=True
        )
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if "422" not in message.text else None)
        page.goto("/office/sign-in")
        look(page, "/office/sign-in")
        page.fill("#name", county.people[role].name)
        page.fill("#password", "wrong wrong wrong")
        press(page, "form.fields button")
        look(page, "/office/sign-in wrong")
        page.fill("#name", county.people[role].name)
        page.fill("#password", PASSWORD)
        press(page, "form.fields button")
        for path in paths:
            page.goto(path)
            look(page, path)
        if role is Role.SYSTEM:
            press(page, "text=设动态码")
            look(page, "/office/me/factor")
        context.close()

    assert (found, wide_ones, said) == ({}, [], [])


def test_tables_of_the_office_scroll_by_themselves_on_a_telephone_and_keep_names_whole(county, chromium):
    wide_ones, broken = [], []
    for role, paths in PAGES.items():
        context = chromium.new_context(viewport=TELEPHONE, base_url=county.url)
        page = context.new_page()
        page.goto("/office/sign-in?lang=en")
        page.fill("#name", county.people[role].name)
        page.fill("#password", PASSWORD)
        press(page, "form.fields button")
        for path in paths:
            page.goto(path)
            if page.evaluate("document.documentElement.scrollWidth") > TELEPHONE["width"]:
                wide_ones.append(path)
            lines = "cells => cells.map(cell => [cell.textContent, cell.clientHeight])"
            for name, height in page.locator(".rows tbody tr td:nth-child(3)").evaluate_all(lines):
                if path == "/office/audit" and height > 40:
                    broken.append(name)
        context.close()

    assert (wide_ones, broken) == ([], [])


def test_all_of_it_is_done_by_keyboard_and_without_a_script(county, chromium):
    context = chromium.new_context(base_url=county.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/office/exchange")
    page.focus("#name")
    page.keyboard.type(county.people[Role.SECURITY].name)
    page.keyboard.press("Tab")
    page.keyboard.insert_text(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/office/exchange")
    page.click("text=登记审批")
    page.fill("#digits", county.digits[OWN])
    page.keyboard.press("Enter")

    assert page.locator("role=status").inner_text().startswith("登记好了")
    context.close()


def test_an_english_office_has_chinese_only_in_names(county):
    spoken = re.compile("[\u4e00-\u9fff]+")
    for role, paths in PAGES.items():
        browser = county.browser(role)
        for path in paths:
            page = browser.get(f"{path}?lang=en").text
            for named in NAMES:
                page = re.sub(named, "", page, flags=re.S)

            assert spoken.findall(re.sub(r"<[^>]+>", "", page)) == [], path


def test_english_heads_of_the_office_say_what_stands_below_them(county):
    accounts = words(county.browser(Role.SYSTEM).get("/office/accounts?lang=en"))
    enrolment = words(county.browser(Role.SECURITY).get("/office/enrolment?lang=en"))
    log = words(county.browser(Role.AUDIT).get("/office/audit?lang=en"))

    assert "Name Role Scope Second factor Now Actions" in accounts
    assert "Exchange Enrolment Accounts My account" in enrolment
    assert "Who What was done To what Result" in log
    assert "command line New account" in log
