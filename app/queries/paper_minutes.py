"""协商纪要 (F9): a draft an office edits ten words of, made from the meeting as it stands.

What people said is quoted, grouped by where they sit and what kind it was; nothing is put into anybody's mouth.
"""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from app.domain import wording
from app.domain.action import Action
from app.domain.consensus import SETTLING, Consensus
from app.domain.issue import Issue
from app.domain.paper import Imprint
from app.domain.paper_minutes import Minutes, MinutesPart, MinutesPoint
from app.domain.people import Bench
from app.domain.practice import PaperKind, Practice
from app.domain.statement import KINDS, Statement, StatementKind
from app.queries.paper import names
from app.queries.paper_law import route_line
from app.queries.paper_people import bench_of_speaker, called, excused, host_words, listed
from app.queries.paper_places import offices, place_words, venue_beside
from app.queries.paper_words import (
    BLANK,
    agreements,
    bare_title,
    due_words,
    heads_words,
    held_on,
    makes_village_rule,
    matter_words,
    meeting_word,
    printed,
    sentence,
    settled_words,
    share_lines,
    title_words,
    was_held,
)
from app.queries.sitting import LiveSitting

if TYPE_CHECKING:  # `papers` lists our makers, so it imports us
    from app.queries.papers import Matter

PENDING_MARK = "（待编号）"
UNDECIDED = "尚未形成结论。"
_VERBS = {
    StatementKind.CLAIM: "提出诉求",
    StatementKind.OPINION: "表示",
    StatementKind.PROPOSAL: "建议",
    StatementKind.REPLY: "答复",
    StatementKind.PROMISE: "承诺",
    StatementKind.DISSENT: "提出异议",
}
_HERE = frozenset({"村委会", "居委会", "社区居委会", "村民委员会"})
"""Units that are the village itself, by whichever name it calls itself at home."""
_INNER_QUOTES = str.maketrans("“”", "‘’")


def minutes(matter: "Matter") -> Minutes | None:
    """Return the draft; None before the meeting has begun, and for a meeting that is not public."""
    live = matter.live
    if not was_held(live) or live.consultation.closed_session:
        return None
    number = live.consultation.case_number
    return Minutes(
        title=title_words(live, matter.practice, "协商纪要").replace("会纪要", "会议纪要"),
        mark=mark_words(matter),
        number_line=number or PENDING_MARK,
        organ=matter.issuer.organ,
        day=issued_on(matter.today),
        opening=_opening(matter),
        parts=tuple(_parts(matter)),
        lists=_lists(live),
        sent_to=_sent_to(matter),
        names=names(live),
        imprint=Imprint(number=number, start_mm=matter.issuer.start_mm),
    )


def mark_words(matter: "Matter") -> str:
    """Return the red head: as the office has set it, else the office and 协商纪要, else the practice and 纪要."""
    name = matter.practice.name
    usual = f"{name}纪要" if name.endswith("协商") else f"{name.removesuffix('会')}会议纪要"
    return matter.issuer.masthead or (f"{matter.issuer.organ}协商纪要" if matter.issuer.organ else usual)


def issued_on(day: date | None) -> str:
    """Return the day a paper is issued, or room to write it."""
    return wording.full_day(day) if day else f"{BLANK}年{BLANK}月{BLANK}日"


def _opening(matter: "Matter") -> str:
    live, day = matter.live, held_on(matter.live)
    place = place_words(live, matter.places)
    venue = venue_beside(place, printed(live.sitting.venue)) or BLANK * 2
    when = f"{wording.full_day(day)}，" if day else f"{BLANK}年{BLANK}月{BLANK}日，"
    host = host_words(live) or BLANK
    where = f"{place}在{venue}召开{meeting_word(matter.practice)}，就{matter_words(live, matter.practice)}进行协商。"
    return f"{when}{where}{host}主持会议，{heads_words(live)}。现将会议情况纪要如下："


def _parts(matter: "Matter") -> Iterator[MinutesPart]:
    live = matter.live
    yield MinutesPart("协商议题", (MinutesPoint("", _topic(matter)),))
    spoken = tuple(_spoken(live))
    if spoken:
        yield MinutesPart("协商情况", spoken)
    if live.issues():
        yield MinutesPart(
            _result_heading(live, matter.practice), tuple(_outcome(live, issue) for issue in live.issues())
        )
    if live.actions():
        told = tuple(f"{number}．{_task(live, action)}" for number, action in enumerate(live.actions(), start=1))
        yield MinutesPart("任务分工", (MinutesPoint("", tuple(line.replace("．", ".", 1) for line in told)),))


def _topic(matter: "Matter") -> tuple[str, ...]:
    live = matter.live
    questions = [printed(issue.title).rstrip("？?。") for issue in live.issues()]
    about = f"本次协商的议题是“{bare_title(live, matter.practice).translate(_INNER_QUOTES)}”"
    if len(questions) < 2:
        return (f"{about}" + (f"，重点协商{questions[0]}。" if questions else "。"),)
    return (f"{about}，重点协商{wording.numeral(len(questions))}个问题：{'；'.join(questions)}。",)


def _spoken(live: LiveSitting) -> Iterator[MinutesPoint]:
    """Yield what was said to each issue, then to none; issues nobody spoke to are left out."""
    said = live.statements()
    known = {issue.id for issue in live.issues()}
    for issue in live.issues():
        if ours := [one for one in said if one.issue_id == issue.id]:
            yield MinutesPoint(f"关于{printed(issue.title).rstrip('？?。')}", _voices(live, ours))
    if others := [one for one in said if one.issue_id not in known]:
        yield MinutesPoint("其他发言" if known else "", _voices(live, others))


def _voices(live: LiveSitting, said: list[Statement]) -> tuple[str, ...]:
    """Return one paragraph for each bench: who said what, claims first, in the order of the kinds."""
    seats = [(bench, [one for one in said if bench_of_speaker(live, one.speaker_id) == bench]) for bench in Bench]
    return tuple(f"{_side(bench)}：{_quoted(live, ours)}" for bench, ours in seats if ours)


def _side(bench: Bench) -> str:
    return "其他参会人员" if bench is Bench.OTHERS else f"{bench}方面"


def _quoted(live: LiveSitting, said: list[Statement]) -> str:
    ordered = sorted(said, key=lambda one: KINDS.index(one.kind))
    groups = groupby(ordered, key=lambda one: (one.speaker_id, one.kind))
    return "".join(
        f"{called(live, speaker)}{_VERBS[kind]}：{''.join(f'“{_inside(one.text)}”' for one in ours)}"
        for (speaker, kind), ours in groups
    )


def _inside(text: str) -> str:
    """Return a text as it stands within quotation marks."""
    return sentence(text).translate(_INNER_QUOTES)


def _result_heading(live: LiveSitting, practice: Practice) -> str:
    return "协商共识" if agreements(live) or practice.needs_consensus else "协商结果"


def _outcome(live: LiveSitting, issue: Issue) -> MinutesPoint:
    consensus = live.consensus_of(issue.id)
    heading = printed(issue.title)
    if consensus is None or not consensus.is_settled():
        draft = f"拟议：{sentence(consensus.text)}" if consensus and consensus.text.strip() else ""
        return MinutesPoint(heading, (draft + UNDECIDED,))
    kept = (_reservation(live, r.person_id, r.text, r.answer) for r in live.reservations_of(consensus.id))
    return MinutesPoint(heading, (_agreed(live, consensus), *_route(live, issue, consensus), *kept))


def _route(live: LiveSitting, issue: Issue, consensus: Consensus) -> Iterator[str]:
    """Yield who else the law has decide the matter, if a courtyard alone cannot."""
    line = route_line(consensus.route, makes_village_rule(live, issue, consensus))
    if line and consensus.result in SETTLING:
        yield line


def _agreed(live: LiveSitting, consensus: Consensus) -> str:
    text = sentence(consensus.text)
    is_agreed = consensus.result in SETTLING and not consensus.is_below_ratio()
    return ("" if is_agreed or not text else "所议方案：") + text + settled_words(consensus, len(live.came()))


def _reservation(live: LiveSitting, person_id: str | None, text: str, answer: str) -> str:
    who = f"（{called(live, person_id)}）" if live.person(person_id) else ""
    return f"保留意见{who}：{sentence(text)}" + (f"答复：{sentence(answer)}" if answer.strip() else "")


def _task(live: LiveSitting, action: Action) -> str:
    """Return one task: 修15米挡墙。由村委会（王某辛）负责，自然资源所配合，4月30日前完成；村集体出18方。"""
    unit, person = live.unit(action.unit_id), live.person(action.person_id)
    whom = f"{unit.name}（{person.name}）" if unit and person else unit.name if unit else person.name if person else ""
    supporting = (live.unit(code) for code in action.support_units)
    helping = "、".join(one.name if one else code for one, code in zip(supporting, action.support_units, strict=True))
    due = due_words(action, held_on(live))
    due = f"{due}前完成" if action.due_on else f"完成时限：{due}" if due else ""
    doing = "，".join(
        part for part in (f"由{whom}负责" if whom else "", f"{helping}配合" if helping else "", due) if part
    )
    shares = "，".join(share_lines(live.contributions_of(action.id)))
    more = (doing, f"分担：{shares}" if shares else "", f"资金：{printed(action.fund)}" if action.fund.strip() else "")
    watched = f"监督员：{action.supervisor}" if action.supervisor else ""
    rest = "；".join(part for part in (*more, watched) if part)
    return sentence(action.text) + (sentence(rest) if rest else "")


def _lists(live: LiveSitting) -> tuple[tuple[str, str], ...]:
    counting = [guest for guest in live.came() if guest.counts]
    observing = [guest for guest in live.came() if not guest.counts]
    told = (("出席：", counting), ("请假：", excused(live)), ("列席：", observing))
    return tuple((label, sentence(listed(live, guests, noted=False))) for label, guests in told if guests)


def _sent_to(matter: "Matter") -> str:
    """Return 分送：县政协，五珠乡人民政府，村委会，自然资源所。 All who have a task are among them."""
    live, rule = matter.live, matter.practice.paper(PaperKind.MINUTES)
    county = ["县政协"] if rule and "县政协" in rule.keepers and matter.issuer.organ == "" else []
    codes = [code for action in live.actions() for code in (action.unit_id or "", *action.support_units) if code]
    units = [unit.name if unit else code for unit, code in ((live.unit(code), code) for code in codes)]
    ours = offices(live, matter.places)
    whom = dict.fromkeys((*county, *ours, *(unit for unit in units if not (ours and unit in _HERE))))
    return f"分送：{'，'.join(whom)}。" if whom else ""
