"""The look: what can be read stays readable, and changing it is quick."""

import re

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ui import theme
from ui.theme import FACES, RESOURCES, Role, look, tokens

GROUNDS = ("paper", "desk", "note", "raised", "select")
INKS = ("ink", "ink2", "ink3", "seal", "pine", "ochre", "indigo")
GOALS = {"light": 4.5, "dark": 4.5, "sun": 7.0}


def luminance(colour: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    seen = QColor(colour)
    return 0.2126 * linear(seen.redF()) + 0.7152 * linear(seen.greenF()) + 0.0722 * linear(seen.blueF())


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def worst(name: str, ink: str) -> float:
    colours = tokens()[name]
    grounds = [*GROUNDS, f"{ink}_tint"] if f"{ink}_tint" in colours else GROUNDS
    return min(contrast(colours[ink], colours[ground]) for ground in grounds)


@pytest.mark.parametrize("name", theme.THEMES)
@pytest.mark.parametrize("ink", INKS)
def test_every_ink_can_be_read_on_every_ground(name, ink):
    assert worst(name, ink) >= GOALS[name]


@pytest.mark.parametrize("name", theme.THEMES)
@pytest.mark.parametrize(("text", "fill"), [("on_ink", "ink"), ("on_seal", "seal_fill")])
def test_the_words_on_dark_buttons_can_be_read(name, text, fill):
    colours = tokens()[name]

    assert contrast(colours[text], colours[fill]) >= GOALS[name]


@pytest.mark.parametrize("name", theme.THEMES)
def test_the_borders_of_fields_can_be_seen(name):
    colours = tokens()[name]

    assert min(contrast(colours["edge"], colours[ground]) for ground in ("raised", "note", "paper")) >= 3


def test_the_contrast_table_of_the_design_is_what_the_file_gives():
    drawn = {
        "light": (13.2, 7.6, 4.7, 5.6, 5.5, 5.2, 7.1),
        "dark": (10.5, 6.8, 5.1, 4.9, 6.6, 6.6, 6.6),
        "sun": (18.7, 16.8, 12.6, 8.8, 11.0, 10.1, 12.2),
    }

    measured = {name: tuple(round(worst(name, ink), 1) for ink in INKS) for name in theme.THEMES}

    assert measured == drawn


def test_all_themes_name_the_same_colours():
    assert set(tokens()["light"]) == set(tokens()["dark"]) == set(tokens()["sun"])


def test_no_colour_is_written_outside_the_token_file():
    files = [*RESOURCES.joinpath("styles").glob("*.qss"), *RESOURCES.parent.joinpath("ui").rglob("*.py")]
    strays = [
        f"{file.name}: {found}"
        for file in files
        for found in re.findall(
            r"""["'\s]#(?:[0-9A-Fa-f]{8}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})\b""", file.read_text("utf-8")
        )
    ]

    assert strays == []


def test_letters_grow_with_the_letter_size_and_in_sunlight():
    standard, large, sun = theme.theme("light"), theme.theme("light", 20), theme.theme("sun")

    assert standard.font(Role.BODY).pixelSize() == 15
    assert large.font(Role.BODY).pixelSize() == 20
    assert sun.font(Role.BODY).pixelSize() == 16
    assert large.px(36) == 48
    assert (standard.line, sun.line) == (1, 2)


def test_sunlight_has_no_thin_strokes():
    sun = theme.theme("sun")

    for role in FACES:
        assert sun.font(role).families()[0] == "Noto Sans CJK SC"
        assert int(sun.font(role).weight()) >= 500


def test_letter_sizes_stop_at_both_ends():
    assert [theme.step(base, 1) for base in theme.BASES] == [15, 17, 20, 20]
    assert [theme.step(base, -1) for base in theme.BASES] == [14, 14, 15, 17]
    assert theme.step(33, 0) == 15


def test_the_sheet_leaves_no_sign_of_its_own_language():
    for name in theme.THEMES:
        sheet = theme.style_sheet(theme.theme(name))
        assert not re.search(r"[@$%~!^]", sheet)


def test_a_page_of_300_widgets_changes_its_look(qtbot, dressed):
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    for _ in range(100):
        for kind in (QLabel, QLineEdit, QPushButton):
            column.addWidget(kind())
    page.show()

    dressed("dark", 17)

    assert look().theme.is_dark
    assert page.palette().window().color().name().upper() == tokens()["dark"]["paper"]
