"""Letters: packs that carry statements and nothing else. A request travels in one, and the answer to it."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from app.domain.errors import NotTaken
from app.ports import Package, Postbox, Seal, StatementFile
from sync.carriers import Disk, Found, Place, Written, fetch, pack_name, take_from, write_out
from sync.numbers import Numbers
from sync.pack import PackHead, read_pack, write_pack

LARGEST = 4 << 20
"""Whatever is larger is an ordinary pack, and not opened in search of letters."""


def write_letter(
    postbox: Postbox,
    seal: Seal,
    place: Place,
    to: str,
    statements: Iterable[StatementFile],
    now: datetime,
    *,
    sender: tuple[str, str] = ("", ""),
    disk: Disk | None = None,
) -> Written:
    """Write statements to a place, in the folder of the organisation they are for; `sender` is our organisation and
    the name of this computer, as far as it has them.

    Raises:
        NotCarried: It is not there; what was there before is as it was.
    """
    own, name = sender
    raws = [file.raw for file in statements]
    number = Numbers(postbox).next()
    head = PackHead(seal.sign(b"").key, now.isoformat(), (f"org:{to}",), number, name)
    write = partial(_write, head, raws, seal)
    called = pack_name(own or to, head.device, number)
    written = write_out(place, to, called, write, sum(map(len, raws)), disk)
    postbox.keep_package(Package(number, now, "stick", to, 0, written.size, ()))
    return written


def _write(head: PackHead, raws: list[bytes], seal: Seal, file: BinaryIO) -> None:
    write_pack(file, head, raws, (), (), (), seal.sign)


def read_letters(source: Place | Path, org: str, inbox: Path, disk: Disk | None = None) -> list[bytes]:
    """Return the statements of all letters at a place or in a file, those for `org` first; each is copied here before
    it is opened.

    Raises:
        NotTaken: There are letters, and none of them is whole.
        NotCarried: It could not be read.
    """
    read: list[list[bytes]] = []
    bad: list[NotTaken] = []
    for found in take_from(source, org, disk):
        if found.size <= LARGEST:
            try:
                read.append(_read(found, inbox, disk))
            except NotTaken as error:
                bad.append(error)
    if bad and not read:
        raise bad[0]
    return list(chain.from_iterable(read))


def _read(found: Found, inbox: Path, disk: Disk | None) -> list[bytes]:
    copy = fetch(found, inbox, disk)
    try:
        with copy.open("rb") as file:
            return list(read_pack(file).statements())
    finally:
        copy.unlink(missing_ok=True)
