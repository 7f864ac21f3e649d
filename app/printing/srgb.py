"""sRGB as an ICC profile, version 2: what black and the red of a mark mean, told in every PDF for the archive.

Made from the numbers of IEC 61966-2-1 (primaries adapted to D50, as ICC asks), so that it is nobody's file and the same
on every machine.
"""

from functools import cache
from struct import pack

XYZ = {
    b"wtpt": (0.9642, 1.0, 0.8249),
    b"rXYZ": (0.43607, 0.22249, 0.01392),
    b"gXYZ": (0.38515, 0.71687, 0.09708),
    b"bXYZ": (0.14307, 0.06061, 0.71410),
}
STEPS = 256
NAME = b"sRGB IEC61966-2.1"
HEADER, ENTRY = 128, 12


@cache
def profile() -> bytes:
    """Return the profile, about 1 kB."""
    parts = {b"desc": _described(NAME), b"cprt": b"text\0\0\0\0No copyright, use freely.\0"}
    parts |= {name: b"XYZ \0\0\0\0" + b"".join(map(_fixed, place)) for name, place in XYZ.items()}
    parts[b"rTRC"] = b"curv\0\0\0\0" + pack(f">I{STEPS}H", STEPS, *map(_linear, range(STEPS)))
    shared = {b"gTRC": b"rTRC", b"bTRC": b"rTRC"}
    body, places = b"", dict[bytes, tuple[int, int]]()
    start = HEADER + 4 + ENTRY * (len(parts) + len(shared))
    for name, part in parts.items():
        places[name] = (start + len(body), len(part))
        body += part + b"\0" * (-len(part) % 4)
    places |= {name: places[other] for name, other in shared.items()}
    table = pack(">I", len(places)) + b"".join(name + pack(">II", *place) for name, place in places.items())
    return _header(HEADER + len(table) + len(body)) + table + body


def _header(size: int) -> bytes:
    day = pack(">6H", 2026, 1, 1, 0, 0, 0)
    white = b"".join(map(_fixed, XYZ[b"wtpt"]))
    head = pack(">I4sI4s4s4s", size, b"\0\0\0\0", 0x02100000, b"mntr", b"RGB ", b"XYZ ") + day + b"acsp"
    return (head + bytes(28) + white).ljust(HEADER, b"\0")


def _described(name: bytes) -> bytes:
    """Return a text as version 2 keeps it: in ASCII, and empty in Unicode and for old Macintoshes."""
    return b"desc\0\0\0\0" + pack(">I", len(name) + 1) + name + b"\0" + bytes(8 + 3 + 67)


def _fixed(value: float) -> bytes:
    return pack(">i", round(value * 65536))


def _linear(step: int) -> int:
    share = step / (STEPS - 1)
    return round(65535 * (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4))
