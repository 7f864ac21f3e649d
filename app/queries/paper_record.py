"""会议记录 (F8), made from the meeting as it stands: every voice with its time, every vote with its shares."""

from datetime import datetime
from typing import TYPE_CHECKING

from app.domain import wording
from app.domain.attendance import Attendance
from app.domain.consensus import COUNTED, METHOD_WORDS, RATIO_WORDS, SETTLING, Consensus, Method, Ratio, Result
from app.domain.consultation import ConsultationStage
from app.domain.issue import Issue
from app.domain.paper import Imprint, ReservationLine, Signer
from app.domain.paper_record import MeetingRecord, RecordedIssue, RecordedStatement
from app.domain.practice import PaperKind
from app.domain.sitting import QuorumBase
from app.domain.statement import STATEMENT_KIND_WORDS, Statement
from app.queries.paper import names
from app.queries.paper_people import by_bench, called, excused, host_words, listed, missing
from app.queries.paper_places import venue_words
from app.queries.paper_words import printed, route_words, sentence, title_words, was_held, was_read_out
from app.queries.sitting import LiveSitting

if TYPE_CHECKING:  # `papers` lists our makers, so it imports us
    from app.queries.papers import Matter

NOT_PUBLIC = "（不公开会议的记录，只供当事人、主持人和调解组织查阅存档，不得张贴、外传）"
UNDECIDED = "会上没有形成结论。"
_RESULTS = {
    Result.PARTIAL: ("部分通过", "部分达成共识"),
    Result.CONDITIONAL: ("附条件通过", "附条件达成共识"),
    Result.REACHED: ("通过", "达成共识"),
}


def meeting_record(matter: "Matter") -> MeetingRecord | None:
    """Return the record; None before the meeting has begun."""
    live = matter.live
    if not was_held(live):
        return None
    statements = live.statements()
    known = {issue.id for issue in live.issues()}
    return MeetingRecord(
        title=record_title(matter),
        note=NOT_PUBLIC if live.consultation.closed_session else "",
        frame=_frame(matter),
        guests=_guests(live),
        issues=tuple(_issue(live, issue, [s for s in statements if s.issue_id == issue.id]) for issue in live.issues()),
        others=tuple(_statement(live, s) for s in statements if s.issue_id not in known),
        incidents=_incidents(live),
        ending=_ending(live),
        signers=_signers(live),
        names=names(live),
        imprint=Imprint(number=live.consultation.case_number),
    )


def record_title(matter: "Matter") -> str:
    """Return the title in the practice's own word for a record: 院坝协商会议记录, 深聊会记录, 接待记录."""
    rule = matter.practice.paper(PaperKind.RECORD)
    title = title_words(matter.live, matter.practice, "会议记录")
    if rule and not rule.name.endswith(("会议记录", "协商记录")):
        title = title_words(matter.live, matter.practice, rule.name)
    return title.replace("会会议记录", "会记录")


def _frame(matter: "Matter") -> tuple[tuple[tuple[str, str], ...], ...]:
    live = matter.live
    came = len(live.came())
    place = venue_words(live, matter.places, printed(live.sitting.venue))
    expected, arrived = heads(live)
    return (
        (("会议时间", lasted(live)),),
        (("会议地点", place),),
        (("主持人", host_words(live)), ("记录人", live.sitting.recorder)),
        (("应到", expected), ("实到", arrived if came else "")),
    )


def lasted(live: LiveSitting) -> str:
    """Return when the meeting was: 2026年3月30日10时01分至11时00分; the end is told once it has ended."""
    begun, ended = live.sitting.opened_at, live.sitting.ended_at
    if begun is None:
        return ""
    day = "" if ended is None or ended.date() == begun.date() else wording.full_day(ended.date())
    return f"{wording.full_day(begun.date())}{_hour(begun)}" + (f"至{day}{_hour(ended)}" if ended else "起")


def _hour(moment: datetime) -> str:
    return f"{moment.hour}时{moment.minute:02}分"


def heads(live: LiveSitting) -> tuple[str, str]:
    """Return how many were expected and how many came, with the share: 32人, 27人，占应到的84.4%."""
    came = len(live.came())
    if live.sitting.quorum_base == QuorumBase.HOUSEHOLDS:
        expected, here = live.households()
        share = f"，占应到户数的{wording.percent(here, expected)}" if expected else ""
        return (f"{expected}户" if expected else "", f"{here}户{came}人{share}")
    expected = live.expected()
    share = f"，占应到的{wording.percent(came, expected)}" if expected else ""
    return (f"{expected}人" if expected else "", f"{came}人{share}")


def _guests(live: LiveSitting) -> tuple[tuple[str, str], ...]:
    seated = [(f"{bench}{len(guests)}人：", listed(live, guests)) for bench, guests in by_bench(live, live.came())]
    away = [(f"{word}{len(guests)}人：", listed(live, guests)) for word, guests in _away(live) if guests]
    return tuple((label, sentence(text)) for label, text in (*seated, *away))


def _away(live: LiveSitting) -> list[tuple[str, list[Attendance]]]:
    """Return who is away; while the meeting lasts, who has not come may still do so."""
    return [("请假", excused(live)), ("未到" if live.sitting.is_open() else "缺席", missing(live))]


def _statement(live: LiveSitting, said: Statement) -> RecordedStatement:
    when = f"{wording.clock(said.said_at)}\u3000" if said.said_at else ""
    return RecordedStatement(
        f"{when}{called(live, said.speaker_id)}（{STATEMENT_KIND_WORDS[said.kind]}）：", sentence(said.text)
    )


def _issue(live: LiveSitting, issue: Issue, said: list[Statement]) -> RecordedIssue:
    statements = tuple(_statement(live, one) for one in said)
    consensus = live.consensus_of(issue.id)
    if consensus is None or consensus.settled_at is None:
        draft = f"拟议：{sentence(consensus.text)}" if consensus and consensus.text.strip() else ""
        still = "" if live.sitting.is_open() else UNDECIDED
        return RecordedIssue(printed(issue.title), statements, open_line=draft + still)
    kept = live.reservations_of(consensus.id)
    return RecordedIssue(
        printed(issue.title),
        statements,
        f"{'议定' if _is_agreed(consensus) else '所议方案'}（{wording.clock(consensus.settled_at)}）：",
        sentence(consensus.text),
        vote_words(consensus),
        consensus.is_below_ratio(),
        tuple(ReservationLine(_voice(live, r.person_id), sentence(r.text), sentence(r.answer)) for r in kept),
    )


def _voice(live: LiveSitting, person_id: str | None) -> str:
    return called(live, person_id) if live.person(person_id) else ""


def _is_agreed(consensus: Consensus) -> bool:
    return consensus.result in SETTLING and not consensus.is_below_ratio()


def vote_words(consensus: Consensus) -> str:
    """Return how it was decided: 举手表决；在场27人，赞成25人，占92.6%，反对1人，占3.7%…；表决结果：通过。"""
    by_votes = consensus.method in COUNTED
    if by_votes and consensus.tally().total() == 0:
        return f"结果：{_result_words(consensus)}。"
    if not by_votes:
        return f"议定方式：{METHOD_WORDS[consensus.method]}；结果：{_result_words(consensus)}。"
    return f"表决方式：{METHOD_WORDS[consensus.method]}；{_shares(consensus)}；表决结果：{_result_words(consensus)}。"


def _shares(consensus: Consensus) -> str:
    measure = "户" if consensus.method == Method.HOUSEHOLD_VOTE else "人"
    whole = consensus.present or consensus.tally().total()
    votes = [("赞成", consensus.agree), ("反对", consensus.against), ("弃权", consensus.abstain)]
    votes += [("未表态", consensus.silent)] if consensus.silent else []
    told = "，".join(f"{word}{count}{measure}，占{wording.percent(count, whole)}" for word, count in votes)
    return f"表决时在场{whole}{measure}，{told}"


def _result_words(consensus: Consensus) -> str:
    route = route_words(consensus)
    if consensus.result == Result.NOT_REACHED:
        return "，".join(part for part in ("未达成一致意见", route) if part)
    if consensus.result == Result.DEFERRED:
        return "：".join(part for part in ("择期再议", route) if part)
    if consensus.is_below_ratio():
        return f"未通过，未达{RATIO_WORDS[consensus.ratio] if consensus.ratio != Ratio.ALL else '全体同意'}"
    voted, agreed = _RESULTS[consensus.result]
    return voted if consensus.method in COUNTED else agreed


def _incidents(live: LiveSitting) -> tuple[tuple[str, str], ...]:
    """Return who came late, who left early, why it was put off, and what the recorder noted."""
    begun = live.sitting.opened_at
    late = [a for a in live.came() if begun and a.arrived_at and a.arrived_at > begun]
    left = sorted((a for a in live.came() if a.left_at), key=lambda a: a.left_at.timestamp() if a.left_at else 0.0)
    put_off = live.consultation.stage == ConsultationStage.POSTPONED and not live.sitting.is_open()
    told = (
        ("会议开始后到会：", _at(live, [(a, a.arrived_at) for a in late])),
        ("中途离会：", _at(live, [(a, a.left_at) for a in left])),
        ("会议延期：", printed(live.consultation.reason) if put_off else ""),
        ("其他情况：", printed(live.sitting.note)),
    )
    return tuple((label, sentence(text)) for label, text in told if text)


def _at(live: LiveSitting, moments: list[tuple[Attendance, datetime | None]]) -> str:
    told = ((live.person(a.person_id), moment) for a, moment in moments)
    return "、".join(f"{person.name}（{wording.clock(moment)}）" for person, moment in told if person and moment)


def _ending(live: LiveSitting) -> tuple[str, ...]:
    ended, tasks = live.sitting.ended_at, len(live.actions())
    language = live.sitting.spoken_language.strip()
    settled = bool(live.settled()) and was_read_out(live)
    lines = (
        f"会议议定任务{tasks}项，见《任务分解清单》。" if tasks else "",
        f"议定内容已用{language}宣读，到会人员听清无异议。" if language and settled else "",
        f"{_hour(ended)}散会。" if ended else "",
    )
    return tuple(line for line in lines if line)


def is_counted(live: LiveSitting) -> bool:
    """Return whether votes were counted, so that somebody counted and somebody watched."""
    return any(one.method in COUNTED and one.tally().total() for _, one in live.settled())


def _signers(live: LiveSitting) -> tuple[Signer, ...]:
    counting = (Signer("监票人"), Signer("计票人")) if is_counted(live) else ()
    return (Signer("主持人", live.host()), Signer("记录人", live.sitting.recorder), *counting)
