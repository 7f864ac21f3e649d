"""Statements: signed by one or by two, written in one way only, and read as strictly."""

import json
from base64 import b64decode, b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey

from app.domain.errors import NotTaken, StatementSpoilt
from sync.statement import MOST_SIGNERS, add_signature, read_statement, sign_statement
from sync.suite import pae, suite
from tests.sync.makings import DEVICE, KEY, OTHER_SIGN, SIGN, WAYS, card, receipt

OTHER_KEY = OTHER_SIGN(b"").key
WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | WORDS,
    lambda part: st.lists(part, max_size=3) | st.dictionaries(WORDS, part, max_size=3),
    max_leaves=8,
)


def read(raw: bytes):
    return read_statement(raw, WAYS.holds)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["card", "device", "grant", "receipt"]), st.dictionaries(WORDS, PLAIN, max_size=4))
def test_a_statement_says_what_was_signed(kind, told):
    told.pop("kind", None)
    raw = sign_statement(kind, told, SIGN)

    found = read(raw)

    assert (found.kind, found.body) == (kind, {"kind": kind, **told})
    assert found.signers == ((DEVICE, KEY),)
    assert (found.id, found.raw) == (suite().digest(raw), raw)


def test_a_parent_signs_the_same_words_beside_the_child():
    raw = add_signature(card(), OTHER_SIGN)
    found = read(raw)

    assert found.signers == ((DEVICE, KEY), (suite().fingerprint(OTHER_KEY), OTHER_KEY))
    assert found.body == read(card()).body
    assert found.id != read(card()).id
    assert found.is_signed_by(KEY)
    assert found.is_signed_by(OTHER_KEY)
    assert not read(card()).is_signed_by(OTHER_KEY)
    assert add_signature(raw, OTHER_SIGN) == raw


def test_the_envelope_is_what_others_call_dsse():
    raw = add_signature(receipt(), OTHER_SIGN)
    told = json.loads(raw)
    envelope = Envelope.from_dict(told)
    keys = [SSlibKey(suite().fingerprint(key), "ed25519", "ed25519", {"public": key}) for key in (KEY, OTHER_KEY)]

    assert envelope.pae() == pae(told["payloadType"], b64decode(told["payload"]))
    assert set(envelope.verify(keys, 2)) == {DEVICE, suite().fingerprint(OTHER_KEY)}


def test_the_words_that_are_signed_are_those_of_the_specification():
    assert pae("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )
    assert pae("", b"") == b"DSSEv1 0  0 "
    assert pae("类", b"x") == "DSSEv1 3 类 1 x".encode()


def test_every_flipped_byte_and_every_shortened_statement_is_refused():
    raw = add_signature(card(), OTHER_SIGN)

    for place in range(len(raw)):
        for by in (1, 0x20, 0x80, 1 + place % 255):
            with pytest.raises(NotTaken):
                read(raw[:place] + bytes([raw[place] ^ by]) + raw[place + 1 :])
        with pytest.raises(NotTaken):
            read(raw[:place])


def envelope_of(payload: bytes, kind: str = "card", keyid: str = DEVICE, sign=SIGN) -> bytes:
    """Return an envelope around any payload, well signed."""
    made = sign(pae(f"application/vnd.yuanba.{kind}.v1", payload))
    told = {
        "payloadType": f"application/vnd.yuanba.{kind}.v1",
        "payload": b64encode(payload).decode(),
        "signatures": [{"keyid": keyid, "key": made.key, "sig": b64encode(bytes.fromhex(made.signature)).decode()}],
    }
    return json.dumps(told, separators=(",", ":")).encode()


def spaced(raw: bytes) -> bytes:
    return json.dumps(json.loads(raw)).encode()


GOOD = envelope_of(b'{"kind":"card","a":1}')
STRANGE = {
    "blanks": spaced(GOOD),
    "a line end": GOOD + b"\n",
    "a key twice": GOOD.replace(b'{"payloadType', b'{"payload":"","payloadType'),
    "an unknown key": GOOD[:-1] + b',"x":1}',
    "no signature": GOOD[: GOOD.index(b'"signatures"')] + b'"signatures":[]}',
    "the same signature twice": GOOD.replace(b"}]}", b"}," + GOOD[GOOD.index(b'{"keyid"') : -2] + b"]}"),
    "the id of another device": envelope_of(b'{"kind":"card"}', keyid="0" * 16),
    "an id that is none": envelope_of(b'{"kind":"card"}', keyid="somebody"),
    "another kind within": envelope_of(b'{"kind":"grant"}'),
    "no kind within": envelope_of(b"{}"),
    "no kind at all": envelope_of(b'{"kind":"../x"}', kind="../x"),
    "a list": envelope_of(b"[]"),
    "no JSON": envelope_of(b"card"),
    "nothing": envelope_of(b""),
    "an inner key twice": envelope_of(b'{"kind":"card","a":1,"a":2}'),
    "a fraction": envelope_of(b'{"kind":"card","a":1.5}'),
    "too deep": envelope_of(b'{"kind":"card","a":' + b"[" * 40 + b"]" * 40 + b"}"),
    "too large": envelope_of(b'{"kind":"card","a":"' + b"x" * (1 << 20) + b'"}'),
    "bits to spare": GOOD.replace(b'=="}]}', b'"}]}'),
    "great letters": GOOD.replace(KEY.encode(), KEY.upper().encode()),
    "not UTF-8": GOOD.replace(b"vnd", b"vn\xff"),
    "bottomless": b"[" * 9999,
}


@pytest.mark.parametrize("name", STRANGE)
def test_what_two_readers_could_read_differently_is_refused(name):
    assert STRANGE[name] != GOOD
    with pytest.raises(StatementSpoilt):
        read(STRANGE[name])


def test_no_more_than_eight_sign():
    raw = card()
    for number in range(1, MOST_SIGNERS):
        raw = add_signature(raw, WAYS.signer(bytes([number]) * 32))

    assert len(read(raw).signers) == MOST_SIGNERS
    with pytest.raises(StatementSpoilt):
        add_signature(raw, OTHER_SIGN)


def test_who_did_not_sign_is_found_out():
    raw = card()
    other = sign_statement("card", {"org": "530102", "name": "冒名县"}, OTHER_SIGN)
    words = json.loads(other)["payload"].encode()

    with pytest.raises(StatementSpoilt):
        read(raw.replace(json.loads(raw)["payload"].encode(), words))
    with pytest.raises(StatementSpoilt):
        read(raw.replace(KEY.encode(), OTHER_KEY.encode()))
