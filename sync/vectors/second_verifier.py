"""A second verifier of sealed records, from sync/SEALED_RECORD.md alone: Python's standard library, nothing of ours.

Usage: second_verifier.py FILE.json …   a record file, or a list of vectors (then every one is judged)
       second_verifier.py --code TEXT   a code as a telephone reads it
It says `good`, `bad` or `none` (not of this kind), and why.
"""

import base64
import hashlib
import json
import re
import sys
import unicodedata

# --- Ed25519, RFC 8032: only the checking of signatures ---------------------------------------------------------

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def _recover_x(y: int, sign: int) -> int | None:
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if x2 == 0:
        return None if sign else 0
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT % P
    if (x * x - x2) % P:
        return None
    return P - x if x & 1 != sign else x


def _add(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    s, t = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    u, v = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = t - s, v - u, v + u, t + s
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(n: int, point: tuple[int, ...]) -> tuple[int, ...]:
    total: tuple[int, ...] = (0, 1, 1, 0)
    while n:
        if n & 1:
            total = _add(total, point)
        point, n = _add(point, point), n >> 1
    return total


def _same(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def _point(raw: bytes) -> tuple[int, ...] | None:
    number = int.from_bytes(raw, "little")
    y, sign = number & (2**255 - 1), number >> 255
    x = _recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = _point(BASE_Y.to_bytes(32, "little"))


def signature_holds(key: bytes, words: bytes, signature: bytes) -> bool:
    """Return whether an Ed25519 signature is good."""
    public, r = _point(key), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if public is None or r is None or s >= Q or BASE is None:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + words).digest(), "little") % Q
    return _same(_times(s, BASE), _add(r, _times(h, public)))


# --- The record -------------------------------------------------------------------------------------------------

LARGEST, DEEPEST, GREATEST = 16 * 1024 * 1024, 24, 2**53
SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


class Bad(Exception):
    """It is not what it says it is."""


def _string(text: str) -> str:
    return '"' + "".join(SHORT.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in text) + '"'


def written(value: object) -> str:
    """Return the one way a value is written."""
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        if abs(value) >= GREATEST:
            raise Bad("a number too great")
        return str(value)
    if isinstance(value, str):
        if unicodedata.normalize("NFC", value) != value:
            raise Bad("a text that is not NFC")
        return _string(value)
    if isinstance(value, list):
        return "[" + ",".join(map(written, value)) + "]"
    if isinstance(value, dict):
        if not all(key.isascii() for key in value):
            raise Bad("a key that is not ASCII")
        return "{" + ",".join(f"{_string(key)}:{written(value[key])}" for key in sorted(value)) + "}"
    raise Bad("a value of no allowed kind")


def _depth(raw: bytes) -> int:
    depth = deepest = 0
    for byte in raw:
        depth += (byte in b"[{") - (byte in b"]}")
        deepest = max(deepest, depth)
    return deepest


def read_canonical(raw: bytes) -> dict[str, object]:
    """Return the object that canonical bytes tell of."""
    if len(raw) > LARGEST or _depth(raw) > DEEPEST:
        raise Bad("too large or too deep")
    try:
        found = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Bad("no JSON") from error
    if not isinstance(found, dict):
        raise Bad("no object")
    try:
        if written(found).encode("utf-8") != raw:
            raise Bad("not written the one way")
    except UnicodeEncodeError as error:
        raise Bad("half a character") from error
    return found


def read_record(raw: bytes) -> dict[str, object]:
    """Return the record in canonical bytes."""
    record = read_canonical(raw)
    if (record.get("format"), record.get("v"), record.get("suite")) != ("yuanba-record", 1, "A") or record["v"] is True:
        raise Bad("an unknown format")
    return record


def closed_parts(value: object) -> set[str]:
    """Return every commitment of a record."""
    if isinstance(value, dict):
        if set(value) == {"c"} and isinstance(value["c"], str):
            return {value["c"]}
        return set().union(*map(closed_parts, value.values())) if value else set()
    if isinstance(value, list):
        return set().union(*map(closed_parts, value)) if value else set()
    return set()


# --- Codes ------------------------------------------------------------------------------------------------------

PAGE = re.compile(r"YB1P:([0-9a-f]{32}):([a-z_]{1,40}):(\d{1,4}):(\d{1,3}):(\d{1,3}):([0-9a-f]{16})", re.ASCII)
SEAL = re.compile(r"YB1:([A-Za-z0-9_-]{195})")


def read_seal(text: str) -> tuple[str, int, str, bytes, bytes] | None:
    """Return id, version, digest, key and signature of a seal code; None when it is none."""
    found = SEAL.fullmatch(_tail(text))
    if not found:
        return None
    raw = base64.urlsafe_b64decode(found[1] + "=")
    if base64.urlsafe_b64encode(raw).decode().rstrip("=") != found[1]:
        return None
    version = int.from_bytes(raw[16:18], "big")
    return (raw[:16].hex(), version, raw[18:50].hex(), raw[50:82], raw[82:146]) if version else None


def _tail(text: str) -> str:
    return text.strip().rsplit("\n", 1)[-1].strip()


def seal_holds(seal: tuple[str, int, str, bytes, bytes]) -> bool:
    """Return whether the device signed this id, version and digest."""
    record_id, version, digest, key, signature = seal
    return signature_holds(key, f"yuanba-seal-1\n{record_id}\n{version}\n{digest}\n".encode(), signature)


def page_of(text: str) -> str:
    """Return `good` for a page code, else `none`."""
    found = PAGE.fullmatch(_tail(text))
    if not found or any(number != str(int(number)) for number in found.groups()[2:5]):
        return "none"
    return "good" if 1 <= int(found[4]) <= int(found[5]) else "none"


def digits_of(digest: str) -> str:
    """Return the 20 digits of a digest."""
    return str(int(digest, 16) >> (256 - 66)).zfill(20)


def code_of(text: str) -> str:
    """Return what a code is worth by itself."""
    seal = read_seal(text)
    if seal is not None:
        return "good" if seal_holds(seal) else "bad"
    return page_of(text)


# --- The record file --------------------------------------------------------------------------------------------


def check_file(raw: bytes) -> None:
    """Check a record file whole; raise Bad with the reason."""
    file = read_canonical(raw.removesuffix(b"\n"))
    if set(file) != {"format", "v", "record", "seal", "openings"}:
        raise Bad("no record file")
    if file["format"] != "yuanba-record-file" or file["v"] != 1 or file["v"] is True:
        raise Bad("an unknown format")
    record_text, seal_text = file["record"], file["seal"]
    if not isinstance(record_text, str) or not isinstance(seal_text, str):
        raise Bad("no record file")
    seal = read_seal(seal_text)
    if seal is None:
        raise Bad("no seal")
    raw_record = record_text.encode("utf-8")
    record = read_record(raw_record)
    if hashlib.sha256(b"yuanba-record-1\n" + raw_record).hexdigest() != seal[2]:
        raise Bad("the seal is of another text")
    if (record.get("id"), record.get("version")) != seal[:2]:
        raise Bad("the seal is of another record")
    if not seal_holds(seal):
        raise Bad("the signature is not good")
    _check_openings(file["openings"], closed_parts(record))


def _check_openings(openings: object, closed: set[str]) -> None:
    if not isinstance(openings, list):
        raise Bad("no openings")
    found = set()
    for pair in openings:
        if not (isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair)):
            raise Bad("no opening")
        if not re.fullmatch(r"[0-9a-f]{32}", pair[0]):
            raise Bad("a salt of another length")
        found.add(hashlib.sha256(bytes.fromhex(pair[0]) + pair[1].encode("utf-8")).hexdigest())
    if len(found) != len(openings) or not found <= closed:
        raise Bad("an opening that opens nothing")


def file_of(raw: bytes) -> tuple[str, str]:
    """Return what a record file is worth, and why."""
    try:
        check_file(raw)
    except Bad as error:
        return "bad", str(error)
    return "good", ""


def judged(vector: dict[str, str]) -> str:
    """Return what a vector is worth."""
    if vector["kind"] == "digits":
        return digits_of(vector["input"])
    if vector["kind"] == "file":
        return file_of(vector["input"].encode("utf-8", "surrogatepass"))[0]
    return code_of(vector["input"])


def main(words: list[str]) -> int:
    """Judge what is named; 0 when all is as it should be."""
    if words[:1] == ["--code"]:
        print(code_of(words[1]))
        return 0
    wrong = 0
    for name in words:
        with open(name, "rb") as file:
            raw = file.read()
        found = json.loads(raw) if raw.lstrip()[:1] == b"[" else None
        if found is None:
            verdict, why = file_of(raw)
            print(verdict, why)
            wrong += verdict != "good"
            continue
        for vector in found:
            verdict = judged(vector)
            print(json.dumps({"name": vector["name"], "verdict": verdict}, ensure_ascii=False))
            wrong += verdict != vector["expect"]
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
