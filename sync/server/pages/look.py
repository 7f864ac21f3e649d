"""How the pages look: the colours of the laptop's screens, by day and by night, before the style sheet of the pages."""

import tomllib
from functools import cache

import resources

DAY, NIGHT = "light", "dark"


@cache
def style() -> str:
    """Return the style sheet, with every colour as a variable."""
    themes = tomllib.loads(resources.read_text("styles/tokens.toml"))
    day, night = (_variables(themes[theme]) for theme in (DAY, NIGHT))
    return (
        f":root{{{day}}}\n@media (prefers-color-scheme:dark){{:root{{{night}}}}}\n{resources.read_text('web/web.css')}"
    )


def _variables(colours: dict[str, str]) -> str:
    return "".join(f"--{name.replace('_', '-')}:{colour};" for name, colour in colours.items())


@cache
def icon() -> str:
    """Return the mark of the product: 院 on red."""
    colours = tomllib.loads(resources.read_text("styles/tokens.toml"))[DAY]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 28">'
        f'<rect width="28" height="28" rx="5" fill="{colours["seal_fill"]}"/>'
        f'<text x="14" y="20.5" font-size="18" font-weight="700" text-anchor="middle" fill="{colours["on_seal"]}"'
        " font-family=\"'Noto Serif CJK SC','Source Han Serif SC',SimSun,serif\">院</text></svg>"
    )
