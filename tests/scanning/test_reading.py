"""Files from outside: pictures of every kind are read, not what they tell of the place; no file hurts the program."""

import io
import os
import struct
import threading
import zlib

import pillow_heif
import pytest
from PIL import ExifTags, Image

from app.domain.errors import BatchStopped, PictureRefused
from app.scanning.reading import read_files
from tests.scanning.photographs import Shot, photograph

pillow_heif.register_heif_opener()


@pytest.fixture(scope="session")
def taken(paper):
    import numpy as np

    return photograph(paper.pages[0], Shot(1500, 2000), np.random.default_rng(3)).image


def told_by_a_telephone(image: Image.Image) -> Image.Exif:
    """Return what a telephone writes beside a picture: the yard's place on earth, the hour, its own name."""
    exif = image.getexif()
    exif[ExifTags.Base.Make] = "GPSPHONE-MAKER"
    exif[ExifTags.Base.Orientation] = 1
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:03:30 21:31:05"
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (24.0, 53.0, 11.25)
    place[ExifTags.GPS.GPSLongitudeRef], place[ExifTags.GPS.GPSLongitude] = "E", (99.0, 9.0, 41.5)
    return exif


def file_of(folder, name, image, kind, **more):
    image.save(folder / name, kind, **more)
    return folder / name


def written(folder, name, content):
    (folder / name).write_bytes(content)
    return folder / name


def why(batch):
    return [unread.trouble.why for unread in batch.unread]


@pytest.mark.parametrize(("name", "kind"), [("a.jpg", "JPEG"), ("a.heic", "HEIF"), ("a.png", "PNG"), ("a.tif", "TIFF")])
def test_the_place_is_not_kept_and_the_hour_is(tmp_path, taken, paper, name, kind):
    exif = told_by_a_telephone(taken)
    more = {} if kind == "TIFF" else {"exif": exif}
    file = file_of(tmp_path, name, taken, kind, **more)
    if kind != "TIFF":
        with Image.open(file) as written_by_the_telephone:
            assert written_by_the_telephone.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        assert b"GPSPHONE-MAKER" in file.read_bytes()

    (sheet,) = read_files([file]).sheets

    assert sheet.code == paper.code(1)
    for kept in (sheet.jpeg, sheet.thumbnail):
        picture = Image.open(io.BytesIO(kept))
        assert not dict(picture.getexif())
        assert not {"exif", "icc_profile", "comment", "xmp"} & set(picture.info)
        assert b"GPSPHONE" not in kept
        assert b"Exif" not in kept
    assert sheet.taken == ("" if kind == "TIFF" else "2026:03:30 21:31:05")


def test_a_pdf_and_a_tiff_of_many_pages_are_read_page_by_page(tmp_path, paper):
    scans = [page.convert("L").resize((1654, 2339)) for page in paper.pages]
    pdf = written(tmp_path, "scan.pdf", paper.pdf)
    tiff = file_of(tmp_path, "scan.tiff", scans[0], "TIFF", save_all=True, append_images=scans[1:])

    sheets = read_files([pdf, tiff]).sheets

    assert [(sheet.file, sheet.number) for sheet in sheets] == [
        ("scan.pdf", 1),
        ("scan.pdf", 2),
        ("scan.tiff", 1),
        ("scan.tiff", 2),
    ]
    assert [sheet.code for sheet in sheets] == [paper.code(1), paper.code(2)] * 2


def png_of(width, height, rows=b""):
    """Return a PNG that says it is so large and holds next to nothing."""

    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def bombs(taken):
    out = io.BytesIO()
    taken.save(out, "JPEG")
    jpeg = out.getvalue()
    huge_pdf = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    )
    huge_pdf += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 900000 900000]>>endobj\ntrailer<</Root 1 0 R>>"
    return {
        "large": png_of(60_000, 60_000, bytes(10_000_000)),
        "just too large": png_of(8_000, 6_251),
        "empty": b"",
        "cut.jpg": jpeg[: len(jpeg) // 2],
        "words.jpg": "这不是照片".encode() * 100,
        "program.pdf": b"MZ" + bytes(5000),
        "cut.pdf": b"%PDF-1.7\n1 0 obj\n<<",
        "huge.pdf": huge_pdf,
        "noise.heic": b"\0\0\0\x18ftypheic" + os.urandom(4000),
        "broken.tif": b"II*\0" + os.urandom(4000),
        "script.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        "fake.eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    }


def test_broken_files_and_bombs_are_named_and_the_good_page_between_them_is_read(tmp_path, taken, paper):
    files = [written(tmp_path, name, content) for name, content in bombs(taken).items()]
    good = file_of(tmp_path, "good.jpg", taken, "JPEG")

    batch = read_files([*files[:6], good, *files[6:], tmp_path / "gone.jpg", tmp_path])

    assert [sheet.code for sheet in batch.sheets] == [paper.code(1)]
    assert [unread.file for unread in batch.unread if unread.file in bombs(taken)] != []
    assert len(batch.unread) == len(files) + 2
    reasons = {unread.file: unread.trouble.why for unread in batch.unread}
    assert (reasons["large"], reasons["just too large"]) == ("large", "large")
    assert (reasons["words.jpg"], reasons["script.svg"], reasons["fake.eps"]) == ("unknown", "unknown", "unknown")
    assert (reasons["cut.jpg"], reasons["cut.pdf"], reasons["gone.jpg"]) == ("broken", "broken", "missing")
    for unread in batch.unread:
        assert unread.file in unread.trouble.sentence()
        assert "原来的文件没动" in unread.trouble.sentence()


def test_a_locked_pdf_says_so(tmp_path, paper):
    import pikepdf

    with pikepdf.open(io.BytesIO(paper.pdf)) as document:
        document.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(owner="a", user="b"))

    assert why(read_files([tmp_path / "locked.pdf"])) == ["locked"]


@pytest.mark.skipif(os.name == "nt", reason="this system knows no limit of memory for a child")
@pytest.mark.parametrize("memory_mib", [200, 300, 400, 600])
def test_little_memory_ends_the_page_and_not_the_program(tmp_path, memory_mib):
    large = file_of(tmp_path, "large.png", Image.new("RGB", (8_000, 6_000), "white"), "PNG")

    batch = read_files([large], memory_mib=memory_mib)

    assert len(batch.sheets) + len(batch.unread) == 1
    assert set(why(batch)) <= {"memory", "broken"}


def test_a_child_that_never_answers_is_not_waited_for(tmp_path, taken):
    good = file_of(tmp_path, "good.jpg", taken, "JPEG")

    batch = read_files([good], patience_s=0.0)

    assert why(batch) == ["slow"]


def test_a_pipe_nobody_writes_to_is_no_file(tmp_path):
    if os.name == "nt":
        pytest.skip("no such pipes here")
    os.mkfifo(tmp_path / "pipe.jpg")

    assert why(read_files([tmp_path / "pipe.jpg"])) == ["unknown"]


def test_stopping_ends_the_batch_at_once_and_leaves_nothing(tmp_path, paper):
    pdf = written(tmp_path, "scan.pdf", paper.pdf)
    stop = threading.Event()
    steps = []

    def progress(step):
        steps.append(step)
        if step.known:
            stop.set()

    with pytest.raises(BatchStopped) as told:
        read_files([pdf] * 5, progress, stop.is_set)

    assert sum(bool(step.known) for step in steps) == 1
    assert "一页也没存" in told.value.what


def test_progress_counts_every_page_once(tmp_path, paper):
    pdf = written(tmp_path, "scan.pdf", paper.pdf)
    steps = []

    read_files([pdf, written(tmp_path, "words.txt", b"words")], steps.append)

    assert [(step.done, step.known) for step in steps if step.known] == [(0, 2), (1, 2), (2, 2)]


def test_the_child_can_write_no_file(tmp_path):
    """What a picture might talk the decoders into, the child has no way to do."""
    if os.name == "nt":
        pytest.skip("this system knows no such limit")
    import subprocess
    import sys

    script = (
        "import sys; from app.scanning.child import restrain; restrain(1000)\nopen(sys.argv[1], 'w').write('x' * 9)"
    )
    subprocess.run([sys.executable, "-c", script, tmp_path / "left"], capture_output=True, check=False)

    assert sum(file.stat().st_size for file in tmp_path.iterdir()) == 0


@pytest.mark.parametrize("seed", range(int(os.environ.get("YUANBA_MUTANTS", "1"))))
def test_no_mutant_ends_the_program_or_is_more_than_a_page(tmp_path, taken, paper, seed):
    import random

    dice = random.Random(seed)
    small = taken.resize((450, 600))
    files = []
    for number, kind in enumerate(("JPEG", "PNG", "HEIF", "TIFF", "PDF") * 4):
        out = io.BytesIO()
        small.save(out, kind)
        content = bytearray(out.getvalue())
        for _ in range(dice.randint(1, 30)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        files.append(
            written(tmp_path, f"{number}.{kind}", bytes(content[: dice.randint(len(content) // 2, len(content))]))
        )

    batch = read_files(files)

    assert len(batch.sheets) + len(batch.unread) >= len(files)
    assert all(isinstance(unread.trouble, PictureRefused) for unread in batch.unread)
