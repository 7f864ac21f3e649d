"""双语对照宣读单: made where somebody has put a consensus in the second language of the village."""

from typing import TYPE_CHECKING

from app.domain import wording
from app.domain.consensus import SETTLING
from app.domain.paper import Imprint
from app.domain.paper_bilingual import BilingualRow, BilingualSheet
from app.queries.paper import names
from app.queries.paper_words import held_on, printed

if TYPE_CHECKING:  # `papers` lists our maker, so it imports us
    from app.queries.papers import Matter

TONGUE, SCRIPT = "语", "文"


def bilingual_sheet(matter: "Matter") -> BilingualSheet | None:
    """Return the sheet with every consensus in order; None while nothing is written in a second language."""
    live, day = matter.live, held_on(matter.live)
    agreed = [(issue, consensus) for issue, consensus in live.settled() if consensus.result in SETTLING]
    if not any(consensus.second_text for _, consensus in agreed):
        return None
    rows = (
        BilingualRow(f"{wording.numeral(number)}、{printed(issue.title)}", printed(one.text), one.second_text)
        for number, (issue, one) in enumerate(agreed, start=1)
    )
    return BilingualSheet(
        f"{printed(live.consultation.title)}双语对照宣读单",
        f"（{wording.full_day(day)}）" if day else "",
        ("汉文", script_name(live.sitting.spoken_language)),
        tuple(rows),
        names=names(live),
        imprint=Imprint(number=live.consultation.case_number),
    )


def script_name(language: str) -> str:
    """Return what a language written down is called: 傣语 is 傣文; of several the first that is not Chinese."""
    spoken = (one.strip() for one in language.replace("和", "、").split("、"))
    second = next((one for one in spoken if one and one not in ("汉语", "普通话")), "")
    return second.removesuffix(TONGUE) + SCRIPT if second else "第二种文字"
