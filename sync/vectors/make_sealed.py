"""Makes the vectors of sealed records: `python -m sync.vectors.make_sealed`. The same program, the same bytes.

The key is known to everybody, so that anybody can make more. Each bad vector is named for what is wrong with it.
"""

import json
import unicodedata
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.domain.edition_code import PageCode, SealCode, digits_of, signed_words
from app.domain.edition_record import Closing, Json, Opening, canonical, digest_of

FOLDER = Path(__file__).resolve().parent / "sealed"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
ID = "0195e1a0c0007abc8000000000000001"
NAMES = ("赵某甲", "钱某乙", "欧阳某丙")
Vector = dict[str, str]


def seal_of(raw: bytes, version: int = 1, key: Ed25519PrivateKey = KEY, record_id: str = ID) -> SealCode:
    """Return the seal of canonical bytes by a key."""
    digest = digest_of(raw)
    signature = key.sign(signed_words(record_id, version, digest)).hex()
    return SealCode(record_id, version, digest, key.public_key().public_bytes_raw().hex(), signature)


def record(number: int) -> tuple[dict[str, Json], Closing]:
    """Return a record like those of a meeting, each number another one, and what closed its personal parts."""
    salts = iter(range(1, 10_000))
    closing = Closing(NAMES, lambda _: (number << 64) | next(salts))
    items: list[Json] = [
        {
            "heading": "挡墙谁出资",
            "text": closing.text("赵某甲、钱某乙两家各出一半工钱。"),
            "agree": 25 + number,
            "settled": True,
        },
        {
            "heading": "水往哪排",
            "text": closing.text(f"边沟由二组清淤，{number}月底前。"),
            "agree": 27,
            "settled": True,
        },
    ]
    told: dict[str, Json] = {
        "format": "yuanba-record",
        "v": 1,
        "suite": "A",
        "id": ID,
        "version": 1 + number % 3,
        "previous": None if number % 3 == 0 else f"{number:064x}",
        "title": f"石墙村挡墙院坝协商{number}",
        "came": 27 + number,
        "closed_session": number % 2 == 0,
        "host": closing.close("欧阳某丙"),
        "items": items,
        "note": ['"引号"与\\反斜杠', "制表\t换行\n控制\x01", "𬱖㛃 emoji 🏮", "", "a/b\u2028c"][number % 5],
    }
    return told, closing


def file_text(raw: bytes, seal: str, openings: list[list[str]]) -> str:
    """Return a record file."""
    told = {"format": "yuanba-record-file", "v": 1, "record": raw.decode(), "seal": seal, "openings": openings}
    return canonical(told).decode()  # type: ignore[arg-type]


def opened(closing: Closing) -> list[list[str]]:
    """Return all openings as a file has them."""
    return sorted([one.salt, one.value] for one in closing.openings.values())


def good_files() -> Iterator[Vector]:
    """Yield files that hold, public and private."""
    for number in range(20):
        told, closing = record(number)
        raw = canonical(told)
        seal = seal_of(raw, int(str(told["version"]))).tail()
        yield vector(f"good/public-{number:02}", "file", file_text(raw, seal, []), "good")
        yield vector(f"good/private-{number:02}", "file", file_text(raw, seal, opened(closing)), "good")


def vector(name: str, kind: str, given: str, expect: str) -> Vector:
    """Return one vector."""
    return {"name": name, "kind": kind, "input": given, "expect": expect}


def changed_records() -> Iterator[tuple[str, Callable[[dict[str, Any]], None]]]:
    """Yield what somebody might change in a record after it was sealed."""
    yield "one-vote-more", lambda r: r["items"][0].update(agree=r["items"][0]["agree"] + 1)
    yield "one-character", lambda r: r.update(title=r["title"].replace("石", "后"))
    yield "homoglyph", lambda r: r.update(title=r["title"].replace("院", "⻖完"))
    yield "full-width-digit", lambda r: r.update(title=r["title"] + "１")
    yield "blank-added", lambda r: r.update(title=r["title"] + " ")
    yield "zero-width", lambda r: r.update(title=r["title"] + "\u200b")
    yield "items-swapped", lambda r: r["items"].reverse()
    yield "item-dropped", lambda r: r["items"].pop()
    yield "item-doubled", lambda r: r["items"].append(r["items"][0])
    yield "name-opened", lambda r: r.update(host="欧阳某丙")
    yield "commitment-changed", lambda r: r.update(host={"c": "0" * 64})
    yield "text-joined", lambda r: r["items"][0].update(text="赵某甲、钱某乙两家各出一半工钱。")
    yield "version-raised", lambda r: r.update(version=9)
    yield "previous-changed", lambda r: r.update(previous="f" * 64)
    yield "key-added", lambda r: r.update(extra="")
    yield "key-dropped", lambda r: r.pop("came")
    yield "truth-turned", lambda r: r.update(closed_session=not r["closed_session"])
    yield "number-as-text", lambda r: r.update(came=str(r["came"]))
    yield "null-for-text", lambda r: r.update(note=None)


def bad_files() -> Iterator[Vector]:
    """Yield files that do not hold, each for one reason."""
    told, closing = record(3)
    raw = canonical(told)
    seal, private = seal_of(raw, int(str(told["version"]))), opened(closing)
    for name, change in changed_records():
        other, _ = record(3)
        change(other)
        yield vector(f"bad/{name}", "file", file_text(canonical(other), seal.tail(), []), "bad")
    yield from _wrong_seals(raw, seal)
    yield from _wrong_openings(raw, seal, private)
    yield from _resigned(raw)
    yield from _written_otherwise(raw, seal, private)


def _wrong_seals(raw: bytes, seal: SealCode) -> Iterator[Vector]:
    for name, other in (
        ("wrong-key", SealCode(ID, 1, seal.digest, OTHER.public_key().public_bytes_raw().hex(), seal.signature)),
        ("signature-turned", SealCode(ID, 1, seal.digest, seal.device_key, seal.signature[:-2] + "00")),
        ("signature-zero", SealCode(ID, 1, seal.digest, seal.device_key, "0" * 128)),
        ("key-zero", SealCode(ID, 1, seal.digest, "0" * 64, seal.signature)),
        ("key-no-point", SealCode(ID, 1, seal.digest, "02" + "0" * 62, seal.signature)),
        ("version-of-another", seal_of(raw, 2)),
        ("id-of-another", seal_of(raw, 1, KEY, "0" * 32)),
        ("signed-by-another-as-ours", SealCode(ID, 1, seal.digest, seal.device_key, seal_of(raw, 1, OTHER).signature)),
        ("signature-of-another-version", SealCode(ID, 1, seal.digest, seal.device_key, seal_of(raw, 2).signature)),
        ("digest-of-another", seal_of(raw + b" ")),
        ("s-too-great", SealCode(ID, 1, seal.digest, seal.device_key, _with_great_s(seal.signature))),
    ):
        yield vector(f"bad/seal-{name}", "file", file_text(raw, other.tail(), []), "bad")
    for name, text in (("empty", ""), ("page-code", PageCode(ID, "consensus_paper", 1, 1, 1).tail())):
        yield vector(f"bad/seal-{name}", "file", file_text(raw, text, []), "bad")


def _with_great_s(signature: str) -> str:
    """Return a signature whose second half is greater by the order: some verifiers take it for the same."""
    order = 2**252 + 27742317777372353535851937790883648493
    s = int.from_bytes(bytes.fromhex(signature[64:]), "little") + order
    return signature[:64] + s.to_bytes(32, "little").hex()


def _wrong_openings(raw: bytes, seal: SealCode, private: list[list[str]]) -> Iterator[Vector]:
    salt, value = private[0]
    for name, openings in (
        ("another-name", [[salt, "李某丁"], *private[1:]]),
        ("another-salt", [["0" * 32, value], *private[1:]]),
        ("salt-short", [[salt[:-2], value]]),
        ("salt-long", [[salt + "00", value]]),
        ("salt-upper-case", [[_upper(salt), value]]),
        ("salt-no-hex", [["z" * 32, value]]),
        ("opens-nothing", [*private, ["1" * 32, "没有的"]]),
        ("twice", [private[0], private[0]]),
        ("three-parts", [[salt, value, ""]]),
        ("one-part", [[salt]]),
        ("blank-after-name", [[salt, value + " "]]),
    ):
        yield vector(f"bad/opening-{name}", "file", file_text(raw, seal.tail(), openings), "bad")


def _upper(salt: str) -> str:
    return "A" * 4 + salt[4:] if salt.upper() == salt else salt.upper()


def _resigned(raw: bytes) -> Iterator[Vector]:
    """Yield records that no program of ours would seal, with seals that hold for their bytes."""
    text = raw.decode()
    for name, other in (
        ("not-nfc", text.replace("石墙村", unicodedata.normalize("NFD", "Ế") + "墙村")),
        ("blank-after-comma", text.replace(",", ", ", 1)),
        ("line-end", text + "\n"),
        ("keys-unsorted", "{" + text[1:-1].split(",", 1)[1] + "," + text[1:-1].split(",", 1)[0] + "}"),
        ("key-twice", text.replace('{"came"', '{"came":1,"came"', 1)),
        ("escape-for-letter", text.replace("石", "\\u77f3", 1)),
        ("escape-in-capitals", text.replace('"came"', '"c\\u0061me"', 1)),
        ("slash-escaped", text.replace('"format"', '"for\\/mat"', 1)),
        ("float", text.replace('"v":1', '"v":1.0', 1)),
        ("exponent", text.replace('"v":1', '"v":1e0', 1)),
        ("minus-zero", text.replace('"came":30', '"came":-0', 1)),
        ("number-too-great", text.replace('"came":30', f'"came":{2**53}', 1)),
        ("truth-for-one", text.replace('"v":1', '"v":true', 1)),
        ("unknown-format", text.replace("yuanba-record", "yuanba-rekord", 1)),
        ("unknown-version", text.replace('"v":1', '"v":2', 1)),
        ("unknown-suite", text.replace('"suite":"A"', '"suite":"Z"', 1)),
        ("key-not-ascii", text.replace('"came"', '"来"', 1)),
        ("too-deep", text.replace('"came":30', '"came":' + "[" * 30 + "]" * 30, 1)),
        ("a-list", f"[{text}]"),
        ("cut", text[:-20]),
        ("byte-order-mark", "\ufeff" + text),
        ("not-a-number", text.replace('"came":30', '"came":NaN', 1)),
        ("empty", ""),
    ):
        seal = seal_of(other.encode(), 1)
        told = {"format": "yuanba-record-file", "v": 1, "record": other, "seal": seal.tail(), "openings": []}
        given = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        yield vector(f"bad/record-{name}", "file", given, "bad")


def _written_otherwise(raw: bytes, seal: SealCode, private: list[list[str]]) -> Iterator[Vector]:
    text = file_text(raw, seal.tail(), private)
    for name, other in (
        ("blank", text.replace(":", ": ", 1)),
        ("two-line-ends", text + "\n\n"),
        ("unknown-key", text.replace('{"format"', '{"extra":0,"format"', 1)),
        ("key-twice", text.replace('{"format"', '{"format":"x","format"', 1)),
        ("openings-missing", text[: text.index('"openings"')] + text[text.index('"record"') :]),
        ("another-format", text.replace("record-file", "record-filf", 1)),
        ("version-two", text.replace('"v":1}', '"v":2}')),
        ("version-true", text.replace('"v":1}', '"v":true}')),
        ("openings-no-list", text[: text.index('"openings":')] + '"openings":{},' + text[text.index('"record"') :]),
        ("record-no-text", text[: text.index('"record":')] + '"record":1,' + text[text.index('"seal"') :]),
        ("no-json", "院坝"),
        ("empty", ""),
        ("html", "<html>portal</html>"),
    ):
        yield vector(f"bad/file-{name}", "file", other, "bad")
    yield vector("good/one-line-end", "file", text + "\n", "good")


def codes() -> Iterator[Vector]:
    """Yield codes as a telephone reads them."""
    told, _ = record(0)
    raw = canonical(told)
    seal = seal_of(raw)
    yield vector("code/seal", "code", seal.tail(), "good")
    yield vector("code/seal-with-words", "code", seal.text("1.两家各出一半。\n到会27人。"), "good")
    yield vector("code/seal-other-key", "code", seal_of(raw, 1, OTHER).tail(), "good")
    altered = SealCode(ID, 2, seal.digest, seal.device_key, seal.signature)
    yield vector("code/seal-version-changed", "code", altered.tail(), "bad")
    yield vector(
        "code/seal-digest-changed", "code", SealCode(ID, 1, "0" * 64, seal.device_key, seal.signature).tail(), "bad"
    )
    yield vector("code/seal-version-zero", "code", seal_of(raw, 0).tail(), "none")
    tail = seal.tail()
    for name, text in (
        ("cut", tail[:-1]),
        ("longer", tail + "A"),
        ("padded", tail + "="),
        ("last-bits-not-zero", tail[:-1] + _next(tail[-1])),
        ("standard-alphabet", tail.replace("-", "+").replace("_", "/") if set("-_") & set(tail) else tail[:-1] + "+"),
        ("words-after", tail + "\n谢谢"),
        ("small-letters", tail.replace("YB1", "yb1")),
        ("a-link", "https://example.invalid/" + tail),
    ):
        yield vector(f"code/seal-{name}", "code", text, "none")
    yield from _page_codes()


def _next(letter: str) -> str:
    """Return the letter whose bits differ in the last place: decoders forgive it, a second writing of the same seal."""
    alphabet = [urlsafe_b64encode(bytes([0, 0, n]))[3:4].decode() for n in range(64)]
    return alphabet[alphabet.index(letter) ^ 1]


def _page_codes() -> Iterator[Vector]:
    for number in range(1, 6):
        code = PageCode(ID, "consensus_paper", number - 1, number, 5, f"{number:016x}")
        yield vector(f"code/page-{number}", "code", code.text("协商共识", "1" * 20), "good")
    for name, text in (
        ("beyond-the-last", PageCode(ID, "record", 1, 6, 5).tail()),
        ("page-zero", PageCode(ID, "record", 1, 0, 5).tail()),
        ("leading-zero", f"YB1P:{ID}:record:01:1:5:{'0' * 16}"),
        ("short-id", f"YB1P:{ID[:-1]}:record:1:1:5:{'0' * 16}"),
        ("capital-id", f"YB1P:{ID.upper()}:record:1:1:5:{'0' * 16}"),
        ("short-check", f"YB1P:{ID}:record:1:1:5:{'0' * 15}"),
        ("paper-with-digit", f"YB1P:{ID}:record2:1:1:5:{'0' * 16}"),
        ("full-width-digit", f"YB1P:{ID}:record:１:1:5:{'0' * 16}"),
        ("part-missing", f"YB1P:{ID}:record:1:1:{'0' * 16}"),
    ):
        yield vector(f"code/page-{name}", "code", text, "none")


def digits() -> Iterator[Vector]:
    """Yield digests with their 20 digits."""
    for digest in ("0" * 64, "f" * 64, "00000000000000000" + "f" * 47, digest_of(b"yuanba"), digest_of(b"")):
        yield vector(f"digits/{digest[:8]}-{digest[-8:]}", "digits", digest, digits_of(digest))


def commitments() -> Iterator[Vector]:
    """Yield salts and values with the commitment they open, as digests of their own."""
    for value in ("赵某甲", "", "𬱖某"):
        opening = Opening("0" * 32, value)
        yield vector(
            f"digits/of-commitment-{opening.commitment()[:8]}",
            "digits",
            opening.commitment(),
            digits_of(opening.commitment()),
        )


def everything() -> list[Vector]:
    """Return all vectors in their order."""
    return [*good_files(), *bad_files(), *codes(), *digits(), *commitments()]


def main() -> None:
    """Write them."""
    FOLDER.mkdir(exist_ok=True)
    found = everything()
    for kind in ("file", "code", "digits"):
        of_kind = [one for one in found if one["kind"] == kind]
        text = json.dumps(of_kind, ensure_ascii=True, indent=1) + "\n"
        (FOLDER / f"{kind}.json").write_text(text, encoding="utf-8")
    print(len(found), "vectors")


if __name__ == "__main__":
    main()
