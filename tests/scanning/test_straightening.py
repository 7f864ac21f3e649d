"""Photographs of our own pages come back upright, flat and where they belong, however the telephone was held."""

import io
import os
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from app.domain.edition_code import PageCode
from app.scanning.child import sheets_of
from app.scanning.codes import page_codes
from app.scanning.edges import look_at
from app.scanning.sheet import A4, code_corners
from app.scanning.straighten import MOST_PAGE, MOST_THUMBNAIL, view_by_edges, view_of
from tests.scanning.photographs import PAGE_DPI, Shot, photograph, signed

SHOTS = int(os.environ.get("YUANBA_SHOTS", "8"))
LEAST_FILED = 0.95


def any_shot(random) -> Shot:
    """Return a way of taking a picture as people do: never quite straight, never quite in focus."""
    width, height = [(1800, 2400), (2400, 3200), (3000, 4000)][random.choice(3, p=[0.3, 0.5, 0.2])]
    shot = Shot(
        width,
        height,
        tilt=random.uniform(0, 0.09),
        turn=int(random.integers(4)),
        lean=random.uniform(0, 7),
        margin=random.uniform(0.02, 0.12),
        shadow=random.uniform(0, 0.65),
        blur=random.uniform(0.4, width / 2000),
        grain=random.uniform(2, 9),
        quality=int(random.integers(55, 92)),
        desk=[(70, 55, 42), (25, 25, 28), (150, 128, 104), (96, 100, 104)][random.integers(4)],
    )
    is_cut = random.random() < 0.2
    return replace(shot, cut=random.uniform(0.005, 0.015), width=round(height / 1.414), tilt=0.03) if is_cut else shot


def off_mm(found: np.ndarray, shot) -> float:
    """Return how far the furthest corner of the sheet is from where it is, in millimetres of the sheet."""
    per_mm = np.linalg.norm(shot.corners[1] - shot.corners[0]) / A4[0]
    return float(np.linalg.norm(found - shot.corners, axis=1).max() / per_mm)


def test_the_code_is_where_the_printer_puts_it(paper):
    for number, page in enumerate(paper.pages, start=1):
        (code,) = page_codes(page.convert("L"))

        assert code.page == PageCode(
            "0198f2c0a1b27c3d8e4f5a6b7c8d9e0f", "consensus_paper", 1, number, 2, code.page.check
        )
        assert np.abs(code.corners / PAGE_DPI * 25.4 - code_corners(number)).max() < 0.5


def test_nineteen_of_twenty_photographs_are_filed_right_and_lie_flat(paper, random, capsys):
    right, edges, cut, misfiled = 0, [], [], 0
    for count in range(SHOTS):
        number = 1 + count % 2
        shot = any_shot(random)
        taken = photograph(signed(paper.pages[number - 1], random), shot, random)
        gray = Image.open(io.BytesIO(taken.jpeg())).convert("L")
        codes = page_codes(gray)
        right += [code.page.tail() for code in codes] == [paper.code(number)]
        misfiled += any(code.page.tail() != paper.code(number) for code in codes)
        for code in codes:
            view = view_of(gray, look_at(gray), code)
            (edges if view.by == "edges" else cut).append(off_mm(view.corners(), taken))
    told = f"{right} of {SHOTS} filed right, {misfiled} wrong; corners off by edges: median {np.median(edges):.1f} mm, "
    told += f"worst {max(edges):.1f} of {len(edges)}"
    told += f"; edges cut off: median {np.median(cut):.1f} mm, worst {max(cut):.1f} of {len(cut)}" if cut else ""
    with capsys.disabled():
        print(f"\n{told}")

    assert misfiled == 0
    assert right >= LEAST_FILED * SHOTS
    assert np.quantile(edges, 0.95) < 3.0


@pytest.mark.parametrize("turn", range(4))
@pytest.mark.parametrize("number", [1, 2])
def test_a_page_is_upright_however_the_telephone_was_held(paper, random, turn, number):
    page = paper.pages[number - 1]
    taken = photograph(page, Shot(1800, 2400, turn=turn), random)

    (sheet,) = sheets_of(taken.image, frozenset())

    assert sheet.code == paper.code(number)
    assert alike(sheet.kept.jpeg, page) > 0.8


def alike(jpeg: bytes, page: Image.Image) -> float:
    """Return how alike two pages are where the ink is, looked at small: 1 is the same, 0 has nothing to do with it."""
    pair = [Image.open(io.BytesIO(jpeg)).convert("L"), page.convert("L")]
    ink = [255.0 - np.asarray(one.resize((105, 148), Image.Resampling.BOX), dtype=float) for one in pair]
    return float(np.corrcoef(ink[0].ravel(), ink[1].ravel())[0, 1])


def test_a_flatbed_scan_without_edges_is_taken_as_it_lies(paper, random):
    turned = paper.pages[0].rotate(1.3, Image.Resampling.BICUBIC, fillcolor="white")

    (sheet,) = sheets_of(turned, frozenset())

    assert alike(sheet.kept.jpeg, paper.pages[0]) > 0.8


def test_a_page_that_lies_across_comes_out_lying_across(paper, random):
    (sheet,) = sheets_of(photograph(paper.pages[0], Shot(1800, 2400), random).image, frozenset({"consensus_paper"}))

    width, height = Image.open(io.BytesIO(sheet.kept.jpeg)).size

    assert width > height


def test_two_sheets_on_one_photograph_are_two_pages(paper, random):
    shots = [photograph(page, Shot(1600, 2200), random).image for page in paper.pages]
    table = Image.new("RGB", (3200, 2200))
    table.paste(shots[0], (0, 0))
    table.paste(shots[1], (1600, 0))

    sheets = sheets_of(table, frozenset())

    assert sorted(sheet.code for sheet in sheets) == [paper.code(1), paper.code(2)]
    for sheet in sheets:
        assert alike(sheet.kept.jpeg, paper.pages[int(sheet.code.split(":")[4]) - 1]) > 0.8


def test_a_sheet_without_a_code_is_laid_flat_by_its_edges(random):
    blank = Image.new("RGB", (2067, 2923), "white")
    taken = photograph(blank, Shot(1800, 2400, lean=5, tilt=0.06), random)
    gray = taken.image.convert("L")

    view = view_by_edges(look_at(gray), gray.size)

    assert view is not None
    assert off_mm(view.corners(), taken) < 2.0


def test_a_picture_of_no_paper_stays_as_it_is(random):
    yard = Image.fromarray(random.integers(60, 120, (1200, 1600, 3), dtype=np.uint8))

    (sheet,) = sheets_of(yard, frozenset())

    assert (sheet.code, sheet.kept.by) == ("", "nothing")
    assert Image.open(io.BytesIO(sheet.kept.jpeg)).size == (1600, 1200)


def test_pages_and_thumbnails_stay_small_even_of_noise(random):
    noise = Image.fromarray(random.integers(0, 255, (2400, 1800, 3), dtype=np.uint8))

    (sheet,) = sheets_of(noise, frozenset())

    assert len(sheet.kept.jpeg) <= MOST_PAGE
    assert len(sheet.kept.thumbnail) <= MOST_THUMBNAIL


def test_the_shadow_is_gone_and_the_ink_is_not(paper, random):
    taken = photograph(paper.pages[0], Shot(1800, 2400, shadow=0.6), random)

    (sheet,) = sheets_of(taken.image, frozenset())

    light = np.asarray(Image.open(io.BytesIO(sheet.kept.jpeg)).convert("L"), dtype=float)
    corners = [light[60:160, 60:160], light[60:160, -160:-60], light[-160:-60, -160:-60]]
    assert min(part.mean() for part in corners) > 240
    assert light.min() < 70
