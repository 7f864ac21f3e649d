"""Makes the vectors of the exchange: `python -m sync.vectors.make_exchange`. The same bytes every time.

Released vectors stay as they are: a later version adds files beside them, for every version must read what every
earlier one wrote, and refuse what every earlier one refused.
"""

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sync.vectors import second_reader, second_snapshot
from sync.vectors.crafting import (
    AT,
    DEVICE,
    IDENTITIES,
    KEY,
    RECIPIENTS,
    SIGN_SECRETS,
    STREAM,
    Json,
    card_of,
    compact,
    receipt_body,
    signed_by,
    statement_of,
)
from sync.vectors.make_exchange_erasure import erasures
from sync.vectors.make_exchange_packs import packs
from sync.vectors.make_exchange_segments import TAKEN, Vector, segments
from sync.vectors.make_exchange_snapshots import snapshots

FOLDER = Path(__file__).resolve().parent / "exchange"
STATEMENT = "X-511"
MIB = 1 << 20


def everything() -> list[Vector]:
    """Return all vectors in their order."""
    return [*segments(), *erasures(), *snapshots(), *statements(), *receipts(), *packs()]


# Statements


def _said(name: str, raw: bytes, answer: str = TAKEN, kind: str = "statement") -> Vector:
    return Vector(f"{kind}/{name}", kind, raw, answer, ())


def statements() -> Iterator[Vector]:
    """Yield statements, good and bad."""
    for name, raw in _good_statements().items():
        yield _said(f"good/{name}", raw)
    for name, raw in (_bad_envelopes() | _bad_payloads() | _bad_statement_signatures()).items():
        yield _said(f"bad/{name}", raw, STATEMENT)
    raw = statement_of("card", card_of(), "county")
    places = [
        raw.index(b'"payload"'),
        raw.index(b'"signatures"'),
        raw.index(b'"key"'),
        raw.index(b'"sig"'),
        len(raw) - 1,
    ]
    for place, at in enumerate([0, 1, *places]):
        yield _said(f"cut/{place}", raw[:at], STATEMENT)


def _good_statements() -> dict[str, bytes]:
    card = card_of()
    device = {"device": DEVICE["laptop"], "key": KEY["laptop"], "age": RECIPIENTS["township"], "org": "530102001"}
    kinds: dict[str, Json] = {
        "request": device | {"name": "桃园村笔记本", "at": AT},
        "device": device | {"name": "桃园村笔记本", "at": AT},
        "grant": {"org": "530102", "key_id": "0" * 16, "to": DEVICE["laptop"], "sealed": "YWdl"},
        "revocation": {"device": DEVICE["laptop"], "upto": {STREAM: 3}, "at": AT, "reason": "丢失"},
        "erase": {"segments": ["0" * 64], "at": AT},
        "weather_of_tomorrow": {"rain": [1, {"of": None}], "at": AT},
        "a" + "_" * 30: {"at": AT},
    }
    found = {kind.strip("_"): statement_of(kind, {"kind": kind} | body, "county") for kind, body in kinds.items()}
    found["card"] = statement_of("card", card, "county")
    found["card-countersigned"] = statement_of("card", card, "county", "province")
    found["card-countersigned-otherwise"] = statement_of("card", card, "province", "county")
    found["signed-by-five"] = statement_of("card", card, *SIGN_SECRETS)
    found["payload-in-another-order"] = statement_of("card", dict(reversed(card.items())), "county")
    found["payload-with-blanks"] = statement_of(
        "card", json.dumps(card, ensure_ascii=True, indent=1).encode(), "county"
    )
    found["payload-with-a-future-key"] = statement_of("card", card | {"z9": [{"a": 1}]}, "county")
    found["payload-as-deep-as-allowed"] = statement_of("card", card | {"z9": _deep(31)}, "county")
    return found


def _deep(depth: int) -> Any:
    found: Any = []
    for _ in range(depth - 1):
        found = [found]
    return found


def _bad_envelopes() -> dict[str, bytes]:
    raw = statement_of("card", card_of(), "county")
    told = json.loads(raw)
    plus = b64encode(compact(card_of() | {"z9": "?>~" * 9})).decode()
    return {
        "empty": b"",
        "no-json": b"card",
        "a-list": b"[]",
        "line-end": raw + b"\n",
        "blanks": json.dumps(told).encode(),
        "byte-order-mark": b"\xef\xbb\xbf" + raw,
        "keys-in-another-order": compact(dict(reversed(told.items()))),
        "signature-in-another-order": compact(told | {"signatures": [dict(reversed(told["signatures"][0].items()))]}),
        "another-key": compact(told | {"note": 1}),
        "another-key-in-a-signature": compact(told | {"signatures": [told["signatures"][0] | {"note": 1}]}),
        "key-twice": raw.replace(b'{"payloadType"', b'{"payload":"","payloadType"', 1),
        "slash-escaped": raw.replace(b"application/vnd", b"application\\/vnd"),
        "signatures-none": compact(told | {"signatures": []}),
        "signatures-missing": compact({name: told[name] for name in ("payloadType", "payload")}),
        "type-of-others": statement_of("card", card_of(), "county", payloadType="application/vnd.in-toto+json"),
        "type-of-version-two": compact(told | {"payloadType": "application/vnd.yuanba.card.v2"}),
        "type-in-capitals": statement_of("Card", card_of(kind="Card"), "county"),
        "type-empty": statement_of("", card_of(kind=""), "county"),
        "type-of-32-letters": statement_of("a" * 32, card_of(kind="a" * 32), "county"),
        "base64-without-padding": compact(told | {"payload": _padded().rstrip("=")}),
        "base64-bits-to-spare": _respelt(_padded()),
        "base64-for-addresses": compact(told | {"payload": plus.replace("+", "-").replace("/", "_")}),
        "base64-with-a-line-end": compact(told | {"payload": told["payload"] + "\n"}),
        "payload-empty": statement_of("card", b"", "county"),
        "too-large": statement_of("card", card_of(z9="x" * MIB), "county"),
    }


def _padded() -> str:
    """Return base64 of a payload whose last letter has bits to spare."""
    bodies = (compact(card_of(z9="x" * count)) for count in range(3))
    return next(text for text in (b64encode(body).decode() for body in bodies) if text.endswith("=="))


def _respelt(text: str) -> bytes:
    other = f"{text[:-3]}{chr(ord(text[-3]) + 1)}=="
    assert b64decode(other) == b64decode(text)
    return statement_of("card", b64decode(text), "county", payload=other)


def _bad_payloads() -> dict[str, bytes]:
    card, raw = card_of(), compact(card_of())
    payloads: dict[str, Json | bytes] = {
        "another-kind-within": card_of(kind="grant"),
        "no-kind-within": {name: value for name, value in card.items() if name != "kind"},
        "kind-a-number": card_of(kind=1),
        "payload-a-list": b'["card"]',
        "payload-no-json": b"{kind:card}",
        "payload-a-fraction": raw[:-1] + b',"z9":1.0}',
        "payload-a-great-number": card_of(z9=2**53 + 1),
        "payload-a-key-twice": raw[:-1] + b',"kind":"card"}',
        "payload-a-key-twice-deep": raw[:-1] + b',"z9":[{"a":1,"a":2}]}',
        "payload-too-deep": card_of(z9=_deep(32)),
        "payload-bottomless": raw[:-1] + b',"z9":' + b"[" * 4000 + b"]" * 4000 + b"}",
        "payload-half-a-pair": raw[:-1] + b',"z9":"\\ud83c"}',
        "payload-not-utf-8": raw.replace("示例县".encode(), "示例县".encode("gb18030")),
        "payload-byte-order-mark": b"\xef\xbb\xbf" + raw,
    }
    return {name: statement_of("card", payload, "county") for name, payload in payloads.items()}


def _bad_statement_signatures() -> dict[str, bytes]:
    card, kind = card_of(), "application/vnd.yuanba.card.v1"
    raw, (one,) = compact(card), signed_by(kind, compact(card), "county")
    (other,), (wrong,) = signed_by(kind, raw, "province"), signed_by("application/vnd.yuanba.grant.v1", raw, "county")
    lists: dict[str, list[Json]] = {
        "signature-of-another-key": [one | {"sig": other["sig"]}],
        "signature-over-another-type": [wrong],
        "signature-of-other-words": signed_by(kind, raw + b" ", "county"),
        "signature-short": [one | {"sig": one["sig"][:-4]}],
        "signature-empty": [one | {"sig": ""}],
        "one-of-two-signatures-wrong": [one, other | {"sig": one["sig"]}],
        "signed-twice-by-one-key": [one, one],
        "signed-by-nine": [one, *(one | {"key": f"{n:064x}"} for n in range(8))],
        "key-id-of-another": [one | {"keyid": other["keyid"]}],
        "key-id-in-capitals": [one | {"keyid": one["keyid"].upper()}],
        "key-in-capitals": [one | {"key": one["key"].upper()}],
        "key-short": [one | {"key": one["key"][:-2]}],
        "key-missing": [{"keyid": one["keyid"], "sig": one["sig"]}],
    }
    return {name: statement_of("card", card, signatures=made) for name, made in lists.items()}


# Receipts


def receipts() -> Iterator[Vector]:
    """Yield receipts, good and bad."""
    body = receipt_body()
    less = {name: value for name, value in body.items() if name not in ("known", "level")}
    branch = {f"{STREAM}~ab12cd34": {"T": [[1, 2], [5, 5]]}}
    good = {
        "county": body,
        "without-what-may-be-left-out": less,
        "of-nothing": receipt_body(have={}, applied={}, known=[]),
        "of-a-branch": receipt_body(have=branch),
        "of-a-township": receipt_body(org="530102001", level="township"),
        "of-erasing": receipt_body(erased=["0123abcd", "89abcdef"]),
        "with-a-future-key": body | {"z9": {"a": [1]}},
        "of-pictures": receipt_body(blobs=["5e" * 6 + "C", "ab" * 6 + "T"], partly={"c4" * 32: [[0, 2], [5, 5]]}),
        "in-another-order": dict(reversed(body.items())),
        "of-a-future-level": receipt_body(level="nation"),
    }
    for name, told in good.items():
        yield _said(f"good/{name}", statement_of("receipt", told, "county"), kind="receipt")
    two = statement_of("receipt", body, "county", "province")
    yield _said("good/countersigned", two, kind="receipt")
    for name, changes in BAD_RECEIPTS.items():
        told = {key: value for key, value in (body | changes).items() if value != "left out"}
        yield _said(f"bad/{name}", statement_of("receipt", told, "county"), STATEMENT, "receipt")
    for name, raw in {
        "signed-by-another-device": statement_of("receipt", body, "laptop"),
        "signed-by-two-others": statement_of("receipt", body, "laptop", "province"),
        "a-card": statement_of("card", card_of(), "county"),
        "a-fraction": statement_of("receipt", compact(body).replace(b'"no":7', b'"no":7.0'), "county"),
        "signature-wrong": statement_of("receipt", body, signatures=signed_by("x", b"", "county")),
    }.items():
        yield _said(f"bad/{name}", raw, STATEMENT, "receipt")


BAD_RECEIPTS: dict[str, Json] = {
    "device-of-another": {"device": DEVICE["laptop"]},
    "device-missing": {"device": "left out"},
    "device-short": {"device": DEVICE["county"][:15]},
    "org-missing": {"org": "left out"},
    "org-of-a-village": {"org": "530102001204"},
    "org-with-a-word": {"org": "org:530102"},
    "org-full-width": {"org": "５３"},
    "number-nought": {"no": 0},
    "number-as-text": {"no": "7"},
    "number-true": {"no": True},
    "time-missing": {"at": "left out"},
    "time-a-number": {"at": 1790000000},
    "have-missing": {"have": "left out"},
    "have-a-list": {"have": []},
    "have-of-no-stream": {"have": {"laptop": {"O": [[1, 3]]}}},
    "have-of-no-class": {"have": {STREAM: {"X": [[1, 3]]}}},
    "range-of-one": {"have": {STREAM: {"O": [[1]]}}},
    "range-of-three": {"have": {STREAM: {"O": [[1, 2, 3]]}}},
    "range-from-nought": {"have": {STREAM: {"O": [[0, 3]]}}},
    "range-of-texts": {"have": {STREAM: {"O": [["1", "3"]]}}},
    "applied-missing": {"applied": "left out"},
    "applied-null": {"applied": None},
    "known-short": {"known": ["0123abc"]},
    "known-a-text": {"known": "0123abcd"},
    "erased-short": {"erased": ["0123abc"]},
    "erased-a-text": {"erased": "0123abcd"},
    "level-a-number": {"level": 2},
    "pictures-of-no-class": {"blobs": ["5e" * 6]},
    "pictures-a-text": {"blobs": "5e" * 6 + "C"},
    "partly-of-no-picture": {"partly": {"c4": [[0, 2]]}},
    "partly-of-three": {"partly": {"c4" * 32: [[0, 1, 2]]}},
    "partly-a-list": {"partly": []},
    "kind-of-another": {"kind": "card"},
}


def told_of(vector: Vector) -> Json:
    """Return a vector as it is written: what it is, who reads it, what the answer is, and what is in it."""
    told: Json = {"name": vector.name, "kind": vector.kind, "as": list(vector.readers), "answer": vector.answer}
    if vector.digest is not None:
        told["id"] = vector.digest
    if vector.zeros:
        told["zeros"] = vector.zeros
    told["zlib"] = b64encode(zlib.compress(vector.raw, 9)).decode()
    if vector.said:
        told["said"] = [one.decode() for one in vector.said]
    if vector.first:
        told["first"] = vector.first
    if vector.kind == "snapshot":
        answer, content = second_snapshot.answer_to(told, IDENTITIES, second_reader)
    else:
        answer, content = second_reader.answer_to(told, IDENTITIES)
    return told | {"content": content if answer == vector.answer == TAKEN else None}


def keys() -> Json:
    """Return all keys, which are nobody's."""
    signing = {name: {"secret": secret.hex(), "public": KEY[name]} for name, secret in SIGN_SECRETS.items()}
    return {"age": IDENTITIES, "recipients": RECIPIENTS, "sign": signing}


def main() -> None:
    """Write them."""
    FOLDER.mkdir(exist_ok=True)
    found = everything()
    (FOLDER / "keys.json").write_text(json.dumps(keys(), indent=1) + "\n", "utf-8")
    for kind in ("segment", "erasure", "agreement", "snapshot", "statement", "receipt", "pack"):
        lines = [json.dumps(told_of(one), ensure_ascii=False) for one in found if one.name.startswith(f"{kind}/")]
        name = kind if kind in ("agreement", "snapshot") else f"vectors_{kind}"
        (FOLDER / f"{name}.json").write_text("[\n" + ",\n".join(lines) + "\n]\n", "utf-8")
    print(len(found), "vectors")


if __name__ == "__main__":
    main()
