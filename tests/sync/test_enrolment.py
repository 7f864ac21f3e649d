"""Computers are enrolled by stick and telephone; what was changed is noticed; keys reach those they are for."""

import json
from base64 import b64decode, b64encode
from datetime import timedelta

import pytest

from app.domain.errors import DigitsDiffer, IdNumberRefused, NotEnrolled, Refused
from app.domain.op import Audience
from sync import enrolment
from sync.directory import Directory, opening
from sync.statement import add_signature, read_statement, sign_statement
from sync.suite import suite
from tests.sync.offices import (
    COUNTY,
    NOW,
    OTHER_TOWNSHIP,
    PREFECTURE,
    PROVINCE,
    TOWNSHIP,
    Desk,
    enrol,
    join,
)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Digits that cost nothing; what they really cost has a test of its own."""
    monkeypatch.setattr(enrolment, "COST", 4)


@pytest.fixture
def desks(tmp_path):
    open_ones = []

    def sit_down(name):
        open_ones.append(Desk(tmp_path / name))
        return open_ones[-1]

    yield sit_down
    for desk in open_ones:
        desk.home.close()


@pytest.fixture
def county(desks):
    desk = desks("county")
    desk.work.found(COUNTY, "示例县")
    return desk


@pytest.fixture
def laptop(desks):
    return desks("laptop")


def readers(desk, region, audience):
    """Return whose keys a segment would be sealed to."""
    keys = {}
    for org in desk.directory._accepted:
        for card in desk.directory.cards(org):
            keys |= {card.seal_key: (org, "seal"), card.open_key: (org, "open")}
    return {keys[key] for key in desk.directory.recipients(region, audience)}


def can_open(desk, sealed):
    try:
        suite().unseal(sealed, opening(desk.postbox.identities()))
    except Exception:
        return False
    return True


def test_before_enrolment_nothing_can_be_sealed_and_a_sentence_says_so(laptop):
    with pytest.raises(NotEnrolled) as refused:
        laptop.directory.recipients(TOWNSHIP, Audience.OPEN)

    assert "还没登记" in refused.value.sentence()
    assert laptop.directory.own() == ""


def test_one_call_and_two_trips_of_the_stick_enrol_a_laptop(laptop, county):
    asked = laptop.work.ask(TOWNSHIP, "桃园村笔记本")
    told = county.work.accept(enrolment.shown(asked.digits), [asked.request.raw])
    assert laptop.work.confirm(told.digits) == ""
    assert laptop.directory.own() == ""

    laptop.work.take(county.hands_out(TOWNSHIP))

    assert laptop.directory.own() == TOWNSHIP
    assert laptop.directory.org(COUNTY).name == "示例县"
    assert laptop.directory.device(laptop.device).name == "桃园村笔记本"
    assert laptop.directory.may_write(laptop.device, TOWNSHIP)
    assert not laptop.directory.may_write(laptop.device, OTHER_TOWNSHIP)
    assert not laptop.directory.may_write(laptop.device, COUNTY)


def test_each_audience_has_its_readers(laptop, county):
    enrol(laptop, county)

    assert readers(laptop, TOWNSHIP, Audience.OPEN) == {(TOWNSHIP, "open"), (COUNTY, "open")}
    assert readers(laptop, TOWNSHIP, Audience.COUNTY) == {(TOWNSHIP, "open"), (COUNTY, "seal")}
    assert readers(laptop, TOWNSHIP, Audience.TOWNSHIP) == {(TOWNSHIP, "seal")}
    assert readers(county, COUNTY, Audience.COUNTY) == {(TOWNSHIP, "open"), (COUNTY, "seal")}
    assert readers(county, COUNTY, Audience.OPEN) == {(TOWNSHIP, "open"), (COUNTY, "open")}
    assert readers(county, COUNTY, Audience.TOWNSHIP) == {(COUNTY, "seal")}


def test_the_county_opens_what_is_for_it_and_never_what_stays_in_the_township(laptop, county):
    enrol(laptop, county)
    sealed = {audience: suite().seal(b"x", laptop.directory.recipients(TOWNSHIP, audience)) for audience in Audience}

    assert {audience: can_open(county, words) for audience, words in sealed.items()} == {
        Audience.OPEN: True,
        Audience.COUNTY: True,
        Audience.TOWNSHIP: False,
    }
    assert all(can_open(laptop, words) for words in sealed.values())


def test_the_same_request_again_has_the_same_digits(laptop):
    assert laptop.work.ask(TOWNSHIP, "桃园村笔记本") == laptop.work.ask(TOWNSHIP, "桃园村笔记本")
    assert laptop.work.ask(TOWNSHIP, "另一台").digits != laptop.work.ask(TOWNSHIP, "桃园村笔记本").digits


def test_wrong_digits_change_nothing_at_the_county(laptop, county):
    asked = laptop.work.ask(TOWNSHIP, "桃园村笔记本")
    wrong = f"{(int(asked.digits) + 1) % 10**8:08}"
    before = county.postbox.statements()

    with pytest.raises(DigitsDiffer) as refused:
        county.work.accept(wrong, [asked.request.raw])

    assert "对不上" in refused.value.sentence()
    assert county.postbox.statements() == before


def test_a_request_exchanged_on_the_way_is_noticed(laptop, desks, county):
    asked = laptop.work.ask(TOWNSHIP, "桃园村笔记本")
    thief = desks("thief").work.ask(TOWNSHIP, "桃园村笔记本")

    with pytest.raises(DigitsDiffer):
        county.work.accept(asked.digits, [thief.request.raw])


def test_a_request_with_one_byte_changed_is_no_request(laptop, county):
    asked = laptop.work.ask(TOWNSHIP, "桃园村笔记本")
    told = json.loads(asked.request.raw)
    payload = b64decode(told["payload"]).replace(TOWNSHIP.encode(), OTHER_TOWNSHIP.encode())
    changed = asked.request.raw.replace(told["payload"].encode(), b64encode(payload))

    with pytest.raises(Refused) as refused:
        county.work.accept(asked.digits, [changed])

    assert "没有等着登记的申请" in refused.value.sentence()


def test_an_answer_of_another_county_is_noticed_and_pins_nothing(laptop, county, desks):
    false_county = desks("false county")
    false_county.work.found(COUNTY, "示例县")
    asked = laptop.work.ask(TOWNSHIP, "桃园村笔记本")
    told = county.work.accept(asked.digits, [asked.request.raw])
    false_county.work.accept(asked.digits, [asked.request.raw])

    laptop.work.take(false_county.hands_out(TOWNSHIP))

    assert laptop.work.answer_waits()
    with pytest.raises(DigitsDiffer):
        laptop.work.confirm(told.digits)
    assert laptop.directory.own() == ""
    laptop.work.take(county.hands_out(TOWNSHIP))
    assert laptop.work.confirm(told.digits) == COUNTY
    assert laptop.directory.org(COUNTY).sign_key == county.directory.pins[COUNTY]


def test_digits_read_out_before_hold_off_a_false_answer_without_a_word(laptop, county, desks):
    false_county = desks("false county")
    false_county.work.found(COUNTY, "示例县")
    asked = laptop.work.ask(TOWNSHIP, "桃园村笔记本")
    told = county.work.accept(asked.digits, [asked.request.raw])
    laptop.work.confirm(told.digits)

    laptop.work.take([*false_county.hands_out(COUNTY), *county.hands_out(TOWNSHIP)])

    assert laptop.directory.pins == {COUNTY: county.directory.pins[COUNTY]}


def test_the_digits_bind_the_request_to_the_answer(laptop, county):
    asked = laptop.work.ask(TOWNSHIP, "桃园村笔记本")
    told = county.work.accept(asked.digits, [asked.request.raw])
    key = county.directory.pins[COUNTY]

    assert told.digits == enrolment.answer_digits(asked.request.raw, COUNTY, key)
    assert told.digits != enrolment.answer_digits(asked.request.raw + b" ", COUNTY, key)
    assert told.digits != enrolment.answer_digits(asked.request.raw, COUNTY, "ab" * 32)


def test_what_others_claim_a_home_said_to_itself_is_not_heard(laptop, desks):
    false_county = desks("false county")
    false_county.work.found(COUNTY, "示例县")
    asked = laptop.work.ask(TOWNSHIP, "桃园村笔记本")
    key = false_county.directory.pins[COUNTY]
    digits = enrolment.answer_digits(asked.request.raw, COUNTY, key)
    sign = false_county.home.seal.sign
    pin = sign_statement("pin", {"org": COUNTY, "sign_key": key, "number": 9}, sign)
    expected = sign_statement("expectation", {"request": asked.request.id, "digits": digits}, sign)
    false_county.work.accept(asked.digits, [asked.request.raw])

    laptop.work.take([pin, expected, *false_county.hands_out(TOWNSHIP)])
    files = [enrolment._file(raw) for raw in (pin, expected)]
    laptop.postbox.keep_statements(files, NOW)
    laptop.work.tend()

    assert laptop.directory.pins == {}
    assert laptop.directory.own() == ""


@pytest.mark.parametrize("digits", ["48210937", "4821 0937", "4821-0937", "４８２１　０９３７", " 4821—0937 "])
def test_digits_may_be_typed_in_any_manner(digits):
    assert enrolment.typed(digits) == "48210937"


@pytest.mark.parametrize("digits", ["", "4821093", "482109377", "4821o937", "四八二一〇九三七"])
def test_what_is_not_eight_digits_is_refused_with_a_sentence(digits):
    with pytest.raises(Refused, match="8 位"):
        enrolment.typed(digits)


def test_the_digits_cost_so_much_that_trying_them_all_takes_a_year(monkeypatch):
    monkeypatch.undo()
    seen = []
    monkeypatch.setattr(enrolment.hashlib, "scrypt", lambda words, **cost: seen.append(cost) or bytes(16))

    assert enrolment.request_digits(b"x") == "00000000"

    assert seen[0]["n"] * seen[0]["r"] * 128 == 128 << 20
    assert seen[0]["maxmem"] > seen[0]["n"] * seen[0]["r"] * 128


def test_a_name_may_not_hold_an_identity_number(laptop):
    with pytest.raises(IdNumberRefused):
        laptop.work.ask(TOWNSHIP, "赵某甲11010519491231002X")


@pytest.mark.parametrize("org", ["", "5301020", "甲", "53010200a", "530102001001"])
def test_a_code_of_no_organisation_is_refused(laptop, org):
    with pytest.raises(Refused, match="区划代码"):
        laptop.work.ask(org, "桃园村笔记本")


def test_a_township_cannot_be_founded_nor_a_laptop_accept(laptop, county, desks):
    with pytest.raises(Refused, match="不用设立"):
        laptop.work.found(TOWNSHIP, "示例乡")
    enrol(laptop, county)
    other = desks("other").work.ask(TOWNSHIP, "另一台")
    with pytest.raises(Refused):
        laptop.work.accept(other.digits, [other.request.raw])
    with pytest.raises(Refused, match="已经登记"):
        laptop.work.ask(OTHER_TOWNSHIP, "桃园村笔记本")


def test_a_county_certifies_nobody_of_another_county(county, laptop):
    asked = laptop.work.ask("530103001", "邻县笔记本")

    with pytest.raises(Refused):
        county.work.accept(asked.digits, [asked.request.raw])
    body = read_statement(asked.request.raw, suite().holds).body | {"kind": "device"}
    secret = next(one for one in county.postbox.identities() if one.use == "sign")
    forged = sign_statement("device", body, suite().signer(bytes.fromhex(secret.secret)))
    county.work.take([forged])

    assert county.directory.device(laptop.device) is None


def test_a_second_laptop_gets_the_keys_of_the_first_and_reads_what_was_sealed_before(laptop, county, desks):
    enrol(laptop, county)
    old = {audience: suite().seal(b"x", laptop.directory.recipients(TOWNSHIP, audience)) for audience in Audience}
    second = desks("second")
    enrol(second, county, name="另一台")
    assert [can_open(second, old[audience]) for audience in "OCT"] == [True, True, False]

    laptop.work.take(county.hands_out(TOWNSHIP))
    county.work.take(laptop.hands_out(COUNTY))
    second.work.take(county.hands_out(TOWNSHIP))

    assert all(can_open(second, words) for words in old.values())
    assert len(second.directory.current(TOWNSHIP)) == 1


def said_by(stranger, kind, body):
    return sign_statement(kind, body, stranger.home.seal.sign)


def test_what_a_stranger_says_was_granted_keeps_nobody_from_granting_it(laptop, county, desks):
    """Whoever can reach the county could keep the key of a township from its next laptop for ever."""
    enrol(laptop, county)
    stranger, second = desks("stranger"), desks("second")
    sealed = b64encode(suite().seal(b"x", (laptop.directory.current(TOWNSHIP)[0].seal_key,))).decode()
    for identity in laptop.postbox.identities():
        body = {"org": TOWNSHIP, "key_id": identity.key_id, "use": identity.use, "to": second.device, "sealed": sealed}
        for desk in (laptop, county):
            desk.work.take([said_by(stranger, "grant", body)])
    old = {audience: suite().seal(b"x", laptop.directory.recipients(TOWNSHIP, audience)) for audience in Audience}

    enrol(second, county, name="另一台")
    laptop.work.take(county.hands_out(TOWNSHIP))
    county.work.take(laptop.hands_out(COUNTY))
    second.work.take(county.hands_out(TOWNSHIP))

    assert all(can_open(second, words) for words in old.values())


@pytest.mark.parametrize("kind", ["grant", "erase"])
def test_what_strangers_say_fills_nobodys_packs(laptop, county, desks, kind):
    enrol(laptop, county)
    province = desks("province")
    province.work.found(PROVINCE, "示例省")
    join(county, province)
    stranger = desks("stranger")
    sealed = b64encode(suite().seal(b"x", (laptop.directory.current(TOWNSHIP)[0].seal_key,))).decode()
    to = {org: county.hands_out(org) for org in (TOWNSHIP, PROVINCE)}
    for number in range(5):
        grant = {"org": TOWNSHIP, "key_id": f"{number:016x}", "use": "open", "to": COUNTY, "sealed": sealed}
        erase = {"device": stranger.device, "region": TOWNSHIP, "reason": "request", "at": NOW.isoformat()}
        erase |= {"pairs": [[f"{number:064x}", f"{number + 9:064x}"]], "blobs": []}
        county.work.take([said_by(stranger, kind, {"grant": grant, "erase": erase}[kind])])

    assert len(county.directory.said(kind)) >= 5
    assert {org: county.hands_out(org) for org in to} == to


def test_a_hundred_requests_of_strangers_before_cost_whoever_is_on_the_telephone_nothing(county, desks, monkeypatch):
    drawn, draw = [], enrolment._drawn
    monkeypatch.setattr(enrolment, "_drawn", lambda salt, told: drawn.append(salt) or draw(salt, told))
    laptop, stranger = desks("laptop"), desks("stranger")
    asked = stranger.work.ask(TOWNSHIP, "路人")
    body = read_statement(asked.request.raw, suite().holds).body
    for number in range(20):
        county.work.take([said_by(stranger, "request", body | {"name": f"路人{number}"})])
    mine = laptop.work.ask(TOWNSHIP, "桃园村笔记本")
    county.work.take([mine.request.raw])
    assert len(county.work.waiting()) == 21
    drawn.clear()

    assert county.work.accept(mine.digits).name == "桃园村笔记本"
    assert drawn.count(b"yuanba request") <= 1


@pytest.mark.parametrize(
    "at", ["x", "2026-11-23", "2026-11-23T10:00:00", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00"]
)
def test_a_card_of_no_moment_shuts_nobody_out_of_the_exchange(laptop, county, desks, at):
    """A single laptop could have ended every import of its township with an error, for ever."""
    enrol(laptop, county)
    second = desks("second")
    enrol(second, county, name="另一台")
    card = laptop.work._new_card(TOWNSHIP, "示例乡", laptop.work._key(), frozenset()) | {"at": at}
    before = second.directory.current(TOWNSHIP)

    for desk in (county, second):
        desk.work.take([said_by(laptop, "card", card)])
        desk.work.tend()

    assert second.directory.current(TOWNSHIP) == before


def test_two_laptops_that_made_keys_before_they_met_both_count(laptop, county, desks):
    second = desks("second")
    for desk, name in ((laptop, "一号"), (second, "二号")):
        asked = desk.work.ask(TOWNSHIP, name)
        desk.work.confirm(county.work.accept(asked.digits, [asked.request.raw]).digits)
    answer = county.hands_out(TOWNSHIP)
    for desk in (laptop, second):
        desk.work.take(answer)
    for desk in (laptop, second, laptop, second):
        county.work.take(desk.hands_out(COUNTY))
        desk.work.take(county.hands_out(TOWNSHIP))
    for desk in (laptop, second):
        desk.work.take(county.hands_out(TOWNSHIP))

    assert len(laptop.directory.current(TOWNSHIP)) == 2
    assert laptop.directory.recipients(TOWNSHIP, Audience.TOWNSHIP) == second.directory.recipients(
        TOWNSHIP, Audience.TOWNSHIP
    )
    for audience in Audience:
        words = suite().seal(b"x", laptop.directory.recipients(TOWNSHIP, audience)[:1])
        assert audience is not Audience.TOWNSHIP or (can_open(laptop, words) and can_open(second, words))


def test_a_lost_laptop_is_believed_up_to_its_mark_and_gets_no_new_key(laptop, county, desks):
    second = desks("second")
    enrol(laptop, county)
    enrol(second, county, name="另一台")
    laptop.work.take(county.hands_out(TOWNSHIP))
    county.work.take(laptop.hands_out(COUNTY))
    second.work.take(county.hands_out(TOWNSHIP))

    county.work.lose(laptop.device[:6], "乡里说丢了")
    second.work.take(county.hands_out(TOWNSHIP))
    county.work.take(second.hands_out(COUNTY))
    laptop.work.take(county.hands_out(TOWNSHIP))

    assert county.directory.revoked_upto(laptop.device) == {}
    assert county.directory.revoked_upto(laptop.device, TOWNSHIP) == {}
    assert second.directory.revoked_upto(second.device) is None
    assert laptop.directory.revoked_upto(laptop.device) == {}
    for audience in (Audience.TOWNSHIP, Audience.COUNTY, Audience.OPEN):
        words = suite().seal(b"x", second.directory.recipients(TOWNSHIP, audience))
        assert can_open(second, words)
        assert not can_open(laptop, words)
    assert not can_open(laptop, suite().seal(b"x", county.directory.recipients(COUNTY, Audience.COUNTY)))


def test_a_township_whose_only_laptop_is_lost_goes_on_with_a_new_one(laptop, county, desks):
    enrol(laptop, county)
    old = {audience: suite().seal(b"x", laptop.directory.recipients(TOWNSHIP, audience)) for audience in Audience}
    county.work.lose("桃园村笔记本")
    fresh = desks("fresh")
    enrol(fresh, county, name="新笔记本")
    fresh.work.take(county.hands_out(TOWNSHIP))

    assert [can_open(fresh, old[audience]) for audience in "OCT"] == [True, True, False]
    new = suite().seal(b"x", fresh.directory.recipients(TOWNSHIP, Audience.COUNTY))
    assert can_open(fresh, new)
    assert can_open(county, new)
    assert not can_open(laptop, new)


def test_a_later_mark_of_the_county_is_believed(laptop, county):
    enrol(laptop, county)
    county.work.lose("桃园村笔记本")
    secret = next(one for one in county.postbox.identities() if one.use == "sign")
    body = {"device": laptop.device, "upto": {f"{laptop.device}/1": 40}, "at": NOW.isoformat(), "reason": "看过了"}
    county.work.take([sign_statement("revocation", body, suite().signer(bytes.fromhex(secret.secret)))])

    assert county.directory.revoked_upto(laptop.device, TOWNSHIP) == {f"{laptop.device}/1": 40}


def test_nobody_but_its_county_can_report_a_laptop_lost(laptop, county, desks):
    enrol(laptop, county)
    neighbour = desks("neighbour")
    neighbour.work.found("530103", "邻县")
    body = {"device": laptop.device, "upto": {}, "at": NOW.isoformat(), "reason": ""}
    secret = next(one for one in neighbour.postbox.identities() if one.use == "sign")
    county.work.take([sign_statement("revocation", body, suite().signer(bytes.fromhex(secret.secret)))])

    assert county.directory.revoked_upto(laptop.device) is None
    with pytest.raises(Refused):
        county.work.lose(county.device)
    with pytest.raises(Refused):
        county.work.lose("没有的电脑")


def test_keys_turn_after_a_year_and_the_old_ones_still_open(laptop, county):
    enrol(laptop, county)
    old = laptop.directory.recipients(TOWNSHIP, Audience.TOWNSHIP)
    sealed = suite().seal(b"x", old)
    laptop.now = NOW + timedelta(days=364)
    assert laptop.work.tend().made == 0
    laptop.now = NOW + timedelta(days=366)

    assert laptop.work.tend().made == 1

    assert laptop.work.tend().made == 0
    assert set(old).isdisjoint(laptop.directory.recipients(TOWNSHIP, Audience.TOWNSHIP))
    assert can_open(laptop, sealed)


@pytest.mark.parametrize("years", [-56, -20, 80])
def test_a_clock_that_is_years_off_turns_keys_once_at_most(laptop, county, years):
    enrol(laptop, county)
    laptop.now = NOW.replace(year=NOW.year + years)

    made = [laptop.work.tend().made for _ in range(3)]
    laptop.now = NOW
    made += [laptop.work.tend().made for _ in range(2)]

    assert sum(made) <= 1


def test_tending_twice_does_nothing_more(laptop, county):
    enrol(laptop, county)
    county.work.tend()
    before = county.postbox.statements()

    assert county.work.tend() == enrolment.Tended([])
    assert county.postbox.statements() == before


def test_a_province_joined_later_reads_all_that_was_ever_open_and_nothing_else(laptop, county, desks):
    enrol(laptop, county)
    sealed = {audience: suite().seal(b"x", laptop.directory.recipients(TOWNSHIP, audience)) for audience in Audience}
    province = desks("province")
    province.work.found(PROVINCE, "示例省")

    join(county, province)

    assert {audience: can_open(province, words) for audience, words in sealed.items()} == {
        Audience.OPEN: True,
        Audience.COUNTY: False,
        Audience.TOWNSHIP: False,
    }
    assert province.directory.may_write(laptop.device, TOWNSHIP)
    laptop.work.take(county.hands_out(TOWNSHIP))
    assert readers(laptop, TOWNSHIP, Audience.OPEN) == {(TOWNSHIP, "open"), (COUNTY, "open"), (PROVINCE, "open")}
    assert readers(laptop, TOWNSHIP, Audience.COUNTY) == {(TOWNSHIP, "open"), (COUNTY, "seal")}


def test_four_levels_join_one_after_the_other(laptop, county, desks):
    prefecture, province = desks("prefecture"), desks("province")
    prefecture.work.found(PREFECTURE, "示例市")
    province.work.found(PROVINCE, "示例省")
    enrol(laptop, county)
    sealed = suite().seal(b"x", laptop.directory.recipients(TOWNSHIP, Audience.OPEN))

    join(county, prefecture)
    join(prefecture, province)
    county.work.take(prefecture.hands_out(COUNTY))
    prefecture.work.take(county.hands_out(PREFECTURE))
    province.work.take(prefecture.hands_out(PROVINCE))
    laptop.work.take(county.hands_out(TOWNSHIP))

    assert can_open(prefecture, sealed)
    assert can_open(province, sealed)
    assert province.directory.may_write(laptop.device, TOWNSHIP)
    assert readers(laptop, TOWNSHIP, Audience.OPEN) == {
        *((org, "open") for org in (TOWNSHIP, COUNTY, PREFECTURE, PROVINCE))
    }
    assert not any(one.org == COUNTY and one.use == "seal" for one in province.postbox.identities())


def test_a_province_trusts_no_county_that_it_has_not_signed(laptop, county, desks):
    enrol(laptop, county)
    province = desks("province")
    province.work.found(PROVINCE, "示例省")

    province.work.take(county.hands_out(PROVINCE))

    assert province.directory.org(COUNTY) is None
    assert not province.directory.may_write(laptop.device, TOWNSHIP)


def test_a_county_cannot_name_itself_a_province(county, desks):
    province, false_one = desks("province"), desks("false one")
    province.work.found(PROVINCE, "示例省")
    join(county, province)
    false_one.work.found(PROVINCE, "冒名省")
    secret = next(one for one in county.postbox.identities() if one.use == "sign")
    card = false_one.directory.said("card")[0].raw
    vouched = add_signature(card, suite().signer(bytes.fromhex(secret.secret)))

    province.work.take([vouched])

    assert province.directory.org(PROVINCE).name == "示例省"
    assert len(province.directory.cards(PROVINCE)) == 1


def test_a_second_computer_of_the_county_reads_what_the_first_does(county, laptop, desks):
    enrol(laptop, county)
    second = desks("second")
    enrol(second, county, org=COUNTY, name="县里第二台")
    second.work.take(county.hands_out(COUNTY))

    sealed = [suite().seal(b"x", laptop.directory.recipients(TOWNSHIP, audience)) for audience in "OC"]
    assert all(can_open(second, words) for words in sealed)
    assert second.work.tend().made == 0


def test_statements_in_any_order_make_the_same_directory(laptop, county, desks):
    enrol(laptop, county)
    enrol(desks("second"), county, name="另一台")
    county.work.lose("桃园村笔记本")
    files = county.postbox.statements()
    forward, backward = Directory(files, county.device), Directory(files[::-1], county.device)

    for audience in Audience:
        assert forward.recipients(COUNTY, audience) == backward.recipients(COUNTY, audience)
    assert forward.devices(TOWNSHIP) != []
    assert {card.device for card in forward.devices()} == {card.device for card in backward.devices()}
    assert forward.revoked_upto(laptop.device) == backward.revoked_upto(laptop.device)


def test_noise_among_the_statements_is_left_aside(county):
    before = county.directory.recipients(COUNTY, Audience.OPEN)
    bad = [
        sign_statement("card", {"org": COUNTY}, county.home.seal.sign),
        sign_statement("device", {"device": 7}, county.home.seal.sign),
        sign_statement(
            "grant",
            {"org": COUNTY, "key_id": "0" * 16, "use": "seal", "to": county.device, "sealed": "%"},
            county.home.seal.sign,
        ),
        b"",
        b"{}",
    ]

    county.work.take(bad)

    assert county.directory.recipients(COUNTY, Audience.OPEN) == before
