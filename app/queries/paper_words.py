"""The sentences of the papers: when and where, how many, how it was settled, who brings what."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.domain import wording
from app.domain.action import Action, Contribution, ContributionKind
from app.domain.attendance import Attendance
from app.domain.consensus import COUNTED, METHOD_WORDS, RATIO_WORDS, SETTLING, Consensus, Method, Ratio, Result
from app.domain.contribution_words import Amount
from app.domain.issue import Issue
from app.domain.people import MEMBERS, ROLE_WORDS, Bench, Role, bench_of
from app.domain.place import Places
from app.domain.practice import Practice
from app.domain.sitting import QuorumBase
from app.queries.paper_places import place_words, venue_beside
from app.queries.sitting import LiveSitting

BLANK = "　　　"
"""Room to write in by hand what nobody has typed."""

_BESIDE_A_FIGURE = re.compile(r"(?<=[\u2e80-\u9fff]) +(?=[\dA-Za-z])|(?<=[\dA-Za-z]) +(?=[\u2e80-\u9fff])")
_BETWEEN_FIGURES = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_FORM_TAIL = re.compile(r"(?<=协商)(?:会议?|活动)?(?:共识书?)?$")
_A_FORM = re.compile(r"(?:院坝|事前|现场|专题|民主|基层|一线)?(?:协商|深聊会?|议事会?)$")
_FORMS = ("协商", "会")
_MATTER_ENDS = ("一事", "问题", "事宜", "事项")
_STOPS = "。！？；…"


def printed(text: str) -> str:
    """Return a text as papers set it: no blank between Chinese and figures, no comma inside a figure."""
    return _BETWEEN_FIGURES.sub("", _BESIDE_A_FIGURE.sub("", text.strip()))


def sentence(text: str) -> str:
    """Return a text that ends as a sentence does; empty stays empty."""
    text = printed(text)
    return text if not text or text[-1] in _STOPS else f"{text}。"


def held_on(live: LiveSitting) -> date | None:
    """Return the day of the meeting: when it began, else when it was to begin."""
    moment = live.sitting.opened_at or live.sitting.starts_at
    return moment.date() if moment else None


def title_words(live: LiveSitting, practice: Practice | None, paper: str) -> str:
    """Return the title of a paper: 石墙村15米挡墙院坝协商共识; nothing is said twice."""
    title = _FORM_TAIL.sub("", printed(live.consultation.title))
    form = practice.name if practice else ""
    if not form.endswith(_FORMS):
        title = title.removesuffix(form)
    kept = form if form.endswith(_FORMS) else "协商"
    return (title if title.endswith((kept, "协商")) else title + kept) + paper.removeprefix("协商")


def meeting_word(practice: Practice) -> str:
    """Return what such a meeting is called: 院坝协商会, 深聊会, 委员工作站协商会."""
    name = practice.name
    if name.endswith("会"):
        return name
    return f"{name}会" if name.endswith("协商") else "协商会" if "协商" in name else f"{name}协商会"


def opening_words(live: LiveSitting, places: Places, practice: Practice) -> str:
    """Return the opening paragraph: when, where, about what, how many, who presided."""
    day, place = held_on(live), place_words(live, places)
    venue = venue_beside(place, printed(live.sitting.venue)) or BLANK * 2
    when = f"{wording.full_day(day)}，" if day else f"{BLANK}年{BLANK}月{BLANK}日，"
    where = f"{place}在{venue}召开{meeting_word(practice)}，就{matter_words(live, practice)}进行协商。"
    host = live.host() or BLANK
    return f"{when}{where}{heads_words(live)}，{host}主持。{_conclusion_words(live, practice)}"


def matter_words(live: LiveSitting, practice: Practice) -> str:
    """Return what the meeting is about, as it stands within a sentence: 两户修建15米挡墙一事."""
    text = printed(live.consultation.summary).rstrip(_STOPS) or bare_title(live, practice)
    return text if text.endswith(_MATTER_ENDS) else f"{text}一事"


def bare_title(live: LiveSitting, practice: Practice) -> str:
    """Return what a title is about, without the words for the meeting: 整治“不良酒风”."""
    title = _FORM_TAIL.sub("", printed(live.consultation.title))
    about = re.match(r"关于(.+?)的?$", _A_FORM.sub("", title.removesuffix(practice.name)))
    bare = about[1] if about else _A_FORM.sub("", title.removesuffix(practice.name))
    return bare or title


def _conclusion_words(live: LiveSitting, practice: Practice) -> str:
    if not was_held(live):
        return "协商情况如下："
    if not agreements(live):
        return "经充分协商，情况如下："
    return f"经充分协商，{_CONCLUSIONS[outcome_of(live, practice)]}："


class Outcome(StrEnum):
    """What a meeting leaves behind, as its paper is called (F10)."""

    CONSENSUS = "共识"
    INTENT = "意向书"
    COVENANT = "公约（草案）"


_CONCLUSIONS = {
    Outcome.CONSENSUS: "形成以下共识",
    Outcome.INTENT: "达成以下意向",
    Outcome.COVENANT: "形成以下公约草案，待村民会议讨论通过、报乡镇备案后施行",
}
_RULE_MADE = re.compile(
    "(?:制定|订立|修订|修改|完善|补充|写进|写入|纳入|列入)[^，。；]{0,8}村规民约|村规民约[^，。；]{0,4}(?:修订|修改|草案|条款)"
)


def outcome_of(live: LiveSitting, practice: Practice) -> Outcome:
    """Return how the paper is called: a village rule stays a draft; what hangs on conditions is an intent."""
    agreed = [consensus for _, consensus in live.settled() if consensus.result in SETTLING]
    if not agreed:
        return Outcome.CONSENSUS
    if live.consultation.category == "VILLAGE_RULE":
        return Outcome.COVENANT
    firm = any(consensus.result == Result.REACHED for consensus in agreed)
    return Outcome.CONSENSUS if firm and practice.needs_consensus else Outcome.INTENT


def makes_village_rule(live: LiveSitting, issue: Issue, consensus: Consensus) -> bool:
    """Return whether what was agreed is to become part of the village rules: no courtyard can decide that alone."""
    said = f"{issue.title}，{consensus.text}"
    return live.consultation.category == "VILLAGE_RULE" or _RULE_MADE.search(said) is not None


def was_held(live: LiveSitting) -> bool:
    """Return whether the meeting has begun, so that there is something to tell of it."""
    return live.sitting.opened_at is not None


def was_read_out(live: LiveSitting) -> bool:
    """Return whether a paper may say that it was read out: the meeting was held and has ended."""
    return was_held(live) and not live.sitting.is_open()


def agreements(live: LiveSitting) -> int:
    """Return on how many issues there is agreement; too few votes are none."""
    ended = (consensus for _, consensus in live.settled())
    return sum(consensus.result in SETTLING and not consensus.is_below_ratio() for consensus in ended)


def heads_words(live: LiveSitting) -> str:
    """Return who came: 应到32人，实到27人，其中群众18人、干部4人、政协委员2人、部门3人; a missed quorum is said."""
    came = live.came()
    if not was_held(live):
        return "，".join(part for part in (_expected_words(live), f"实到{BLANK}人") if part)
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
        if not was_held(live):
            return f"应到{expected}户" if expected else ""
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
        return sentence("，".join(part for part in ("未达成一致意见", route_words(consensus)) if part))
    if consensus.result == Result.DEFERRED:
        return sentence("：".join(part for part in ("择期再议", route_words(consensus)) if part))
    told = _votes(consensus) if consensus.method in COUNTED else METHOD_WORDS[consensus.method]
    if consensus.method in COUNTED and consensus.method != Method.HOUSEHOLD_VOTE and consensus.present != came:
        told += f"（表决时在场{consensus.present}人）"
    if consensus.is_below_ratio():
        told += f"，未达{RATIO_WORDS[consensus.ratio] if consensus.ratio != Ratio.ALL else '全体同意'}"
    return _RESULT_LEADS.get(consensus.result, "") + sentence(told)


def route_words(consensus: Consensus) -> str:
    """Return where a matter goes from here, when it was said in words; a code is not for paper."""
    return "" if consensus.route.isascii() else consensus.route


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
        return money_words(part.amount)
    return str(Amount(part.kind, wording.plain_number(part.amount), part.measure))


def money_words(amount: str) -> str:
    """Return a sum as officials write it: 8000元, 4.8万元, 96万元; a sum that is not so round stays in yuan."""
    sum_of = Decimal(amount)
    if sum_of < 10_000 or sum_of % 1_000:
        return wording.yuan(amount)
    return f"{wording.plain_number(str(sum_of / 10_000))}万元"


def copies_words(count: int, keepers: Sequence[str], what: str = "共识") -> str:
    """Return how many copies there are and who keeps them: 本共识一式3份，赵某甲、钱某乙各一份，村存一份。"""
    return sentence("，".join((f"本{what}一式{count}份", *keepers))) if count > 0 else ""
