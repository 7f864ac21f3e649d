"""The vectors of segments: good ones, those for others and for newer readers, and those with one thing wrong."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sync.vectors.crafting import (
    DEVICE,
    KEY,
    RECIPIENTS,
    STREAM,
    WAYS,
    Json,
    compact,
    frame_of,
    head_of,
    lines_of,
    op_of,
    plain_of,
    sealed_to,
    segment_of,
    squeezed,
    zeros,
)

TAKEN, OTHERS, NEWER = "taken", "for others", "newer"
LARGE, SPOILT, FORGED, READDRESSED = "X-504", "X-508", "X-509", "X-510"
COUNTY = ("county",)
GREATEST = 2**53


@dataclass(frozen=True)
class Vector:
    """Bytes, who reads them, and what the answer must be; `digest` is what they were called, if that is asked. So many
    `zeros` follow the bytes, for there is no need to write them down. What was made anew rests on what is `said` of it
    and on the `first` segment, a vector of this name."""

    name: str
    kind: str
    raw: bytes
    answer: str
    readers: tuple[str, ...] = COUNTY
    digest: str | None = None
    zeros: int = 0
    said: tuple[bytes, ...] = ()
    first: str = ""


def segments() -> Iterator[Vector]:
    """Yield all of them."""
    for made in (
        _good,
        _short,
        _other_frames,
        _not_ours,
        _newer,
        _bad_lines,
        _bad_heads,
        _signatures,
        _frames,
        _ages,
        _cuts,
    ):
        yield from made()


def _vector(name: str, raw: bytes, answer: str = TAKEN, *readers: str) -> Vector:
    return Vector(f"segment/{name}", "segment", raw, answer, readers or COUNTY, WAYS.digest(raw))


def _good() -> Iterator[Vector]:
    for name, op in good_ops().items():
        yield _vector(f"good/op-{name}", segment_of(head_of(), [op]))
    for name, changes in GOOD_HEADS.items():
        yield _vector(f"good/head-{name}", segment_of(head_of() | changes, [op_of(n) for n in (1, 3)]))
    for letter, reader in (("O", "province"), ("O", "county"), ("C", "township"), ("T", "township")):
        raw = segment_of(head_of(letter), [op_of(1), op_of(2, x=["text"])])
        yield _vector(f"good/audience-{letter}-read-by-{reader}", raw, TAKEN, reader)
    yield _vector("good/no-ops", segment_of(head_of(), []))
    yield _vector("good/sixty-ops", segment_of(head_of(last=60), [op_of(n) for n in range(1, 61)]))
    yield _vector("good/numbers-with-gaps", segment_of(head_of(first=5, last=99), [op_of(n) for n in (5, 50, 99)]))
    yield _vector("good/two-keys-one-fits", segment_of(head_of(), [op_of()]), TAKEN, "stranger", "county")
    yield replace(_vector("good/name-not-asked", segment_of(head_of(), [op_of()])), digest=None)
    blanks = compact(head_of()).replace(b'"v":1', b' "v" :\t1 ')
    yield _vector("good/head-with-blanks", sealed_lines(blanks + b"\n" + compact(op_of()) + b"\n"))


def _less(op: Json, *names: str, **other: Any) -> Json:
    """Return an op line without these keys, and with others."""
    return {name: value for name, value in op.items() if name not in names} | other


def _short() -> Iterator[Vector]:
    """Yield segments whose lines leave out what the line before says, and some where nothing before says it."""
    one, moved = op_of(1), op_of(2, b={"text": [[101, STREAM, 1]], "number": [[101, STREAM, 1]]})
    runs = {
        "all-left-out": [one, _less(op_of(2), *"nltuak"), _less(op_of(3), *"nltuak", s=["三", 3])],
        "a-number-skipped": [one, _less(op_of(3), *"ltuak")],
        "lamport-beside": [one, _less(op_of(2), *"ntuak", l=7), _less(op_of(3), *"nltuak")],
        "another-author": [one, _less(op_of(2), *"nltak", u="孙某丙"), _less(op_of(3), *"nltuak")],
        "another-kind-between": [one, op_of(2, k="issue", s={}), _less(op_of(3), *"nltua", s=["三", 3])],
        "names-said-anew": [one, _less(op_of(2), *"nltuak", s={"number": 2}), _less(op_of(3), *"nltuak", s=[3])],
        "nothing-set-twice": [op_of(1, s={}), op_of(2, s=[])],
        "base-once-for-all": [one, moved | {"b": [[101, STREAM, 1], [102, STREAM, 2]]}],
        "base-once-for-values": [one, moved | {"s": ["一", 1], "b": [[101, STREAM, 1]]}],
        "base-once-for-nothing": [one, moved | {"b": []}],
        "a-future-key-is-not-passed-on": [one | {"z9": 1}, _less(op_of(2), *"nltuak")],
        "correction-is-not-passed-on": [one | {"c": "0c" * 16, "x": ["text"]}, _less(op_of(2), *"nltuak")],
    }
    for name, run in runs.items():
        yield _vector(f"good/short-{name}", segment_of(head_of(), run))
    bad: dict[str, list[Json]] = {f"first-without-{name}": [_less(one, name)] for name in "nltuakisb"}
    bad |= {f"later-without-{name}": [one, _less(op_of(2), name)] for name in "isb"}
    bad |= {
        "values-of-no-names": [op_of(1, s=["一", 1])],
        "values-of-another-kind": [one, op_of(2, k="issue", s=["一", 1])],
        "values-too-few": [one, op_of(2, s=["一"])],
        "values-too-many": [one, op_of(2, s=["一", 1, 1])],
        "values-too-deep": [one, op_of(2, s=["一", _nested(31)])],
        "lamport-beyond": [op_of(1, l=GREATEST), _less(op_of(2), "l")],
        "number-beyond-the-last": [op_of(3), _less(op_of(4), "n")],
        "base-of-two": [one, moved | {"b": [[101, STREAM]]}],
        "base-of-nothing-but-bad": [op_of(1, s={}), op_of(2, s={}, b=[["x"]])],
        "base-a-text": [one, moved | {"b": "text"}],
        "sets-null": [one, op_of(2, s=None)],
        "author-null": [one, op_of(2, u=None)],
    }
    for name, run in bad.items():
        yield _vector(f"bad/short-{name}", segment_of(head_of(), run), SPOILT)


def _nested(depth: int) -> list[Any]:
    """Return so many brackets."""
    return [_nested(depth - 1)] if depth > 1 else []


def good_ops() -> dict[str, Json | bytes]:
    """Return op lines that must be taken, unknown keys and kinds of the future among them."""
    base = {"text": [[99, STREAM, 1], [98, "00112233445566ff/281474976710655~ab12cd34", 7]], "": [], "number": []}
    op = op_of()
    line = compact(op)
    return {
        "plain": op,
        "of-a-future-kind": op_of(k="drone_flight", s={"height": 120, "seen": [{"roof": True}]}),
        "with-future-fields": op_of(s={"text": "一", "mood_of_the_river": {"level": 3, "words": ["涨", None]}}),
        "with-a-future-key": op | {"z9": {"of": [1, "二", None, False]}},
        "with-a-future-key-first": {"z9": 1} | op,
        "keys-in-another-order": dict(reversed(op.items())),
        "with-blanks": b" " + line.replace(b'"n":1', b'"n" : 1') + b"\t\r",
        "escaped-otherwise": line.replace("赵某甲".encode(), b"\\u8d75\\u67d0\\u7532"),
        "slash-escaped": line.replace(b"2026-11-23", b"2026\\/11\\/23"),
        "beyond-the-basic-plane": op_of(s={"name": "𬱖某🏞"}),
        "pair-escaped": line.replace("赵某甲".encode(), b"\\ud83c\\udfde"),
        "nought-character": op_of(s={"text": "a\0b\x1f\x7f\u2028"}),
        "not-normal-form": op_of(s={"text": "e\u0301", "é": "é", "e\u0301": 1}),
        "empty-texts": op_of(t="", u="", a="", s={"": ""}),
        "nothing-set": op_of(s={}),
        "greatest-numbers": op_of(l=GREATEST, s={"a": GREATEST, "b": -GREATEST, "c": 0}),
        "minus-nought": line.replace(b'"number":1', b'"number":-0'),
        "lamport-nought": op_of(l=0),
        "as-deep-as-allowed": line.replace(b'"number":1', b'"number":' + b"[" * 30 + b"]" * 30),
        "deep-under-a-future-key": line[:-1] + b',"z9":' + b"[" * 31 + b"]" * 31 + b"}",
        "base-of-branches": op_of(b=base),
        "base-empty": op_of(b={}),
        "correction": op_of(c="0c" * 16),
        "sealing": op_of(k="edition", v={STREAM: 3, "00112233445566ff/7": 0}, h=["1" * 32, "2" * 32]),
        "optional-keys-empty": op_of(c="", v=None, h=[], x=[]),
        "masked": op_of(x=["number", "text"]),
        "masked-out-of-order": op_of(x=["text", "number", "text"]),
        "standing": op_of(s={"standing": 0}, b={"standing": [[101, STREAM, 1]]}),
    }


GOOD_HEADS: dict[str, Json] = {
    "with-a-future-key": {"pad": "x" * 40, "weather": {"rain": [1, 2]}},
    "version-two-for-old-readers": {"v": 2},
    "another-incarnation": {"incarnation": 281474976710655},
    "greatest-incarnation": {"incarnation": GREATEST, "last": GREATEST},
    "later-in-the-lane": {"after": "0a" * 16, "prev": "0b" * 32},
    "of-three-acts": {"acts": ["5e" * 16, "01" * 16, "02" * 16]},
    "of-a-village": {"aud": "530102001204:C"},
    "of-a-prefecture": {"aud": "5301:C"},
    "of-a-province": {"aud": "53:C"},
    "of-no-schema": {"schema": "", "app": ""},
    "to-more-than-it-is-sealed-to": {
        "to": sorted({"f" * 16, WAYS.key_id(RECIPIENTS["county"]), WAYS.key_id(RECIPIENTS["township"])})
    },
}


def _other_frames() -> Iterator[Vector]:
    plain = plain_of(lines_of(head_of(), [op_of(n) for n in (1, 2, 3)]))
    raw_block = (len(plain) << 3 | 1).to_bytes(3, "little") + plain
    frames = {
        "level-19": squeezed(plain, level=19),
        "level-minus-5": squeezed(plain, level=-5),
        "with-checksum": squeezed(plain, write_checksum=True),
        "not-squeezed-at-all": frame_of(len(plain), raw_block),
        "that-claims-a-window-of-128-MiB": frame_of(len(plain), raw_block, 17 << 3),
    }
    text, mark = plain.decode(), b"\x84\x31\x95\x33"
    frames["of-gb-18030"] = squeezed(mark + text.encode("gb18030"))
    rare = plain_of(lines_of(head_of(), [op_of(s={"text": "𬱖某🏞é\0\u2028\ufeff"})])).decode()
    frames["of-gb-18030-four-bytes"] = squeezed(mark + rare.encode("gb18030"))
    for name, frame in frames.items():
        yield _vector(f"good/frame-{name}", sealed_to(frame, ["county", "township"]))
    for name, spoilt, answer in (
        ("cut", mark + text.encode("gb18030") + b"\x81", SPOILT),
        ("of-no-sign", mark + text.encode("gb18030") + b"\xff\xff", SPOILT),
        ("in-utf-8-all-the-same", mark + plain, SPOILT),
        ("unmarked", text.encode("gb18030"), FORGED),
        ("marked-in-utf-8", b"\xef\xbb\xbf" + plain, FORGED),
    ):
        yield _vector(f"bad/gb-18030-{name}", sealed_to(squeezed(spoilt), COUNTY), answer)
    grease = b"-> grease-of-tomorrow a B\nvsQEo8w79+mZa9FId1Z35rPy\n"
    yield _vector("good/age-with-an-unknown-stanza", sealed_to(squeezed(plain), ["county", "township"], grease))
    long = plain_of(lines_of(head_of(), [op_of(s={"text": "x" * 66_000})]))
    frame = frame_of(len(long), (len(long) << 3 | 1).to_bytes(3, "little") + long)
    yield _vector("good/age-of-two-pieces", sealed_to(frame, ["county", "township"]))


def sealed_lines(signed: bytes, signer: str = "laptop", letter: str = "C") -> bytes:
    """Return any signed lines, sealed to county and township."""
    return sealed_to(squeezed(plain_of(signed, signer)), ["county", "township"])


def _not_ours() -> Iterator[Vector]:
    raw = segment_of(head_of(), [op_of()])
    yield _vector("others/sealed-to-the-township-alone", segment_of(head_of("T"), [op_of()]), OTHERS)
    yield _vector("others/not-for-above-the-county", raw, OTHERS, "province")
    yield _vector("others/read-by-a-stranger", raw, OTHERS, "stranger")
    yield _vector("others/two-keys-none-fits", raw, OTHERS, "stranger", "province")
    yield Vector("segment/others/reader-without-keys", "segment", raw, OTHERS, ())
    only = b"-> age-of-tomorrow 1\nvsQEo8w79+mZa9FId1Z35rPy\n"
    yield _vector("others/only-an-unknown-stanza", sealed_to(b"x", [], only), OTHERS)
    body = raw.index(b"\n", 30) + 5
    yield _vector("others/stanza-of-ours-spoilt", flipped(sealed_to(b"x", COUNTY), body), OTHERS)


def flipped(raw: bytes, at: int) -> bytes:
    """Return bytes with one letter another one."""
    other = b"A" if raw[at : at + 1] != b"A" else b"B"
    return raw[:at] + other + raw[at + 1 :]


def _newer() -> Iterator[Vector]:
    strange = {"format": "yuanba-segment", "min_reader": 3, "dev": 7, "who": "another shape"}
    yield _vector("newer/min-reader-2", segment_of(head_of(min_reader=2), [op_of()]), NEWER)
    yield _vector("newer/min-reader-greatest", segment_of(head_of(min_reader=GREATEST), [op_of()]), NEWER)
    yield _vector("newer/head-of-another-shape", sealed_lines(compact(strange) + b"\n"), NEWER)
    yield _vector("newer/lines-of-another-shape", segment_of(head_of(min_reader=2), [b"\x93\x01", b""]), NEWER)


def _bad_lines() -> Iterator[Vector]:
    for name, line in bad_lines().items():
        yield _vector(f"bad/op-{name}", segment_of(head_of(), [line]), SPOILT)
    for name, numbers in {"twice": (1, 1), "falling": (2, 1), "beyond": (1, 4), "before": (1, 2)}.items():
        head = head_of(first=2 if name == "before" else 1)
        yield _vector(f"bad/numbers-{name}", segment_of(head, [op_of(n) for n in numbers]), SPOILT)
    yield _vector("bad/line-empty-between", segment_of(head_of(), [op_of(1), b"", op_of(2)]), SPOILT)
    yield _vector("bad/line-of-a-blank", segment_of(head_of(), [op_of(1), b" "]), SPOILT)
    yield _vector("bad/two-ops-on-a-line", segment_of(head_of(), [compact(op_of(1)) + compact(op_of(2))]), SPOILT)
    cut = compact(op_of(1)).replace(b',"u"', b',\n"u"')
    yield _vector("bad/op-over-two-lines", segment_of(head_of(), [cut]), SPOILT)
    yield _vector("bad/head-among-the-ops", segment_of(head_of(), [op_of(1), head_of()]), SPOILT)


def bad_lines() -> dict[str, bytes]:  # long: a table, one line for each thing that can be wrong
    """Return op lines with one thing wrong."""
    line = compact(op_of())
    swaps: dict[str, tuple[str, str]] = {
        "key-twice": ('"n":1', '"n":1,"n":1'),
        "key-twice-escaped": ('"n":1', '"n":1,"\\u006e":2'),
        "field-twice": ('"number":1', '"number":1,"number":2'),
        "key-twice-deep": ('"number":1', '"number":[{"a":1,"a":1}]'),
        "fraction": ('"number":1', '"number":1.5'),
        "whole-fraction": ('"number":1', '"number":1.0'),
        "exponent": ('"number":1', '"number":1e3'),
        "number-as-fraction": ('"n":1', '"n":1.0'),
        "not-a-number": ('"number":1', '"number":NaN'),
        "infinite": ('"number":1', '"number":-Infinity'),
        "leading-nought": ('"number":1', '"number":01'),
        "plus-sign": ('"number":1', '"number":+1'),
        "great-number": ('"number":1', f'"number":{GREATEST + 1}'),
        "great-negative": ('"number":1', f'"number":{-GREATEST - 1}'),
        "huge-number": ('"number":1', '"number":' + "9" * 4000),
        "too-deep": ('"number":1', '"number":' + "[" * 31 + "]" * 31),
        "bottomless": ('"number":1', '"number":' + "[" * 5000 + "]" * 5000),
        "half-a-pair": ('"number":1', '"number":"\\ud800"'),
        "half-a-pair-as-key": ('"number":1', '"\\udc00":1'),
        "raw-control": ("挡墙", "挡\t墙"),
        "single-quotes": ('"number":1', "'number':1"),
        "comma-at-the-end": ('"number":1', '"number":1,'),
        "true-for-number": ('"n":1', '"n":true'),
        "number-as-text": ('"n":1', '"n":"1"'),
        "number-nought": ('"n":1', '"n":0'),
        "lamport-minus-one": ('"l":101', '"l":-1'),
        "kind-empty": ('"k":"statement"', '"k":""'),
        "record-empty": (f'"i":"{1:032x}"', '"i":""'),
        "record-null": (f'"i":"{1:032x}"', '"i":null'),
        "author-missing": ('"u":"钱某乙",', ""),
        "base-missing": (',"b":null', ""),
        "sets-no-object": ('"s":{', '"s":[],"s2":{'),
        "base-of-no-stream": ('"b":null', '"b":{"text":[[1,"x",1]]}'),
        "base-line-end": ('"b":null', f'"b":{{"text":[[1,"{STREAM}\\n",1]]}}'),
        "base-incarnation-nought": ('"b":null', f'"b":{{"text":[[1,"{STREAM[:-1]}0",1]]}}'),
        "base-of-four": ('"b":null', f'"b":{{"text":[[1,"{STREAM}",1,1]]}}'),
        "base-number-nought": ('"b":null', f'"b":{{"text":[[1,"{STREAM}",0]]}}'),
        "correction-null": ('"b":null', '"b":null,"c":null'),
        "seen-of-no-stream": ('"b":null', '"b":null,"v":{"x":1}'),
        "holds-null": ('"b":null', '"b":null,"h":null'),
        "holds-a-number": ('"b":null', '"b":null,"h":[1]'),
        "masked-a-text": ('"b":null', '"b":null,"x":"text"'),
        "future-key-fraction": ('"b":null', '"b":null,"z9":0.5'),
        "future-key-half-a-pair": ('"b":null', '"b":null,"z9":"\\udfff"'),
        "future-key-too-deep": ('"b":null', '"b":null,"z9":' + "[" * 32 + "]" * 32),
    }
    bad = {name: line.replace(old.encode(), new.encode(), 1) for name, (old, new) in swaps.items()}
    other = {
        "no-json": b"{n:1}",
        "a-list": b"[1]",
        "null": b"null",
        "cut": line[:-1],
        "byte-order-mark": b"\xef\xbb\xbf",
    }
    other["byte-order-mark"] += line
    return (
        bad
        | other
        | {
            "not-utf-8": line.replace("赵".encode(), b"\xd5\xd4"),
            "overlong": line.replace(b"statement", b"stat\xc1\xa5ment"),
        }
    )


BAD_HEADS: dict[str, Json] = {
    "another-format": {"format": "yuanba-pack"},
    "version-nought": {"v": 0},
    "min-reader-nought": {"min_reader": 0},
    "min-reader-true": {"min_reader": True},
    "min-reader-text": {"min_reader": "2"},
    "incarnation-nought": {"incarnation": 0},
    "first-nought": {"first": 0},
    "first-after-last": {"first": 4},
    "first-as-text": {"first": "1"},
    "last-too-great": {"last": GREATEST + 1},
    "no-act": {"acts": []},
    "act-twice": {"acts": ["5e" * 16, "5e" * 16]},
    "act-short": {"acts": ["5e" * 15]},
    "act-in-capitals": {"acts": ["5E" * 16]},
    "after-itself": {"after": "5e" * 16},
    "after-short": {"after": "5e"},
    "prev-in-capitals": {"prev": "AB" * 32},
    "place-of-seven": {"aud": "5301020:C"},
    "place-full-width": {"aud": "５３:C"},
    "class-unknown": {"aud": "530102001:X"},
    "class-missing": {"aud": "530102001"},
    "audience-with-line-end": {"aud": "530102001:C\n"},
    "device-in-capitals": {"dev": DEVICE["laptop"].upper()[:15] + "F"},
    "device-long": {"dev": DEVICE["laptop"] + "0"},
    "recipients-none": {"to": []},
    "recipients-twice": {"to": sorted([*head_of()["to"], head_of()["to"][0]])},
    "recipients-falling": {"to": head_of()["to"][::-1]},
    "recipient-short": {"to": [*head_of()["to"], "ff"]},
    "schema-a-number": {"schema": 1},
    "app-null": {"app": None},
}


def _bad_heads() -> Iterator[Vector]:
    for name, changes in BAD_HEADS.items():
        yield _vector(f"bad/head-{name}", sealed_lines(lines_of(head_of() | changes, [op_of()])), SPOILT)
    for key in ("format", "v", "min_reader", "suite", "dev", "acts", "after", "prev", "to", "app"):
        less = {name: value for name, value in head_of().items() if name != key}
        yield _vector(f"bad/head-without-{key}", sealed_lines(lines_of(less, [op_of()])), SPOILT)
    lines = {
        "key-twice": compact(head_of()).replace(b'"first":1', b'"first":1,"first":1'),
        "fraction": compact(head_of()).replace(b'"first":1', b'"first":1.0'),
        "future-key-too-deep": compact(head_of())[:-1] + b',"z9":' + b"[" * 32 + b"]" * 32 + b"}",
        "a-list": b"[]",
        "no-json": "院坝".encode(),
        "empty-line": b"",
        "missing": compact(op_of()),
    }
    for name, line in lines.items():
        yield _vector(f"bad/head-{name}", sealed_lines(line + b"\n" + compact(op_of()) + b"\n"), SPOILT)
    future_suite = segment_of(head_of(suite="B"), [op_of()])
    yield _vector("bad/head-of-another-suite", future_suite, READDRESSED)


def _signatures() -> Iterator[Vector]:
    signed = lines_of(head_of(), [op_of(1), op_of(2)])
    plain = plain_of(signed)
    wrong_id = head_of(dev=DEVICE["other laptop"])
    to_stranger = head_of(to=[WAYS.key_id(RECIPIENTS["stranger"])])
    yield _vector("bad/signed-by-another", sealed_lines(signed, "other laptop"), FORGED)
    yield _vector("bad/device-of-another", sealed_lines(lines_of(wrong_id, [op_of()])), FORGED)
    yield _vector("bad/sealed-anew-for-a-stranger", sealed_to(squeezed(plain), ["stranger"]), READDRESSED, "stranger")
    yield _vector("bad/sealed-to-us-not-addressed-to-us", sealed_lines(lines_of(to_stranger, [])), READDRESSED)
    great_key = plain.replace(b'"key":"' + KEY["laptop"].encode(), b'"key":"' + KEY["laptop"].upper().encode())
    wrong = {
        "another-word": plain.replace("挡墙".encode(), "挡壁".encode(), 1),
        "an-op-taken-out": plain.replace(compact(op_of(2)) + b"\n", b""),
        "an-op-put-in": plain.replace(compact(op_of(2)) + b"\n", b"".join(compact(op_of(n)) + b"\n" for n in (2, 3))),
        "ops-swapped": plain_of(lines_of(head_of(), [op_of(2), op_of(1)])).replace(
            lines_of(head_of(), [op_of(2), op_of(1)]), signed
        ),
        "another-signature": flipped(plain, len(plain) - 6).replace(b'A"}', b'0"}').replace(b'B"}', b'1"}'),
        "signature-beyond-the-order": _beyond_the_order(plain),
        "key-in-capitals": great_key,
        "key-of-no-point": plain.replace(KEY["laptop"].encode(), b"ff" * 32),
        "signature-missing": signed,
        "signature-short": plain[:-6] + b'"}\n',
        "signature-with-more-keys": plain[:-2] + b',"x":1}\n',
        "signature-with-blanks": plain.replace(b',"sig":', b', "sig":'),
        "signature-twice": plain + plain.splitlines(keepends=True)[-1],
        "line-end-missing": plain[:-1],
        "carriage-return": plain[:-1] + b"\r\n",
        "line-more": plain + b"\n",
        "nothing": b"",
        "line-end-alone": b"\n",
        "signature-alone": plain.splitlines(keepends=True)[-1],
    }
    for name, said in wrong.items():
        yield _vector(f"bad/signature-{name}", sealed_to(squeezed(said), COUNTY), FORGED)


def _beyond_the_order(plain: bytes) -> bytes:
    """Return lines whose signature holds for careless readers: S and S plus the order of the group."""
    order = 2**252 + 27742317777372353535851937790883648493
    at = len(plain) - 3 - 64
    s = int.from_bytes(bytes.fromhex(plain[at : at + 64].decode()), "little") + order
    return plain[:at] + s.to_bytes(32, "little").hex().encode() + plain[at + 64 :]


def _frames() -> Iterator[Vector]:
    plain = plain_of(lines_of(head_of(), [op_of()]))
    raw_block = (len(plain) << 3 | 1).to_bytes(3, "little") + plain
    spoilt = squeezed(plain, write_checksum=True)
    frames: dict[str, tuple[bytes, str]] = {
        "bomb-of-8-MiB": (frame_of(8 << 20, zeros(64)), LARGE),
        "bomb-beyond-16-MiB": (frame_of((16 << 20) + (1 << 17), zeros(129)), LARGE),
        "claims-a-TiB": (frame_of(1 << 40, zeros(1)), LARGE),
        "claims-16-MiB-and-one": (frame_of((16 << 20) + 1, raw_block), LARGE),
        "claims-too-little": (frame_of(100, zeros(1)), SPOILT),
        "claims-too-much": (frame_of(len(plain) + 1, raw_block), SPOILT),
        "bomb-that-claims-little": (frame_of(1000, zeros(500)), SPOILT),
        "no-size": (squeezed(plain, write_content_size=False), SPOILT),
        "two-frames": (squeezed(plain) + squeezed(plain), SPOILT),
        "more-after-it": (squeezed(plain) + b"\0", SPOILT),
        "skippable-before-it": (b"\x50\x2a\x4d\x18\x04\0\0\0abcd" + squeezed(plain), SPOILT),
        "cut": (squeezed(plain)[:-1], SPOILT),
        "checksum-wrong": (spoilt[:-1] + bytes([spoilt[-1] ^ 1]), SPOILT),
        "no-frame": (plain, SPOILT),
        "empty": (b"", SPOILT),
        "of-nothing": (squeezed(b""), FORGED),
    }
    for name, (frame, answer) in frames.items():
        yield _vector(f"bad/frame-{name}", sealed_to(frame, COUNTY), answer)


def _ages() -> Iterator[Vector]:
    raw = sealed_to(squeezed(plain_of(lines_of(head_of(), [op_of()]))), COUNTY)
    mac = raw.index(b"\n--- ") + 5
    crowd = b"".join(b"-> grease %d\nvsQEo8w79+mZa9FId1Z35rPy\n" % n for n in range(240))
    armored = b"-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n"
    by_password = b"age-encryption.org/v1\n-> scrypt " + b"A" * 22 + b" 30\n" + b"A" * 43 + b"\n--- " + b"A" * 43
    ages: dict[str, tuple[bytes, str]] = {
        "mac-wrong": (flipped(raw, mac), SPOILT),
        "payload-wrong": (raw[:-1] + bytes([raw[-1] ^ 1]), SPOILT),
        "nonce-wrong": (raw[: mac + 44] + bytes([raw[mac + 44] ^ 1]) + raw[mac + 45 :], SPOILT),
        "more-after-it": (raw + b"\0", SPOILT),
        "stanza-put-in": (raw.replace(b"\n---", b"\n-> x y\nAAAA\n---"), SPOILT),
        "version-two": (raw.replace(b"org/v1", b"org/v2"), SPOILT),
        "line-ends-of-windows": (raw.replace(b"v1\n", b"v1\r\n", 1), SPOILT),
        "to-a-crowd": (sealed_to(squeezed(b"x"), COUNTY, crowd), SPOILT),
        "armored": (armored, SPOILT),
        "by-password": (by_password + b"\n" + bytes(64), OTHERS),
        "no-age-file": (b"PK\x03\x04" + bytes(60), SPOILT),
        "in-the-clear": (plain_of(lines_of(head_of(), [op_of()])), SPOILT),
        "too-large": (raw[: mac + 44] + bytes(4 << 20), LARGE),
        "empty": (b"", SPOILT),
    }
    for name, (content, answer) in ages.items():
        yield _vector(f"bad/age-{name}", content, answer)
    yield replace(_vector("bad/other-bytes-than-its-name", raw, SPOILT), digest="0" * 64)


def _cuts() -> Iterator[Vector]:
    plain = plain_of(lines_of(head_of(), [op_of(1), op_of(2)]))
    ends = [at + 1 for at, byte in enumerate(plain) if byte == 10][:-1]
    for place, at in enumerate([ends[0] // 2, *ends, ends[-1] + 8, ends[-1] + 74, len(plain) - 1]):
        yield _vector(f"cut/plain-{place}", sealed_to(squeezed(plain[:at]), COUNTY), FORGED)
    raw = sealed_to(squeezed(plain), COUNTY)
    header = raw.index(b"\n--- ") + 5
    places = (
        10,
        22,
        raw.index(b"\n", 22) + 1,
        header - 4,
        header,
        header + 43,
        header + 44,
        header + 60,
        len(raw) - 17,
    )
    for place, at in enumerate((*places, len(raw) - 1)):
        yield _vector(f"cut/sealed-{place}", raw[:at], SPOILT)
