"""议程 and 主持词 (F6), made from a meeting that has been called; the lines are spoken, not written, Chinese."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from app.domain import wording
from app.domain.consensus import Method
from app.domain.issue import Issue
from app.domain.paper import Imprint
from app.domain.paper_agenda import Agenda, AgendaStep
from app.domain.people import Bench, Role, bench_of
from app.domain.practice import PaperKind
from app.queries.paper import names
from app.queries.paper_people import host_words, members_invited, units_invited
from app.queries.paper_places import venue_words
from app.queries.paper_words import BLANK, matter_words, printed, title_words
from app.queries.sitting import LiveSitting

if TYPE_CHECKING:  # `papers` lists our makers, so it imports us
    from app.queries.papers import Matter

EVENING_MINUTES = 120
"""How long people stay in a courtyard; more is said on the paper (goals.md A3)."""

WRITE_HERE = "_" * 50
"""A line on which the host notes what was agreed."""

OPENING, FINDINGS, READING, SIGNING = 5, 10, 5, 10
_ISSUE_MINUTES = ((3, 20), (6, 15), (99, 8))

_ASKS = {
    Method.SHOW_OF_HANDS: "同意的请举手。（数清楚）请放下。不同意的请举手。弃权的请举手。",
    Method.NAMED_VOTE: "下面一个一个点名，同意、不同意还是弃权，请当场说。",
    Method.SECRET_BALLOT: "下面发票，请各人自己填，填好投到票箱里，当场唱票。",
    Method.HOUSEHOLD_VOTE: "一户一票，每户来一个人，同意的请举手。（数清楚）请放下。不同意的请举手。弃权的请举手。",
    Method.NO_OBJECTION: "有没有不同意的？有就当场说。（停一停）没有，这一条就这么定。",
    Method.HOST_SUMMARY: "有不对的当场提。（停一停）没有，这一条就这么定。",
    Method.PARTY_SIGNATURE: "当事的几家同意不同意，请当场说一声；同意的，等下签字。",
    Method.CIRCULATION: "会后我们拿着这一条一户一户上门，请大家签认。",
}


def agenda(matter: "Matter") -> Agenda | None:
    """Return the agenda with the host's lines; None while nothing is on the table."""
    live = matter.live
    if not live.issues():
        return None
    starts = live.sitting.starts_at or live.sitting.opened_at
    steps = tuple(_clocked(_steps(matter), starts))
    total = sum(step.minutes for step in steps)
    return Agenda(
        title_words(live, matter.practice, "会议议程和主持词").replace("会会议", "会"),
        _frame(matter, starts),
        steps,
        f"合计约{total}分钟" + (f"，预计{_end(starts, total)}散会。" if starts else "。"),
        f"全部议完约需{total}分钟，超过{EVENING_MINUTES // 60}小时，可以先议急的，余下的另约时间。"
        if total > EVENING_MINUTES
        else "",
        names(live),
        Imprint(number=live.consultation.case_number),
    )


def _end(starts: datetime, total: int) -> str:
    end = starts + timedelta(minutes=total)
    return f"{end.hour}时{end.minute:02}分"


def _frame(matter: "Matter", starts: datetime | None) -> tuple[tuple[tuple[str, str], ...], ...]:
    live = matter.live
    when = f"{wording.full_day(starts.date())}{starts.hour}时{starts.minute:02}分" if starts else ""
    place = venue_words(live, matter.places, printed(live.sitting.venue))
    return (
        (("时间", when),),
        (("地点", place),),
        (("主持人", host_words(live)), ("记录人", live.sitting.recorder)),
    )


def _clocked(steps: Iterator[AgendaStep], starts: datetime | None) -> Iterator[AgendaStep]:
    """Yield the steps with their times, when it is known when the meeting begins."""
    at = starts
    for step in steps:
        if at is None:
            yield step
            continue
        end = at + timedelta(minutes=step.minutes)
        yield replace(step, clock=f"{wording.clock(at)}—{wording.clock(end)}")
        at = end


def _steps(matter: "Matter") -> Iterator[AgendaStep]:
    live = matter.live
    issues = live.issues()
    each = next(minutes for most, minutes in _ISSUE_MINUTES if len(issues) <= most)
    yield AgendaStep("开场", OPENING, speakers="主持人", lines=_opening(matter))
    yield _findings(live)
    for number, issue in enumerate(issues, start=1):
        speakers = "、".join((*_sides(live), *(["部门答复"] if units_invited(live) else [])))
        yield AgendaStep(
            f"议第{wording.numeral(number)}个问题：{printed(issue.title)}",
            each,
            speakers=speakers,
            lines=(*_raising(live, issue, number, len(issues)), *_settling(matter)),
        )
    yield from _closing(matter)


def _opening(matter: "Matter") -> tuple[str, ...]:
    live = matter.live
    greeted = "、".join(("各位乡亲", *(["各位委员"] if members_invited(live) else []), "各位同志"))
    expected = f"应到{live.expected()}人，" if live.expected() else ""
    about = matter_words(live, matter.practice).removesuffix("一事")
    closed = "今天的会不公开，会上听到的话，请不要往外传。" if live.consultation.closed_session else ""
    return (
        f"{greeted}，大家好。今天请大家来，是商量{about}这件事。{expected}现在到了{BLANK}人，可以开会了。",
        f"要议的有{wording.numeral(len(live.issues()))}个问题，一个一个来。先说规矩：一个人说完再一个人说，说事不说人，"
        f"说了什么{live.sitting.recorder or '记录员'}都记着，定了什么最后当场念给大家听。{closed}",
    )


def _findings(live: LiveSitting) -> AgendaStep:
    members = members_invited(live)
    if not members:
        return AgendaStep(
            "通报会前走访情况", FINDINGS, speakers="主持人", lines=("我先把会前走访了解到的情况说一说：",)
        )
    who = members[0].name
    return AgendaStep(
        "通报会前走访情况",
        FINDINGS,
        speakers=who,
        lines=(f"会前{who}委员到各家走访过，先请{who}委员把了解到的情况说一说。",),
    )


def _sides(live: LiveSitting) -> list[str]:
    """Return who speaks to an issue, in the order they are called."""
    roles = {guest.role for guest in live.attendances()}
    benches = {bench_of(role) for role in roles}
    told = (("当事人", Role.PARTY in roles), ("群众", True), ("委员", Bench.MEMBERS in benches))
    return [word for word, there in told if there]


def _raising(live: LiveSitting, issue: Issue, number: int, count: int) -> tuple[str, ...]:
    lead = "先说" if number == 1 else "最后说" if number == count else "接着说"
    parties = "先请当事的几家说，再请" if Role.PARTY in {guest.role for guest in live.attendances()} else "请"
    units = units_invited(live)
    reply = f"涉及部门的，请{'、'.join(units[:3])}{'等' if len(units) > 3 else ''}答复。" if units else ""
    return (
        f"{lead}第{wording.numeral(number)}个问题：{printed(issue.title)}。{parties}大家说。（听大家说）",
        f"还有没说过话的，也请说一说。{reply}",
    )


def _settling(matter: "Matter") -> tuple[str, ...]:
    if not matter.practice.needs_consensus:
        return ("这个问题先议到这里，大家的意见都记下了。",)
    asks = _ASKS[matter.practice.method]
    return ("这个问题我归纳一下：", WRITE_HERE, f"大家看这样行不行？{asks}", "有保留意见的，请说出来，照样记在后面。")


def _closing(matter: "Matter") -> Iterator[AgendaStep]:
    live, language = matter.live, matter.live.sitting.spoken_language.strip()
    again = f"念完再用{language}念一遍。" if language else ""
    if not matter.practice.needs_consensus:
        yield AgendaStep(
            "小结", READING, speakers="主持人", lines=("今天的意见会后整理好，报上去办。谢谢大家，散会。",)
        )
        return
    yield AgendaStep(
        "宣读议定内容",
        READING,
        speakers=live.sitting.recorder or "记录人",
        lines=(f"现在请{live.sitting.recorder or '记录员'}把定下来的从头念一遍，有不对的当场提。{again}",),
    )
    signing = matter.practice.paper(PaperKind.CONSENSUS) or matter.practice.paper(PaperKind.MEDIATION)
    lines = (
        ("没有不对的，就请各方上来签字、按手印。签名和手印只用来证明今天的协商，由主办单位保管。",) if signing else ()
    )
    yield AgendaStep(
        "签字散会" if signing else "散会",
        SIGNING if signing else OPENING,
        speakers="各方" if signing else "主持人",
        lines=(*lines, "今天就到这里，定下来的事，大家一起看着办好。谢谢大家，散会。"),
    )
