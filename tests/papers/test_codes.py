"""The codes on paper, read back as a cheap scanner sees them: askew, blurred, grainy, with a blot on the code.

`YUANBA_CODES` is how many tries of each code; few at each commit, a thousand for a figure worth telling.
"""

import os
from dataclasses import replace
from io import BytesIO

import numpy as np
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from app.domain.edition_code import PageCode, SealCode, read_code
from app.printing import draw
from app.printing.page import CODE_DROP, CODE_SIDE
from app.printing.pen import MM
from app.printing.seal_block import LEAST_MODULE, LEAST_SIDE, SIDE
from app.printing.seal_code import PAGE_LEVEL, modules_of
from app.scanning.codes import page_codes
from app.scanning.texts import code_texts
from tests.papers import examples
from tests.papers.reading import pages

TRIES = int(os.environ.get("YUANBA_CODES", "24"))
ENOUGH, WITH_A_CORNER_HIDDEN = 0.95, 0.8
"""Who hides one of the three corner squares hides the code: a tenth of all blots of that size do."""
DPI = 300
WITH_QUIET_ZONE, CORNER = 1.15, 8 / 53
BLOT = 0.014
"""Of the symbol with its quiet zone, as the size of the codes was chosen."""
DIGITS, DIGEST = "48210937551622087743", "9f" * 32
SEAL = SealCode(examples.SITTING, 3, DIGEST, "ab" * 32, "cd" * 64)
SENTENCES = (
    "石墙村挡墙协商 2026-03-30 第3版\n1.以2021年确权图为准，当场钉桩，两户签字认可。2.两户各担一半工钱，村集体出砂石"
    "约18方。3.墙脚预留三个泄水孔，接入村里边沟。\n到会27人。\n验真码 4821-0937-5516-2208-7743"
)


@pytest.fixture(scope="module")
def sealed_paper():
    paper = examples.wall_consensus()
    marks = replace(paper.imprint, check=DIGEST[:16], digits=DIGITS, seal=SEAL.text(SENTENCES))
    return replace(paper, imprint=marks)


@pytest.fixture(scope="module")
def sealed(sealed_paper, fonts):
    return draw(sealed_paper, fonts)


@pytest.fixture(scope="module")
def pictures(sealed):
    document = pypdfium2.PdfDocument(sealed)
    found = [page.render(scale=DPI / 72).to_pil().convert("L") for page in document]
    document.close()
    return found


def codes_on(picture):
    """Return the codes on a clean picture with the box each stands in."""
    found = zxingcpp.read_barcodes(np.asarray(picture), formats=zxingcpp.BarcodeFormat.QRCode)
    corners = [(code.position.top_left, code.position.bottom_right) for code in found]
    return {read_code(code.text): (a.x, a.y, b.x, b.y) for code, (a, b) in zip(found, corners, strict=True)}


def scanned(picture, box, random, spares_corners=True):
    """Return the part of a page around a code as it may come back: a blot on it, up to 4° askew, blurred, grainy.

    Grain has 9 of 255 levels, blur 0.8 to 1.6 dots at 300 an inch, the light down to three quarters.
    """
    x0, y0, x1, y1 = box
    margin = (x1 - x0) * 0.35
    part = picture.crop((int(x0 - margin), int(y0 - margin), int(x1 + margin), int(y1 + margin)))
    radius = (x1 - x0) * WITH_QUIET_ZONE * float(np.sqrt(BLOT / np.pi))
    corner = (x1 - x0) * CORNER + radius
    while True:
        x, y = random.uniform(0, x1 - x0, 2)
        if not (spares_corners and _near(x, x1 - x0, corner) and _near(y, x1 - x0, corner)):
            break
    x, y = x + margin, y + margin
    ImageDraw.Draw(part).ellipse((x - radius, y - radius, x + radius, y + radius), fill=int(random.integers(0, 120)))
    part = part.rotate(float(random.uniform(-4, 4)), Image.Resampling.BICUBIC, fillcolor=255)
    part = part.filter(ImageFilter.GaussianBlur(float(random.uniform(0.8, 1.6))))
    grain = random.normal(0, 9, (part.height, part.width))
    dim = np.clip(np.asarray(part) * random.uniform(0.75, 1) + grain, 0, 255)
    return Image.fromarray(dim.astype(np.uint8))


def _near(place, side, distance):
    return place < distance or place > side - distance


def rate(pictures, wanted, read, told, spares_corners=True):
    """Return how many of the tries were read, and print it."""
    random, good = np.random.default_rng(7), 0
    places = [(picture, box) for picture in pictures for code, box in codes_on(picture).items() if wanted(code)]
    assert places
    for number in range(TRIES):
        picture, box = places[number % len(places)]
        good += read(scanned(picture, box, random, spares_corners))
    print(f"{told}: {good} of {TRIES} read")
    return good / TRIES


def test_every_page_carries_its_code(pictures):
    found = [[code for code in codes_on(picture) if isinstance(code, PageCode)] for picture in pictures]

    assert found == [
        [PageCode(examples.SITTING, "consensus_paper", 3, number, len(pictures), DIGEST[:16])]
        for number in range(1, len(pictures) + 1)
    ]


def is_page(code):
    return isinstance(code, PageCode)


def is_seal(code):
    return code == SEAL


def reads_seal(scan):
    texts = zxingcpp.read_barcodes(np.asarray(scan), formats=zxingcpp.BarcodeFormat.QRCode)
    return any(read_code(code.text) == SEAL for code in texts)


def reads_page(scan):
    return bool(page_codes(scan))


def test_a_page_code_is_read_from_a_bad_scan(pictures):
    assert rate(pictures, is_page, reads_page, "page code, corners clear") >= ENOUGH


def test_a_seal_code_is_read_from_a_bad_scan(pictures):
    assert rate(pictures, is_seal, reads_seal, "seal code, corners clear") >= ENOUGH


def test_most_codes_are_read_wherever_the_blot_is(pictures):
    assert rate(pictures, is_page, reads_page, "page code, any blot", spares_corners=False) >= WITH_A_CORNER_HIDDEN
    assert rate(pictures, is_seal, reads_seal, "seal code, any blot", spares_corners=False) >= WITH_A_CORNER_HIDDEN


def test_a_telephone_shows_what_was_agreed(pictures):
    texts = [code.text for picture in pictures for code in zxingcpp.read_barcodes(np.asarray(picture))]
    seal = next(text for text in texts if "YB1:" in text)

    assert seal.startswith(SENTENCES)
    assert any(text.startswith("协商共识 第3版 1/2页\n4821-0937-5516-2208-7743\n") for text in texts)


def test_modules_are_large_enough_for_a_plain_printer():
    page = PageCode(examples.SITTING, "mediation_agreement", 99, 10, 10, DIGEST[:16]).text("人民调解协议书", DIGITS)
    seal = SEAL.text("石" * 200 + SENTENCES[-60:])

    assert CODE_SIDE / len(modules_of(page, PAGE_LEVEL)) / MM >= 0.4
    assert SIDE / len(modules_of(seal)) / MM >= 0.4
    assert LEAST_MODULE / MM >= 0.45
    assert LEAST_SIDE / MM >= 45


def test_a_code_stands_under_the_type_area_and_beside_no_page_number(pictures, sealed):
    for number, picture in enumerate(pictures, start=1):
        x0, y0, x1, y1 = next(box for code, box in codes_on(picture).items() if isinstance(code, PageCode))
        dashes = [sign for sign in pages(sealed)[number - 1].signs if sign.text == "—"]
        left, right, top = x0 / DPI * 25.4, x1 / DPI * 25.4, y0 / DPI * 25.4
        assert top == pytest.approx(37 + 225 + CODE_DROP / MM, abs=0.5)
        assert y1 / DPI * 25.4 < 297 - 6
        assert (left, right) == pytest.approx((28, 52) if number % 2 else (160, 184), abs=0.5)
        assert all(sign.x1 < 60 * MM or sign.x0 > 100 * MM for sign in dashes)


def test_paper_of_no_meeting_has_no_code(fonts):
    paper = examples.wall_consensus()
    drawn = draw(replace(paper, imprint=replace(paper.imprint, sitting_id="")), fonts)

    assert not any(codes_on(page.render(scale=3).to_pil().convert("L")) for page in pypdfium2.PdfDocument(drawn))


def test_a_seal_code_costs_a_paper_no_page(sealed_paper, sealed, fonts):
    without = draw(replace(sealed_paper, imprint=replace(sealed_paper.imprint, seal="")), fonts)

    assert len(pages(sealed)) == len(pages(without))


def test_a_pdf_tells_its_codes_and_the_record_it_carries(sealed, tmp_path):
    file, record = tmp_path / "共识.pdf", '{"format":"yuanba-record-file"}'
    with pikepdf.open(BytesIO(sealed)) as document:
        document.attachments["record.json"] = pikepdf.AttachedFileSpec(
            document, record.encode(), filename="record.json"
        )
        document.save(file)

    texts = code_texts(file)

    assert {type(read_code(text)) for text in texts} == {PageCode, SealCode, type(None)}
    assert texts[-1] == record
