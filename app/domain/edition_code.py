"""What the codes on paper say: text for any phone, and at its end a tail that this program reads.

Every page carries a page code (`YB1P:`), by which a scan finds its meeting, paper, version and page. A sealed paper
carries the seal code too (`YB1:`): digest, device key and signature. The formats are told in `sync/SEALED_RECORD.md`.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

NO_CHECK = "0" * 16
SHOWN = 200
"""How many characters of what was agreed a seal code tells; the rest is on the paper."""

_PAGE = re.compile(r"YB1P:([0-9a-f]{32}):([a-z_]{1,40}):(\d{1,4}):(\d{1,3}):(\d{1,3}):([0-9a-f]{16})")
_SEAL = re.compile(r"YB1:([A-Za-z0-9_-]{195})")
_DIGITS = re.compile(r"[0-9]{12,20}")
_SEAL_SIZES = (16, 2, 32, 32, 64)


@dataclass(frozen=True, slots=True)
class PageCode:
    """Which sheet of which paper: version 0 is one that was not sealed. `check` begins the digest of the version."""

    sitting_id: str
    paper: str
    version: int
    page: int
    pages: int
    check: str = NO_CHECK

    def tail(self) -> str:
        """Return the part this program reads."""
        place = f"{self.version}:{self.page}:{self.pages}"
        return f"YB1P:{self.sitting_id}:{self.paper}:{place}:{self.check}"

    def text(self, name: str, digits: str = "") -> str:
        """Return the whole code: the paper's name, its page, the digits, the tail."""
        version = f"第{self.version}版 " if self.version else ""
        told = f"{name} {version}{self.page}/{self.pages}页"
        return "\n".join(part for part in (told, shown_digits(digits), self.tail()) if part)


@dataclass(frozen=True, slots=True)
class SealCode:
    """The seal of one version: what was signed (`digest`, hex), by which device key (hex), and the signature (hex)."""

    sitting_id: str
    version: int
    digest: str
    device_key: str
    signature: str

    def tail(self) -> str:
        """Return the part this program reads."""
        version = self.version.to_bytes(2, "big").hex()
        raw = bytes.fromhex(self.sitting_id + version + self.digest + self.device_key + self.signature)
        return "YB1:" + urlsafe_b64encode(raw).decode().rstrip("=")

    def text(self, sentences: str) -> str:
        """Return the whole code: what was agreed, in words anybody can compare with the paper, and the seal."""
        return f"{sentences}\n{self.tail()}"


def signed_words(sitting_id: str, version: int, digest: str) -> bytes:
    """Return the bytes a device signs when it seals."""
    return f"yuanba-seal-1\n{sitting_id}\n{version}\n{digest}\n".encode()


def digits_of(digest: str) -> str:
    """Return the 20 digits of a digest (hex): its first 66 bits as a decimal number."""
    return f"{int(digest[:18], 16) >> 6:020d}"


def shown_digits(digits: str) -> str:
    """Return the digits as they are printed and read aloud: 4821-0937-5516-2208-7743; empty stays empty."""
    return "-".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def read_code(text: str) -> PageCode | SealCode | None:
    """Return the code that a text ends with; None when it is none of ours. Never raises."""
    lines = text.strip().rsplit("\n", 1)
    tail = lines[-1].strip()
    if page := _PAGE.fullmatch(tail):
        return _page_code(*page.groups())
    if seal := _SEAL.fullmatch(tail):
        return _seal_code(seal[1])
    return None


def _page_code(sitting_id: str, paper: str, version: str, page: str, pages: str, check: str) -> PageCode | None:
    code = PageCode(sitting_id, paper, int(version), int(page), int(pages), check)
    is_canonical = code.tail() == f"YB1P:{sitting_id}:{paper}:{version}:{page}:{pages}:{check}"
    return code if is_canonical and 1 <= code.page <= code.pages else None


def _seal_code(payload: str) -> SealCode | None:
    raw = urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    parts, start = [], 0
    for size in _SEAL_SIZES:
        parts.append(raw[start : start + size])
        start += size
    code = SealCode(parts[0].hex(), int.from_bytes(parts[1], "big"), *(part.hex() for part in parts[2:]))
    return code if code.version and code.tail() == "YB1:" + payload else None


def read_digits(text: str) -> str:
    """Return the digits somebody typed, 12 of the 20 at the least, whatever stands between them; else nothing."""
    plain = text.translate(str.maketrans("０１２３４５６７８９", "0123456789"))
    digits = re.sub(r"[\s\-－—–‐·.,，]", "", plain)
    return digits if _DIGITS.fullmatch(digits) else ""
