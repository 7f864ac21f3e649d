"""Beside the second reader, from sync/FORMAT.md 12 alone: what a snapshot holds, and whether it is one.

Usage: second_snapshot.py DIR, the folder of vectors: it judges those of snapshot.json. Of a segment it says `taken`, or
that it is left out.
"""

import base64
import json
import re
import sys
import zlib
from importlib import import_module
from pathlib import Path
from typing import Any

MOST = 4 << 20
KIND = "application/vnd.yuanba.snapshot.v1"
Told = dict[str, Any]


def _head(line: bytes, second: Any) -> Told:
    need, whole, one_of = second._need, second._is_whole, second._is_hex
    head = second._plain(line, "X-508")
    need(isinstance(head, dict) and head.get("format") == "yuanba-snapshot")
    need(not (type(head.get("min_reader")) is int and head["min_reader"] > 1), "newer")
    need(second._is_shape(head, v=whole, min_reader=whole, suite=second._is_text, by=one_of(16)))
    need(second._is_text(head.get("aud"), "(?:[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}):[OC]"))
    need(second._is_list(head.get("to"), one_of(16), 1) and isinstance(head.get("held"), list) and head["held"])
    for one in head["held"]:
        need(second._is_shape(one, id=one_of(64)) and whole(one.get("size"), 1, MOST))
        need(whole(one.get("length"), 1, 4 * MOST))
    return {name: head[name] for name in ("by", "aud", "to", "held")}


def snapshot(sealed: bytes, keys: list[str], second: Any) -> Told:
    """Return what a snapshot holds for these readers."""
    need = second._need
    need(len(sealed) <= MOST, "X-504")
    text = second._opened(sealed, keys)
    found = re.fullmatch(rb'(.*\n)\{"key":"([0-9a-f]{64})","sig":"([0-9a-f]{128})"\}\n', text, re.DOTALL)
    if found is None:
        raise second.Refused("X-509")
    signed, key, signature = found[1], found[2].decode(), bytes.fromhex(found[3].decode())
    need(second._holds(KIND, signed, key, signature), "X-509")
    line, _, body = signed.partition(b"\n")
    head = _head(line, second)
    need(second._id_of(key) == head["by"], "X-509")
    ours = {second._sha(str(second.pyrage.x25519.Identity.from_str(one).to_public()).encode())[:16] for one in keys}
    need(ours & set(head["to"]), "X-510")
    need(head["to"] == sorted(set(head["to"])))
    need(len({one["id"] for one in head["held"]}) == len(head["held"]))
    need(sum(one["length"] for one in head["held"]) == len(body))
    segments, at = [], 0
    for one in head["held"]:
        plain, at = body[at : at + one["length"]], at + one["length"]
        segments.append([one["id"], *_within(plain, one["id"], head["aud"], second)])
    return {"id": second._sha(sealed), "head": head, "segments": segments}


def _within(plain: bytes, name: str, audience: str, second: Any) -> tuple[str, Any]:
    """Return what one of its segments is worth; whatever is wrong with it is wrong with all of it."""
    answer, line = second._judged(lambda: second._head(plain.partition(b"\n")[0]))
    if line:
        region, _, letter = line["aud"].partition(":")
        second._need(region == audience.partition(":")[0] and letter in ("O", audience[-1]), "X-510")
        answer, content = second._judged(lambda: second._segment(b"", [], name, None, [], plain))
    second._need(answer in ("taken", "newer", "left out"), answer)
    return (answer, content) if answer == "taken" else ("left out", None)


def answer_to(vector: Told, keys: dict[str, str], second: Any) -> tuple[str, Told | None]:
    """Return what a vector is worth for the readers whom it names."""
    raw, identities = zlib.decompress(base64.b64decode(vector["zlib"])), [keys[name] for name in vector["as"]]
    answer, content = second._judged(lambda: snapshot(raw, identities, second))
    return answer, content


def main(folder: str) -> int:
    """Judge every vector of snapshot.json; 0 when all are as they should be."""
    second: Any = import_module("second_reader")
    keys, wrong = json.loads(Path(folder, "keys.json").read_text("utf-8"))["age"], 0
    for vector in json.loads(Path(folder, "snapshot.json").read_text("utf-8")):
        answer, content = answer_to(vector, keys, second)
        wrong += (answer, content) != (vector["answer"], vector["content"])
        print(vector["name"], answer)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
