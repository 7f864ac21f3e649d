"""Beside the second reader, from sync/FORMAT.md 9 alone: whether a segment made anew says what the first one said.

Usage: second_eraser.py DIR, the folder of vectors: it judges those of agreement.json, which the second reader can open.
"""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

Told = dict[str, Any]


def _gone(op: Told) -> set[str]:
    return set(op.get("e", ()))


def _rest(told: Told, other: Told) -> str:
    """Return what one says but for what it or the other has erased, as canonical JSON."""
    head = {name: part for name, part in told["head"].items() if name not in ("to", "replaces", "by", "was")}
    ops = []
    for op, against in zip(told["ops"], other["ops"], strict=True):
        names = _gone(op) | _gone(against)
        kept = {name: value for name, value in op["s"].items() if name not in names}
        ops.append({**op, "s": kept, "e": sorted(op["s"].keys() | _gone(op))})
    was = told["head"].get("was", told["plain"])
    return json.dumps([head, was, ops], ensure_ascii=False, sort_keys=True)


def agree(told: Told, other: Told) -> bool:
    """Return whether two segments, one or both made anew, say the same but for what either has erased."""
    return len(told["ops"]) == len(other["ops"]) and _rest(told, other) == _rest(other, told)


def main(folder: str) -> int:
    """Judge every vector of agreement.json; 0 when all are as they should be."""
    second_reader: Any = import_module("second_reader")
    keys, lists = json.loads(Path(folder, "keys.json").read_text("utf-8"))["age"], ("vectors_erasure", "agreement")
    vectors = {
        one["name"]: one for name in lists for one in json.loads(Path(folder, f"{name}.json").read_text("utf-8"))
    }
    wrong = 0
    for name, vector in vectors.items():
        if "first" in vector:
            content = second_reader.answer_to(vector, keys)[1]
            first = second_reader.answer_to(vectors[vector["first"]], keys)[1]
            answer = "taken" if content and agree(first, content) else "not"
            wrong += (answer == "taken") != (vector["answer"] == "taken")
            print(name, answer)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
