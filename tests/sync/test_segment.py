"""Segments: what was sealed opens as it was, for those it was sealed for, and nobody else's word passes for it."""

import json
import struct
from dataclasses import replace

import pyrage
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from app.domain.errors import (
    NotForUs,
    NotTaken,
    PackFromNewer,
    PackTooLarge,
    SegmentForged,
    SegmentReaddressed,
    SegmentSpoilt,
)
from app.domain.op import Op
from sync.plain import NotPlain, read_plain
from sync.segment import LineWriter, head_entry, is_entry_of, op_line, open_segment, read_entry, read_op, seal_segment
from sync.suite import key_ids, suite
from tests.sync.makings import (
    DEVICE,
    OTHER_SIGN,
    OUR_PUBLIC,
    OURS,
    SIGN,
    STRANGER,
    STRANGER_PUBLIC,
    STREAM,
    WALL,
    WAYS,
    head,
    op,
    sealed,
    sealed_bytes,
)

WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
NUMBERS = st.integers(-(2**53), 2**53)
FLAT = st.none() | st.booleans() | NUMBERS | WORDS
PLAIN = st.recursive(
    FLAT, lambda part: st.lists(part, max_size=3) | st.dictionaries(WORDS, part, max_size=3), max_leaves=8
)
STREAMS = st.builds(
    lambda number, turn, branch: f"{number:016x}/{turn}{branch}",
    st.integers(0, 2**64 - 1),
    st.integers(1, 2**48),
    st.sampled_from(["", "~ab12cd34"]),
)
VERSIONS = st.tuples(st.integers(0, 2**53), STREAMS, st.integers(1, 2**53))
OPS = st.builds(
    Op,
    stream=st.just(STREAM),
    seq=st.just(1),
    lamport=st.integers(0, 2**53),
    kind=st.text("abcdefgh_", min_size=1, max_size=9),
    record_id=st.text("0123456789abcdef", min_size=1, max_size=32),
    sets=st.dictionaries(WORDS, PLAIN, max_size=4),
    base=st.none() | st.dictionaries(WORDS, st.lists(VERSIONS, max_size=3).map(tuple), max_size=3),
    act=WORDS,
    who=WORDS,
    wall=WORDS,
    correction=WORDS,
    seen=st.none() | st.dictionaries(STREAMS, st.integers(0, 2**53), max_size=3),
    holds=st.lists(WORDS, max_size=3).map(tuple),
    masked=st.frozensets(WORDS, max_size=3),
    parts=st.just("C"),
)


def opened(content, **other):
    return open_segment(content, [OURS], WAYS.holds, **other)


def plain_of(signed: bytes):
    return opened(sealed_bytes(signed))


def lines_of(one) -> list[bytes]:
    """Return the lines that were signed in a sealed segment."""
    return WAYS.unsqueeze(WAYS.unseal(one.content, [OURS]), 1 << 26).splitlines(keepends=True)[:-1]


@settings(max_examples=150, deadline=None)
@given(OPS)
def test_an_op_comes_back_as_it_was_written(one):
    line = op_line(one)

    assert b"\n" not in line
    assert read_op(line, STREAM, "C") == one
    assert op_line(read_op(line, STREAM, "C")) == line


@settings(max_examples=40, deadline=None)
@given(st.lists(OPS, max_size=12), st.sampled_from(["O", "C", "T"]))
def test_a_segment_comes_back_as_it_was_sealed(ops, audience):
    ops = [structs.replace(one, seq=number, parts=audience) for number, one in enumerate(ops, 1)]
    lines = [op_line(one) for one in ops]

    one = seal_segment(head(max(1, len(ops)), audience=f"530102001:{audience}"), lines, SIGN, [OUR_PUBLIC])
    found = opened(one.content, expected_id=one.id)

    assert found.ops == tuple(ops)
    assert found.lines == tuple(lines)
    assert (found.head, found.plain_digest) == (one.head, one.plain_digest)
    assert suite().fingerprint(found.key) == found.head.device == DEVICE


@settings(max_examples=100, deadline=None)
@given(st.lists(OPS, max_size=8), st.lists(st.sampled_from(["as before", "new value", "all moved"]), max_size=8))
def test_lines_that_leave_out_what_was_said_before_say_the_same(ops, turns):
    for turn in turns if ops else ():
        last = ops[-1]
        base = dict.fromkeys(last.sets, ((last.lamport, STREAM, last.seq),))
        sets = dict.fromkeys(last.sets, "新") if turn == "new value" else last.sets
        ops = [*ops, structs.replace(last, sets=sets, base=base if turn == "all moved" else last.base)]
    ops = [
        structs.replace(one, seq=number, lamport=one.lamport if number % 3 else number)
        for number, one in enumerate(ops, 1)
    ]
    writer = LineWriter()

    short = seal_segment(head(max(1, len(ops))), [writer.line(one) for one in ops], SIGN, [OUR_PUBLIC])
    long = seal_segment(head(max(1, len(ops))), [op_line(one) for one in ops], SIGN, [OUR_PUBLIC])

    assert opened(short.content).ops == opened(long.content).ops == tuple(ops)
    assert sum(map(len, lines_of(short))) <= sum(map(len, lines_of(long)))


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])), st.text("重一，a\n", max_size=99))
def test_any_text_comes_out_of_its_frame_as_it_went_in(rare, common):
    for text in (rare, common, rare + common, "\ufeff" + rare):
        assert WAYS.unsqueeze(WAYS.squeeze(text.encode()), 1 << 20) == text.encode()


def test_a_text_that_is_too_large_once_it_is_utf_8_is_refused():
    squeezed = WAYS.squeeze("重".encode() * 1000)

    assert len(WAYS.unsqueeze(squeezed, 3000)) == 3000
    with pytest.raises(PackTooLarge):
        WAYS.unsqueeze(squeezed, 2999)


@pytest.mark.parametrize(
    "sign", "\u1e3f\u9fb4\u9fbb\ue000\uf8ff\ufe10\ufe19\U00020087\U000200cc\U000215d7\U0002298f\U000241fe"
)
def test_a_sign_that_moved_between_editions_of_gb_18030_is_not_written_in_it(sign):
    plain = lambda text: zstandard.decompress(WAYS.squeeze(text.encode()))  # noqa: E731

    assert plain("重" * 99).startswith(b"\x84\x31\x95\x33")
    assert plain("重" * 99 + sign) == ("重" * 99 + sign).encode()


@settings(max_examples=100, deadline=None)
@given(OPS, st.dictionaries(st.text("pqrwyz", min_size=2, max_size=4), PLAIN, min_size=1, max_size=3))
def test_a_line_of_a_newer_version_is_read_and_kept_byte_for_byte(one, more):
    line = json.dumps({**json.loads(op_line(one)), **more}, ensure_ascii=False, separators=(",", ":")).encode()

    found = opened(seal_segment(head(1), [line], SIGN, [OUR_PUBLIC]).content)

    assert found.lines == (line,)
    assert found.ops == (one,)


def test_sealing_needs_no_more_than_the_lines_to_be_read_again():
    with pytest.raises(NotPlain):
        op_line(op(1, share=0.5))
    with pytest.raises(NotPlain):
        op_line(op(1, list=[[1.5]]))
    with pytest.raises(SegmentSpoilt):
        seal_segment(head(1), [b'{"n":1}'], SIGN, [OUR_PUBLIC])


BAD_LINES = {
    "no line": b"",
    "not JSON": b"{n:1}",
    "a list": b"[1]",
    "cut": op_line(op(1))[:-1],
    "a key twice": op_line(op(1)).replace(b'"n":1', b'"n":1,"n":1'),
    "a field twice": op_line(op(1, a=1)).replace(b'"a":1', b'"a":1,"a":2'),
    "a fraction": op_line(op(1, a=1)).replace(b'"a":1', b'"a":1.5'),
    "a whole fraction": op_line(op(1, a=1)).replace(b'"a":1', b'"a":1.0'),
    "an exponent": op_line(op(1, a=1)).replace(b'"a":1', b'"a":1e3'),
    "a fraction deep within": op_line(op(1, a=[1])).replace(b'"a":[1]', b'"a":[[{"b":2.5}]]'),
    "not a number": op_line(op(1, a=1)).replace(b'"a":1', b'"a":NaN'),
    "a great number": op_line(op(1, a=1)).replace(b'"a":1', b'"a":9007199254740993'),
    "a great number deep within": op_line(op(1, a=[1])).replace(b'"a":[1]', b'"a":[9007199254740993]'),
    "a huge number": op_line(op(1, a=1)).replace(b'"a":1', b'"a":' + b"9" * 5000),
    "too deep": op_line(op(1, a=1)).replace(b'"a":1', b'"a":' + b"[" * 33 + b"]" * 33),
    "too deep by one": op_line(op(1, a=1)).replace(b'"a":1', b'"a":' + b"[" * 31 + b"]" * 31),
    "bottomless": op_line(op(1, a=1)).replace(b'"a":1', b'"a":' + b"[" * 9999 + b"]" * 9999),
    "an unknown bottomless key": op_line(op(1))[:-1] + b',"zz":' + b"[" * 9999 + b"]" * 9999 + b"}",
    "half a surrogate pair": op_line(op(1, a=1)).replace(b'"a":1', b'"a":"\\ud800"'),
    "half a pair under an unknown key": op_line(op(1))[:-1] + b',"zz":"\\udc00"}',
    "not UTF-8": op_line(op(1, a="x")).replace(b'"a":"x"', b'"a":"\xff"'),
    "not UTF-8 under an unknown key": op_line(op(1))[:-1] + b',"zz":"\xff"}',
    "a byte order mark": b"\xef\xbb\xbf" + op_line(op(1)),
    "two in one": op_line(op(1)) + op_line(op(2)),
    "number nought": op_line(op(1)).replace(b'"n":1', b'"n":0'),
    "number minus one": op_line(op(1)).replace(b'"n":1', b'"n":-1'),
    "a number as text": op_line(op(1)).replace(b'"n":1', b'"n":"1"'),
    "true for a number": op_line(op(1)).replace(b'"n":1', b'"n":true'),
    "no kind": op_line(op(1)).replace(b'"k":"statement"', b'"k":""'),
    "a version of no stream": op_line(op(1)).replace(b'"b":null', b'"b":{"a":[[1,"x",1]]}'),
    "a version and a line end": op_line(op(1)).replace(b'"b":null', f'"b":{{"a":[[1,"{STREAM}\\n",1]]}}'.encode()),
    "a version too long": op_line(op(1)).replace(b'"b":null', f'"b":{{"a":[[1,"{STREAM}",1,1]]}}'.encode()),
}


@pytest.mark.parametrize("name", BAD_LINES)
def test_a_line_that_two_readers_could_read_differently_is_refused(name):
    with pytest.raises(SegmentSpoilt):
        read_op(BAD_LINES[name], STREAM, "C")
    with pytest.raises(SegmentSpoilt):
        plain_of(lines_of(sealed(1))[0] + BAD_LINES[name] + b"\n")


def test_nothing_but_the_thirty_second_bracket_is_too_deep():
    line = op_line(op(1, a=1)).replace(b'"a":1', b'"a":' + b"[" * 30 + b"]" * 30)

    assert read_op(line, STREAM, "C").seq == 1
    assert read_plain(b"[" * 32 + b"]" * 32)
    with pytest.raises(NotPlain):
        read_plain(b"[" * 33 + b"]" * 33)


BAD_HEADS = {
    "two": lambda first: first + first,
    "none": lambda first: b"",
    "another format": lambda first: first.replace(b"yuanba-segment", b"yuanba-pack"),
    "a key twice": lambda first: first.replace(b'"first":1', b'"first":1,"first":1'),
    "a fraction": lambda first: first.replace(b'"first":1', b'"first":1.0'),
    "first after last": lambda first: first.replace(b'"first":1', b'"first":9'),
    "ops before the first": lambda first: first.replace(b'"first":1,"last":3', b'"first":2,"last":3'),
    "ops after the last": lambda first: first.replace(b'"last":3', b'"last":2'),
    "no act": lambda first: first.replace(b'["' + b"5e" * 16 + b'"]', b"[]"),
    "an act twice": lambda first: first.replace(b'"' + b"5e" * 16 + b'"', (b'"' + b"5e" * 16 + b'",') * 2).replace(
        b",]", b"]"
    ),
    "after itself": lambda first: first.replace(b'"after":null', b'"after":"' + b"5e" * 16 + b'"'),
    "no place": lambda first: first.replace(b"530102001:C", b"5301020:C"),
    "no class": lambda first: first.replace(b"530102001:C", b"530102001:X"),
    "no device": lambda first: first.replace(DEVICE.encode(), DEVICE.upper().encode() + b"Z"),
    "recipients twice": lambda first: first.replace(
        b'"to":["', b'"to":["' + key_ids([OUR_PUBLIC])[0].encode() + b'","'
    ),
}


@pytest.mark.parametrize("name", BAD_HEADS)
def test_a_head_that_says_what_cannot_be_is_refused(name):
    first, *rest = lines_of(sealed(3))

    with pytest.raises(SegmentSpoilt):
        plain_of(BAD_HEADS[name](first) + b"".join(rest))


def test_numbers_must_rise():
    first, *rest = lines_of(sealed(3))

    for order in (rest[::-1], [rest[0], rest[0]], rest + rest):
        with pytest.raises(SegmentSpoilt):
            plain_of(first + b"".join(order))


def test_an_unknown_key_of_the_head_is_no_trouble_but_a_newer_reader_is():
    first, *rest = lines_of(sealed(3))

    assert len(plain_of(first.replace(b'"v":1', b'"v":1,"pad":"x"') + b"".join(rest)).ops) == 3
    with pytest.raises(PackFromNewer):
        plain_of(first.replace(b'"min_reader":1', b'"min_reader":2') + b"".join(rest))
    with pytest.raises(PackFromNewer):
        open_segment(sealed(1).content, [OURS], WAYS.holds, letter="Z")


def test_who_has_no_key_is_told_so_and_can_pass_it_on():
    with pytest.raises(NotForUs):
        open_segment(sealed().content, [STRANGER], WAYS.holds)
    with pytest.raises(NotForUs):
        open_segment(sealed().content, [], WAYS.holds)
    assert len(open_segment(sealed().content, [STRANGER, OURS], WAYS.holds).ops) == 3


def test_what_was_sealed_for_one_cannot_be_sealed_anew_for_another():
    plain = WAYS.unseal(sealed().content, [OURS])

    with pytest.raises(SegmentReaddressed):
        open_segment(WAYS.seal(plain, [STRANGER_PUBLIC]), [STRANGER], WAYS.holds)
    with pytest.raises(SegmentReaddressed):
        open_segment(WAYS.seal(plain, [STRANGER_PUBLIC, OUR_PUBLIC]), [STRANGER], WAYS.holds)


def test_another_key_signs_for_nobody_but_itself():
    signed = b"".join(lines_of(sealed()))

    with pytest.raises(SegmentForged):
        opened(sealed_bytes(signed, OTHER_SIGN))


def test_a_signature_that_does_not_hold_is_refused_before_anything_is_read():
    plain = WAYS.unsqueeze(WAYS.unseal(sealed().content, [OURS]), 1 << 26)
    wrong = {
        "another word": plain.replace("挡墙".encode(), "挡壁".encode(), 1),
        "another signature": plain[:-5] + (b"0" if plain[-5:-4] != b"0" else b"1") + plain[-4:],
        "great letters": plain.replace(
            b'"key":"' + SIGN(b"").key.encode(), b'"key":"' + SIGN(b"").key.upper().encode()
        ),
        "no signature": b"".join(lines_of(sealed())),
        "no end": plain[:-1],
        "more after it": plain + b"\n",
        "a word more": plain[:-2] + b',"x":1}\n',
        "nothing": b"",
        "a line end": b"\n",
        "signature alone": plain.splitlines(keepends=True)[-1],
    }

    for name, said in wrong.items():
        with pytest.raises(SegmentForged):
            opened(WAYS.seal(WAYS.squeeze(said), [OUR_PUBLIC]))
        assert name


def test_what_stood_outside_must_be_what_stands_within():
    one = sealed()
    told = head_entry(one)

    assert list(told) == ["id", "dev", "incarnation", "first", "last", "aud", "acts", "after", "size"]
    found_id, entry, size = read_entry(json.loads(json.dumps(told)))
    assert (found_id, size) == (one.id, len(one.content))
    assert is_entry_of(entry, one.head)
    assert opened(one.content, entry=entry).head == one.head
    others = {
        "first": 2,
        "last": 9,
        "incarnation": 2,
        "audience": "530102001:O",
        "after": "00" * 16,
        "acts": ("00" * 16,),
    }
    for name, value in others.items():
        with pytest.raises(SegmentReaddressed):
            opened(one.content, entry=replace(entry, **{name: value}))
    with pytest.raises(NotPlain):
        read_entry(told | {"aud": "530102001"})


def test_other_bytes_than_those_of_the_name_are_refused():
    with pytest.raises(SegmentSpoilt):
        opened(sealed().content, expected_id=sealed().id)


def test_every_flipped_byte_of_a_sealed_segment_is_found():
    content = sealed(1).content

    for place in range(len(content)):
        spoilt = bytearray(content)
        spoilt[place] ^= 1 + place % 255
        with pytest.raises(NotTaken):
            opened(bytes(spoilt))


def test_every_shortened_segment_is_found():
    content = sealed(1).content

    for length in range(len(content)):
        with pytest.raises(NotTaken):
            opened(content[:length])


def frame(size: int, content: bytes) -> bytes:
    """Return a frame that claims another size than it has; eight bytes of size follow the descriptor and the window."""
    made = zstandard.ZstdCompressor(level=3, write_content_size=False).compress(content)
    return made[:4] + bytes([made[4] | 0xC0]) + made[5:6] + struct.pack("<Q", size) + made[6:]


@pytest.mark.parametrize(
    ("squeezed", "blame"),
    [
        (WAYS.squeeze(bytes(8 << 20)), PackTooLarge),
        (frame(1 << 40, b"x" * 2000), PackTooLarge),
        (frame((16 << 20) + 1, b"x" * 2000), PackTooLarge),
        (frame(100, b"x" * 2000), SegmentSpoilt),
        (frame(900_000, b"x" * 2000), SegmentSpoilt),
        (zstandard.ZstdCompressor(write_content_size=False).compress(b"x" * 2000), SegmentSpoilt),
        (WAYS.squeeze(b"x") + WAYS.squeeze(b"y"), SegmentSpoilt),
        (WAYS.squeeze(b"x") + b"\0", SegmentSpoilt),
        (b"\x50\x2a\x4d\x18\x04\0\0\0abcd" + WAYS.squeeze(b"x"), SegmentSpoilt),
        (b"", SegmentSpoilt),
        (b"not a frame", SegmentSpoilt),
    ],
)
def test_what_would_grow_beyond_measure_is_not_unpacked(squeezed, blame):
    with pytest.raises(blame):
        opened(WAYS.seal(squeezed, [OUR_PUBLIC]))


def test_a_seal_to_a_crowd_is_not_tried_key_by_key():
    keys = [OUR_PUBLIC, *(WAYS.new_identity()[1] for _ in range(100))]
    plain = WAYS.unseal(sealed().content, [OURS])

    assert len(open_segment(WAYS.seal(plain, keys[:60]), [OURS], WAYS.holds).ops) == 3
    with pytest.raises(SegmentSpoilt):
        opened(WAYS.seal(plain, keys))


def test_other_manners_of_age_are_not_ours():
    plain, key = WAYS.unseal(sealed().content, [OURS]), pyrage.x25519.Recipient.from_str(OUR_PUBLIC)
    by_password = (
        b"age-encryption.org/v1\n-> scrypt " + b"A" * 22 + b" 30\n" + b"A" * 43 + b"\n--- " + b"A" * 43 + b"\n"
    )

    for other in (pyrage.encrypt(plain, [key], armored=True), by_password + bytes(100)):
        with pytest.raises(NotTaken):
            opened(other)


def test_a_segment_too_large_is_neither_made_nor_opened():
    with pytest.raises(PackTooLarge):
        opened(bytes((4 << 20) + 1))
    with pytest.raises(PackTooLarge):
        seal_segment(head(1), [op_line(op(1, body="重" * 1_500_000))], SIGN, [OUR_PUBLIC])


def test_a_segment_says_nothing_in_the_clear():
    content = sealed().content

    assert "赵某甲".encode() not in content
    assert DEVICE.encode() not in content
    assert WALL.encode() not in content
