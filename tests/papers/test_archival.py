"""Papers that are still read in thirty years: PDF/A by the rules, and by validators that are not ours."""

import re
from io import BytesIO

import pikepdf
import pytest
from PIL import Image, ImageCms

from app.printing import draw, srgb
from app.printing.archival import Attached, Relation, archival, attached
from tests.papers import examples
from tests.papers.archive import HAS_PREFLIGHT, HAS_RULES, findings, preflight
from tests.papers.reading import fonts_in, text_of

RECORD = Attached("record.json", "application/json", '{"标题":"挡墙"}'.encode(), "封存的原始记录")
rules = pytest.mark.skipif(not HAS_RULES, reason="pikepdf's validator needs jsonschema and referencing")
older = pytest.mark.skipif(not HAS_PREFLIGHT, reason="PDFBox preflight is not on this machine")


@pytest.fixture(scope="module")
def wall(fonts):
    return draw(examples.wall_consensus(), fonts)


@pytest.fixture(scope="module")
def wide(fonts):
    return draw(examples.list_of(18), fonts)


@rules
def test_a_paper_is_a_pdf_a_2b_as_it_is_drawn(wall, wide):
    assert findings(wall) == []
    assert findings(wide) == []


@rules
def test_a_paper_with_its_record_inside_is_a_pdf_a_3b(wall):
    assert findings(archival(wall, [RECORD]), "3b") == []


@older
def test_a_second_validator_finds_nothing_by_the_stricter_rules_of_1b(wall, wide, tmp_path):
    for pdf in (wall, wide):
        assert "is a valid PDF/A-1b file" in preflight(pdf, tmp_path)


def test_what_the_file_says_of_itself_is_the_same_in_both_places(wall):
    with pikepdf.open(BytesIO(wall)) as pdf:
        told = pdf.Root.Metadata.read_bytes().decode()
        info = {str(name): str(said) for name, said in pdf.trailer.Info.items()}
        assert str(pdf.Root.Lang) == "zh-CN"
        assert not pdf.is_encrypted

    assert all(said in told for said in info.values())
    assert info["/Title"] == examples.wall_consensus().title
    assert "Date" not in "".join(info)
    assert "<pdfaid:part>2</pdfaid:part>" in told


def test_titles_and_headings_are_bookmarks(wall):
    paper = examples.wall_consensus()
    with pikepdf.open(BytesIO(wall)) as pdf, pdf.open_outline() as outline:
        top = outline.root
        assert [entry.title for entry in top] == [paper.title]
        headings = [entry.title for entry in top[0].children]

    assert headings[0] == f"一、{paper.sections[0].heading}"
    assert len(headings) >= len(paper.sections) + 1


def test_every_font_is_inside(wall):
    assert all(font.outlines is not None for font in fonts_in(wall))


def test_a_file_inside_comes_out_as_it_went_in_and_the_pages_stay(wall):
    sealed = archival(wall, [RECORD])

    assert attached(sealed) == {"record.json": RECORD.content}
    assert text_of(sealed) == text_of(wall)
    with pikepdf.open(BytesIO(sealed)) as pdf:
        assert [str(entry.AFRelationship) for entry in pdf.Root.AF] == [f"/{Relation.SOURCE}"]


def test_the_same_paper_is_the_same_bytes(wall, fonts):
    assert draw(examples.wall_consensus(), fonts) == wall
    assert archival(wall, [RECORD]) == archival(wall, [RECORD])


def test_a_title_with_marks_of_its_own_breaks_nothing(fonts):
    made = archival(draw(examples.sheet_of(3), fonts), title="甲<乙>&“丙”")

    with pikepdf.open(BytesIO(made)) as pdf:
        assert re.search("甲&lt;乙&gt;&amp;", pdf.Root.Metadata.read_bytes().decode())


def test_our_srgb_is_the_srgb_of_others():
    ours = ImageCms.ImageCmsProfile(BytesIO(srgb.profile()))
    greys = bytes(value for step in range(256) for value in (step, step, 255 - step))
    picture = Image.frombytes("RGB", (256, 1), greys)

    seen = ImageCms.profileToProfile(picture, ours, ImageCms.createProfile("sRGB"))

    assert max(abs(a - b) for a, b in zip(seen.tobytes(), greys, strict=True)) <= 2
