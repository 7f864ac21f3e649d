"""文书: what tonight's papers say, made from the meeting as it stands; nothing is typed twice, no phone is told."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from app.domain import wording
from app.domain.action import Action
from app.domain.attendance import Attendance, Mode, Presence
from app.domain.consensus import SETTLING, Consensus
from app.domain.issue import Issue
from app.domain.paper import (
    READ_OUT,
    ActionLine,
    ActionList,
    ActionRow,
    ConsensusPaper,
    ConsensusSection,
    Imprint,
    Paper,
    ReservationLine,
    Signer,
    SignInRow,
    SignInSheet,
)
from app.domain.people import ROLE_WORDS, Person, Role
from app.domain.place import Places
from app.domain.practice import PaperKind, Practice
from app.queries.paper_law import route_line
from app.queries.paper_places import copies_of, joined, keepers_words, seal_words, venue_words
from app.queries.paper_words import (
    BLANK,
    OPEN_TALLY,
    agreements,
    copies_words,
    due_words,
    held_on,
    makes_village_rule,
    opening_words,
    outcome_of,
    printed,
    sentence,
    settled_words,
    share_lines,
    title_words,
    was_read_out,
)
from app.queries.sitting import LiveSitting

KINDS: Mapping[str, PaperKind] = MappingProxyType(
    {
        "consensus_paper": PaperKind.CONSENSUS,
        "sign_in_sheet": PaperKind.SIGN_IN,
        "action_list": PaperKind.ACTION_LIST,
    }
)
"""The papers of the evening, in the order they are printed, and what a practice calls each."""

ROWS_FOR_LATE = 5
ROWS_BEFORE = 15
NOTICE = (
    "个人信息告知：本页姓名、签名和指印仅用于证明本次协商和存档，由主办单位保管；您可以查阅、要求更正，也可以不签。"
)


def paper_set(live: LiveSitting, places: Places, practice: Practice) -> dict[str, Paper]:
    """Return every paper of the evening by its kind, in the order they are printed."""
    return {
        "consensus_paper": consensus_paper(live, places, practice),
        "sign_in_sheet": sign_in_sheet(live, places, practice),
        "action_list": action_list(live, places, practice),
    }


def copies(live: LiveSitting, practice: Practice) -> dict[str, int]:
    """Return how many of each paper are wanted; 0 for one the practice does without."""
    rules = {name: practice.paper(kind) for name, kind in KINDS.items()}
    return {name: copies_of(rule, live, len(parties(live))) if rule else 0 for name, rule in rules.items()}


def keepers(practice: Practice) -> dict[str, str]:
    """Return who keeps each paper, in the practice's own words."""
    rules = {name: practice.paper(kind) for name, kind in KINDS.items()}
    return {name: rule.keepers if rule else "" for name, rule in rules.items()}


def parties(live: LiveSitting) -> tuple[str, ...]:
    """Return the parties who came, one name for each household."""
    sides: dict[str, str] = {}
    for _, person in _came_as(live, Role.PARTY):
        sides.setdefault(person.household_id or person.id, person.name)
    return tuple(sides.values())


def sign_in_sheet(live: LiveSitting, places: Places, practice: Practice | None = None) -> SignInSheet:
    """Return the sheet: who came, in order of arrival; while the meeting lasts also who is awaited; blank rows."""
    sitting = live.sitting
    is_open = sitting.is_open()
    excused = [a for a in live.attendances() if a.presence == Presence.EXCUSED]
    listed = [*live.came(), *excused, *(live.awaited() if is_open else ())]
    rows = [_sign_in_row(live, places, attendance) for attendance in listed]
    return SignInSheet(
        title_words(live, practice, "签到表"),
        _time(sitting.opened_at or sitting.starts_at),
        venue_words(live, places, printed(sitting.venue)),
        tuple(row for row in rows if row),
        live.expected() or None,
        len(live.came()) or None,
        blank_rows=ROWS_BEFORE if is_open else ROWS_FOR_LATE,
        imprint=_imprint(live),
    )


def _time(moment: datetime | None) -> str:
    return f"{wording.full_day(moment.date())}{moment.hour}时{moment.minute:02}分" if moment else ""


def _sign_in_row(live: LiveSitting, places: Places, attendance: Attendance) -> SignInRow | None:
    person = live.person(attendance.person_id)
    if person is None:
        return None
    unit, village = live.unit(person.unit_id), places.get(person.village_code)
    home = joined(village.display_name if village else "", person.group)
    role = person.post or ROLE_WORDS[attendance.role]
    return SignInRow(person.name, unit.name if unit else home, printed(role), _note(attendance))


def _note(attendance: Attendance) -> str:
    left = f"{wording.clock(attendance.left_at)}离会" if attendance.left_at else ""
    notes = (
        f"{proxy_words(attendance)}签" if attendance.proxy_name else "",
        {Mode.ONLINE: "线上参会", Mode.CIRCULATED: "入户签认"}.get(attendance.mode, ""),
        "" if attendance.counts else "列席",
        left,
        f"请假{'：' if attendance.reason else ''}{attendance.reason}"
        if attendance.presence == Presence.EXCUSED
        else "",
    )
    return "；".join(note for note in notes if note)


def proxy_words(attendance: Attendance) -> str:
    """Return who stands in for somebody and as what: 女儿赵某乙代."""
    return f"{attendance.proxy_relation}{attendance.proxy_name}代" if attendance.proxy_name else ""


def consensus_paper(live: LiveSitting, places: Places, practice: Practice) -> ConsensusPaper:
    """Return the consensus as it will be read out, signed and sealed; what is not settled is left blank to write in."""
    day = held_on(live)
    wanted, outcome = copies(live, practice)["consensus_paper"], outcome_of(live, practice)
    return ConsensusPaper(
        title_words(live, practice, outcome),
        f"（{wording.full_day(day)}）" if day else "",
        opening_words(live, places, practice),
        tuple(_section(live, issue) for issue in live.issues()),
        tuple(_action_row(live, action) for action in live.actions()),
        closing=READ_OUT.replace("共识", outcome) if was_read_out(live) else "",
        language_line=_language_line(live),
        notice=NOTICE,
        signers=signers(live),
        seals=seal_words(live, places, practice),
        copies_line=copies_words(
            wanted, keepers_words(keepers(practice)["consensus_paper"], live, places, parties(live)), outcome
        ),
        names=names(live),
        imprint=_imprint(live),
    )


def _section(live: LiveSitting, issue: Issue) -> ConsensusSection:
    consensus = live.consensus_of(issue.id)
    if consensus is None or not consensus.is_settled():
        draft = sentence(consensus.text) if consensus else ""
        return ConsensusSection(printed(issue.title), draft or f"（{BLANK * 8}）", OPEN_TALLY)
    kept = live.reservations_of(consensus.id)
    return ConsensusSection(
        printed(issue.title),
        _agreed_words(consensus),
        settled_words(consensus, len(live.came())),
        consensus.is_below_ratio(),
        tuple(ReservationLine(_speaker(live, r.person_id), sentence(r.text), sentence(r.answer)) for r in kept),
        route_line(consensus.route, makes_village_rule(live, issue, consensus)) if consensus.result in SETTLING else "",
    )


def _agreed_words(consensus: Consensus) -> str:
    """Return what was agreed; words on which nobody agreed are called a proposal."""
    text = sentence(consensus.text)
    return text if consensus.result in SETTLING or not text else f"所议方案：{text}"


def _speaker(live: LiveSitting, person_id: str | None) -> str:
    """Return who kept a reservation, with the capacity they came in: 村民代表周某戊."""
    person = live.person(person_id)
    if person is None:
        return ""
    attendance = live.attendance_of(person.id)
    return ROLE_WORDS[attendance.role if attendance else person.role] + person.name


def _action_row(live: LiveSitting, action: Action) -> ActionRow:
    unit, person, brought = live.unit(action.unit_id), live.person(action.person_id), _brought(live, action)
    who = [unit.name if unit else "", person.name if person else ""]
    people = [person.name] if person else []
    return ActionRow(
        printed(action.text),
        "\n".join(word for word in who if word),
        due_words(action, held_on(live)),
        "\n".join(brought) or "—",
        (*people, *(part.party for part in live.contributions_of(action.id))),
    )


def _brought(live: LiveSitting, action: Action) -> tuple[str, ...]:
    shares = share_lines(live.contributions_of(action.id))
    return (*shares, printed(action.fund)) if action.fund.strip() else shares


def _language_line(live: LiveSitting) -> str:
    language = live.sitting.spoken_language.strip()
    return f"已用{language}宣读，到会人员听清无异议。" if language and was_read_out(live) else ""


def signers(live: LiveSitting) -> tuple[Signer, ...]:
    """Return who signs: the parties, or the people's delegates; host, members, dissenters, recorder, supervision."""
    sides = [Signer(_party_label(a), person.name) for a, person in _came_as(live, Role.PARTY)]
    host = live.host()
    members = [Signer("委员", p.name) for _, p in _came_as(live, Role.CPPCC_MEMBER) if p.name != host]
    watching = [Signer("村监委", p.name) for _, p in _came_as(live, Role.VILLAGE_SUPERVISION)]
    return (
        *(sides or [Signer("群众代表")]),
        Signer("主持", host),
        *members,
        *(Signer("保留意见", name) for name in _dissenters(live)),
        Signer("记录", live.sitting.recorder),
        *watching,
    )


def _party_label(attendance: Attendance) -> str:
    proxy = proxy_words(attendance)
    return f"当事人（{proxy}）" if proxy else "当事人"


def _dissenters(live: LiveSitting) -> list[str]:
    kept = [r for _, consensus in live.settled() for r in live.reservations_of(consensus.id)]
    people = (live.person(reservation.person_id) for reservation in kept)
    return list(dict.fromkeys(person.name for person in people if person))


def _came_as(live: LiveSitting, role: Role) -> list[tuple[Attendance, Person]]:
    """Return those who came in a capacity, in the order of arrival."""
    pairs = ((a, live.person(a.person_id)) for a in live.came() if a.role == role)
    return [(attendance, person) for attendance, person in pairs if person]


def names(live: LiveSitting) -> tuple[str, ...]:
    """Return every name that may stand on a paper, so that none is torn at the end of a line."""
    guests = live.attendances()
    people = (live.person(attendance.person_id) for attendance in guests)
    shares = (part.party for action in live.actions() for part in live.contributions_of(action.id))
    told = (live.host(), live.sitting.recorder, *(a.proxy_name for a in guests), *shares)
    found = dict.fromkeys((*(person.name for person in people if person), *told))
    return tuple(name for name in found if len(name) > 1)


def action_list(live: LiveSitting, places: Places, practice: Practice | None = None) -> ActionList:
    """Return the tasks as they are handed to the units, each with the consensus it comes from."""
    day, agreed, tasks = held_on(live), agreements(live), live.actions()
    when = f"{wording.full_day(day)}" if day else ""
    subtitle = f"{when}协商活动形成共识{agreed}项，分解任务{len(tasks)}项"
    rows = tuple(_action_line(live, action) for action in tasks)
    title = title_words(live, practice, "任务分解清单")
    return ActionList(title, subtitle, rows, seal_words(live, places, practice), _imprint(live))


def _action_line(live: LiveSitting, action: Action) -> ActionLine:
    lead, person = live.unit(action.unit_id), live.person(action.person_id)
    supporting = (live.unit(name) for name in action.support_units)
    given = [unit.name if unit else name for unit, name in zip(supporting, action.support_units, strict=True)]
    return ActionLine(
        printed(action.text),
        consensus_of(live, action),
        lead.name if lead else "",
        "\n".join(given),
        person.name if person else "",
        due_words(action, None) if action.due_on is None else wording.full_day(action.due_on),
        "\n".join(_brought(live, action)),
        action.supervisor,
        printed(action.note),
    )


def action_words(live: LiveSitting, action: Action) -> str:
    """Return how one task is carried out: 修挡墙，由村委会（王某辛）负责，2026年4月30日前完成；分担：两户各50%."""
    unit, person = live.unit(action.unit_id), live.person(action.person_id)
    who = unit.name if unit else ""
    whom = f"{who}（{person.name}）" if who and person else who or (person.name if person else "")
    due = f"{wording.full_day(action.due_on)}前完成" if action.due_on else due_words(action, None)
    shares = "；".join(share_lines(live.contributions_of(action.id)))
    doing = "，".join(part for part in (f"由{whom}负责" if whom else "", due) if part)
    rest = "；".join(part for part in (doing, f"分担：{shares}" if shares else "", printed(action.fund)) if part)
    return sentence("，".join(part for part in (printed(action.text), rest) if part))


def consensus_of(live: LiveSitting, action: Action) -> str:
    """Return which section of the consensus a task comes from: 二、挡墙谁出资."""
    for number, issue in enumerate(live.issues(), start=1):
        consensus = live.consensus_of(issue.id)
        if consensus and consensus.id == action.consensus_id:
            return f"{wording.numeral(number)}、{printed(issue.title)}"
    return ""


def _imprint(live: LiveSitting) -> Imprint:
    return Imprint(number=live.consultation.case_number)
