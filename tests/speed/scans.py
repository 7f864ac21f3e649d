"""Twenty photographed pages taken back, read and filed, beside what nobody can do without: decode them, find codes."""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import zxingcpp
from PIL import Image

from app.domain.paper import Imprint
from app.printing import draw
from app.printing.fonts import SHIPPED, Fonts
from app.scanning.codes import QR
from app.scanning.reading import Batch, read_files
from tests.papers.examples import consensus_of
from tests.scanning.photographs import Shot, photograph, rendered, signed
from tests.speed.figures import Figure, tell, took_ms
from tests.world import World
from ui.scanning import file_batch

PAGES = 20
SHOT = Shot(3000, 4000, tilt=0.05)  # twelve million pixels, as telephones have


def bench(pages: int = PAGES) -> Iterator[Figure]:
    """Photograph a long paper of one meeting, read and file it."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder) / "home")
        files = _photographs(Path(folder), world.sitting("挡墙谁出资"), pages)
        batches: list[Batch] = []
        read_ms = took_ms(lambda: batches.append(read_files(files)))
        filed: list[int] = []
        zone = world.clock.now().tzinfo
        file_ms = took_ms(lambda: filed.append(file_batch(world.desk, batches[0], zone).filed))
        floor = took_ms(lambda: [_bare(file) for file in files])
        world.close()
    worked = sum(os.times()[2:4])  # of the child that read them, which has ended by now
    note = f"{filed[0]} of {len(files)} filed; {worked:.0f} s of one core's work"
    what = "bare decode and zxing of the same files"
    yield Figure(
        f"{len(files)} photographed pages, read and filed",
        (read_ms + file_ms) / 1000,
        "s",
        30,
        floor / 1000,
        what,
        note=note,
    )
    yield Figure("the pictures sealed and filed in one act", file_ms, "ms")


def _photographs(folder: Path, sitting_id: str, count: int) -> list[Path]:
    imprint = Imprint(number="石墙〔2026〕3号", version=0, sitting_id=sitting_id, paper="consensus_paper")
    pages = rendered(draw(replace(consensus_of(60, 60, 40), imprint=imprint), Fonts([SHIPPED])))
    random = np.random.default_rng(20)
    files = []
    for number, page in enumerate(pages[:count]):
        file = folder / f"IMG_{number:02}.jpg"
        turned = replace(SHOT, turn=number % 4)
        file.write_bytes(photograph(signed(page, random), turned, random).jpeg())
        files.append(file)
    return files


def _bare(file: Path) -> int:
    gray = Image.open(BytesIO(file.read_bytes())).convert("L")
    return len(zxingcpp.read_barcodes(np.asarray(gray), formats=QR))


if __name__ == "__main__":
    tell(bench())
