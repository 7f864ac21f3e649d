"""What the closing assistant looks for, and how each thing stands: there, missing, or good to have."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.consensus import COUNTED, METHOD_WORDS, RESULT_WORDS, SETTLING, Consensus
from app.domain.sitting import QuorumRule
from app.domain.wording import numeral
from app.queries.sitting import Gap, LiveSitting
from ui.widgets.check_row import State
from ui.words import tr

FRAME = ("place", "venue", "host", "recorder")
TASK = ("unit", "due", "share")

REASONS = {
    "place": "补上哪个村就亮",
    "venue": "补上地点就亮",
    "host": "补上主持人就亮",
    "recorder": "补上记录人就亮",
    "attendance": "有人签到就亮",
    "consensus": "焦点有了结论就亮",
    "unit": "补上单位就亮",
    "due": "补上期限就亮",
    "share": "分担凑够就亮",
}
"""Why the papers cannot be printed whole yet, by what is missing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One row of the assistant; with a gap when something has to be filled in."""

    key: str
    title: str
    detail: str = ""
    state: State = State.COMPLETE
    word: str = ""
    gap: Gap | None = None


def required(live: LiveSitting) -> list[Finding]:
    """Return what the papers must have, each thing there or missing."""
    gaps = [gap for gap in live.gaps() if gap.required]
    return [
        *(_missing(gaps, FRAME) or [Finding("frame", tr("时间、地点、主持、记录"))]),
        *(_missing(gaps, ("attendance",)) or [_attendance(live)]),
        *(_missing(gaps, ("consensus",)) or [_issues(live)]),
        *(_missing(gaps, TASK) or [_tasks(live)]),
    ]


def welcome(live: LiveSitting) -> list[Finding]:
    """Return what it is good to have: why somebody was against."""
    wanted = [
        Finding(_key(gap), gap.sentence, gap.hint, State.OPTIONAL, gap=gap) for gap in live.gaps() if not gap.required
    ]
    return [*_voices(live), *wanted]


def first_gap(live: LiveSitting) -> Gap | None:
    """Return the first thing that has to be filled in before printing; None when nothing is."""
    return next((gap for gap in live.gaps() if gap.required), None)


def headline(live: LiveSitting) -> str:
    """Return how many things are still missing: 还差一样，就能打印."""
    count = sum(gap.required for gap in live.gaps())
    return tr("还差{count}样，就能打印", count=counted(count)) if count else tr("都齐了，可以打印")


def counted(number: int) -> str:
    """Return a number before a measure word: 一, 两, 三."""
    return "两" if number == 2 else numeral(number)


def _key(gap: Gap) -> str:
    return f"{gap.what}/{gap.record_id}"


def _missing(gaps: Iterable[Gap], kinds: tuple[str, ...]) -> list[Finding]:
    wanted = (gap for gap in gaps if gap.what in kinds)
    return [Finding(_key(gap), gap.sentence, gap.hint, State.MISSING, gap=gap) for gap in wanted]


def _attendance(live: LiveSitting) -> Finding:
    quorum, came = live.quorum(), len(live.came())
    benches = " · ".join(f"{bench} {count}" for bench, count in live.benches().items() if count)
    if quorum.rule == QuorumRule.NONE or not quorum.base:
        return Finding("attendance", tr("到会 {came} 人", came=came), benches)
    word = tr("过半") if quorum.rule == QuorumRule.HALF else tr("够三分之二")
    if quorum.is_met():
        return Finding("attendance", tr("到会 {came} 人，{word}", came=came, word=word), benches)
    short = tr("到会 {came} 人，没到{word}", came=came, word=word.removeprefix("够"))
    return Finding("attendance", short, tr("照实写在纸上 · {benches}", benches=benches), State.OPTIONAL)


def _issues(live: LiveSitting) -> Finding:
    settled = live.settled()
    if not settled:
        return Finding("issues", tr("没有焦点"), tr("纸上就没有共识条款"), State.OPTIONAL)
    figures = "　".join(_figures(consensus) for _, consensus in settled)
    votes = any(consensus.method in COUNTED and consensus.result in SETTLING for _, consensus in settled)
    detail = tr("{figures}，票数与到会相符", figures=figures) if votes else figures
    return Finding("issues", tr("{count}个焦点都有结论", count=counted(len(settled))), detail)


def _figures(consensus: Consensus) -> str:
    if consensus.result not in SETTLING:
        return RESULT_WORDS[consensus.result]
    if consensus.method not in COUNTED:
        return METHOD_WORDS[consensus.method]
    figures = f"{consensus.agree}:{consensus.against}:{consensus.abstain}"
    return tr("{figures} 未达比例", figures=figures) if consensus.is_below_ratio() else figures


def _tasks(live: LiveSitting) -> Finding:
    count = len(live.actions())
    if not count:
        return Finding("tasks", tr("没有任务"), tr("这次没有要交办的，也行"), State.OPTIONAL)
    return Finding("tasks", tr("{count}个任务都有单位和期限", count=counted(count)))


def _voices(live: LiveSitting) -> list[Finding]:
    kept = [reservation for _, consensus in live.settled() for reservation in live.reservations_of(consensus.id)]
    if not kept:
        return []
    person = live.person(kept[0].person_id)
    said = f"{person.name}：{kept[0].text}" if person else kept[0].text
    title = tr("反对和弃权的理由记了 {count} 条", count=len(kept))
    return [Finding("voices", title, said, State.COMPLETE, tr("好"))]
