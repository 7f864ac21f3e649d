"""Icons: all are there, all follow the colour of the theme."""

import ast
import gc

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QPixmap

from ui import icons
from ui.actions import ACTS
from ui.icons import drawing
from ui.theme import RESOURCES, tokens


def strongest(picture: QPixmap) -> QColor:
    """Return the colour of the most opaque pixel."""
    image = picture.toImage()
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return max(pixels, key=lambda pixel: pixel.alpha())


def names_in_use() -> set[str]:
    """Return every literal first argument of icon(), pixmap() and paint_icon() in the screens."""
    found: set[str] = set()
    for file in RESOURCES.parent.joinpath("ui").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"icon", "pixmap"}:
                found |= {part.value for part in node.args[:1] if isinstance(part, ast.Constant)}
    return found


def test_every_icon_a_screen_asks_for_is_carried_in_three_weights():
    for name in names_in_use() | {"house", "tray", "chats-circle", "list-checks", "stamp", "text-aa"}:
        for weight in (None, "bold", "fill"):
            assert "currentColor" in icons.drawing(name, weight)


def test_the_licence_travels_with_the_icons():
    assert "MIT License" in (icons.FOLDER / "LICENSE.txt").read_text("utf-8")


@pytest.mark.parametrize("name", ["light", "dark", "sun"])
def test_an_icon_takes_its_colour_from_the_theme(dressed, name):
    dressed(name)

    assert strongest(icons.pixmap("circle", "seal", 24, weight="fill")).name().upper() == tokens()[name]["seal"]


def test_an_icon_made_before_the_theme_changed_follows_it(dressed):
    shown = icons.icon("check-circle", "ink", "fill")
    assert strongest(shown.pixmap(24)).name().upper() == tokens()["light"]["ink"]

    dressed("dark")

    assert strongest(shown.pixmap(24)).name().upper() == tokens()["dark"]["ink"]


def test_a_switched_off_icon_is_quieter():
    shown = icons.icon("printer", "ink", "fill").pixmap(QSize(24, 24), QIcon.Mode.Disabled)

    assert strongest(shown).name().upper() == tokens()["light"]["ink3"]


def test_icons_are_sharp_on_fine_screens():
    drawn = icons.pixmap("house", "ink", 20, ratio=2.0)

    assert (drawn.width(), drawn.deviceIndependentSize().width()) == (40, 20)


def test_many_icons_come_and_go_without_harm():
    kept = [QIcon(icons.icon("lock")) for _ in range(300)]
    gc.collect()

    assert not any(one.pixmap(16).isNull() for one in kept)


def test_the_mark_is_a_red_square_with_a_sign_in_it():
    image = icons.logo(64).toImage()

    assert image.pixelColor(32, 3).name().upper() == tokens()["light"]["seal_fill"]
    assert any(image.pixelColor(x, 32).name().upper() == tokens()["light"]["on_seal"] for x in range(64))


def test_every_act_has_its_drawing_in_every_weight():
    missing = {
        f"{act.name}: {act.icon} {weight}"
        for act in ACTS
        for weight in (None, "bold", "fill")
        if not drawing(act.icon, weight)
    }
    assert missing == set()


@pytest.mark.expects_log("no drawing for no-such-thing")
def test_a_drawing_we_do_not_carry_leaves_its_place_empty(qapp):
    assert icons.pixmap("no-such-thing").size() == QSize(20, 20)
