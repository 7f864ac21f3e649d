"""Vectors of the exchange by two readers that share no code: the program's own, and the second one of the document."""

import importlib.util
import io
import json
import sys
import zlib
from base64 import b64decode
from collections import Counter
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from app.domain.errors import NotForUs, NotTaken, PackFromNewer, StatementSpoilt
from app.ports import Identity
from sync import inbox, piece
from sync.directory import OPEN, read_said
from sync.erasure import Erasures, agree
from sync.pack import read_pack
from sync.receipts import read_receipt
from sync.segment import SegmentUnvouched, open_segment, read_plain_segment
from sync.snapshot import open_snapshot
from sync.statement import read_statement
from sync.suite import suite
from sync.vectors.make_exchange import FOLDER, everything, keys
from tests.sync.fleet import Machine

ROOT = Path(__file__).resolve().parents[2]
SECOND = ROOT / "sync" / "vectors" / "second_reader.py"
ERASER = SECOND.with_name("second_eraser.py")
SNAPSHOTS = SECOND.with_name("second_snapshot.py")
FILES = [*sorted(FOLDER.glob("vectors_*.json")), FOLDER / "agreement.json", FOLDER / "snapshot.json"]
VECTORS = [one for file in FILES for one in json.loads(file.read_text("utf-8"))]
NAMED = {one["name"]: one for one in VECTORS}
KEYS = json.loads((FOLDER / "keys.json").read_text("utf-8"))
WAYS = suite("A")


def loaded(file: Path):
    spec = importlib.util.spec_from_file_location(file.stem, file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def second():
    return loaded(SECOND)


@pytest.fixture(scope="module")
def eraser():
    return loaded(ERASER)


@pytest.fixture(scope="module")
def snapshots():
    return loaded(SNAPSHOTS)


def bytes_of(vector) -> bytes:
    return zlib.decompress(b64decode(vector["zlib"])) + bytes(vector.get("zeros", 0))


def beside(vector):
    """Return what is said beside a vector, and the first segment."""
    return [one.encode() for one in vector.get("said", ())], vector.get("first", "")


def ours(vector):
    """Return what the program makes of a vector: its answer, and what it found."""
    raw, identities = bytes_of(vector), [KEYS["age"][name] for name in vector["as"]]
    read = {
        "pack": lambda: pack_content(raw, identities),
        "snapshot": lambda: snapshot_content(raw, identities),
        "segment": lambda: segment_content(opened(raw, identities, vector), raw),
        "statement": lambda: statement_content(raw),
        "receipt": lambda: receipt_content(raw),
    }[vector["kind"]]
    try:
        return "taken", read()
    except NotForUs:
        return "for others", None
    except SegmentUnvouched:
        return "left out", None
    except PackFromNewer as newer:
        return ("newer" if vector["kind"] in ("segment", "snapshot") else newer.code), None
    except NotTaken as refused:
        return refused.code, None


def reissues(vector):
    """Return what a home may believe of what is said beside a vector: here everybody may erase."""
    raws = [one.encode() for one in vector.get("said", ())]
    return Erasures(filter(None, map(read_said, raws))).reissues


def opened(raw, identities, vector):
    """Open a segment as the inbox does: what was made anew must agree with the first one."""
    found = open_segment(raw, identities, WAYS.holds, vector.get("id"), reissues=reissues(vector))
    if "first" in vector:
        first = open_segment(bytes_of(NAMED[vector["first"]]), identities, WAYS.holds)
        if not agree(first, found):
            raise SegmentUnvouched("says something else")
    return found


def head_content(head):
    told = {"format": "yuanba-segment", "min_reader": head.min_reader, "suite": "A", "dev": head.device}
    told |= {"incarnation": head.incarnation, "first": head.first, "last": head.last, "acts": list(head.acts)}
    told |= {"after": head.after, "prev": head.prev, "aud": head.audience, "to": list(head.to)}
    anew = {name: part for name, part in (("replaces", head.replaces), ("by", head.by), ("was", head.was)) if part}
    return told | {"schema": head.schema, "app": head.app} | anew


def op_content(op):
    base = None if op.base is None else {name: [list(one) for one in said] for name, said in op.base.items()}
    told = {"n": op.seq, "l": op.lamport, "t": op.wall, "u": op.who, "a": op.act, "k": op.kind, "i": op.record_id}
    sets = {name: value for name, value in op.sets.items() if name not in op.erased}
    told |= {"e": sorted(op.erased)} if op.erased else {}
    told |= {"s": sets, "b": base, "c": op.correction, "v": op.seen, "h": list(op.holds)}
    return told | {"x": sorted(op.masked)}


def segment_content(found, raw):
    told = {"id": WAYS.digest(raw), "head": head_content(found.head), "ops": [op_content(op) for op in found.ops]}
    return told | {"lines": [WAYS.digest(line) for line in found.lines], "plain": found.plain_digest}


def snapshot_content(raw, identities):
    """Read a snapshot as the inbox does, where nobody has said anything of erasing."""
    found = open_snapshot(raw, identities, WAYS.holds)
    segments = {name: [name, "left out", None] for name in found.plains}
    for parcel, _ in found.parcels():
        with suppress(SegmentUnvouched):
            told = segment_content(read_plain_segment(found.plains[parcel.id], parcel.id, WAYS.holds), b"")
            segments[parcel.id] = [parcel.id, "taken", told | {"id": parcel.id}]
    told = msgspec.to_builtins(found.head)
    head = {name: told[name] for name in ("by", "aud", "to", "held")}
    return {"id": WAYS.digest(raw), "head": head, "segments": list(segments.values())}


def statement_content(raw):
    told = read_statement(raw, WAYS.holds)
    return {"id": told.id, "kind": told.kind, "body": told.body, "signers": [key for _, key in told.signers]}


def receipt_content(raw):
    if read_receipt(raw) is None:
        raise StatementSpoilt("no receipt")
    return statement_content(raw)


def pack_content(raw, identities):
    """Read a pack as the inbox does: statements and receipts first, then each segment."""
    found = read_pack(io.BytesIO(raw))
    list(inbox._statements(found))
    list(inbox._receipts(found))
    segments = []
    for name, head, content in found.segments():
        try:
            opened = segment_content(open_segment(content, identities, WAYS.holds, name, head), content)
            segments.append([name, "taken", opened])
        except NotForUs:
            segments.append([name, "for others", None])
        except PackFromNewer:
            segments.append([name, "newer", None])
    blobs = [[name, WAYS.digest(content)] for name, content in found.blobs()]
    told = {"statements": [statement_content(one) for one in found.statements()], "blobs": blobs}
    told |= {"receipts": [statement_content(one) for one in found.receipts()], "segments": segments}
    return told | {"header": pack_head_content(found.head)}


def pack_head_content(head):
    told = {"format": "yuanba-pack", "min_reader": [1, 0], "suite": head.suite, "packer": f"dev:{head.device}"}
    told |= {"key": head.key, "made_wall": head.made_wall, "clock": head.clock, "to": list(head.to)}
    told |= {"via": list(head.via), "parts": {"set": head.parts_set, "no": head.part, "of": head.parts}}
    told |= {"number": head.number, "have": head.have, "needs": head.needs, **head.extra}
    lanes = [(one, head_content(route), size) for one, route, size in head.segs]
    told["segs"] = [
        {"id": one, "size": size}
        | {name: route[name] for name in ("dev", "incarnation", "first", "last", "aud", "acts", "after")}
        for one, route, size in lanes
    ]
    if head.blobs:
        told["blobs"] = [piece.entry_of(one) for one in head.blobs]
    if head.snapshots:
        told["snapshots"] = [{"id": name, "held": list(held)} for name, held in head.snapshots.items()]
    return told | ({"packer_name": head.packer_name} if head.packer_name else {})


def comparable(content):
    """Return content as canonical JSON, without what one of the readers does not keep."""
    if content is None:
        return "null"
    told = json.loads(json.dumps(content))
    told.pop("forks", None)
    heads = [told.get("head"), told.get("header"), *(one[2]["head"] for one in told.get("segments", ()) if one[2])]
    for head in filter(None, heads):
        head.pop("v", None)
    for one in told.get("header", {}).get("segs", ()):
        one.pop("weather", None)
    told.get("header", {"parts": {}})["parts"].pop("z9", None)
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def test_there_are_enough_vectors_of_every_kind_and_most_of_them_are_bad():
    kinds = Counter(one["kind"] for one in VECTORS)
    answers = Counter(one["answer"] for one in VECTORS)

    assert len(VECTORS) == len({one["name"] for one in VECTORS}) >= 200
    assert all(kinds[kind] >= 30 for kind in ("pack", "segment", "statement", "receipt"))
    assert answers["taken"] >= 80
    assert answers["for others"] >= 5
    assert {f"X-5{number:02}" for number in (1, 2, 3, 4, 5, 6, 8, 9, 10, 11)} <= set(answers)
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) <= 1_700_000


def test_the_vectors_are_the_bytes_that_their_script_makes():
    made = {
        one.name: (one.raw + bytes(one.zeros), one.answer, list(one.readers), one.digest, list(one.said), one.first)
        for one in everything()
    }
    told = {one["name"]: (bytes_of(one), one["answer"], one["as"], one.get("id"), *beside(one)) for one in VECTORS}

    assert made == told
    assert keys() == KEYS


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_both_readers_say_what_is_expected_and_find_the_same(vector, second, eraser, snapshots):
    answer, content = ours(vector)
    reads = (lambda *told: snapshots.answer_to(*told, second)) if vector["kind"] == "snapshot" else second.answer_to
    other_answer, other_content = reads(vector, KEYS["age"])
    if "first" in vector and other_answer == "taken":
        first = second.answer_to(NAMED[vector["first"]], KEYS["age"])[1]
        if not eraser.agree(first, other_content):
            other_answer, other_content = "left out", None

    assert (answer, other_answer) == (vector["answer"], vector["answer"])
    assert comparable(content) == comparable(other_content) == comparable(vector["content"])


def test_a_home_refuses_the_same_packs_with_the_same_code_and_stays_as_it_was(tmp_path):
    machine = Machine(tmp_path / "home", "县")
    public = KEYS["recipients"]["county"]
    held = Identity(WAYS.key_id(public), "530102", OPEN, public, KEYS["age"]["county"])
    machine.home.postbox.keep_identity(held, machine.clock.now())
    before, file, said = machine.digest(), tmp_path / "it.yb", {}
    asked = {one["name"]: one for one in VECTORS if one["kind"] == "pack" and one["as"] == ["county"]}

    for name, vector in asked.items():
        file.write_bytes(bytes_of(vector))
        try:
            machine.exchange.look(file)
            said[name] = "taken"
        except NotTaken as refused:
            said[name] = refused.code

    assert said == {name: vector["answer"] for name, vector in asked.items()}
    assert machine.digest() == before
    machine.close()


def test_a_home_finds_the_forks_that_the_document_speaks_of(tmp_path, second):
    machine, file = Machine(tmp_path / "home", "县"), tmp_path / "it.yb"
    vectors = {one["name"]: one for one in VECTORS}
    for name in ("pack/good/acts-spanned-are-no-fork", "pack/good/two-forks"):
        file.write_bytes(bytes_of(vectors[name]))
        forks = machine.exchange.inbox.take(file, "stick").taking.forks
        branches = second.answer_to(vectors[name], KEYS["age"])[1]["forks"]
        here = {one.stream for one in machine.home.postbox.parcels()}

        assert {branch.partition("~")[0] for branch in branches} == set(forks)
        assert set(branches) <= here
    assert len(branches) == 2
    machine.close()


@pytest.mark.parametrize("file", [SECOND, ERASER, SNAPSHOTS], ids=["reader", "eraser", "snapshots"])
def test_the_second_reader_shares_no_code_and_is_short(file):
    lines = file.read_text("utf-8").splitlines()
    imported = {line.split()[1].partition(".")[0] for line in lines if line.startswith(("import ", "from "))}

    assert imported <= {*sys.stdlib_module_names, "pyrage", "zstandard", "cryptography"}
    assert len(lines) < 400
