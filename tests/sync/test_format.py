"""The packs of every release, read by two programs: ours, and a second one written from sync/FORMAT.md alone."""

import hashlib
import io
import json
import re
import struct
from base64 import b64decode, b64encode
from pathlib import Path

import pyrage
import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey

from app.domain.errors import NotTaken
from sync.pack import read_pack
from sync.receipts import read_receipt
from sync.segment import open_segment
from sync.suite import suite
from sync.vectors import make_pack

FOLDER = Path(make_pack.FOLDER)
VECTORS = sorted(FOLDER.glob("*.json"))


@pytest.fixture(params=VECTORS, ids=lambda file: file.stem)
def vector(request):
    return json.loads(request.param.read_text("utf-8")), request.param.with_suffix(".yb").read_bytes()


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def held(kind: str, body: bytes, key: str, signature: bytes) -> None:
    words = b"DSSEv1 %d %b %d %b" % (len(kind), kind.encode(), len(body), body)
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, words)


def entries(raw: bytes):
    """Section 5."""
    at = 0
    while raw[at]:
        name = raw[at : at + 100].rstrip(b"\0")
        size = int(raw[at + 124 : at + 135], 8)
        parts = (
            b"0000644\x000000000\x000000000\0",
            b"%011o" % size,
            b"0" * 11,
            b" " * 8,
            b"0",
            b"",
            b"ustar\x0000",
            b"",
        )
        head = struct.pack("<100s24s11sx12s8s1s100s8s64s16s167x", name, *parts, b"0000000\x000000000\0")
        head = head[:148] + b"%06o\0 " % sum(head) + head[156:]
        assert raw[at : at + 512] == head
        content, rest = raw[at + 512 : at + 512 + size], -size % 512
        assert raw[at + 512 + size : at + 512 + size + rest] == bytes(rest)
        yield name.decode(), content
        at += 512 + size + rest
    assert raw[at:] == bytes(1024)


def second_reading(raw: bytes, identity: str):
    """Return what a pack holds by FORMAT.md: segments, statements, pieces of files."""
    found = list(entries(raw))
    names = [name for name, _ in found]
    by = dict(found)
    header = json.loads(by["header.json"])
    listed = [[name, len(content), sha(content)] for name, content in found[:-2]]
    assert json.loads(by["manifest.json"]) == listed
    envelope = json.loads(by["manifest.dsse"])
    assert b64decode(envelope["payload"]) == by["manifest.json"]
    assert envelope["signatures"][0]["keyid"] == sha(bytes.fromhex(header["key"]))[:16] == header["packer"][4:]
    held(envelope["payloadType"], by["manifest.json"], header["key"], b64decode(envelope["signatures"][0]["sig"]))
    assert (names[:2], names[-2:]) == (["0=yuanba_pack_1", "header.json"], ["manifest.json", "manifest.dsse"])
    segments = [opened(by[f"seg/{entry['id']}.age"], entry, identity) for entry in header["segs"]]
    statements = [checked(by[name]) for name in names if re.match("dir/|rcpt/", name)]
    return header, segments, statements, [name[5:-4] for name in names if name.startswith("blob/")]


def opened(content: bytes, entry, identity: str):
    """Section 3."""
    key = pyrage.x25519.Identity.from_str(identity)
    plain = zstandard.ZstdDecompressor().decompress(pyrage.decrypt(content, [key]), allow_extra_data=False)
    plain = plain[4:].decode("gb18030").encode() if plain[:4] == b"\x84\x31\x95\x33" else plain
    *signed, last = plain.splitlines(keepends=True)
    told, head = json.loads(last), json.loads(signed[0])
    held("application/vnd.yuanba.segment.v1", b"".join(signed), told["key"], bytes.fromhex(told["sig"]))
    assert sha(bytes.fromhex(told["key"]))[:16] == head["dev"]
    assert sha(str(key.to_public()).encode())[:16] in head["to"]
    assert entry == {"id": sha(content), "size": len(content)} | {name: head[name] for name in entry if name in head}
    return {"id": entry["id"], "plain_sha256": sha(plain), "lines": [line[:-1].decode() for line in signed[1:]]}


def checked(raw: bytes) -> str:
    """Section 4."""
    told = json.loads(raw)
    payload = b64decode(told["payload"])
    assert told["payloadType"] == f"application/vnd.yuanba.{json.loads(payload)['kind']}.v1"
    for signed in told["signatures"]:
        assert signed["keyid"] == sha(bytes.fromhex(signed["key"]))[:16]
        held(told["payloadType"], payload, signed["key"], b64decode(signed["sig"]))
    return sha(raw)


def test_a_second_reader_finds_in_a_released_pack_what_we_say_is_there(vector):
    told, raw = vector

    header, segments, statements, blobs = second_reading(raw, told["identity"])

    assert sha(raw) == told["sha256"]
    assert (header["packer"], header["number"]) == (f"dev:{told['packer']}", 19)
    assert (segments, statements, blobs) == (told["segments"], told["statements"], told["blobs"])


def test_we_read_the_same_in_it(vector):
    told, raw = vector
    found = read_pack(io.BytesIO(raw))

    ours = [
        open_segment(content, [told["identity"]], suite().holds, name, head) for name, head, content in found.segments()
    ]

    assert [[line.decode() for line in one.lines] for one in ours] == [one["lines"] for one in told["segments"]]
    assert [name for name, _ in found.blobs()] == told["blobs"]
    assert [suite().digest(one) for one in (*found.statements(), *found.receipts())] == told["statements"]


def test_its_receipts_say_something(vector):
    _, raw = vector

    assert [read_receipt(one) is not None for one in read_pack(io.BytesIO(raw)).receipts()] == [True]


def test_its_ops_are_those_that_were_done(vector):
    told, raw = vector
    found = read_pack(io.BytesIO(raw))

    read = {head.audience_class: open_segment(content, [told["identity"]], suite().holds).ops
            for _, head, content in found.segments()}  # fmt: skip

    for letter, ops in read.items():
        expected = [one for audience, one in make_pack.ops() if audience == letter]
        assert [(one.sets, one.base, one.masked, one.version, one.record_id) for one in ops] == [
            (one.sets, one.base, one.masked, one.version, one.record_id) for one in expected
        ]


def test_what_is_spoilt_of_it_is_refused_by_the_code_that_is_written_there(vector):
    told, raw = vector

    for one in told["spoilt"]:
        bad = bytearray(raw[: one.get("cut", len(raw))])
        if "at" in one:
            bad[one["at"]] ^= one["xor"]
        with pytest.raises(NotTaken) as refused:
            read_pack(io.BytesIO(bytes(bad)))
        assert refused.value.code == one["code"]


def test_what_the_maker_makes_today_reads_the_same_both_ways():
    raw, written = make_pack.pack()
    told = make_pack.told_of(raw, written)

    assert second_reading(raw, told["identity"])[1:] == (told["segments"], told["statements"], told["blobs"])


def test_the_signature_of_a_pack_is_what_others_call_dsse(vector):
    _, raw = vector
    by = dict(entries(raw))
    header, envelope = json.loads(by["header.json"]), Envelope.from_dict(json.loads(by["manifest.dsse"]))
    key = SSlibKey(header["packer"][4:], "ed25519", "ed25519", {"public": header["key"]})

    assert set(envelope.verify([key], 1)) == {header["packer"][4:]}
    assert b64encode(by["manifest.json"]).decode() == json.loads(by["manifest.dsse"])["payload"]
