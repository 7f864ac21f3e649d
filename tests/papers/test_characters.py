"""Names are printed as they are written: villages, rare characters, the scripts of Yunnan, each name in one face."""

from pathlib import Path

import pytest
import uharfbuzz

import resources
from app.domain.paper import ConsensusPaper
from app.printing import draw, missing_characters
from app.printing.fonts import SHIPPED, Style
from app.printing.lines import breaks
from tests.papers.reading import fonts_in, joined

YI, TAI_LE, NEW_TAI_LUE, LISU, MIAO = "ꆈꌠꁱꂷꏦꀊ", "ᥖᥭᥰᥘᥫᥴ", "ᦎᦷᦑᦺᦟᦹᧉ", "ꓡꓲꓢꓴꓨꓵꓽ", "𖼐𖽔𖼞𖽡𖼀𖽪"
SCRIPTS = {"Yi": YI, "TaiLe": TAI_LE, "NewTaiLue": NEW_TAI_LUE, "Lisu": LISU, "Miao": MIAO}
"""Letters of each script in a row, and no claim that they are words."""


def sections() -> list[str]:
    """Return the characters of the list: those our fonts have, those they lack."""
    found: list[str] = []
    for line in Path(__file__).with_name("rare_names.txt").read_text().splitlines():
        if line.startswith("["):
            found.append("")
        elif line and not line.startswith("#"):
            found[-1] += line
    return found


@pytest.mark.parametrize("style", Style)
def test_every_village_of_yunnan_is_printed(fonts, style):
    names = [line.split("\t")[1] for line in resources.places("53").splitlines() if "\t" in line]
    faces = {span.font for span in fonts.spans("".join(sorted(set("".join(names)))), style)}

    assert len(names) > 14_888
    assert fonts.lacking("".join(names)) == ()
    assert faces


@pytest.mark.parametrize("style", Style)
def test_a_name_with_a_rare_character_is_set_whole_in_one_face(fonts, style):
    rare, _ = sections()
    names = [f"赵{sign}某" for sign in rare]

    assert len(rare) > 900
    assert sum(ord(sign) > 0xFFFF for sign in rare) > 150
    assert [name for name in names if [span.text for span in fonts.spans(name, style, [name])] != [name]] == []


def test_what_no_font_has_is_a_mark_and_the_code_is_told(fonts):
    _, beyond = sections()
    paper = ConsensusPaper(title="", opening=f"赵{beyond[0]}某")

    assert [told[0] for told in fonts.lacking(beyond)] == list(beyond)
    assert missing_characters(paper, fonts) == (f"{beyond[0]}（U+{ord(beyond[0]):04X}）",)
    assert "赵〓某" in joined(draw(paper, fonts))


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_scripts_of_yunnan_are_printed_with_fonts_we_bring(fonts, script):
    text = SCRIPTS[script]
    pdf = draw(ConsensusPaper(title="", opening=f"{text}好"), fonts)

    assert fonts.lacking(text) == ()
    assert text in joined(pdf)
    assert all(font.outlines is not None for font in fonts_in(pdf))


@pytest.mark.parametrize("script", ["Yi", "TaiLe", "NewTaiLue", "Lisu"])
def test_letters_stand_where_a_shaping_engine_puts_them(fonts, script):
    """Miao is left out: its tones become one with the vowel, which we do not do yet."""
    text = SCRIPTS[script]
    font = uharfbuzz.Font(uharfbuzz.Face((SHIPPED / f"NotoSans{script}-Regular.ttf").read_bytes()))
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer)
    placed = buffer.glyph_positions

    assert [glyph.codepoint for glyph in buffer.glyph_infos] == [font.get_nominal_glyph(ord(sign)) for sign in text]
    assert all(glyph.x_offset == glyph.y_offset == 0 for glyph in placed)
    assert fonts.widths(text, Style.BODY, 1000) == pytest.approx([glyph.x_advance for glyph in placed], abs=1)


def test_a_line_of_yi_may_end_after_any_syllable_and_one_of_miao_not_before_its_vowel():
    assert breaks(YI) == [True] * len(YI)
    assert breaks(MIAO)[1:] == [False] * (len(MIAO) - 1)
