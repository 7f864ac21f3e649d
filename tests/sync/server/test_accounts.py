"""Who comes in, who does not, for how long, and what administrators may do to others."""

import base64
import statistics
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from app.domain.account import TRIES, Role
from app.domain.errors import Missing, Refused
from db.accounts import SqlRegister
from db.keep import open_home
from sync.server import accounts as rules
from sync.server import passwords
from sync.server.second_factor import STEP_S, secret_of
from tests.postgres import open_fresh
from tests.sync.server.offices import COUNTY, NOW, OTHER, OWN, PASSWORD, SIBLING, Office


@pytest.fixture
def office(tmp_path):
    made = Office(tmp_path / "home")
    yield made
    made.close()


def digits_of(secret, moment):
    return TOTP(base64.b32decode(secret), 6, SHA1(), STEP_S).generate(int(moment.timestamp())).decode()


def test_who_has_an_account_comes_in_and_is_known_by_the_token(office):
    office.add("李示例", "reader", OWN)

    visitor = office.enters("李示例")

    assert office.accounts.who(visitor.token).account.name == "李示例"
    assert office.accounts.who(visitor.token + "x") is None
    assert office.register.stay(visitor.token) is None


def test_nobody_learns_from_the_answer_who_has_an_account(office):
    known = office.add("李示例", "reader", OWN)
    locked = office.add("王示例", "reader", OWN)
    office.accounts.lock(office.add("张示例", "system"), locked.id)
    said = set()
    for name, word in ((known.name, "wrong wrong wrong"), ("没有的人", PASSWORD), (locked.name, PASSWORD)):
        with pytest.raises(Refused) as refusal:
            office.enters(name, password=word)
        said.add(refusal.value.sentence())

    assert len(said) == 1


def test_a_wrong_name_takes_as_long_as_a_wrong_password(tmp_path):
    """Counted is the work of the thread, which other programs do not lengthen; one drawing is over the limit itself."""
    office = Office(tmp_path / "home", cost=16)
    for name in ("李示例", "王示例", "赵示例"):
        office.add(name, "reader")
    took = {"known": [], "unknown": []}

    for pair in (("李示例", "没有的人"), ("王示例", "也没有的人"), ("赵示例", "还是没有")):
        for which, name in zip(took, pair, strict=True):
            begun = time.thread_time()
            with pytest.raises(Refused):
                office.enters(name, password="wrong wrong wrong")
            took[which].append(time.thread_time() - begun)
    office.close()

    assert min(took["known"] + took["unknown"]) > 0.06
    assert abs(statistics.median(took["known"]) - statistics.median(took["unknown"])) < 0.05


def test_five_wrong_tries_lock_for_a_minute_then_for_two_and_never_for_over_an_hour(office):
    office.add("李示例", "reader")
    waits = []
    for _ in range(8):
        for _ in range(5):
            with pytest.raises(Refused):
                office.enters("李示例", password="wrong wrong wrong")
        minutes = 0
        while not office.register.named("李示例").is_open(office.clock.now()):
            with pytest.raises(Refused):
                office.enters("李示例")
            office.passes(minutes=1)
            minutes += 1
        waits.append(minutes)

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    assert office.enters("李示例").account.failures == 0


def test_whoever_asked_just_before_a_lock_of_an_hour_meets_it_all_the_same(office, monkeypatch):
    """Many ask at once; each of them waits for its password to be compared, and the fifth wrong one locks meanwhile."""
    office.add("李示例", "reader")
    account = office.register.named("李示例")
    with office.register.writing() as pen:
        pen.keep(replace(account, failures=TRIES - 1, lockouts=6))
    compare = rules.fits

    def compared(password, kept):
        monkeypatch.setattr(rules, "fits", compare)
        is_right = compare(password, kept)
        office.passes(seconds=1)
        with pytest.raises(Refused):
            office.enters("李示例", password="wrong wrong wrong")
        return is_right

    monkeypatch.setattr(rules, "fits", compared)
    with pytest.raises(Refused):
        office.enters("李示例")


def test_a_clock_that_was_a_year_ahead_locks_nobody_out_for_a_year(office):
    office.add("李示例", "reader")
    office.passes(days=365)
    stay = office.enters("李示例")
    for _ in range(5):
        with pytest.raises(Refused):
            office.enters("李示例", password="wrong wrong wrong")

    office.passes(days=-365)

    assert office.accounts.who(stay.token) is None
    assert office.enters("李示例")


def test_a_stay_ends_after_half_an_hour_unused_and_after_twelve_hours_in_any_case(office):
    office.add("李示例", "reader")
    idle, busy = office.enters("李示例"), office.enters("李示例")

    office.passes(minutes=29)
    assert office.accounts.who(idle.token)
    assert office.accounts.who(busy.token)
    office.passes(minutes=30)
    assert office.accounts.who(idle.token) is None
    again, hours = office.enters("李示例"), 0
    while office.accounts.who(again.token):
        office.passes(minutes=20)
        hours += 20 / 60

    assert 11.9 < hours < 12.4


def test_who_signs_out_or_changes_the_password_leaves_no_stay_behind(office):
    office.add("李示例", "reader")
    here, elsewhere = office.enters("李示例"), office.enters("李示例")

    office.accounts.change_password(here, PASSWORD, "bamboo 稻田 kettle 石阶")
    assert office.accounts.who(here.token)
    assert office.accounts.who(elsewhere.token) is None
    office.accounts.sign_out(here)

    assert office.accounts.who(here.token) is None
    assert office.enters("李示例", password="bamboo 稻田 kettle 石阶")


def test_the_old_password_is_asked_for_and_five_wrong_ones_lock(office):
    office.add("李示例", "reader")
    here = office.enters("李示例")
    for _ in range(5):
        with pytest.raises(Refused, match="现在的密码不对"):
            office.accounts.change_password(here, "wrong wrong wrong", "bamboo 稻田 kettle 石阶")

    with pytest.raises(Refused):
        office.accounts.change_password(here, PASSWORD, "bamboo 稻田 kettle 石阶")


@pytest.mark.parametrize(
    "weak",
    [
        "短",
        "Password123456",
        "111111111111",
        "qwertyuiop12",
        "abcdefghijklm",
        "yuanba2026admin",
        "lishili2026!!",
        "abcabcabcabc",
    ],
)
def test_weak_passwords_are_refused(weak):
    with pytest.raises(Refused):
        passwords.refuse_weak(weak, "lishili")


@pytest.mark.parametrize(
    "long", ["竹梯 window " * 30, "e\N{COMBINING ACUTE ACCENT}e\N{COMBINING ACUTE ACCENT}竹 lantern " * 16]
)
def test_a_password_longer_than_is_read_is_called_too_long_and_not_too_short(long):
    with pytest.raises(Refused, match="密码太长"):
        passwords.refuse_weak(long, "lishili")


def test_a_password_costs_128_mebibytes_and_a_tenth_of_a_second(monkeypatch):
    asked = {}
    draw = passwords.hashlib.scrypt
    monkeypatch.setattr(passwords.hashlib, "scrypt", lambda words, **how: asked.update(how) or draw(words, **how))

    begun = time.perf_counter()
    kept = passwords.hashed(PASSWORD, b"salt" * 4)

    assert time.perf_counter() - begun >= 0.1
    assert asked["n"] * asked["r"] * 128 >= 128 << 20
    assert kept.startswith("scrypt$17$8$1$")


def test_a_full_line_of_sign_ins_turns_further_ones_away(office, monkeypatch):
    office.add("李示例", "reader")
    for _ in range(passwords.IN_LINE):
        passwords._in_line.acquire(blocking=False)
    try:
        with pytest.raises(Refused, match="登录的人太多"):
            office.enters("李示例")
    finally:
        for _ in range(passwords.IN_LINE):
            passwords._in_line.release()

    assert office.enters("李示例")


def test_the_second_factor_counts_once_its_digits_were_typed_and_no_digits_twice(office):
    office.add("李示例", "reader")
    secret = office.accounts.offer_second_factor(office.enters("李示例"))
    visitor = office.enters("李示例")
    with pytest.raises(Refused):
        office.accounts.confirm_second_factor(visitor, "000000")
    office.accounts.confirm_second_factor(visitor, digits_of(secret, office.clock.now()))

    with pytest.raises(Refused):
        office.enters("李示例")
    with pytest.raises(Refused):
        office.enters("李示例", digits_of(secret, office.clock.now()))
    office.passes(seconds=STEP_S)
    code = digits_of(secret, office.clock.now())
    assert office.enters("李示例", code)
    with pytest.raises(Refused):
        office.enters("李示例", code)
    office.passes(seconds=STEP_S)
    late = digits_of(secret, office.clock.now() - timedelta(seconds=STEP_S))
    with pytest.raises(Refused):
        office.enters("李示例", late)


def test_a_second_factor_is_dropped_with_the_password_before_there_is_another(office):
    """Whoever finds a screen unlocked must not put the digits of their own telephone there."""
    office.add("李示例", "reader")
    visitor = office.enters("李示例")
    secret = office.accounts.offer_second_factor(visitor)
    waiting = office.accounts.who(visitor.token)
    office.accounts.confirm_second_factor(waiting, digits_of(secret, office.clock.now()))
    visitor = office.accounts.who(visitor.token)

    with pytest.raises(Refused, match="已经用上"):
        office.accounts.offer_second_factor(visitor)
    with pytest.raises(Refused, match="已经用上"):
        office.accounts.confirm_second_factor(visitor, digits_of(secret, office.clock.now()))

    assert office.register.account(visitor.account.id).totp == secret


def test_two_who_remove_each_other_at_the_same_time_are_not_both_gone(office):
    me, them = office.add("张示例", "system"), office.add("李示例", "system")
    office.add("赵示例", "system")
    office.accounts.remove(me, them.id)

    for act in (office.accounts.remove, office.accounts.lock, office.accounts.reset):
        with pytest.raises(Missing):
            act(them, me.id)
    with pytest.raises(Missing):
        office.accounts.add(them, "新来的人", "system", COUNTY)

    assert office.register.account(me.id) == me


def test_a_stay_that_ended_while_a_page_was_asked_for_is_not_begun_anew(office, monkeypatch):
    office.add("李示例", "reader")
    visitor = office.enters("李示例")
    office.passes(minutes=2)
    stay = office.register.stay

    def asked(token_hash):
        found = stay(token_hash)
        office.accounts.sign_out(visitor)
        return found

    monkeypatch.setattr(office.register, "stay", asked)
    office.accounts.who(visitor.token)
    monkeypatch.setattr(office.register, "stay", stay)

    assert office.accounts.who(visitor.token) is None


def test_who_signs_in_again_leaves_no_stay_behind_at_that_browser(office):
    office.add("李示例", "reader")
    office.add("王示例", "reader")
    before, elsewhere = office.enters("李示例"), office.enters("李示例")
    with pytest.raises(Refused):
        office.accounts.sign_in("王示例", "wrong wrong wrong", "", before.token)
    assert office.accounts.who(before.token)

    office.accounts.sign_in("王示例", PASSWORD, "", before.token)

    assert office.accounts.who(before.token) is None
    assert office.accounts.who(elsewhere.token)


@pytest.mark.parametrize("like", ["命 令 行", "命　令行", "李 示例", "Ｌee", "LEE"])
def test_no_name_can_be_taken_for_another_in_the_log(office, like):
    for name in ("李示例", "lee"):
        office.add(name, "reader")

    with pytest.raises(Refused, match="名字"):
        office.add(like, "reader")


def test_nobody_does_to_themselves_what_administrators_do_to_others(office):
    me = office.add("张示例", "system")
    office.add("李示例", "system")
    acts = (office.accounts.lock, office.accounts.remove, office.accounts.reset)
    for act in (*acts, lambda by, whom: office.accounts.set_role(by, whom, "audit")):
        with pytest.raises(Refused, match="自己的账号"):
            act(me, me.id)

    assert office.register.account(me.id) == me


def test_the_last_who_can_make_accounts_stays(office):
    last, other = office.add("张示例", "system"), office.add("李示例", "system")
    office.accounts.remove(last, other.id)

    for act in (office.accounts.lock, office.accounts.remove):
        with pytest.raises(Refused, match="最后一个"):
            act(other, last.id)
    with pytest.raises(Refused, match="最后一个"):
        office.accounts.set_role(other, last.id, "reader")


@pytest.mark.parametrize("role", ["security", "audit"])
@pytest.mark.parametrize("act", ["add", "reset", "set_role"])
def test_who_watches_over_administrators_comes_in_only_once_a_security_administrator_has_said_so(office, role, act):
    """Else whoever makes accounts would make one that reads the log, or reset the auditor's, and sign in as that."""
    me, guard = office.add("张示例", "system"), office.add("孙示例", "security")
    if act == "add":
        whom, word = office.accounts.add(me, "钱示例", role, COUNTY)
    elif act == "reset":
        whom, word = office.accounts.reset(me, office.add("钱示例", role).id)
    else:
        whom, word = office.add("钱示例", "reader"), PASSWORD
        office.accounts.set_role(me, whom.id, role)

    with pytest.raises(Refused):
        office.enters("钱示例", password=word)
    office.accounts.unlock(guard, whom.id)
    assert office.enters("钱示例", password=word).account.role == role


@pytest.mark.parametrize("role", ["system", "reader"])
def test_who_watches_over_nobody_comes_in_at_once(office, role):
    me, _ = office.add("张示例", "system"), office.add("孙示例", "security")
    _, word = office.accounts.add(me, "钱示例", role, COUNTY)

    assert office.enters("钱示例", password=word).account.role == role


def test_the_first_security_administrator_opens_by_itself_as_do_auditors_before_there_is_one(office):
    me = office.add("张示例", "system")
    _, audits = office.accounts.add(me, "李示例", "audit", COUNTY)
    office.add("孙示例", "security", OWN)  # cannot unlock whoever sees all of the county
    _, word = office.accounts.add(me, "钱示例", "security", COUNTY)

    assert office.enters("李示例", password=audits).account.role == "audit"
    assert office.enters("钱示例", password=word).account.role == "security"


def test_the_last_who_can_unlock_stays_as_they_are(office):
    me, guard = office.add("张示例", "system"), office.add("孙示例", "security")
    office.add("赵示例", "security", OWN)
    second, _ = office.accounts.add(me, "钱示例", "security", COUNTY)  # locked, and so no other who can unlock

    for act in (office.accounts.lock, office.accounts.remove, office.accounts.reset):
        with pytest.raises(Refused, match="最后一个能用的安全管理员"):
            act(me, guard.id)
    with pytest.raises(Refused, match="最后一个能用的安全管理员"):
        office.accounts.set_role(me, guard.id, "reader")
    assert office.register.account(guard.id) == guard

    office.accounts.unlock(guard, second.id)
    office.accounts.reset(me, guard.id)


def test_an_auditor_reads_the_whole_log_or_none(office):
    me, them = office.add("张示例", "system"), office.add("李示例", "reader", OWN)

    for refused in (
        lambda: office.accounts.add(me, "赵示例", "audit", OWN),
        lambda: office.accounts.set_role(me, them.id, "audit"),
    ):
        with pytest.raises(Refused, match="整本日志"):
            refused()


def test_what_lies_outside_of_a_scope_does_not_exist(office):
    theirs, sibling = office.add("张示例", "system", OWN), office.add("李示例", "reader", SIBLING)
    above = office.add("赵示例", "system", COUNTY)

    for whom in (sibling, above):
        for act in (office.accounts.lock, office.accounts.unlock, office.accounts.reset, office.accounts.remove):
            with pytest.raises(Missing):
                act(theirs, whom.id)
    for scope in (SIBLING, COUNTY, OTHER, "53", "999999999"):
        with pytest.raises(Refused, match="没有这个区划"):
            office.accounts.add(theirs, "新来的人", "reader", scope)
    assert [one.name for one in office.accounts.listed(theirs)] == ["张示例"]


def test_a_server_gives_no_scope_above_or_beside_its_own_place(office):
    for scope in ("53", "5301", "530103", OTHER):
        with pytest.raises(Refused):
            office.accounts.add(None, "新来的人", "system", scope, PASSWORD)


def test_a_lock_a_reset_another_role_and_a_removal_end_every_stay(office):
    me, them = office.add("张示例", "system"), office.add("李示例", "reader")
    for act in (
        lambda: office.accounts.set_role(me, them.id, Role.AUDIT),
        lambda: office.accounts.lock(me, them.id),
        lambda: office.accounts.remove(me, them.id),
    ):
        office.accounts.unlock(me, them.id)
        visitor = office.enters("李示例")
        act()
        assert office.accounts.who(visitor.token) is None
    with pytest.raises(Refused, match="名字"):
        office.accounts.add(me, "李示例", "reader", COUNTY)


def test_a_first_password_must_be_changed(office):
    me = office.add("张示例", "system")

    _, word = office.accounts.add(me, "李示例", "reader", OWN)
    visitor = office.enters("李示例", password=word)
    assert visitor.account.must_change
    office.accounts.change_password(visitor, word, PASSWORD)
    assert not office.enters("李示例").account.must_change
    _, again = office.accounts.reset(me, visitor.account.id)

    assert office.enters("李示例", password=again).account.must_change


def test_every_act_is_a_line_and_no_line_holds_a_password(office):
    me = office.add("张示例", "system")
    _, word = office.accounts.add(me, "李示例", "reader", OWN)
    with pytest.raises(Refused):
        office.enters("水渠 secret 打错了地方")
    office.accounts.sign_out(office.enters("李示例", password=word))

    assert office.told() == [
        (rules.COMMAND_LINE, "account.add", f"张示例 system {COUNTY}", "done"),
        ("张示例", "account.add", f"李示例 reader {OWN}", "done"),
        ("", "sign-in", "unknown", "refused"),
        ("李示例", "sign-in", "", "done"),
        ("李示例", "sign-out", "", "done"),
    ]


def kept_secrets(office):
    with office.home.engine.connect() as connection:
        return [name for row in connection.exec_driver_sql("SELECT totp, totp_offered FROM account") for name in row]


@pytest.mark.parametrize("where", ["a file", "a PostgreSQL"])
def test_the_secret_of_a_second_factor_is_sealed_where_it_is_kept(tmp_path, where):
    office = Office(None, home=(open_home if where == "a file" else open_fresh)(tmp_path / "home", NOW))
    office.add("李示例", "reader")
    secret = office.accounts.offer_second_factor(office.enters("李示例"))
    assert [one[:7] for one in kept_secrets(office)] == ["", "sealed:"]
    office.accounts.confirm_second_factor(office.enters("李示例"), digits_of(secret, office.clock.now()))
    office.passes(minutes=1)

    assert office.enters("李示例", digits_of(secret, office.clock.now())).account.totp == secret
    assert [one[:7] for one in kept_secrets(office)] == ["sealed:", ""]
    assert not [one for one in kept_secrets(office) if secret in one]
    office.close()


def test_a_secret_from_before_they_were_sealed_is_good_and_sealed_at_the_next_sign_in(office):
    office.add("李示例", "reader")
    secret = secret_of(1 << 80)
    with office.home.ledger.transaction() as connection:
        connection.exec_driver_sql("UPDATE account SET totp = ?", (secret,))

    assert office.enters("李示例", digits_of(secret, office.clock.now()))
    assert [one[:7] for one in kept_secrets(office)] == ["sealed:", ""]


def test_with_another_key_no_digits_are_good_and_the_secret_is_left_as_it_is(office):
    office.add("李示例", "reader")
    secret = office.accounts.offer_second_factor(office.enters("李示例"))
    office.accounts.confirm_second_factor(office.enters("李示例"), digits_of(secret, office.clock.now()))
    before = kept_secrets(office)
    office.passes(minutes=1)
    office.accounts.register = SqlRegister(office.home.engine, office.home.ledger, bytes(32))

    for digits in ("", digits_of(secret, office.clock.now()), "000000"):
        with pytest.raises(Refused):
            office.enters("李示例", digits)

    assert kept_secrets(office) == before
