"""A second reader of packs, segments, statements and receipts, from sync/FORMAT.md alone; nothing of ours is in it.

Usage: second_reader.py DIR, a folder of vectors. It says `taken`, `for others`, `newer` (kept, passed on), or a code.
"""

import base64
import hashlib
import json
import re
import sys
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

import pyrage
import zstandard
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MIB, GREATEST = 1 << 20, 2**53
STREAM = r"[0-9a-f]{16}/[1-9][0-9]{0,15}(~[0-9a-f]{8})?"
PLACE = r"([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})"
SEG_FIELDS = ("dev", "incarnation", "first", "last", "aud", "acts", "after")
HEAD_FIELDS = ("format", "v", "min_reader", "suite", *SEG_FIELDS, "prev", "to", "schema", "app")
ANEW = {"replaces": 64, "by": 16, "was": 64}


class Refused(Exception):
    """It is not taken; `args[0]` is the code."""


def _need(holds: object, code: str = "X-508") -> None:
    if not holds:
        raise Refused(code)


def _sha(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _whole(digits: str) -> int:
    _need(len(digits) <= 17 and digits.removeprefix("-").isdigit() and abs(int(digits)) <= GREATEST, "a great number")
    return int(digits)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    _need(len({key for key, _ in pairs}) == len(pairs), "a key twice")
    return dict(pairs)


def _depth(value: object) -> int:
    if isinstance(value, str):
        value.encode("utf-8")  # half of a surrogate pair
    if isinstance(value, dict):
        return 1 + max((max(_depth(key), _depth(part)) for key, part in value.items()), default=0)
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list) else 0


def _plain(raw: bytes, code: str) -> Any:
    hooks: dict[str, Any] = {"parse_float": _whole, "parse_constant": _whole, "parse_int": _whole}
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=_once, **hooks)
        _need(_depth(value) <= 32, code)
    except (ValueError, RecursionError, Refused) as error:
        raise Refused(code) from error
    return value


def _is_text(value: object, pattern: str = "(?s:.*)") -> bool:
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None


_is_audience = partial(_is_text, pattern=PLACE + ":[OCT]")


def _is_whole(value: object, least: int = 1, most: int = GREATEST) -> bool:
    return type(value) is int and least <= value <= most


def _is_list(value: Any, each: Callable[[Any], bool], least: int = 0) -> bool:
    return isinstance(value, list) and len(value) >= least and all(map(each, value))


def _is_hex(digits: int, or_null: bool = False) -> Callable[[Any], bool]:
    return lambda value: _is_text(value, f"[0-9a-f]{{{digits}}}") or (or_null and value is None)


def _is_shape(value: Any, **checks: Callable[[Any], bool]) -> bool:
    return isinstance(value, dict) and all(check(value.get(name)) for name, check in checks.items())


def _is_pair(value: Any, least: int = 1) -> bool:
    return _is_list(value, partial(_is_whole, least=least)) and len(value) == 2


def _is_map(value: Any, key: str, each: Callable[[Any], bool]) -> bool:
    return isinstance(value, dict) and all(_is_text(name, key) and each(part) for name, part in value.items())


def _is_spans(value: Any) -> bool:
    return _is_map(value, STREAM, lambda one: _is_map(one, "[OCT]", lambda pairs: _is_list(pairs, _is_pair)))


def _holds(kind: str, body: bytes, key: str, signature: bytes) -> bool:
    words = b"DSSEv1 %d %b %d %b" % (len(kind.encode()), kind.encode(), len(body), body)
    with suppress(InvalidSignature, ValueError):
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, words) is None
    return False


def _id_of(key: str) -> str:
    return _sha(bytes.fromhex(key))[:16]


def _unpacked(text: str, code: str) -> bytes:
    _need(re.fullmatch("[A-Za-z0-9+/]*={0,2}", text) and len(text) % 4 == 0, code)
    _need(base64.b64encode(base64.b64decode(text)).decode() == text, code)
    return base64.b64decode(text)


def _opened(sealed: bytes, identities: list[str]) -> bytes:
    _need(sealed.startswith(b"age-encryption.org/v1\n") and b"\n--- " in sealed[: 8 << 10])
    try:
        frame: bytes = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(one) for one in identities])
    except pyrage.DecryptError as error:
        raise Refused("X-507" if "No matching keys" in str(error) else "X-508") from error
    try:
        size = zstandard.get_frame_parameters(frame).content_size
        _need(size not in (zstandard.CONTENTSIZE_UNKNOWN, zstandard.CONTENTSIZE_ERROR))
        _need(size <= 16 * MIB and (size < 4 * MIB or size <= 100 * len(frame)), "X-504")
        text = zstandard.ZstdDecompressor(max_window_size=64 * MIB).decompress(frame, allow_extra_data=False)
        text = text[4:].decode("gb18030").encode() if text.startswith(b"\x84\x31\x95\x33") else text
    except (zstandard.ZstdError, UnicodeError) as error:
        raise Refused("X-508") from error
    _need(len(text) <= 16 * MIB, "X-504")
    return text


def _lane_is_one(one: Any) -> bool:
    numbers: dict[str, Any] = dict.fromkeys(("incarnation", "first", "last"), _is_whole)
    numbers |= {"acts": partial(_is_list, each=_is_hex(32), least=1), "after": _is_hex(32, or_null=True)}
    is_one = _is_shape(one, dev=_is_hex(16), aud=_is_audience, **numbers) and "after" in one
    return is_one and one["first"] <= one["last"] and len({*one["acts"], one["after"]}) == len(one["acts"]) + 1


def _head(line: bytes) -> dict[str, Any]:
    head = _plain(line, "X-508")
    _need(isinstance(head, dict) and head.get("format") == "yuanba-segment")
    _need(not (type(head.get("min_reader")) is int and head["min_reader"] > 1), "newer")
    _need(_is_shape(head, v=_is_whole, min_reader=_is_whole, suite=_is_text, schema=_is_text, app=_is_text))
    _need(_lane_is_one(head) and _is_list(head.get("to"), _is_hex(16), 1) and _is_hex(64, True)(head.get("prev", 0)))
    anew = {name: head[name] for name in ANEW if head.get(name) is not None}
    _need(not anew or all(_is_hex(digits)(anew.get(name)) for name, digits in ANEW.items()))
    return {name: head[name] for name in HEAD_FIELDS} | anew


def _is_seen(one: Any) -> bool:
    is_one = isinstance(one, list) and len(one) == 3 and _is_whole(one[0], 0)
    return is_one and _is_text(one[1], STREAM) and _is_whole(one[2])


def _op(names: dict[str, list[str]], before: dict[str, Any], line: bytes) -> dict[str, Any]:
    op = _plain(line, "X-508")
    _need(isinstance(op, dict))
    op = {name: before[name] for name in "tuak" if before} | op
    if before:
        op.setdefault("n", before["n"] + 1)
        op.setdefault("l", before["l"] + (op["n"] - before["n"] if _is_whole(op["n"]) else 0))
    _need(_is_whole(op.get("n")) and _is_whole(op.get("l"), 0))
    _need(all(_is_text(op.get(name)) and (op[name] or name in "tua") for name in "tuaki"))
    if isinstance(op.get("s"), list):
        _need(op["k"] in names and len(names[op["k"]]) == len(op["s"]))
        op["s"] = dict(zip(names[op["k"]], op["s"], strict=True))
    if isinstance(op.get("b"), list) and isinstance(op.get("s"), dict):
        _need(_is_list(op["b"], _is_seen))
        op["b"] = dict.fromkeys(op["s"], op["b"])
    base, seen = op.get("b", 0), op.get("v")
    _need(isinstance(op.get("s"), dict) and all(_is_list(op.get(name, []), _is_text) for name in "hxe"))
    _need(op["s"].keys().isdisjoint(op.get("e", [])))
    _need(_is_text(op.get("c", "")) and (seen is None or _is_map(seen, STREAM, partial(_is_whole, least=0))))
    _need(base is None or _is_map(base, "(?s:.*)", partial(_is_list, each=_is_seen)))
    names[op["k"]] = list(op["s"])
    told = {name: op[name] for name in "nltuakisb"} | ({"e": sorted(set(op["e"]))} if op.get("e") else {})
    return told | {"c": op.get("c", ""), "v": seen, "h": op.get("h", []), "x": sorted(set(op.get("x", [])))}


def _reissues(said: list[dict[str, Any]]) -> list[list[str]]:
    told = [one for one in said if one["kind"] == "erase" and one["body"]["device"] in map(_id_of, one["signers"])]
    return [[*pair, one["body"]["device"]] for one in told for pair in one["body"]["pairs"]]


def _segment(sealed: bytes, keys: list[str], name: Any, entry: Any, anew: Any, told: bytes = b"") -> dict[str, Any]:
    _need(len(sealed) <= 4 * MIB, "X-504")
    _need(told or name in (None, _sha(sealed)))
    text, name = told or _opened(sealed, keys), name or _sha(sealed)
    *lines, last = text.split(b"\n")[:-1] or [b""]
    found = re.fullmatch(rb'\{"key":"([0-9a-f]{64})","sig":"([0-9a-f]{128})"\}', last)
    _need(text.endswith(b"\n") and lines and found is not None, "X-509")
    key, signature = (part.decode() for part in found.groups()) if found else ("", "")
    signed = b"".join(line + b"\n" for line in lines)
    _need(_holds("application/vnd.yuanba.segment.v1", signed, key, bytes.fromhex(signature)), "X-509")
    head = _head(lines[0])
    _need(_id_of(key) == head.get("by", head["dev"]), "X-509")
    ours = {_sha(str(pyrage.x25519.Identity.from_str(one).to_public()).encode())[:16] for one in keys}
    _need(told or ours & set(head["to"]), "X-510")
    _need(told or head["to"] == sorted(set(head["to"])))
    _need(head["suite"] == "A" and (entry is None or all(entry[one] == head[one] for one in SEG_FIELDS)), "X-510")
    _need("by" not in head or [head["replaces"], name, head["by"]] in anew, "left out")
    ops = list(accumulate(lines[1:], partial(_op, {}), initial=dict[str, Any]()))[1:]
    numbers = [op["n"] for op in ops]
    _need(numbers == sorted(set(numbers)) and all(head["first"] <= n <= head["last"] for n in numbers))
    return {"id": name, "head": head, "ops": ops, "plain": _sha(text), "lines": [*map(_sha, lines[1:])]}


SIGNED = r'\{"keyid":"([0-9a-f]{16})","key":"([0-9a-f]{64})","sig":"([A-Za-z0-9+/=]*)"\}'
ENVELOPE = re.compile(
    r'\{"payloadType":"(application/vnd\.yuanba\.([a-z][a-z_]{0,30})\.v1)","payload":"([A-Za-z0-9+/=]*)",'
    rf'"signatures":\[({SIGNED}(?:,{SIGNED}){{0,7}})\]\}}'
)


def _statement(raw: bytes) -> dict[str, Any]:
    found = ENVELOPE.fullmatch(raw.decode("latin-1")) if len(raw) <= MIB else None
    if found is None:
        raise Refused("X-511")
    payload, signed = _unpacked(found[3], "X-511"), re.findall(SIGNED, found[4])
    keys = [key for _, key, _ in signed]
    _need(len(set(keys)) == len(keys) and all(keyid == _id_of(key) for keyid, key, _ in signed), "X-511")
    _need(all(_holds(found[1], payload, key, _unpacked(sig, "X-511")) for _, key, sig in signed), "X-511")
    body = _plain(payload, "X-511")
    _need(isinstance(body, dict) and body.get("kind") == found[2], "X-511")
    return {"id": _sha(raw), "kind": found[2], "body": body, "signers": keys}


def _receipt(raw: bytes) -> dict[str, Any]:
    told = _statement(raw)
    need, body = partial(_need, code="X-511"), told["body"]
    need(told["kind"] == "receipt" and _is_text(body.get("org"), PLACE) and len(body["org"]) < 12)
    need(_is_hex(16)(body.get("device")) and body["device"] in map(_id_of, told["signers"]))
    need(_is_shape(body, no=_is_whole, at=_is_text, have=_is_spans, applied=_is_spans))
    need(all(_is_list(body.get(name, []), _is_hex(8)) for name in ("known", "erased")))
    sheaf = partial(_is_text, pattern="[0-9a-f]{12}[OCT]")
    need(_is_text(body.get("level", "")) and _is_list(body.get("blobs", []), sheaf))
    need(_is_map(body.get("partly", {}), "[0-9a-f]{64}", partial(_is_list, each=partial(_is_pair, least=0))))
    return told


HEX = "([0-9a-f]{64})"
NAMES = [r"0=yuanba_pack_1", r"header\.json", rf"dir/{HEX}\.json", rf"rcpt/{HEX}\.json", rf"snap/{HEX}\.age"]
NAMES += [rf"seg/{HEX}\.age", rf"blob/{HEX}/(0|[1-9][0-9]{{0,6}})\.age", r"manifest\.json", r"manifest\.dsse"]
SIZES = (512, 8 * MIB, MIB, MIB, 4 * MIB, 4 * MIB, 4 * MIB + 65536, 32 * MIB, 48 * MIB)


def _entry_head(name: bytes, size: int) -> bytes:
    head = name.ljust(100, b"\0") + b"0000644\x000000000\x000000000\0" + b"%011o\0" % size + b"0" * 11 + b"\0"
    head += b" " * 8 + b"0" + bytes(100) + b"ustar\x0000" + bytes(64) + b"0000000\0" * 2 + bytes(167)
    return head[:148] + b"%06o\0 " % sum(head) + head[156:]


def _place(name: str, content: bytes) -> tuple[int, str, int]:
    for number, (pattern, most) in enumerate(zip(NAMES, SIZES, strict=True)):
        if found := re.fullmatch(pattern, name):
            _need(len(content) <= most, "X-504")
            _need(number not in (2, 3, 4, 5) or found[1] == _sha(content), "X-503")
            groups = (*found.groups(), "", "0")
            return number, "" if number == 5 else groups[0], int(groups[1]) if number == 6 else 0
    raise Refused("X-505" if name.startswith("0=yuanba_pack_") else "X-503")


def _entries(raw: bytes) -> list[tuple[str, bytes]]:
    _need(len(raw) <= 64 * MIB, "X-504")
    begin = b"0=yuanba_pack_"
    _need(raw[:512].strip(b"\0") and not (len(raw) < 512 and raw[:14] == begin[: len(raw)]), "X-502")
    _need(raw.startswith(begin), "X-501")
    found: list[tuple[str, bytes]] = []
    at, last = 0, (-1, "", 0)
    while raw[at : at + 512] != bytes(512):
        head = raw[at : at + 512]
        _need(len(head) == 512, "X-502")
        name = re.match(rb"([0-9a-z._=/]{1,99})\0", head)
        if name is None or re.fullmatch(rb"[0-7]{11}", head[124:135]) is None:
            raise Refused("X-503")
        size = int(head[124:135], 8)
        _need(_entry_head(name[1], size) == head, "X-503")
        end = at + 512 + size + -size % 512
        _need(end <= len(raw), "X-502")
        content = raw[at + 512 : at + 512 + size]
        _need(not raw[at + 512 + size : end].strip(b"\0"), "X-503")
        place = _place(name[1].decode(), content)
        _need(place > last or (place[0] == last[0] == 5), "X-503")
        found.append((name[1].decode(), content))
        at, last = end, place
    _need(not raw[at:].strip(b"\0"), "X-503")
    _need(len(raw) - at == 1024, "X-502")
    return found


def _header(raw: bytes) -> dict[str, Any]:
    head, count = _plain(raw, "X-503"), partial(_is_pair, least=0)
    need = partial(_need, code="X-503")
    need(_is_shape(head, v=count, min_reader=count) and head.get("format") == "yuanba-pack")
    _need(head["min_reader"] <= [1, 0] and head["v"][0] <= 1, "X-505")
    need(_is_shape(head, suite=_is_text, packer=_is_text, key=_is_hex(64), made_wall=_is_text, number=_is_whole))
    need(_is_shape(head.get("parts"), set=_is_hex(32), no=_is_whole, of=_is_whole))
    need(_is_shape(head.get("clock"), quality=lambda one: one in ("unset", "rtc", "ntp", "receipt")))
    need(all(_is_list(head.get(way), partial(_is_text, pattern="org:[0-9]{2,12}")) for way in ("to", "via")))
    size, whole = partial(_is_whole, most=4 * MIB), partial(_is_whole, least=0, most=2048 * MIB)
    need(_is_shape(head, have=_is_spans, needs=_is_spans) and _is_text(head.get("packer_name", "")))
    need(_is_list(head.get("segs"), lambda one: _is_shape(one, id=_is_hex(64), size=size) and _lane_is_one(one)))
    picture = partial(_is_shape, id=_is_hex(64), dev=_is_hex(16), act=_is_hex(32), aud=_is_audience, among=_is_whole)
    need(_is_list(head.get("blobs", []), partial(picture, size=whole)))
    held, lists = partial(_is_list, each=_is_hex(64), least=1), ("segs", "blobs", "snapshots")
    need(_is_list(head.get("snapshots", []), partial(_is_shape, id=_is_hex(64), held=held)))
    need(all(len({one["id"] for one in some}) == len(some) for some in map(head.get, lists) if some))
    _need(head["suite"] == "A", "X-505")
    _need(head["packer"] == f"dev:{_id_of(head['key'])}", "X-506")
    return dict(head)


def _forks(segs: list[dict[str, Any]]) -> list[str]:
    after: dict[tuple[str, str | None], set[str]] = {}
    for one in segs:
        for before, act in zip([one["after"], *one["acts"]], one["acts"], strict=False):
            after.setdefault((f"{one['dev']}/{one['incarnation']}", before), set()).add(act)
    return sorted(f"{stream}~{act[:8]}" for (stream, _), acts in after.items() if len(acts) > 1 for act in acts)


def _pack(raw: bytes, identities: list[str]) -> dict[str, Any]:
    entries = _entries(raw)
    names, by = [name for name, _ in entries], dict(entries)
    _need(names[-1] == "manifest.dsse", "X-502")
    _need(names[:2] == ["0=yuanba_pack_1", "header.json"] and entries[0][1] == b"yuanba_pack_1\n", "X-503")
    _need(names[-2] == "manifest.json", "X-503")
    head = _header(by["header.json"])
    manifest, signed = entries[-2][1], entries[-1][1].decode("latin-1")
    listed: list[Any] = [[name, len(content), _sha(content)] for name, content in entries[:-2]]
    _need(_canonical(listed).encode() == manifest, "X-503")
    kind = "application/vnd.yuanba.manifest.v1"
    around = f'{{"payloadType":"{kind}","payload":"{base64.b64encode(manifest).decode()}","signatures":[{{"keyid":"'
    around += head["packer"][4:] + '","sig":"'
    _need(signed.startswith(around) and signed[len(around) :].endswith('"}]}'), "X-503")
    _need(_holds(kind, manifest, head["key"], _unpacked(signed[len(around) : -4], "X-506")), "X-506")
    listed = [(f"snap/{one['id']}.age", 0) for one in head.get("snapshots", [])]
    listed += [(f"seg/{one['id']}.age", one["size"]) for one in head["segs"]]
    _need(listed == [(name, name[:2] == "se" and len(by[name])) for name in names if name[0] == "s"], "X-503")
    said = [_statement(by[name]) for name in names if name.startswith("dir/")]
    _need(all(one["kind"] not in ("pin", "expectation", "receipt") for one in said), "X-511")
    receipts = [_receipt(by[name]) for name in names if name.startswith("rcpt/")]
    segments = []
    for one in head["segs"]:
        sealed = by[f"seg/{one['id']}.age"]
        answer, content = _judged(partial(_segment, sealed, identities, one["id"], one, _reissues(said)))
        _need(answer in ("taken", "for others", "newer", "left out"), answer)
        segments.append([one["id"], answer, content])
    blobs = [[name[5:-4], _sha(by[name])] for name in names if name.startswith("blob/")]
    told = {"header": head, "statements": said, "receipts": receipts, "segments": segments, "blobs": blobs}
    return told | {"forks": _forks(head["segs"])}


def _judged(read: Callable[[], dict[str, Any]]) -> tuple[str, dict[str, Any] | None]:
    try:
        return "taken", read()
    except Refused as error:
        return {"X-507": "for others"}.get(error.args[0], error.args[0]), None


def answer_to(vector: dict[str, Any], keys: dict[str, str]) -> tuple[str, dict[str, Any] | None]:
    """Return what a vector is worth for the readers whom it names."""
    raw = zlib.decompress(base64.b64decode(vector["zlib"])) + bytes(vector.get("zeros", 0))
    identities = [keys[name] for name in vector["as"]]
    readers: dict[str, Any] = {"statement": partial(_statement, raw), "receipt": partial(_receipt, raw)}
    said = [_statement(one.encode()) for one in vector.get("said", [])]
    readers["segment"] = partial(_segment, raw, identities, vector.get("id"), None, _reissues(said))
    return _judged((readers | {"pack": partial(_pack, raw, identities)})[vector["kind"]])


def main(folder: str) -> int:
    """Judge every vector of a folder; 0 when all are as they should be."""
    keys = json.loads(Path(folder, "keys.json").read_text("utf-8"))["age"]
    wrong = 0
    for file in sorted(Path(folder).glob("vectors_*.json")):
        for vector in json.loads(file.read_text("utf-8")):
            answer, content = answer_to(vector, keys)
            same = answer == vector["answer"] and _canonical(content) == _canonical(vector["content"])
            wrong += not same
            print(vector["name"], answer, "" if same else f"BUT EXPECTED {vector['answer']}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
