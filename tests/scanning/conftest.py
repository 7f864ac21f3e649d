"""A meeting with papers on the table: its pages as they were printed, and a home they come back to."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from PIL import Image

from app.domain.edition_code import PageCode
from app.domain.paper import Imprint
from app.printing import draw
from app.printing.fonts import SHIPPED, Fonts
from tests.papers.examples import wall_consensus
from tests.scanning.photographs import rendered
from tests.world import World

SITTING = "0198f2c0a1b27c3d8e4f5a6b7c8d9e0f"
DIGITS = "48210937551622087743"


@dataclass(frozen=True)
class Printed:
    """A paper as it lay on the table: its PDF, and each of its pages as a picture."""

    pdf: bytes
    pages: list[Image.Image]

    def code(self, page: int, sitting_id: str = SITTING, version: int = 1) -> str:
        return PageCode(sitting_id, "consensus_paper", version, page, len(self.pages), "0123456789abcdef").tail()


@pytest.fixture(scope="session")
def press():
    fonts = Fonts([SHIPPED])

    def printed(sitting_id=SITTING, version=1, check="0123456789abcdef") -> Printed:
        told = {"sitting_id": sitting_id, "paper": "consensus_paper", "check": check, "digits": DIGITS}
        imprint = Imprint(number="石墙〔2026〕3号", version=version, **told)
        pdf = draw(replace(wall_consensus(), imprint=imprint), fonts)
        return Printed(pdf, rendered(pdf))

    return printed


@pytest.fixture(scope="session")
def paper(press):
    return press()


@pytest.fixture
def random():
    return np.random.default_rng(20260330)


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path / "home")
    yield world
    world.close()
