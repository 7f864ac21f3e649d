"""Packs: taken whole or refused with one sentence. Every byte of one has a single value it may have."""

import io
import os
import random
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import errors
from app.domain.errors import (
    NotAPack,
    NotTaken,
    PackCutShort,
    PackForged,
    PackFromNewer,
    PackSpoilt,
    PackTooLarge,
    SegmentSpoilt,
)
from sync.archive import entry_head
from sync.pack import FIRST, MOST_BYTES, read_pack, room_for, room_taken, write_pack
from sync.segment import open_segment
from sync.statement import read_statement
from tests.sync.makings import (
    KEY,
    OTHER_SIGN,
    OURS,
    SIGN,
    STREAM,
    WAYS,
    card,
    entries_of,
    first_entry,
    pack,
    pack_head,
    random_pack,
    receipt,
    sealed,
    signed_pack,
    small_pack,
)

ROOT = Path(__file__).resolve().parents[2]
DAMAGED = int(os.environ.get("YUANBA_DAMAGED", "1500"))
FUZZED = int(os.environ.get("YUANBA_FUZZED", "5"))


def read(raw: bytes):
    return read_pack(io.BytesIO(raw))


def all_of(found) -> list[bytes]:
    """Take everything out of a pack, as whoever takes it in does."""
    parts = [*found.statements(), *found.receipts()]
    for segment_id, outside, content in found.segments():
        open_segment(content, [OURS], WAYS.holds, segment_id, outside)
        parts.append(content)
    return parts + [content for _, content in found.blobs()]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_a_pack_comes_back_as_it_was_written_and_can_be_written_again(seed):
    raw = random_pack(seed)
    found = read(raw)

    again = io.BytesIO()
    segments = [(segment_id, outside, content) for segment_id, outside, content in found.segments()]
    write_pack(again, found.head, found.statements(), found.receipts(), segments, found.blobs(), SIGN)

    assert again.getvalue() == raw
    assert read(raw).head == found.head
    assert (found.key, found.device) == (KEY, WAYS.fingerprint(KEY))
    assert len(all_of(found)) == len(entries_of(raw)) - 4


def test_a_pack_is_a_tar_to_everybody(tmp_path):
    raw = small_pack()

    with tarfile.open(fileobj=io.BytesIO(raw), mode="r:") as tar:
        members = tar.getmembers()
        assert all(one.isreg() and (one.mode, one.mtime, one.uid, one.gid) == (0o644, 0, 0, 0) for one in members)
        assert [(one.name, tar.extractfile(one).read()) for one in members] == entries_of(raw)
    assert [name.split("/")[0] for name, _ in entries_of(raw)] == [
        *(FIRST, "header.json", "dir", "rcpt", "seg", "blob", "manifest.json", "manifest.dsse")
    ]
    assert signed_pack(entries_of(raw)) == raw
    if tool := shutil.which("tar"):
        (tmp_path / "a.yb").write_bytes(raw)
        told = subprocess.run([tool, "-tf", tmp_path / "a.yb"], capture_output=True, text=True, check=True)
        assert told.stdout.split() == [name for name, _ in entries_of(raw)]
        assert told.stderr == ""


def test_what_stands_in_the_clear_names_no_villager_and_nothing_said():
    raw = small_pack()

    assert all(word.encode() not in raw for word in ("赵某甲", "钱某乙", "挡墙"))


def test_what_a_newer_version_says_in_the_header_is_kept():
    found = read(pack(extra={"later": {"x": [1, "二"]}}, clock={"quality": "ntp", "boot": "b1"}))

    assert found.head.extra == {"later": {"x": [1, "二"]}}
    assert found.head.clock == {"quality": "ntp", "boot": "b1"}
    assert found.head.have == {STREAM: {"O": [[1, 3]]}}


def test_a_pack_can_tell_of_branches():
    have = {STREAM: {"O": [[1, 3]]}, f"{STREAM}~ab12cd34": {"O": [[1, 2], [4, 9]], "T": []}}

    assert read(pack(have=have)).head.have == have


def test_a_pack_tells_what_it_carries_before_it_is_opened():
    one, two = sealed(1), sealed(2)
    found = read(pack([two, one], statements=[card(), card()], receipts=[receipt(2), receipt(1)]))

    assert [segment_id for segment_id, *_ in found.head.segs] == [two.id, one.id]
    assert [size for *_, size in found.head.segs] == [len(two.content), len(one.content)]
    assert found.segment(one.id) == one.content
    assert [read_statement(raw, WAYS.holds).kind for raw in found.statements()] == ["card"]
    assert len(list(found.receipts())) == 2


def test_a_segment_is_fetched_when_its_turn_comes():
    one, fetched = sealed(1), []

    def fetch():
        fetched.append(one.id)
        return one.content

    for carried, times in (((one.id, one.head, fetch, len(one.content)), 1), ((one.id, one.head, fetch), 2)):
        fetched.clear()
        file = io.BytesIO()
        write_pack(file, pack_head(), [], [], [carried], [], SIGN)
        assert len(fetched) == times
        assert read(file.getvalue()).segment(one.id) == one.content


def test_every_single_flipped_byte_of_a_small_pack_is_refused():
    raw = pack([sealed(1)])
    dice = random.Random(11)

    taken = [place for place in range(len(raw)) if not is_refused(flipped(raw, place, dice.randint(1, 255)))]

    assert taken == []


def test_every_shortened_pack_is_refused_and_what_is_only_begun_says_so():
    raw = pack([sealed(1)])

    for length in range(len(raw)):
        with pytest.raises(PackCutShort):
            read(raw[:length])


def test_damage_of_many_kinds_at_many_places_of_many_packs_is_refused():
    dice = random.Random(DAMAGED)
    packs = [random_pack(seed) for seed in range(max(3, DAMAGED // 300))]

    for number in range(DAMAGED):
        raw = packs[number % len(packs)]
        spoilt = DAMAGE[number % len(DAMAGE)](raw, dice)
        assert spoilt == raw or is_refused(spoilt), (number, DAMAGE[number % len(DAMAGE)].__name__)


def flipped(raw: bytes, place: int, by: int) -> bytes:
    return raw[:place] + bytes([raw[place] ^ by]) + raw[place + 1 :]


def a_byte(raw, dice):
    return flipped(raw, dice.randrange(len(raw)), dice.randint(1, 255))


def a_bit(raw, dice):
    return flipped(raw, dice.randrange(len(raw)), 1 << dice.randrange(8))


def an_end(raw, dice):
    return raw[: dice.randrange(len(raw))]


def a_hole(raw, dice):
    start = dice.randrange(len(raw))
    return raw[:start] + raw[start + dice.choice((1, 512, 4096)) :]


def sectors_of_zeros(raw, dice):
    start = dice.randrange(len(raw)) & ~511
    return raw[:start] + bytes(len(raw) - start if dice.random() < 0.5 else 512) + raw[start + 512 :]


def sectors_swapped(raw, dice):
    a, b = sorted(dice.randrange(len(raw) // 512) * 512 for _ in range(2))
    return raw[:a] + raw[b : b + 512] + raw[a + 512 : b] + raw[a : a + 512] + raw[b + 512 :] if b - a > 511 else raw


def line_ends(raw, dice):
    return raw.replace(b"\n", b"\r\n")


def something_after(raw, dice):
    return raw + (dice.randbytes(dice.randint(1, 700)) if dice.random() < 0.5 else bytes(dice.choice((1, 512, 9216))))


def something_within(raw, dice):
    place = dice.randrange(len(raw))
    return raw[:place] + dice.randbytes(dice.choice((1, 512))) + raw[place:]


DAMAGE = (
    *(a_byte, a_bit, a_byte, an_end, a_hole, sectors_of_zeros, sectors_swapped, line_ends, something_after),
    something_within,
)


def is_refused(raw: bytes) -> bool:
    """Return whether a pack is refused with one of our sentences; anything else that happens is raised."""
    try:
        all_of(read(raw))
    except NotTaken:
        return True
    return False


def test_noise_is_never_a_pack():
    dice = random.Random(5)

    for size in (1, 511, 512, 1024, 10_000):
        with pytest.raises(NotAPack):
            read(dice.randbytes(size))
    for raw in (b"", bytes(512), bytes(70_000)):
        with pytest.raises(PackCutShort):
            read(raw)


def with_entry(name: str, content: bytes, before: str):
    """Return the entries of a small pack with one more before the first whose name begins so."""
    entries = entries_of(small_pack())
    place = next(number for number, (other, _) in enumerate(entries) if other.startswith(before))
    return [*entries[:place], (name, content), *entries[place:]]


def without(name: str):
    return [entry for entry in entries_of(small_pack()) if not entry[0].startswith(name)]


def changed(name: str, change):
    """Return the entries of a small pack, the content of one of them changed."""
    return [(other, change(raw) if other.startswith(name) else raw) for other, raw in entries_of(small_pack())]


HEADER = entries_of(small_pack())[1][1]
STRANGE = {
    "a second header": with_entry("header.json", HEADER, "dir/"),
    "a second header at the end": with_entry("header.json", HEADER, "manifest.json"),
    "a second beginning": with_entry(*first_entry(), "header"),
    "no header": without("header"),
    "no segment that is listed": without("seg/"),
    "a segment that is not listed": with_entry(f"seg/{sealed(2).id}.age", b"x", "blob/"),
    "a name in great letters": with_entry("DIR/" + "0" * 64 + ".json", b"{}", "rcpt/"),
    "a way out": with_entry("../../x", b"x", "manifest.json"),
    "a way from the root": with_entry("/etc/passwd", b"x", "manifest.json"),
    "a folder": with_entry("seg/", b"", "blob/"),
    "a Windows way": with_entry("seg\\x", b"", "blob/"),
    "another folder": with_entry("notes/" + "0" * 64 + ".json", b"{}", "seg/"),
    "a piece twice": with_entry("blob/" + "c4" * 32 + "/0.age", b"x", "manifest.json"),
    "pieces out of order": with_entry("blob/" + "c3" * 32 + "/0.age", b"x", "manifest.json"),
    "a piece with a nought before it": with_entry("blob/" + "c4" * 32 + "/01.age", b"x", "manifest.json"),
    "a receipt after the segments": with_entry("rcpt/" + WAYS.digest(b"x") + ".json", b"x", "blob/"),
    "a statement of another name": with_entry("dir/" + "f" * 64 + ".json", b"x", "rcpt/"),
    "a segment that was exchanged": changed("seg/", lambda raw: raw[:-1] + b"x"),
    "another beginning": changed("0=", lambda raw: b"yuanba_pack_2\n"),
    "a header that is no JSON": changed("header", lambda raw: raw[:-1]),
    "a header that is a list": changed("header", lambda raw: b"[" + raw + b"]"),
    "a key twice": changed("header", lambda raw: raw.replace(b'"number":19', b'"number":19,"number":20')),
    "an inner key twice": changed("header", lambda raw: raw.replace(b'"no":1', b'"no":1,"no":2')),
    "a fraction": changed("header", lambda raw: raw.replace(b'"number":19', b'"number":19.0')),
    "a deep header": changed("header", lambda raw: raw[:-1] + b',"x":' + b"[" * 40 + b"]" * 40 + b"}"),
    "a bottomless header": changed("header", lambda raw: raw[:-1] + b',"x":' + b"[" * 99_999 + b"]" * 99_999 + b"}"),
    "half a pair": changed("header", lambda raw: raw[:-1] + b',"x":"\\udfff"}'),
    "a mark of byte order": changed("header", lambda raw: b"\xef\xbb\xbf" + raw),
    "another size": changed("header", lambda raw: raw.replace(b'"size":', b'"size":1')),
    "no organisation": changed("header", lambda raw: raw.replace(b'"org:530102"', b'"org:x"')),
    "no range": changed("header", lambda raw: raw.replace(b"[[1,3]]", b"[[1,3,4]]")),
    "another format": changed("header", lambda raw: raw.replace(b"yuanba-pack", b"yuanba-bag")),
    "another clock": changed("header", lambda raw: raw.replace(b'"unset"', b'"swiss"')),
}


@pytest.mark.parametrize("name", STRANGE)
def test_what_no_pack_of_ours_holds_is_refused_though_it_is_well_signed(name):
    assert STRANGE[name] != entries_of(small_pack())
    with pytest.raises(PackSpoilt):
        read(signed_pack(STRANGE[name]))


NEWER = {
    "a greater version": changed("header", lambda raw: raw.replace(b'"v":[1,0]', b'"v":[2,0]')),
    "a reader that is greater": changed(
        "header", lambda raw: raw.replace(b'"min_reader":[1,0]', b'"min_reader":[1,1]')
    ),
    "another suite": changed("header", lambda raw: raw.replace(b'"suite":"A"', b'"suite":"B"')),
    "another beginning": [("0=yuanba_pack_2", b"yuanba_pack_2\n"), *entries_of(small_pack())[1:]],
}


@pytest.mark.parametrize("name", NEWER)
def test_a_pack_of_a_newer_version_is_named_so(name):
    with pytest.raises(PackFromNewer):
        read(signed_pack(NEWER[name]))


def test_a_lesser_novelty_is_read():
    assert (
        read(signed_pack(changed("header", lambda raw: raw.replace(b'"v":[1,0]', b'"v":[1,7],"new":1')))).head.number
        == 19
    )


def test_another_key_signs_for_nobody_but_itself():
    other = OTHER_SIGN(b"").key
    as_other = changed("header", lambda raw: raw.replace(KEY.encode(), other.encode()))
    raw = small_pack()
    dsse = dict(entries_of(signed_pack(entries_of(raw), OTHER_SIGN)))["manifest.dsse"]
    disguised = dsse.replace(WAYS.fingerprint(other).encode(), WAYS.fingerprint(KEY).encode())

    with pytest.raises(PackSpoilt):  # the envelope names another device
        read(signed_pack(entries_of(raw), OTHER_SIGN))
    with pytest.raises(PackForged):  # the header names another key under our name
        read(signed_pack(as_other, OTHER_SIGN))
    with pytest.raises(PackForged):  # another one signed under our name
        read(raw.replace(dict(entries_of(raw))["manifest.dsse"], disguised))
    with pytest.raises(ValueError, match="another key"):
        write_pack(io.BytesIO(), pack_head(), [], [], [], [], OTHER_SIGN)


def test_a_segment_that_rotted_in_the_drawer_is_not_packed():
    one = sealed(1)

    with pytest.raises(SegmentSpoilt):
        pack([replace(one, content=one.content[:-1] + b"\0")])


def tar_with(**other) -> bytes:
    """Return an unsigned pack whose second entry says something else of itself than ours do."""
    member = tarfile.TarInfo("header.json")
    member.size = 10
    for name, value in other.items():
        if name != "format":
            setattr(member, name, value)
    raw = member.tobuf(other.get("format", tarfile.USTAR_FORMAT), "utf-8", "surrogateescape")
    return entry_head(FIRST, 14) + b"yuanba_pack_1\n".ljust(512, b"\0") + raw + bytes(2048)


@pytest.mark.parametrize(
    "other",
    [
        {"type": tarfile.SYMTYPE, "linkname": "../../x"},
        {"type": tarfile.LNKTYPE, "linkname": FIRST},
        {"type": tarfile.DIRTYPE},
        {"type": tarfile.CHRTYPE},
        {"type": tarfile.FIFOTYPE},
        {"type": tarfile.CONTTYPE},
        {"type": tarfile.AREGTYPE},
        {"type": tarfile.GNUTYPE_SPARSE},
        {"type": tarfile.GNUTYPE_LONGNAME},
        {"mode": 0o755},
        {"mtime": 1},
        {"uid": 1},
        {"uname": "root"},
        {"name": "a" * 150, "format": tarfile.GNU_FORMAT},
        {"name": "头.json", "format": tarfile.PAX_FORMAT},
        {"pax_headers": {"comment": "x"}, "format": tarfile.PAX_FORMAT},
        {"size": 1 << 34, "format": tarfile.GNU_FORMAT},
        {"format": tarfile.GNU_FORMAT},
    ],
    ids=str,
)
def test_nothing_of_tar_but_plain_files_is_taken(other):
    with pytest.raises(NotTaken):
        read(tar_with(**other))


def test_a_pack_larger_than_a_pack_is_not_read_and_not_written(tmp_path):
    file = (tmp_path / "large.yb").open("w+b")
    with file:
        file.write(small_pack())
        file.truncate(MOST_BYTES + 1)
        with pytest.raises(PackTooLarge):
            read_pack(file)
    with pytest.raises(PackTooLarge):
        pack(blobs=[("c4" * 32 + "/0", bytes(5 << 20))])
    with pytest.raises(PackTooLarge):
        pack(blobs=((f"{number:064x}/0", bytes(4 << 20)) for number in range(17)))
    with pytest.raises(ValueError, match="comes after"):
        pack(blobs=[("c4" * 32 + "/1", b"x"), ("c4" * 32 + "/0", b"x")])


def test_what_was_reckoned_to_fit_does_fit():
    one = sealed(3)
    room = room_for(pack_head()) - room_taken(len(one.content)) - 300 * room_taken(100) - 15 * room_taken(4 << 20)
    small = [(f"{number:064x}/{number}", bytes(100)) for number in range(300)]
    large = [(f"{1 << 200:064x}/{number}", bytes(4 << 20)) for number in range(15)]
    last = (f"{1 << 200:064x}/15", bytes(room - room_taken(0)))

    assert len(read(pack([one], [*small, *large, last])).head.segs) == 1


def test_as_many_segments_as_were_reckoned_to_fit_do_fit():
    one = sealed(1)
    many = (room_for(pack_head()) // room_taken(1, 3)) - 1
    route = replace(one.head, acts=tuple(f"{number:032x}" for number in range(3)))
    contents = [b"%x" % number for number in range(many)]
    carried = [(WAYS.digest(content), route, content) for content in contents]
    file = io.BytesIO()

    write_pack(file, pack_head(), [], [], carried, [], SIGN)

    assert len(read_pack(file).head.segs) == many


def test_a_whole_pack_of_pictures_needs_little_memory():
    piece = random.Random(1).randbytes(4 << 20)
    names = [f"{'c4' * 32}/{number}" for number in range(15)]
    with tempfile.TemporaryFile() as file:
        tracemalloc.start()
        write_pack(file, pack_head(), [], [], [], ((name, lambda: bytes(bytearray(piece))) for name in names), SIGN)
        sizes = [len(content) for _, content in read_pack(file).blobs()]
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert sizes == [4 << 20] * 15
    assert peak < 20 << 20


def test_a_stick_that_changes_its_mind_after_the_check_is_caught():
    raw = small_pack()
    file = io.BytesIO(raw)
    found = read_pack(file)
    place = raw.index(b"age-encryption.org")

    file.seek(place + 200)
    file.write(b"\0")

    with pytest.raises(PackSpoilt):
        all_of(found)


def test_there_are_at_most_fifteen_refusals_each_of_three_parts():
    kinds = errors.NotTaken.__subclasses__()
    told = [kind() if kind.__init__ is NotTaken.__init__ else None for kind in kinds]

    assert len(kinds) <= 15
    assert len({kind.code for kind in kinds}) == len(kinds)
    assert all("X-501" <= kind.code <= "X-515" for kind in kinds)
    assert all(one.what and one.kept and one.advice and len(one.what) <= 14 for one in told if one)


def test_what_nobody_would_think_of_is_refused_too(tmp_path):
    """The shell between us and libFuzzer is small: what a process is told of its memory begins with its starter's."""
    pytest.importorskip("atheris")
    command = [
        *("sh", "-c", '"$@"; exit $?', "sh"),
        sys.executable,
        "-m",
        "tests.sync.fuzz_pack",
        f"-max_total_time={FUZZED}",
        f"-artifact_prefix={tmp_path}/",
    ]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=FUZZED + 120, check=False)

    assert done.returncode == 0, done.stderr[-3000:]
