"""通知, 公告, 邀请函 (F5) and the red-paper sheet of issues, made from a meeting that has been called.

What goes on a wall names no villager. Of a meeting that is not public only letters to those concerned are made.
"""

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from app.domain import wording
from app.domain.attendance import Attendance, Presence
from app.domain.paper import Imprint
from app.domain.paper_invitation import (
    Invitation,
    InvitationLetter,
    InvitationPoster,
    InvitationWall,
    IssueSheet,
    Poster,
)
from app.domain.people import ROLE_WORDS, Bench, Role, bench_of
from app.queries.paper_people import units_invited
from app.queries.paper_places import offices, venue_words
from app.queries.paper_words import BLANK, matter_words, meeting_word, printed, sentence, title_words
from app.queries.sitting import LiveSitting

if TYPE_CHECKING:  # `papers` lists our makers, so it imports us
    from app.queries.papers import Matter

NAME_HERE = "_" * 20
"""A line on which the guest's name is written by hand."""

MOST_UNITS = 4
"""How many departments are called by name; more are 各有关部门."""

_MORNING, _NOON, _AFTERNOON, _EVENING = 5, 12, 13, 18
_HOUR_WORDS = ((_EVENING, "晚上"), (_AFTERNOON, "下午"), (_NOON, "中午"), (9, "上午"), (_MORNING, "早上"), (0, "凌晨"))


def invitation(matter: "Matter") -> Invitation | None:
    """Return the notice; None for a meeting nobody planned, and for one that is not public."""
    if not _is_called(matter) or matter.live.consultation.closed_session:
        return None
    points = (
        ("时间", (_when(matter.live),)),
        ("地点", (_where(matter),)),
        ("协商问题", _questions(matter.live)),
        ("参会人员", (asked_words(matter.live),)),
        ("有关事项", _arrangements(matter)),
    )
    return Invitation(
        f"关于召开{_meeting(matter)}的通知",
        f"{_to_whom(matter)}：",
        f"经研究，定于{_day(matter.live)}召开{meeting_word(matter.practice)}，"
        f"就{matter_words(matter.live, matter.practice)}进行协商。现将有关事项通知如下：",
        tuple((heading, lines) for heading, lines in points if any(lines)),
        "请相互转告，准时参加。",
        organ(matter),
        dated(matter),
        Imprint(number=matter.live.consultation.case_number),
    )


def invitation_letter(matter: "Matter") -> InvitationLetter | None:
    """Return a letter whose name is written in by hand; None for a meeting nobody planned."""
    if not _is_called(matter):
        return None
    live = matter.live
    questions = "；".join(line.removesuffix("；").removesuffix("。") for line in _questions(live))
    closed = "本次会议不公开，会议内容请勿外传。" if live.consultation.closed_session else ""
    paragraphs = (
        f"兹定于{_when(live).removesuffix('。')}在{_where(matter).removesuffix('。')}召开{meeting_word(matter.practice)}，"
        f"就{matter_words(live, matter.practice)}进行协商，诚邀您参加。",
        f"协商的问题：{questions}。请您提前了解情况，到会发表意见。" if questions else "",
        closed,
        _contact(matter),
    )
    return InvitationLetter(
        "邀请函",
        f"{NAME_HERE}：",
        tuple(line for line in paragraphs if line),
        "敬请光临。",
        organ(matter),
        dated(matter),
        Imprint(number=live.consultation.case_number),
    )


def invitation_wall(matter: "Matter") -> InvitationWall | None:
    """Return the notice for the wall, A4; None where there is no notice."""
    poster = _poster(matter)
    return InvitationWall(_wall_title(matter), poster, _number(matter)) if poster else None


def invitation_poster(matter: "Matter") -> InvitationPoster | None:
    """Return the notice for the wall, A3; None where there is no notice."""
    poster = _poster(matter)
    return InvitationPoster(_wall_title(matter), poster, _number(matter)) if poster else None


def issue_sheet(matter: "Matter") -> IssueSheet | None:
    """Return the hand-out on red paper; None where nothing is on the table, or the meeting is not public."""
    live = matter.live
    if not live.issues() or live.consultation.closed_session:
        return None
    return IssueSheet(
        f"{_meeting(matter)}议题单",
        "请您来议一议",
        plain_time(live.sitting.starts_at or live.sitting.opened_at),
        _where(matter).removesuffix("。"),
        tuple(printed(issue.title) for issue in live.issues()),
        live.sitting.spoken_language.strip(),
        "　".join(part for part in (matter.issuer.organ, _phone(matter)) if part),
        _number(matter),
    )


def organ(matter: "Matter") -> str:
    """Return who signs: the office of this machine, else the village or township of the meeting, else room to write."""
    whose = offices(matter.live, matter.places)
    return matter.issuer.organ or (whose[-1] if whose else BLANK * 3)


def dated(matter: "Matter") -> str:
    """Return the day a notice is dated: today, or room to write it once the meeting is over."""
    starts, today = matter.live.sitting.starts_at, matter.today
    if today and starts and today <= starts.date():
        return wording.full_day(today)
    return f"{BLANK}年{BLANK}月{BLANK}日"


def weekday(moment: datetime) -> str:
    """Return 星期四, as papers say it."""
    return f"星期{wording.weekday(moment.date())[-1]}"


def plain_time(moment: datetime | None) -> str:
    """Return when, as one says it in a village: 4月2日（星期四）晚上7点半; room to write when it is not known."""
    if moment is None:
        return f"{BLANK}月{BLANK}日{BLANK}点"
    part = next(word for hour, word in _HOUR_WORDS if moment.hour >= hour)
    hour = moment.hour - 12 if moment.hour > _NOON else moment.hour
    minute = {0: "", 30: "半"}.get(moment.minute, f"{moment.minute:02}分")
    return f"{wording.short_day(moment.date())}（{weekday(moment)}）{part}{hour}点{minute}"


def _number(matter: "Matter") -> Imprint:
    return Imprint(number=matter.live.consultation.case_number)


def _is_called(matter: "Matter") -> bool:
    """Return whether the meeting was planned; one that began on the spot needs no notice."""
    return matter.live.sitting.starts_at is not None


def _meeting(matter: "Matter") -> str:
    """Return what the meeting is called: 石墙村15米挡墙院坝协商会."""
    title = title_words(matter.live, matter.practice, "")
    return title if title.endswith("会") else f"{title}会"


def _day(live: LiveSitting) -> str:
    starts = live.sitting.starts_at
    return f"{wording.full_day(starts.date())}（{weekday(starts)}）" if starts else f"{BLANK}年{BLANK}月{BLANK}日"


def _when(live: LiveSitting) -> str:
    starts = live.sitting.starts_at
    return f"{_day(live)}{starts.hour}时{starts.minute:02}分。" if starts else ""


def _where(matter: "Matter") -> str:
    venue = printed(matter.live.sitting.venue)
    return f"{venue_words(matter.live, matter.places, venue or BLANK * 3)}。"


def _questions(live: LiveSitting) -> tuple[str, ...]:
    titles = [printed(issue.title).rstrip("。；;") for issue in live.issues()]
    return tuple(
        f"{number}.{title}{'。' if number == len(titles) else '；'}" for number, title in enumerate(titles, start=1)
    )


def _guests(live: LiveSitting) -> list[Attendance]:
    return [a for a in live.attendances() if a.invited and a.presence != Presence.EXCUSED]


def asked_words(live: LiveSitting) -> str:
    """Return who is asked, by role and number, and no villager by name: 当事人2人、村民10人；自然资源所、乡司法所."""
    guests = _guests(live)
    roles: Counter[Role] = Counter(guest.role for guest in guests if guest.role != Role.LINE_DEPT)
    counted = "、".join(f"{ROLE_WORDS[role]}{roles[role]}人" for role in Role if roles[role])
    units, sent = units_invited(live), sum(guest.role == Role.LINE_DEPT for guest in guests)
    named = "、".join(units) if units else "有关部门"
    departments = f"{named}{f'共{sent}人' if len(units) > 1 else f'{sent}人'}" if sent else ""
    return sentence("；".join(part for part in (counted, departments) if part))


def _to_whom(matter: "Matter") -> str:
    """Return 主送: kinds apart by commas, departments by name when they are few; room to write when nobody is asked."""
    live = matter.live
    benches = {bench_of(guest.role) for guest in _guests(live)}
    urban = any(name.endswith("居民委员会") for name in offices(live, matter.places))
    units = units_invited(live)
    departments = "、".join(units) if 0 < len(units) <= MOST_UNITS else "各有关部门"
    kinds = {
        Bench.PEOPLE: "各位居民" if urban else "各位村民",
        Bench.CADRES: "社区干部" if urban else "村组干部",
        Bench.MEMBERS: "各位委员",
        Bench.DEPARTMENTS: departments,
        Bench.OTHERS: "其他应邀人员",
    }
    return "，".join(words for bench, words in kinds.items() if bench in benches) or BLANK * 3


def _arrangements(matter: "Matter") -> tuple[str, ...]:
    return ("请准时到会签到；有事不能到会的，请提前告知联系人。", _contact(matter))


def _contact(matter: "Matter") -> str:
    return f"联系人：{matter.issuer.contact or BLANK * 2}，联系电话：{matter.issuer.phone or BLANK * 3}。"


def _phone(matter: "Matter") -> str:
    said = f"{matter.issuer.contact}\u3000{matter.issuer.phone}".strip()
    return f"联系：{said}" if said else ""


def _wall_title(matter: "Matter") -> str:
    return f"{_meeting(matter)}公告"


def _poster(matter: "Matter") -> Poster | None:
    live = matter.live
    if not _is_called(matter) or live.consultation.closed_session:
        return None
    questions = tuple(f"{number}.{printed(issue.title)}" for number, issue in enumerate(live.issues(), start=1))
    points = (
        ("什么时候", (plain_time(live.sitting.starts_at),)),
        ("在哪里", (_where(matter).removesuffix("。"),)),
        ("议什么", questions or (matter_words(live, matter.practice),)),
        ("联系", ("　".join(part for part in (matter.issuer.contact, matter.issuer.phone) if part),)),
    )
    kept = tuple((label, lines) for label, lines in points if any(lines))
    return Poster(_meeting(matter), kept, "请相互转告，准时参加", organ(matter), dated(matter))
