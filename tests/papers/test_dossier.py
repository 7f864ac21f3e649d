"""卷宗 as one PDF: contents that tell the right page, gaps by name, scans behind their paper, fit for the archive."""

from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from app.domain.paper_dossier import Completeness, DossierIndex, DossierItem, Need
from app.printing import draw
from app.printing.dossier import Part, dossier
from tests.papers import examples
from tests.papers.archive import HAS_RULES, findings
from tests.papers.reading import pages

RECORD = DossierItem(1, "人民调解记录", Need.MUST, ("meeting_record",), found="随卷")
PROOF = DossierItem(2, "当事人身份证明", Need.MUST, gap="装卷时放入纸质件")
SIGNED = DossierItem(3, "人民调解协议书", Need.MUST, ("mediation_agreement",), found="扫描1页")


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (620, 877), (250, 250, 245)).save(out, "JPEG")
    return out.getvalue()


def folder(fonts) -> bytes:
    index = DossierIndex(
        "调解卷宗卷内目录", (("卷名", "挡墙"),), Completeness("调解卷宗", (RECORD, PROOF, SIGNED)), "长期"
    )
    record = draw(examples.consensus_of(6, 4, 6), fonts)
    agreement = draw(examples.list_of(3), fonts)
    parts = [
        Part(RECORD, (("会议记录", record),)),
        Part(PROOF),
        Part(SIGNED, (("协议书", agreement),), (picture(),)),
    ]
    return dossier(index, parts, fonts)


@pytest.fixture(scope="module")
def folded(fonts):
    return folder(fonts)


def test_the_contents_tell_the_pages_the_papers_have(folded, fonts):
    leaves = pages(folded)
    length = len(pages(draw(examples.consensus_of(6, 4, 6), fonts)))

    assert len(leaves) == 2 + length + 2
    assert f"1—{length}" in leaves[1].text()
    assert f"{length + 1}—{length + 2}" in leaves[1].text()


def test_every_sheet_after_the_contents_has_its_number_in_the_corner(folded):
    for number, page in enumerate(pages(folded)[2:], start=1):
        corner = [sign for sign in page.signs if sign.top < 45 and sign.x1 > page.width - 60]
        assert "".join(sign.text for sign in corner) == str(number)


def test_what_is_lacking_stands_under_the_contents(folded):
    contents = pages(folded)[1].text()

    assert "还缺当事人身份证明" in contents
    assert "缺：当事人身份证明：装卷时放入纸质件" in contents


def test_bookmarks_lead_to_the_parts_and_labels_count_as_the_corner_does(folded):
    with pikepdf.open(BytesIO(folded)) as pdf, pdf.open_outline() as outline:
        titles = [entry.title for entry in outline.root]
        labels = [page.label for page in pdf.pages]

    assert titles == ["封面", "目录", "1 人民调解记录", "3 人民调解协议书"]
    assert labels[0].startswith("封面")
    assert labels[2:] == [str(number) for number in range(1, len(labels) - 1)]


def test_a_scan_is_a_page_of_its_own_behind_its_paper(folded):
    with pikepdf.open(BytesIO(folded)) as pdf:
        assert [len(page.get_images()) for page in pdf.pages][-2:] == [0, 1]


@pytest.mark.skipif(not HAS_RULES, reason="pikepdf's validator needs jsonschema and referencing")
def test_the_whole_folder_is_fit_for_the_archive(folded):
    assert findings(folded) == []


def test_the_same_folder_is_the_same_bytes(folded, fonts):
    assert folder(fonts) == folded
