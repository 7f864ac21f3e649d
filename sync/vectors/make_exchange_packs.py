"""The vectors of packs: good ones, those that carry what is not for us, and those with one thing wrong."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from sync.archive import entry_head
from sync.vectors.crafting import (
    DEVICE,
    KEY,
    MANIFEST,
    RECIPIENTS,
    STREAM,
    WAYS,
    Entry,
    Json,
    card_of,
    compact,
    entries_of,
    entry_of,
    head_of,
    header_of,
    lines_of,
    op_of,
    plain_of,
    receipt_body,
    said_parts,
    sealed_to,
    seg_part,
    segment_of,
    signed_off,
    squeezed,
    statement_of,
    tar_of,
)
from sync.vectors.make_exchange_segments import TAKEN, Vector, flipped, good_ops, sealed_lines
from sync.vectors.make_exchange_snapshots import misplaced, with_snapshot

NO_PACK, CUT, SPOILT, LARGE, FUTURE, FORGED = "X-501", "X-502", "X-503", "X-504", "X-505", "X-506"
MIB = 1 << 20
Carried = tuple[bytes, Json]


def packs() -> Iterator[Vector]:
    """Yield all of them."""
    for name, (raw, readers) in good_packs().items():
        yield _vector(f"good/{name}", raw, TAKEN, *readers)
    for made in (_bad_headers, _bad_orders, _bad_tars, _bad_signatures, _too_large, _bad_within, _cuts):
        for name, (raw, answer) in made().items():
            yield _vector(name, raw, answer)
    beyond = _vector("bad/large-file-beyond-64-MiB", tar_of(signed_off(smaller())), LARGE)
    yield replace(beyond, zeros=64 * MIB)


def _vector(name: str, raw: bytes, answer: str, *readers: str) -> Vector:
    return Vector(f"pack/{name}", "pack", raw, answer, readers or ("county",))


def carried(letter: str = "C", count: int = 1, **other: object) -> Carried:
    """Return a segment with its head."""
    head = head_of(letter, **other)
    return segment_of(head, [op_of(n) for n in range(head["first"], head["first"] + count)]), head


def packed(segs: Sequence[Carried], *parts: Entry, packer: str = "laptop", **header: object) -> bytes:
    """Return a pack with these segments after some parts and before others: pieces of files."""
    told = header_of([entry_of(*one) for one in segs], packer, **header)
    before = [one for one in parts if not one[0].startswith("blob/")]
    after = [one for one in parts if one[0].startswith("blob/")]
    return tar_of(signed_off(entries_of(told, *before, *(seg_part(raw) for raw, _ in segs), *after), packer))


def small() -> list[Entry]:
    """Return the entries of a pack with one of each, before its manifest."""
    one = carried()
    said = [*said_parts("dir", _card()), *said_parts("rcpt", _receipt())]
    return entries_of(header_of([entry_of(*one)]), *said, seg_part(one[0]), _piece(0))


def smaller() -> list[Entry]:
    """Return the entries of a pack with a card alone, before its manifest."""
    return entries_of(header_of(), *said_parts("dir", _card()))


def _card() -> bytes:
    return statement_of("card", card_of(), "county")


def _receipt() -> bytes:
    return statement_of("receipt", receipt_body(), "county")


def _piece(number: int, letters: str = "c4") -> Entry:
    return f"blob/{letters * 32}/{number}.age", sealed_to(b"picture %d" % number, ["county"])


def good_packs() -> dict[str, tuple[bytes, tuple[str, ...]]]:
    """Return packs that are taken, and by whom."""
    every = [carried(letter) for letter in "OCT"]
    pieces = [_piece(2), _piece(10), _piece(0, "c5")]
    said = said_parts("dir", _card(), statement_of("weather_of_tomorrow", {"kind": "weather_of_tomorrow"}, "province"))
    receipts = said_parts("rcpt", *(statement_of("receipt", receipt_body(no=n), "county") for n in (1, 2, 3)))
    county = ("county",)
    found: dict[str, tuple[bytes, tuple[str, ...]]] = {
        "empty": (packed([]), county),
        "one-of-each": (tar_of(signed_off(small())), county),
        "segments-in-no-order": (packed([carried("C", first=n, last=n) for n in (3, 1, 2)]), county),
        "statements-and-receipts": (packed([], *said, *receipts), county),
        "pieces-by-number": (packed([], *pieces), county),
        "all-together": (packed(every, *said, *receipts, *pieces), ("county", "township")),
        "of-a-relay": (packed([carried("C"), carried("O")], packer="county"), county),
        "two-forks": (packed(_forked()), county),
        "acts-spanned-are-no-fork": (packed(_spanned()), county),
        "of-several-devices": (packed([carried(), _of_another()]), county),
        "with-one-for-a-newer-reader": (packed([carried("O"), carried("C", min_reader=2)]), county),
        "with-one-for-a-strange-reader": (packed([(_strange(), head_of())]), county),
        "with-a-snapshot": (with_snapshot(), county),
    }
    for reader in ("township", "county", "province", "stranger"):
        found[f"audiences-read-by-{reader}"] = (packed(every), (reader,))
    found["read-without-keys"] = (packed(every), ())
    ops = list(good_ops().values())
    future = [op if isinstance(op, bytes) else compact(op) for op in ops]
    one = carried()
    told = header_of([entry_of(*one, weather={"rain": [1]})], parts={"set": "ab" * 16, "no": 1, "of": 1, "z9": None})
    found["future-keys-in-parts-and-segs"] = (_with(told, seg_part(one[0])), county)
    found["unknown-lines-relayed"] = (packed([_numbered(future)], packer="county"), county)
    return found | {f"header-{name}": (_with(header), county) for name, header in _good_headers().items()}


def _forked() -> list[Carried]:
    """Return what two copies of one disk sealed after the same act, and what came before."""
    before = carried("O")
    copies = [carried("O", first=4, last=6, acts=[act * 16], after="5e" * 16) for act in ("aa", "bb")]
    return [before, *copies, carried("C", last=6, acts=["5e" * 16, "bb" * 16])]


def _spanned() -> list[Carried]:
    later = carried("O", first=4, last=6, acts=["aa" * 16], after="5e" * 16)
    return [carried("O"), later, carried("C", last=6, acts=["5e" * 16, "aa" * 16])]


def _of_another() -> Carried:
    head = head_of(dev=DEVICE["other laptop"], incarnation=77)
    return segment_of(head, [op_of()], "other laptop"), head


def _strange() -> bytes:
    return sealed_lines(compact({"format": "yuanba-segment", "min_reader": 9, "of": "another shape"}) + b"\n")


def _numbered(lines: Sequence[bytes]) -> Carried:
    head = head_of(last=len(lines))
    told = [
        line.replace(b'"n":1', b'"n":%d' % n).replace(b'"n" : 1', b'"n" : %d' % n) for n, line in enumerate(lines, 1)
    ]
    return segment_of(head, told), head


def _with(header: Json | bytes, *parts: Entry) -> bytes:
    return tar_of(signed_off(entries_of(header, *parts)))


def _good_headers() -> dict[str, Json | bytes]:
    return {
        "with-a-future-key": header_of(weather={"rain": [1, None]}),
        "version-1-7": header_of(v=[1, 7]),
        "clock-with-more": header_of(clock={"quality": "ntp", "off_by_ms": 12}),
        "without-a-name": {name: value for name, value in header_of().items() if name != "packer_name"},
        "in-another-order": dict(reversed(header_of().items())),
        "names-pictures": header_of(blobs=[PICTURE, PICTURE | {"id": "c5" * 32, "size": 0}]),
        "with-blanks": json.dumps(header_of(), ensure_ascii=True, indent=2).encode(),
        "to-and-via-several": header_of(to=["org:530102", "org:53"], via=["org:5301"]),
        "to-nobody": header_of(to=[]),
        "part-2-of-3": header_of(parts={"set": "ab" * 16, "no": 2, "of": 3}),
        "have-of-a-branch": header_of(have={f"{STREAM}~ab12cd34": {"T": [[1, 2], [9, 9]]}}, needs={STREAM: {}}),
        "as-deep-as-allowed": compact(header_of())[:-1] + b',"z9":' + b"[" * 31 + b"]" * 31 + b"}",
    }


PICTURE: Json = {
    "id": "c4" * 32,
    "dev": DEVICE["laptop"],
    "aud": "530102001:C",
    "act": "5e" * 16,
    "among": 2,
    "size": 9,
}


def _bad_headers() -> dict[str, tuple[bytes, str]]:
    raw = compact(header_of())
    found = {f"bad/header-{name}": (_with(header_of(**changes)), SPOILT) for name, changes in BAD_HEADERS.items()}
    for key in ("format", "v", "min_reader", "suite", "packer", "key", "clock", "to", "via", "parts", "have", "segs"):
        less = {name: value for name, value in header_of().items() if name != key}
        found[f"bad/header-without-{key}"] = (_with(less), SPOILT)
    texts = {
        "key-twice": raw.replace(b'"number":19', b'"number":19,"number":20'),
        "fraction": raw.replace(b'"number":19', b'"number":19.0'),
        "future-key-fraction": raw[:-1] + b',"z9":0.5}',
        "too-deep": raw[:-1] + b',"z9":' + b"[" * 32 + b"]" * 32 + b"}",
        "bottomless": raw[:-1] + b',"z9":' + b"[" * 4000 + b"]" * 4000 + b"}",
        "half-a-pair": raw[:-1] + b',"z9":"\\udc00"}',
        "byte-order-mark": b"\xef\xbb\xbf" + raw,
        "a-list": b"[]",
        "empty": b"",
    }
    found |= {f"bad/header-{name}": (_with(text), SPOILT) for name, text in texts.items()}
    newer: dict[str, Json] = {"v-2": {"v": [2, 0]}, "min-reader-1-1": {"min_reader": [1, 1]}, "suite-B": {"suite": "B"}}
    newer["min-reader-2-and-another-shape"] = {"min_reader": [2, 0], "v": [2, 0], "segs": "elsewhere", "key": 7}
    found |= {f"newer/header-{name}": (_with(header_of(**changes)), FUTURE) for name, changes in newer.items()}
    for name, changes in BAD_SEGS.items():
        one = carried()
        found[f"bad/segs-{name}"] = (_with(header_of([entry_of(*one) | changes]), seg_part(one[0])), SPOILT)
    return found


BAD_HEADERS: dict[str, Json] = {
    "another-format": {"format": "yuanba-segment"},
    "v-a-number": {"v": 1},
    "v-of-three": {"v": [1, 0, 0]},
    "v-negative": {"v": [1, -1]},
    "key-in-capitals": {"key": KEY["laptop"].upper()},
    "key-short": {"key": KEY["laptop"][:-2]},
    "clock-of-no-quality": {"clock": {"quality": "sundial"}},
    "clock-a-text": {"clock": "unset"},
    "to-a-text": {"to": "org:530102"},
    "to-of-no-org": {"to": ["530102"]},
    "to-of-one-digit": {"to": ["org:5"]},
    "to-full-width": {"to": ["org:５３"]},
    "via-null": {"via": None},
    "set-short": {"parts": {"set": "5e", "no": 1, "of": 1}},
    "part-nought": {"parts": {"set": "5e" * 16, "no": 0, "of": 1}},
    "number-nought": {"number": 0},
    "number-true": {"number": True},
    "number-too-great": {"number": 2**53 + 1},
    "name-a-number": {"packer_name": 7},
    "time-null": {"made_wall": None},
    "have-of-no-stream": {"have": {"laptop": {"O": [[1, 3]]}}},
    "have-of-no-class": {"have": {STREAM: {"o": [[1, 3]]}}},
    "have-of-three": {"have": {STREAM: {"O": [[1, 2, 3]]}}},
    "picture-twice": {"blobs": [PICTURE, PICTURE]},
    "picture-of-no-class": {"blobs": [PICTURE | {"aud": "530102001"}]},
    "picture-among-nought": {"blobs": [PICTURE | {"among": 0}]},
    "picture-beyond-2-GiB": {"blobs": [PICTURE | {"size": 2048 * MIB + 1}]},
    "pictures-null": {"blobs": None},
    "needs-from-nought": {"needs": {STREAM: {"O": [[0, 3]]}}},
}
BAD_SEGS: dict[str, Json] = {
    "first-after-last": {"first": 9},
    "act-twice": {"acts": ["5e" * 16] * 2},
    "no-act": {"acts": []},
    "after-itself": {"after": "5e" * 16},
    "after-a-number": {"after": 0},
    "class-unknown": {"aud": "530102001:X"},
    "place-full-width": {"aud": "５３０１０２:C"},
    "device-short": {"dev": DEVICE["laptop"][:-1]},
    "size-nought": {"size": 0},
    "size-of-another": {"size": 1},
    "size-beyond-4-MiB": {"size": 4 * MIB + 1},
    "id-of-another": {"id": "0" * 64},
}


def _bad_orders() -> dict[str, tuple[bytes, str]]:
    one, two, entries = carried("C"), carried("O"), small()
    both = header_of([entry_of(*one), entry_of(*two)])
    said = said_parts("dir", _card(), statement_of("card", card_of(org="530103"), "county"))
    receipts = said_parts("rcpt", *(statement_of("receipt", receipt_body(no=n), "county") for n in (1, 2)))
    first, header, *rest = entries
    whole = signed_off(entries)
    orders: dict[str, Sequence[Entry]] = {
        "header-missing": signed_off([first, *rest]),
        "header-twice": signed_off([first, header, header, *rest]),
        "header-late": signed_off([first, rest[0], header, *rest[1:]]),
        "statements-falling": signed_off(entries_of(header_of(), *said[::-1])),
        "statement-twice": signed_off(entries_of(header_of(), said[0], said[0])),
        "receipts-falling": signed_off(entries_of(header_of(), *receipts[::-1])),
        "receipt-before-statement": signed_off(entries_of(header_of(), receipts[0], said[0])),
        "segments-otherwise-than-listed": signed_off(entries_of(both, seg_part(two[0]), seg_part(one[0]))),
        "segment-missing": signed_off(entries_of(both, seg_part(one[0]))),
        "segment-not-listed": signed_off(entries_of(header_of([entry_of(*one)]), seg_part(one[0]), seg_part(two[0]))),
        "segment-listed-twice": signed_off(entries_of(header_of([entry_of(*one)] * 2), *[seg_part(one[0])] * 2)),
        "segment-twice": signed_off(entries_of(header_of([entry_of(*one)]), *[seg_part(one[0])] * 2)),
        "pieces-falling": signed_off(entries_of(header_of(), _piece(10), _piece(2))),
        "pieces-by-letters": signed_off(entries_of(header_of(), _piece(10), _piece(2))),
        "piece-twice": signed_off(entries_of(header_of(), _piece(1), _piece(1))),
        **misplaced(),
        "piece-before-segment": signed_off([first, header, rest[-1], *rest[:-1]]),
        "manifest-missing": [*entries, whole[-1]],
        "manifest-last": [*entries, whole[-1], whole[-2]],
        "after-the-signature": [*whole, _piece(9)],
        "manifest-twice": [*entries, whole[-2], whole[-2], whole[-1]],
    }
    names = {
        "stranger-among-the-entries": ("readme.txt", b"x"),
        "statement-of-another-name": (f"dir/{'0' * 64}.json", _card()),
        "statement-of-another-suffix": (said[0][0].replace(".json", ".yaml"), said[0][1]),
        "segment-of-another-name": (f"seg/{'0' * 64}.age", one[0]),
        "piece-with-leading-nought": (f"blob/{'c4' * 32}/01.age", b"x"),
        "piece-of-eight-digits": (f"blob/{'c4' * 32}/10000000.age", b"x"),
        "piece-of-short-id": ("blob/c4/0.age", b"x"),
        "name-that-climbs": ("dir/../../autorun.inf", b"x"),
        "name-absolute": ("/etc/passwd", b"x"),
        "folder": ("dir/", b""),
    }
    orders |= {name: signed_off(entries_of(header_of(), part)) for name, part in names.items()}
    orders["first-entry-says-another-thing"] = signed_off([(first[0], b"yuanba_pack_2\n"), header])
    orders["first-entry-twice"] = signed_off([first, first, header])
    found = {f"bad/order-{name}": (tar_of(told), SPOILT) for name, told in orders.items()}
    found["newer/first-entry-of-version-2"] = (tar_of([("0=yuanba_pack_2", b"yuanba_pack_2\n")]), FUTURE)
    return found


def _bad_tars() -> dict[str, tuple[bytes, str]]:
    raw, entries = tar_of(signed_off(smaller())), signed_off(smaller())
    found = {f"bad/tar-{name}": (_with_head(raw, change), SPOILT) for name, change in TAR_TRICKS.items()}
    endings = {
        "zeros-after-the-end": (raw + bytes(512), CUT),
        "one-zero-after-the-end": (raw + b"\0", CUT),
        "words-after-the-end": (raw + b"PK\x03\x04", SPOILT),
        "block-after-the-end": (raw + b"x" * 512, SPOILT),
        "a-pack-after-the-end": (raw + raw, SPOILT),
        "end-of-one-block": (raw[:-512], CUT),
        "end-missing": (raw[:-1024], CUT),
        "end-not-zeros": (raw[:-1] + b"\1", SPOILT),
        "end-in-the-middle": (tar_of(entries[:3]), CUT),
        "zeros-in-the-middle": (tar_of(entries[:3], bytes(2048)), CUT),
        "entries-after-the-end": (tar_of(entries[:3]) + tar_of(entries[3:]), SPOILT),
        "filling-not-zeros": (_filled(raw), SPOILT),
        "pax-before-an-entry": (_pax(raw), SPOILT),
        "long-name-of-gnu": (_gnu_name(raw), SPOILT),
        "name-of-100": (
            tar_of(entries_of(header_of()), b"") + entry_head("a" * 99, 1).replace(b"a\0", b"aa", 1),
            SPOILT,
        ),
        "byte-order-mark": (b"\xef\xbb\xbf" + raw, NO_PACK),
        "a-zip": (b"PK\x03\x04" + raw, NO_PACK),
        "gzip": (b"\x1f\x8b\x08\0" + raw[4:], NO_PACK),
        "another-tar": (tar_of([("readme.txt", b"x")]), NO_PACK),
        "a-short-file": ("院坝".encode(), NO_PACK),
        "zeros-alone": (bytes(4096), CUT),
        "empty": (b"", CUT),
    }
    return found | {f"bad/tar-{name}": made for name, made in endings.items()}


def _at(place: int, value: bytes) -> Callable[[bytes], bytes]:
    return lambda head: head[:place] + value + head[place + len(value) :]


TAR_TRICKS: dict[str, Callable[[bytes], bytes]] = {
    **{f"type-{name}": _at(156, sign) for name, sign in {
        "old": b"\0", "hard-link": b"1", "symbolic-link": b"2", "device": b"3", "folder": b"5", "sparse": b"S",
        "pax": b"x", "pax-for-all": b"g", "long-name": b"L", "long-link": b"K", "multi-volume": b"M",
    }.items()},
    "link-target": _at(157, b"/etc/passwd"),
    "mode-executable": _at(100, b"0000755"),
    "owner": _at(108, b"0001750"),
    "group": _at(116, b"0001750"),
    "time": _at(136, b"14577777777"),
    "user-name": _at(265, b"root"),
    "prefix": _at(345, b"elsewhere"),
    "device-number": _at(329, b"0000001"),
    "magic-of-gnu": _at(257, b"ustar  \0"),
    "rest-not-zeros": _at(505, b"tail"),
    "size-in-binary": _at(124, b"\x80" + bytes(11)),
    "size-with-blank": _at(124, b"       "),
    "name-in-capitals": _at(0, b"D"),
    "name-with-backslash": _at(3, b"\\"),
    "words-after-the-name": _at(90, b"x"),
}  # fmt: skip


def _with_head(raw: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Return a pack whose third entry has another header, with its sum made good."""
    at = raw.index(b"dir/")
    head = change(raw[at : at + 512])
    head = head[:148] + b" " * 8 + head[156:]
    return raw[:at] + head[:148] + b"%06o\0 " % sum(head) + head[156:] + raw[at + 512 :]


def _filled(raw: bytes) -> bytes:
    at = raw.index(b"header.json")
    return raw[: at - 1] + b"\1" + raw[at:]


def _pax(raw: bytes) -> bytes:
    at, told = raw.index(b"dir/"), b"20 path=autorun.inf\n"
    head = _with_type(entry_head("pax", len(told)), b"x")
    return raw[:at] + head + told + bytes(-len(told) % 512) + raw[at:]


def _gnu_name(raw: bytes) -> bytes:
    at, told = raw.index(b"dir/"), b"dir/" + b"a" * 200 + b"\0"
    head = _with_type(entry_head("longlink", len(told)), b"L")
    return raw[:at] + head + told + bytes(-len(told) % 512) + raw[at:]


def _with_type(head: bytes, kind: bytes) -> bytes:
    head = head[:148] + b" " * 8 + kind + head[157:]
    return head[:148] + b"%06o\0 " % sum(head) + head[156:]


def _bad_signatures() -> dict[str, tuple[bytes, str]]:
    entries = smaller()
    whole = signed_off(entries)
    manifest, dsse = whole[-2][1], whole[-1][1]
    told = json.loads(dsse)
    (one,) = told["signatures"]
    envelopes: dict[str, tuple[Json | bytes, str]] = {
        "envelope-with-blanks": (json.dumps(told).encode(), SPOILT),
        "envelope-in-another-order": (dict(reversed(told.items())), SPOILT),
        "envelope-with-more": (told | {"note": 1}, SPOILT),
        "envelope-of-another-manifest": (told | {"payload": "W10="}, SPOILT),
        "envelope-of-another-type": (told | {"payloadType": MANIFEST.replace("manifest", "segment")}, SPOILT),
        "key-id-of-another": (told | {"signatures": [one | {"keyid": DEVICE["county"]}]}, SPOILT),
        "two-signatures": (told | {"signatures": [one, one]}, FORGED),
        "no-signature": (told | {"signatures": []}, SPOILT),
        "signature-empty": (told | {"signatures": [one | {"sig": ""}]}, FORGED),
        "signature-no-base64": (told | {"signatures": [one | {"sig": "!" * 88}]}, FORGED),
        "signature-short": (told | {"signatures": [one | {"sig": one["sig"][:-4]}]}, FORGED),
        "signature-wrong": (flipped(dsse, dsse.index(b'"sig":"') + 30), FORGED),
        "line-end": (dsse + b"\n", SPOILT),
        "empty": (b"", SPOILT),
    }
    found = {
        f"bad/signature-{name}": (_ended(entries, manifest, made), answer) for name, (made, answer) in envelopes.items()
    }
    listed = json.loads(manifest)
    manifests = {
        "with-blanks": json.dumps(listed).encode(),
        "of-fewer": compact(listed[:-1]),
        "in-another-order": compact(listed[::-1]),
        "of-another-size": compact([[listed[0][0], 15, listed[0][2]], *listed[1:]]),
        "of-another-hash": compact([[*listed[0][:2], "0" * 64], *listed[1:]]),
        "empty": b"",
    }
    found |= {f"bad/manifest-{name}": (_ended(entries, made, dsse), SPOILT) for name, made in manifests.items()}
    other = header_of() | {"packer": f"dev:{DEVICE['county']}"}
    found["bad/signature-packer-of-another-key"] = (_with(other), FORGED)
    found["bad/signature-by-another-key"] = (tar_of(signed_off(entries, "stranger", DEVICE["laptop"])), FORGED)
    swapped = [
        one if one[0] != "header.json" else (one[0], one[1].replace(b'"number":19', b'"number":20')) for one in whole
    ]
    found["bad/signature-of-another-header"] = (tar_of(swapped), SPOILT)
    return found


def _ended(entries: Sequence[Entry], manifest: bytes, envelope: Json | bytes) -> bytes:
    told = envelope if isinstance(envelope, bytes) else compact(envelope)
    return tar_of([*entries, ("manifest.json", manifest), ("manifest.dsse", told)])


def _too_large() -> dict[str, tuple[bytes, str]]:
    raw = tar_of(signed_off(small()))
    big = bytes(4 * MIB + 1)
    parts = {
        "statement-beyond-1-MiB": said_parts("dir", bytes(MIB + 1)),
        "receipt-beyond-1-MiB": said_parts("rcpt", bytes(MIB + 1)),
        "segment-beyond-4-MiB": [seg_part(big)],
        "piece-beyond-its-room": [(_piece(0)[0], bytes(4 * MIB + 65537))],
    }
    found = {f"bad/large-{name}": (_with(header_of(), *told), LARGE) for name, told in parts.items()}
    found["bad/large-header-beyond-8-MiB"] = (_with(header_of(pad="x" * 8 * MIB)), LARGE)
    found["bad/large-first-entry"] = (tar_of([("0=yuanba_pack_1", b"yuanba_pack_1\n" + bytes(499))]), LARGE)
    found["bad/large-claims-8-GiB"] = (raw[:1024] + entry_head("header.json", 8**11 - 1) + raw[1536:], CUT)
    return found


def _bad_within() -> dict[str, tuple[bytes, str]]:
    ours, plain = carried(), plain_of(lines_of(head_of(), [op_of()]))
    anew = sealed_to(squeezed(plain), ["county", "stranger"])
    body, stranger = receipt_body(), [WAYS.key_id(RECIPIENTS["stranger"])]
    wrong = segment_of(head_of(to=stranger), [op_of()], to=["county"])
    inside: dict[str, tuple[bytes, str]] = {
        "segment-spoilt": (packed([(flipped(ours[0], len(ours[0]) - 40), ours[1])]), "X-508"),
        "segment-of-no-age": (packed([(b"x", ours[1])]), "X-508"),
        "segment-bottomless-op": (packed([_lines(b'{"n":' + b"[" * 4000)]), "X-508"),
        "one-good-one-spoilt": (packed([ours, _lines(b"{}")]), "X-508"),
        "segment-forged": (packed([(segment_of(head_of(), [op_of()], "stranger"), head_of())]), "X-509"),
        "segment-not-addressed-to-us": (packed([(wrong, head_of())]), "X-510"),
        "segment-sealed-anew-for-more": (packed([(anew, head_of())]), TAKEN),
        "statement-spoilt": (packed([], *said_parts("dir", _card() + b"\n")), "X-511"),
        "statement-forged": (packed([], *said_parts("dir", statement_of("card", card_of()))), "X-511"),
        "pin-from-elsewhere": (packed([], *said_parts("dir", _local("pin"))), "X-511"),
        "expectation-from-elsewhere": (packed([], *said_parts("dir", _local("expectation"))), "X-511"),
        "receipt-among-the-statements": (packed([], *said_parts("dir", _receipt())), "X-511"),
        "card-among-the-receipts": (packed([], *said_parts("rcpt", _card())), "X-511"),
        "receipt-by-another": (packed([], *said_parts("rcpt", statement_of("receipt", body, "laptop"))), "X-511"),
        "receipt-of-no-shape": (packed([], *said_parts("rcpt", _local("receipt"))), "X-511"),
    }
    found = {
        f"{'good' if answer == TAKEN else 'bad'}/within-{name}": (raw, answer) for name, (raw, answer) in inside.items()
    }
    for name, changes in READDRESSED.items():
        told = header_of([entry_of(*ours) | changes])
        found[f"bad/within-outside-says-another-{name}"] = (_with(told, seg_part(ours[0])), "X-510")
    return found


READDRESSED: dict[str, Json] = {
    "device": {"dev": DEVICE["county"]},
    "incarnation": {"incarnation": 2},
    "first": {"first": 2},
    "last": {"last": 4},
    "class": {"aud": "530102001:O"},
    "place": {"aud": "530102002:C"},
    "act": {"acts": ["01" * 16]},
    "act-more": {"acts": ["5e" * 16, "01" * 16]},
    "after": {"after": "01" * 16},
}


def _lines(line: bytes) -> Carried:
    return segment_of(head_of(last=4), [line]), head_of(last=4)


def _local(kind: str) -> bytes:
    return statement_of(kind, {"kind": kind, "org": "530102"}, "county")


def _cuts() -> dict[str, tuple[bytes, str]]:
    """Return a pack cut at every place where something ends, and before every such place."""
    entries = signed_off(small())
    raw, at, places = tar_of(entries), 0, [1, 14, 15, 100]
    for _, content in entries:
        end = at + 512 + len(content) + -len(content) % 512
        places += [at + 512, at + 512 + len(content) // 2, at + 512 + len(content), end]
        at = end
    cuts = sorted({place for place in places if 0 < place < len(raw)})
    return {f"cut/at-{place:05}": (raw[:place], CUT) for place in cuts}
