"""双语对照宣读单: what was agreed in two columns, item by item, for whoever reads it out."""

from dataclasses import dataclass, field

from app.domain.paper import Imprint

ONLY_CHINESE_HOLDS = "右栏供宣读对照；协商共识以汉文签字文本为准。"


@dataclass(frozen=True, slots=True)
class BilingualRow:
    """One consensus: its heading and text, and the same in the second language; empty where nobody has put it in."""

    heading: str
    text: str
    second: str = ""


@dataclass(frozen=True, slots=True)
class BilingualSheet:
    """The sheet. `scripts` heads the columns: 汉文, 彝文."""

    title: str
    about: str = ""
    scripts: tuple[str, str] = ("汉文", "")
    rows: tuple[BilingualRow, ...] = ()
    notice: str = ONLY_CHINESE_HOLDS
    names: tuple[str, ...] = ()
    imprint: Imprint = field(default_factory=Imprint)
