"""What the home page says of meetings and tasks, in the clerk's words."""

from dataclasses import dataclass
from datetime import date, datetime

from app.domain.place import Places
from app.domain.topic import CATEGORIES
from app.domain.wording import clock, day_seen_from, due_words, relative_day, time_until
from app.queries.overview import Overview, Planned, Stopped, Unfinished, Watched
from app.queries.printout import Owed
from ui.home.rows import Telling
from ui.words import tr

DOT = " · "


@dataclass(frozen=True, slots=True)
class Ready:
    """One thing made ready before leaving, or not yet."""

    words: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class HeroWords:
    """What the card at the top says and offers."""

    when: str
    beside: str
    category: str
    title: str
    line: str
    ready: tuple[Ready, ...]
    button: str
    sitting_id: str = ""
    topic_id: str = ""


def hero_of(found: Overview, now: datetime, places: Places, has_half: bool) -> HeroWords:
    """Return the card: the meeting under way, else the next one of today, else that there is none."""
    if found.resume:
        return _stopped(found.resume, now, has_half)
    plan = next_today(found, now.date())
    return _waiting(plan, now) if plan else _none(found, now.date(), places)


def next_today(found: Overview, today: date) -> Planned | None:
    """Return the meeting to start now: the first of today."""
    return next((p for p in found.today if p.sitting.starts_at and p.sitting.starts_at.date() == today), None)


def coming(found: Overview, today: date) -> list[Planned]:
    """Return the meetings below the card: the rest of today, what lies ahead, then those whose day went by."""
    first = None if found.resume else next_today(found, today)
    rest = [plan for plan in found.today if plan is not first]
    late = [plan for plan in rest if plan.sitting.starts_at and plan.sitting.starts_at.date() < today]
    return [plan for plan in rest if plan not in late] + list(found.ahead) + late


def _stopped(stopped: Stopped, now: datetime, has_half: bool) -> HeroWords:
    plan = stopped.plan
    kept = tr("{count} 条发言都在", count=stopped.statements)
    half = tr("，没写完的半句也在") if has_half else ""
    at = stopped.last_at or plan.sitting.opened_at or now
    day = "" if at.date() == now.date() else relative_day(at.date(), now.date()) + " "
    return HeroWords(
        tr("会没开完"),
        "",
        category(plan),
        plan.consultation.title,
        tr("上次停在 {time}，{kept}{half}", time=day + clock(at), kept=kept, half=half),
        (),
        tr("接着开"),
        plan.sitting.id,
        plan.consultation.topic_id or "",
    )


def _waiting(plan: Planned, now: datetime) -> HeroWords:
    starts = plan.sitting.starts_at or now
    return HeroWords(
        f"{relative_day(starts.date(), now.date())} {clock(starts)}",
        time_until(starts, now),
        category(plan),
        plan.consultation.title,
        _frame(plan) or tr("地点、主持还没写，到了会场再补"),
        _ready(plan),
        tr("进入会场"),
        plan.sitting.id,
        plan.consultation.topic_id or "",
    )


def _none(found: Overview, today: date, places: Places) -> HeroWords:
    coming_next = found.ahead[0] if found.ahead else None
    line = tr("到了村里，按回车就能开；别的以后再补。")
    if coming_next and coming_next.sitting.starts_at:
        day = day_seen_from(coming_next.sitting.starts_at.date(), today)
        where = village_name(places, coming_next.consultation.place_codes) or coming_next.consultation.title
        line = tr("下一场 {day}，{village}。", day=day, village=where)
    return HeroWords("", "", "", tr("今天没有会。"), line, (), tr("现在开会"))


def _frame(plan: Planned) -> str:
    expected, host = plan.expected(), plan.host
    parts = (
        plan.sitting.venue,
        tr("应到 {count} 人", count=expected) if expected else "",
        tr("主持 {name}", name=host) if host else "",
    )
    return DOT.join(filter(None, parts))


def _ready(plan: Planned) -> tuple[Ready, ...]:
    """Return only what we know: topic, register and issues."""
    named = tr("名册已备 {count}", count=plan.invited) if plan.invited else tr("名册没备")
    return (
        Ready(tr("议题已立") if plan.consultation.topic_id else tr("没挂议题"), bool(plan.consultation.topic_id)),
        Ready(named, bool(plan.invited)),
        Ready(tr("焦点已列 {count}", count=plan.issues) if plan.issues else tr("焦点没列"), bool(plan.issues)),
    )


def category(plan: Planned) -> str:
    """Return the word for what a meeting is about; empty when nobody has said."""
    code = plan.consultation.category
    return "" if code == "OTHER" else tr(CATEGORIES.get(code, ""))


def plan_row(plan: Planned, today: date) -> Telling:
    """Return a meeting that lies ahead."""
    starts = plan.sitting.starts_at
    day = starts.date() if starts else today
    shown = tr("今天") if day == today else day_seen_from(day, today)
    frame = _frame(plan)
    detail = DOT.join(filter(None, (clock(starts) if starts else "", frame)))
    lacks = plan.lacks()
    if day < today:
        return Telling(plan.consultation.title, detail, shown, right=tr("过了日子，还没开"), right_tone="ochre")
    words, tone = (tr(lacks[0]), "ochre") if lacks else (tr("已备好"), "pine")
    return Telling(plan.consultation.title, detail, shown, right=words, right_tone=tone)


def unfinished_row(left: Unfinished, today: date) -> Telling:
    """Return a meeting that ended with something still open."""
    parts = (
        (tr("{count} 个焦点没有结论"), left.unsettled),
        (tr("{count} 项没定责任单位"), left.without_unit),
        (tr("{count} 项没定期限"), left.without_day),
    )
    open_ones = [words.format(count=count) for words, count in parts if count]
    detail = tr("还差 {what}", what="、".join(open_ones[:2])) if open_ones else tr("等签字")
    ended = left.plan.sitting.ended_at
    day = f"{relative_day(ended.date(), today)} {clock(ended)}" if ended else ""
    return Telling(left.plan.consultation.title, detail, icon="note-pencil", right=day, right_line=2)


def owed_row(owed: tuple[Owed, ...]) -> Telling:
    """Return 回去再印: the latest meeting that waits for paper, how much, and how many meetings wait besides."""
    first = owed[0]
    told = tr("{kinds} 样 {count} 份，纸在打印这一步", kinds=len(first.papers), count=first.copies)
    more = tr("还有 {count} 场", count=len(owed) - 1) if len(owed) > 1 else ""
    return Telling(tr("回去再印：{title}", title=first.title), told, icon="printer", right=more)


def watched_row(watched: Watched, today: date, places: Places, person: str) -> Telling:
    """Return a task to watch: overdue in red, today in ochre."""
    due = watched.action.due_on
    tone = "ink2" if due is None else "seal" if due < today else "ochre" if due == today else "ink2"
    who = " ".join(filter(None, (watched.unit, person)))
    detail = DOT.join(filter(None, (village_name(places, watched.place_codes), who)))
    words = due_words(due, today) if due else ""
    return Telling(watched.action.text, detail, icon="circle", right=words, right_tone=tone, right_line=1)


def village_name(places: Places, codes: tuple[str, ...]) -> str:
    """Return the short name of the first place of these; empty when it is in no table."""
    place = places.get(codes[0]) if codes else None
    return place.display_name if place else ""
