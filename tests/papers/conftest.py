"""The fonts the program brings with it: papers then look the same on every machine that tests them."""

import pytest

from app.printing.fonts import SHIPPED, Fonts


@pytest.fixture(scope="session")
def fonts():
    return Fonts([SHIPPED])


@pytest.fixture(scope="session")
def machine_fonts():
    return Fonts()
