"""What stands beside a seal code, so that whoever holds the paper knows what to do with it."""

from app.domain.edition_code import shown_digits
from app.domain.paper import Imprint


def seal_words(imprint: Imprint) -> tuple[str, ...]:
    """Return the lines beside the seal code of a version."""
    return (
        f"第{imprint.version}版　已定稿　验真码",
        shown_digits(imprint.digits),
        "手机扫码，可对照定下的话；到任何一台装有院坝的电脑上扫码，可查改没改过。",
        "只证明定稿时记的是什么，不代替签字。",
    )
