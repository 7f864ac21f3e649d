"""Feeds readers of the exchange what nobody would think of: `python -m tests.sync.fuzz_pack -max_total_time=600`.

The first byte of an input says which reader gets the rest. Signatures would keep nearly everything from the code
behind them, so some inputs are signed by us before they are read. Anything but a NotTaken is a find.
"""

import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["sync", "json"]):
    from app.domain.errors import NotTaken
    from sync.archive import ArchiveWriter
    from sync.pack import MOST, read_pack
    from sync.plain import NotPlain, ensure_plain, read_plain
    from sync.segment import op_line, open_segment, read_op, read_plain_segment
    from sync.snapshot import Held, open_snapshot, seal_snapshot
    from sync.statement import read_statement, sign_statement

from tests.sync import makings
from tests.sync.makings import OUR_PUBLIC, OURS, SIGN, WAYS


def pack_as_it_is(raw: bytes) -> None:
    """Read a pack; what is taken has but one way to be written."""
    found = read_pack(io.BytesIO(raw))
    parts = [*found.statements(), *found.receipts(), *(content for _, content in found.blobs())]
    for segment_id, outside, content in found.segments():
        open_segment(content, [OURS], WAYS.holds, segment_id, outside)
    assert len(parts) <= MOST["manifest"]
    assert makings.signed_pack(makings.entries_of(raw)) == raw


def pack_that_we_sign(raw: bytes) -> None:
    """Read whatever entries there are as a pack with a good manifest and a good signature."""
    try:
        entries = makings.entries_of(raw)
        for name, content in entries:
            ArchiveWriter(io.BytesIO()).add(name, content)
        signed = makings.signed_pack(entries)
    except (ValueError, UnicodeError):
        return
    pack_as_it_is(signed)


def lines_that_we_seal(raw: bytes) -> None:
    """Read a segment of any lines; what is taken is plain, and says the same when it is written again."""
    found = open_segment(makings.sealed_bytes(raw), [OURS], WAYS.holds)
    assert len(found.lines) == len(found.ops)
    for one in found.ops:
        ensure_plain(one.sets)
        assert read_op(op_line(one), one.stream, one.parts) == one


def plaintext(raw: bytes) -> None:
    """Read a segment of any plaintext, its signature among it."""
    open_segment(WAYS.seal(WAYS.squeeze(raw), [OUR_PUBLIC]), [OURS], lambda words, signature: True)


def snapshot(raw: bytes) -> None:
    """Read a snapshot of any plaintext as if every signature held, and each segment that it stands for."""
    found = open_snapshot(WAYS.seal(WAYS.squeeze(raw), [OUR_PUBLIC]), [OURS], lambda words, signature: True)
    for parcel, _ in found.parcels():
        read_plain_segment(found.plains[parcel.id], parcel.id, lambda words, signature: True)


def frame(raw: bytes) -> None:
    """Unpack anything; what comes out is as long as it may be."""
    assert len(WAYS.unsqueeze(raw, 1 << 22)) <= 1 << 22


def sealed(raw: bytes) -> None:
    """Unseal anything."""
    WAYS.unseal(raw, [OURS])


def statement(raw: bytes) -> None:
    """Read a statement as if every signature held."""
    found = read_statement(raw, lambda words, signature: True)
    ensure_plain(found.body)


def plain(raw: bytes) -> None:
    """Read JSON; what is taken is taken again when it is written anew."""
    try:
        ensure_plain(read_plain(raw))
    except NotPlain:
        return


READERS: tuple[Callable[[bytes], None], ...] = (
    *(pack_as_it_is, pack_that_we_sign, lines_that_we_seal, plaintext, frame, sealed, statement, plain, snapshot),
)


def one_input(raw: bytes) -> None:
    """Read one input."""
    if not raw:
        return
    try:
        READERS[raw[0] % len(READERS)](raw[1:])
    except NotTaken:
        return


def seeds() -> list[bytes]:
    """Return good inputs of every kind to begin with."""
    small, one = makings.small_pack(), makings.sealed(3)
    squeezed = WAYS.unseal(one.content, [OURS])
    text = WAYS.unsqueeze(squeezed, 1 << 22)
    lines = b"".join(text.splitlines(keepends=True)[:-1])
    card = sign_statement("card", {"org": "53", "x": [1, {"y": None}]}, SIGN)
    held = (Held(one.id, len(one.content), len(text)), text)
    together = WAYS.unseal(seal_snapshot("530102001:C", [held], makings.DEVICE, SIGN, [OUR_PUBLIC]), [OURS])
    named = makings.entries_of(small)[1][1]
    kinds = (small, small, lines, text, squeezed, one.content, card, named, WAYS.unsqueeze(together, 1 << 22))
    return [bytes([number]) + raw for number, raw in enumerate(kinds)]


def main() -> None:
    """Run until the time is up or something is found."""
    with tempfile.TemporaryDirectory() as folder:
        for number, raw in enumerate(seeds()):
            (Path(folder) / f"seed{number}").write_bytes(raw)
            one_input(raw)
        atheris.Setup([*sys.argv, "-max_len=20000", "-rss_limit_mb=512", "-timeout=10", folder], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
