"""空白表 of a meeting with all that is known of it filled in, and the calibration sheet of a printer."""

from typing import TYPE_CHECKING

from app.domain import wording
from app.domain.consensus import Method
from app.domain.paper import Imprint, Issuer
from app.domain.paper_blanks import SPARE_ISSUES, BlankSet, CalibrationSheet
from app.domain.sitting import QuorumBase
from app.queries.paper import NOTICE
from app.queries.paper_places import seal_words, venue_words
from app.queries.paper_words import printed, title_words

if TYPE_CHECKING:  # `papers` lists our maker, so it imports us
    from app.queries.papers import Matter

SAMPLE = "院坝协商共识村民委员会任务分解清单挡墙排水沟地界确权签字"
"""A line of twenty-eight characters, none of which is a mark."""

CHECKS = (
    "外框应为156×225毫米，左边距纸边28毫米，上边距纸边37毫米，各差不超过1毫米。",
    "两条标尺与直尺重合；“100毫米”线段量得100毫米。",
    "三条线粗细能分清，最细的不断线；每行正好28字，共22行。",
    "右下角的码用手机能扫出“校准页”三个字。",
)
ADVICE = (
    "量出来不对：打印时选“实际大小”或“缩放100%”，不要选“适应页面”“缩小以适合”。",
    "框是歪的：理齐纸、把进纸导板推到位。线断、字淡：换墨或调浓度。",
)


def blank_set(matter: "Matter") -> BlankSet:
    """Return the blanks of a meeting: for the evening on which the laptop stays dark."""
    live, sitting = matter.live, matter.live.sitting
    starts = sitting.opened_at or sitting.starts_at
    titles = tuple(printed(issue.title) for issue in live.issues())
    by_household = sitting.quorum_base == QuorumBase.HOUSEHOLDS or matter.practice.method == Method.HOUSEHOLD_VOTE
    return BlankSet(
        title_words(live, matter.practice, "应急空白表"),
        title_words(live, matter.practice, ""),
        f"{wording.full_day(starts.date())}{starts.hour}时{starts.minute:02}分" if starts else "",
        venue_words(live, matter.places, printed(sitting.venue)),
        live.host(),
        sitting.recorder,
        titles or ("",) * SPARE_ISSUES,
        measure="户" if by_household else "人",
        consensus_notice=NOTICE,
        seals=seal_words(live, matter.places, matter.practice),
        imprint=Imprint(number=live.consultation.case_number),
    )


def calibration(issuer: Issuer | None = None) -> CalibrationSheet:
    """Return the sheet a printer is checked with; it belongs to no meeting."""
    organ = issuer.organ if issuer else ""
    return CalibrationSheet(organ=organ, checks=CHECKS, advice=ADVICE, sample=SAMPLE, code="院坝 打印机校准页")
