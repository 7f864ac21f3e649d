"""The sentences of the papers: when and where, how many, how it was settled, who brings what."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

from app.domain import wording
from app.domain.action import Action, Contribution, ContributionKind
from app.domain.attendance import Attendance
from app.domain.consensus import COUNTED, METHOD_WORDS, RATIO_WORDS, SETTLING, Consensus, Method, Ratio, Result
from app.domain.contribution_words import Amount
from app.domain.people import MEMBERS, ROLE_WORDS, Bench, Role, bench_of
from app.domain.place import Level, Places
from app.domain.practice import Practice
from app.domain.sitting import QuorumBase
from app.queries.sitting import LiveSitting

BLANK = "　　　"
"""Room to write in by hand what nobody has typed."""

_BESIDE_A_FIGURE = re.compile(r"(?<=[\u2e80-\u9fff]) +(?=[\dA-Za-z])|(?<=[\dA-Za-z]) +(?=[\u2e80-\u9fff])")
_MATTER_ENDS = ("一事", "问题", "事宜", "事项")
_STOPS = "。！？；…"


def printed(text: str) -> str:
    """Return a text as papers set it: no blank between Chinese and figures."""
    return _BESIDE_A_FIGURE.sub("", text.strip())


def sentence(text: str) -> str:
    """Return a text that ends as a sentence does; empty stays empty."""
    text = printed(text)
    return text if not text or text[-1] in _STOPS else f"{text}。"


def held_on(live: LiveSitting) -> date | None:
    """Return the day of the meeting: when it began, else when it was to begin."""
    moment = live.sitting.opened_at or live.sitting.starts_at
    return moment.date() if moment else None


def place_words(live: LiveSitting, places: Places) -> str:
    """Return where the meeting belongs, from the township down: 青石乡石墙村大寨; empty when no place is known."""
    known = [code for code in live.consultation.place_codes if places.get(code)]
    return "、".join(dict.fromkeys(_from_township(code, places) for code in known)) + live.consultation.hamlet


def _from_township(code: str, places: Places) -> str:
    parts = [place for place in places.path(code) if len(place.code) >= 9] or [places.place(code)]
    return "".join(place.display_name if place.level is Level.VILLAGE else place.printed_name for place in parts)


def title_words(live: LiveSitting, practice: Practice | None, paper: str) -> str:
    """Return the title of a paper: 石墙村15米挡墙院坝协商共识; nothing is said twice."""
    title = re.sub("(?<=协商)会$", "", printed(live.consultation.title))
    form = practice.name if practice and "协商" in practice.name else "协商"
    return (title if title.endswith("协商") else title + form) + paper.removeprefix("协商")


def meeting_word(practice: Practice) -> str:
    """Return what such a meeting is called: 院坝协商会, 深聊会, 委员工作站协商会."""
    name = practice.name
    return name if name.endswith("会") else f"{name}会" if name.endswith("协商") else f"{name}协商会"


def opening_words(live: LiveSitting, places: Places, practice: Practice) -> str:
    """Return the opening paragraph: when, where, about what, how many, who presided."""
    day, venue = held_on(live), printed(live.sitting.venue)
    when = f"{wording.full_day(day)}，" if day else f"{BLANK}年{BLANK}月{BLANK}日，"
    where = (
        f"{place_words(live, places)}在{venue or BLANK * 2}召开{meeting_word(practice)}，就{_matter(live)}进行协商。"
    )
    host = live.host() or BLANK
    return f"{when}{where}{heads_words(live)}，{host}主持。{_conclusion_words(live)}"


def _matter(live: LiveSitting) -> str:
    text = printed(live.consultation.summary).rstrip(_STOPS) or _bare_title(live)
    return text if text.endswith(_MATTER_ENDS) else f"{text}一事"


def _bare_title(live: LiveSitting) -> str:
    return re.sub(r"(院坝)?协商会?$", "", printed(live.consultation.title))


def _conclusion_words(live: LiveSitting) -> str:
    return "经充分协商，形成以下共识：" if agreements(live) else "经充分协商，情况如下："


def agreements(live: LiveSitting) -> int:
    """Return on how many issues there is agreement; too few votes are none."""
    ended = (consensus for _, consensus in live.settled())
    return sum(consensus.result in SETTLING and not consensus.is_below_ratio() for consensus in ended)


def heads_words(live: LiveSitting) -> str:
    """Return who came: 应到32人，实到27人，其中群众18人、干部4人、政协委员2人、部门3人; a missed quorum is said."""
    came = live.came()
    groups = "、".join(f"{word}{count}人" for word, count in _groups(came) if count)
    left = sum(not attendance.is_here() for attendance in came)
    parts = (
        _expected_words(live),
        f"实到{len(came)}人",
        f"其中{groups}" if groups else "",
        f"{left}人中途离会" if left else "",
        _quorum_words(live),
    )
    return "，".join(part for part in parts if part)


def _expected_words(live: LiveSitting) -> str:
    if live.sitting.quorum_base == QuorumBase.HOUSEHOLDS:
        expected, here = live.households()
        return f"应到{expected}户，实到{here}户" if expected else f"实到{here}户"
    return f"应到{live.expected()}人" if live.expected() else ""


def _quorum_words(live: LiveSitting) -> str:
    quorum = live.quorum()
    if quorum.base == 0 or quorum.is_met():
        return ""
    return f"到会未达{'过半' if quorum.rule == 'half' else '三分之二'}"


def _groups(came: Iterable[Attendance]) -> list[tuple[str, int]]:
    """Return how many of each bench came; members by their office, and whoever is of no department apart."""
    roles = Counter(attendance.role for attendance in came)
    benches = Counter(bench_of(role) for role in roles.elements())
    members = [(ROLE_WORDS[role], roles[role]) for role in sorted(MEMBERS, key=list(Role).index)]
    return [
        ("群众", benches[Bench.PEOPLE]),
        ("干部", benches[Bench.CADRES]),
        *members,
        ("部门", benches[Bench.DEPARTMENTS]),
        ("其他", benches[Bench.OTHERS]),
    ]


def settled_words(consensus: Consensus, came: int) -> str:
    """Return how an issue was settled, in one sentence that never leaves out a voice or a missed ratio."""
    if consensus.result == Result.NOT_REACHED:
        return sentence(f"未达成一致意见，{consensus.route or '择期再议'}")
    if consensus.result == Result.DEFERRED:
        return sentence(f"择期再议{'：' if consensus.route else ''}{consensus.route}")
    told = _votes(consensus) if consensus.method in COUNTED else METHOD_WORDS[consensus.method]
    if consensus.method in COUNTED and consensus.method != Method.HOUSEHOLD_VOTE and consensus.present != came:
        told += f"（表决时在场{consensus.present}人）"
    if consensus.is_below_ratio():
        told += f"，未达{RATIO_WORDS[consensus.ratio] if consensus.ratio != Ratio.ALL else '全体同意'}"
    return _RESULT_LEADS.get(consensus.result, "") + sentence(told)


_RESULT_LEADS = {Result.PARTIAL: "部分达成：", Result.CONDITIONAL: "附条件达成："}
_METHOD_LEADS = {
    Method.NAMED_VOTE: "记名表决：",
    Method.SECRET_BALLOT: "无记名投票：",
    Method.HOUSEHOLD_VOTE: "一户一票：",
}


def _votes(consensus: Consensus) -> str:
    measure = "户" if consensus.method == Method.HOUSEHOLD_VOTE else "人"
    counted = f"同意{consensus.agree}{measure}，反对{consensus.against}{measure}，弃权{consensus.abstain}{measure}"
    silent = f"，未表态{consensus.silent}{measure}" if consensus.silent else ""
    return _METHOD_LEADS.get(consensus.method, "") + counted + silent


OPEN_TALLY = f"同意{BLANK}人，反对{BLANK}人，弃权{BLANK}人。"
"""What stands under an issue that is not settled yet: to be filled in by hand."""


def due_words(action: Action, day: date | None) -> str:
    """Return the day a task is due, with the year when it is not the meeting's; what was said if no day was found."""
    if action.due_on is None:
        return printed(action.due_words)
    return wording.day_seen_from(action.due_on, day or action.due_on)


def share_lines(contributions: Iterable[Contribution]) -> tuple[str, ...]:
    """Return who brings what, those who bring the same together: 赵某甲、钱某乙各50%, 村集体18方."""
    parties: dict[str, list[str]] = {}
    for part in contributions:
        parties.setdefault(_amount(part), []).append(printed(part.party))
    return tuple(f"{'、'.join(names)}{'各' if len(names) > 1 else ''}{amount}" for amount, names in parties.items())


def _amount(part: Contribution) -> str:
    if part.kind == ContributionKind.MONEY:
        return wording.yuan(part.amount)
    return str(Amount(part.kind, wording.plain_number(part.amount), part.measure))


def copies_words(count: int, keepers: str, parties: tuple[str, ...]) -> str:
    """Return how many copies there are and who keeps them: 本共识一式3份，赵某甲、钱某乙各一份，村存一份。"""
    if count < 1:
        return ""
    evening = keepers.partition("；")[0].split("，") if keepers else []
    whose = [_keeper(keeper, parties) for keeper in evening]
    return sentence("，".join((f"本共识一式{count}份", *(part for part in whose if part))))


def _keeper(keeper: str, parties: tuple[str, ...]) -> str:
    if keeper.startswith("各方"):
        if not parties:
            return ""
        names = "、".join(parties) if len(parties) <= 4 else "各方"
        keeper = f"{names}{'各' if len(parties) > 1 else ''}一"
    return f"{keeper}份" if keeper.endswith("一") else keeper
