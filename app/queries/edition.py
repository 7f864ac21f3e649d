"""定稿: what is sealed of a meeting, which versions there are, what differs between two, what a code is worth."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec

from app.domain.action import Action, Contribution, ContributionKind
from app.domain.attendance import Attendance
from app.domain.consensus import METHOD_WORDS, RATIO_WORDS, RESULT_WORDS, ROUTE_WORDS, Consensus
from app.domain.edition import Correction, Edition
from app.domain.edition_code import PageCode, SealCode, read_code, read_digits, shown_digits, signed_words
from app.domain.edition_file import RecordFile, read_record_file
from app.domain.edition_record import Closing, Json, Opening, opened, read_openings, read_record, told
from app.domain.issue import Issue
from app.domain.people import ROLE_WORDS, Household, Person
from app.domain.place import Places
from app.domain.practice import Practice
from app.domain.record import Record, from_plain, plain_fields
from app.domain.statement import STATEMENT_KIND_WORDS, Statement
from app.domain.unit import Unit
from app.ports import Among, AtLeast, Before, Is, Seal, Shelf, Signature
from app.queries.paper import names
from app.queries.paper_places import place_words
from app.queries.people import KINDS as REGISTER_KINDS
from app.queries.people import Register
from app.queries.sitting import KINDS, LiveSitting, live_sitting

STATEMENT = "发言"
CLOSURE_KINDS: Mapping[str, type[Record]] = KINDS | REGISTER_KINDS
UNTOLD_OF_PERSON = ("phone", "note")
"""What of a person no paper shows and no edition keeps."""
BODIES = (
    *(
        "组",
        "局",
        "所",
        "站",
        "委",
        "办",
        "村委会",
        "居委会",
        "集体",
        "公司",
        "协会",
        "合作社",
        "中心",
        "政府",
        "医院",
        "学校",
    ),
    *("企业", "组织", "村民", "群众", "部门", "单位", "资金", "专户"),
)
"""How what is no person ends."""


def seal_text(edition: Edition, hide: Callable[[str], str] = str) -> str:
    """Return what the seal code of a version says: what was agreed, its digits, and the seal.

    Only the seal is signed, so on a paper for the public `hide` may take out of the words what hangs on no wall.
    """
    record = read_record(edition.record.encode())
    assert record is not None
    code = SealCode(edition.sitting_id, edition.version, edition.digest, edition.device_key, edition.signature)
    return code.text(told(record, openings_of(edition), edition.digest, hide=hide))


def editions_of(shelf: Shelf, sitting_id: str) -> list[Edition]:
    """Return the sealed versions of a meeting, the first one first."""
    return shelf.all(Edition, Is("sitting_id", sitting_id), order="version")


def open_correction(shelf: Shelf, sitting_id: str) -> Correction | None:
    """Return the correction that is open: made after the latest version was sealed; None when there is none."""
    sealed = editions_of(shelf, sitting_id)
    found = shelf.all(Correction, Is("sitting_id", sitting_id), order="-id")
    return next((one for one in found if sealed and one.edition_id == sealed[-1].id), None)


def alone(shelf: Shelf, sitting_id: str) -> LiveSitting:
    """Return a sitting with a register of only those who have to do with it."""
    live = live_sitting(shelf, sitting_id, Register([], [], []))
    people = {a.person_id for a in live.attendances()} | {live.sitting.host_id}
    people |= {s.speaker_id for s in live.statements()} | {a.person_id for a in live.actions()}
    people |= {r.person_id for c in live.records[Consensus.KIND] for r in live.reservations_of(c)}
    found = shelf.all(Person, Among("id", tuple(sorted(one for one in people if one))))
    while missing := {p.merged_into for p in found if p.merged_into} - {p.id for p in found}:
        more = shelf.all(Person, Among("id", tuple(sorted(missing))))
        found += more
        if len(more) < len(missing):  # somebody is not on the register
            break
    units = {p.unit_id for p in found} | {a.unit_id for a in live.actions()}
    units |= {name for a in live.actions() for name in a.support_units}
    houses = tuple(sorted({p.household_id for p in found if p.household_id}))
    live.register = Register(
        found,
        shelf.all(Household, Among("id", houses)),
        shelf.all(Unit, Among("id", tuple(sorted(one for one in units if one)))),
    )
    return live


def why_not_seal(live: LiveSitting) -> list[str]:
    """Return what must be done before sealing, in the clerk's words; empty when it may be sealed."""
    reasons = [gap.sentence for gap in live.gaps() if gap.required]
    return ["会还没结", *reasons] if live.sitting.is_open() else reasons


Content = Callable[[Shelf, Closing], tuple[dict[str, Json], str]]


def content_of(places: Places, practice: Practice, sitting_id: str) -> Content:
    """Return what makes the content of a record and its closure when the moment of sealing has come."""

    def make(shelf: Shelf, closing: Closing) -> tuple[dict[str, Json], str]:
        live = alone(shelf, sitting_id)
        closing.names = personal_names(live, place_words(live, places))
        return sealed_content(live, places, practice, closing), closure_of(live)

    return make


def personal_names(live: LiveSitting, place: str) -> tuple[str, ...]:
    """Return the names that are closed wherever they stand; a group or an office that brings something is none."""
    known = (person.name for person in live.register.people.values() if len(person.name) > 1)
    return tuple(name for name in dict.fromkeys((*names(live), *known)) if not is_body(live, place, name))


def is_body(live: LiveSitting, place: str, party: str) -> bool:
    """Return whether what brings a share is no person: 山脚组, 村集体. In doubt it is one."""
    known = {person.name for person in live.register.people.values()}
    return party not in known and (party in place or party.endswith(BODIES))


def sealed_content(live: LiveSitting, places: Places, practice: Practice, closing: Closing) -> dict[str, Json]:
    """Return what is sealed of a meeting as it stands, in the words and figures of the papers."""
    sitting, day = live.sitting, live.sitting.opened_at or live.sitting.starts_at
    return {
        "title": closing.text(live.consultation.title),
        "practice": practice.name,
        "place": closing.text(place_words(live, places)),
        "venue": closing.text(sitting.venue),
        "held_on": day.date().isoformat() if day else "",
        "ended_at": sitting.ended_at.isoformat() if sitting.ended_at else "",
        "closed_session": live.consultation.closed_session,
        "host": closing.close(live.host()),
        "recorder": closing.close(sitting.recorder),
        "language": sitting.spoken_language,
        "expected": live.expected(),
        "came": len(live.came()),
        "attendance": [_attended(live, a, closing) for a in live.attendances()],
        "items": [_item(live, issue, closing) for issue in live.issues()],
        "actions": [_task(live, action, closing) for action in live.actions()],
        "statements": [_said(live, statement, closing) for statement in live.statements()],
    }


def _name(live: LiveSitting, person_id: str | None) -> str:
    person = live.person(person_id)
    return person.name if person else ""


def _attended(live: LiveSitting, attendance: Attendance, closing: Closing) -> dict[str, Json]:
    return {
        "name": closing.close(_name(live, attendance.person_id)),
        "role": attendance.role.value,
        "presence": attendance.presence.value,
        "mode": attendance.mode.value,
        "proxy": closing.close(attendance.proxy_name),
        "counts": attendance.counts,
    }


def _item(live: LiveSitting, issue: Issue, closing: Closing) -> dict[str, Json]:
    consensus = live.consensus_of(issue.id)
    item: dict[str, Json] = {"heading": closing.text(issue.title), "settled": False, "text": ""}
    if consensus is None or not consensus.is_settled():
        return item
    votes = {name: getattr(consensus, name) for name in ("agree", "against", "abstain", "silent", "present")}
    kept = live.reservations_of(consensus.id)
    return {
        **item,
        **votes,
        "settled": True,
        "text": closing.text(consensus.text),
        "method": consensus.method.value,
        "result": consensus.result.value,
        "ratio": consensus.ratio.value,
        "below_ratio": consensus.is_below_ratio(),
        "route": consensus.route,
        "reservations": [
            {
                "speaker": closing.close(_name(live, r.person_id)),
                "text": closing.close(r.text),
                "answer": closing.text(r.answer),
            }
            for r in kept
        ],
    }


def _task(live: LiveSitting, action: Action, closing: Closing) -> dict[str, Json]:
    unit = live.unit(action.unit_id)
    return {
        "text": closing.text(action.text),
        "unit": unit.name if unit else "",
        "person": closing.close(_name(live, action.person_id)),
        "due": action.due_on.isoformat() if action.due_on else "",
        "due_words": action.due_words,
        "fund": closing.text(action.fund),
        "shares": [_share(part, closing) for part in live.contributions_of(action.id)],
    }


def _share(part: Contribution, closing: Closing) -> dict[str, Json]:
    return {
        "party": closing.close(part.party)
        if part.party in closing.names or len(part.party) == 1
        else closing.text(part.party),
        "kind": part.kind.value,
        "amount": part.amount,
        "measure": part.measure,
    }


def _said(live: LiveSitting, statement: Statement, closing: Closing) -> dict[str, Json]:
    return {
        "speaker": closing.close(_name(live, statement.speaker_id)),
        "kind": statement.kind.value,
        "text": closing.close(statement.text),
    }


def closure_of(live: LiveSitting) -> str:
    """Return the records that a version's papers are made from, as text; phones and notes about people are left out."""
    kept: dict[str, list[dict[str, Any]]] = {}
    held: dict[str, Mapping[str, Record]] = dict(live.records)
    held |= {
        Person.KIND: live.register.people,
        Household.KIND: live.register.households,
        Unit.KIND: live.register.units,
    }
    for kind in CLOSURE_KINDS:
        rows = [{"id": record.id, **plain_fields(record)} for record in held[kind].values()]
        if kind == Person.KIND:
            rows = [{name: value for name, value in row.items() if name not in UNTOLD_OF_PERSON} for row in rows]
        kept[kind] = sorted(rows, key=lambda row: str(row["id"]))
    return msgspec.json.encode(kept, order="sorted").decode()


def sitting_as_sealed(edition: Edition) -> LiveSitting:
    """Return the meeting as a version has it, so that its papers can be printed again as they were."""
    kept: dict[str, list[dict[str, Any]]] = msgspec.json.decode(edition.closure)
    read = {kind: [from_plain(CLOSURE_KINDS[kind], row) for row in rows] for kind, rows in kept.items()}
    people: Any = read
    live = LiveSitting(edition.sitting_id, Register(people[Person.KIND], people[Household.KIND], people[Unit.KIND]))
    for kind in KINDS:
        live.records[kind] = {record.id: record for record in read[kind]}
    return live


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is another in the later version: where, what it was, what it is; empty for there was, is none."""

    where: str
    before: str
    after: str

    def sentence(self) -> str:
        """Return it as one sentence: 焦点1“地界怎么认”：由“…”改为“…”."""
        if not self.before:
            return f"{self.where}：增加“{self.after}”"
        return (
            f"{self.where}：由“{self.before}”改为“{self.after}”" if self.after else f"{self.where}：删去“{self.before}”"
        )


def contents(edition: Edition) -> dict[str, Any]:
    """Return a version's record with its personal parts opened, as far as this machine can open them."""
    record = read_record(edition.record.encode())
    assert record is not None
    shown = opened(record, read_openings(edition.openings) or {})
    assert isinstance(shown, dict)
    return shown


def openings_of(edition: Edition) -> dict[str, Opening]:
    """Return what opens a version's personal parts."""
    return read_openings(edition.openings) or {}


def differences(before: Edition, after: Edition) -> list[Difference]:
    """Return what differs between two versions, in the order of the paper."""
    return content_differences(contents(before), contents(after))


def content_differences(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    """Return what differs between two opened records, in the order of the paper."""
    old, new = dict(_lines(before)), dict(_lines(after))
    places = list(dict.fromkeys((*old, *new)))
    pairs = ((where, old.get(where, ""), new.get(where, "")) for where in places)
    return [Difference(where, was, now) for where, was, now in pairs if was != now]


_FRAME = {
    "title": "标题", "practice": "协商形式", "place": "村组", "venue": "地点", "held_on": "日期", "host": "主持人",
    "recorder": "记录人", "language": "宣读语言", "closed_session": "不公开", "expected": "应到人数",
    "came": "实到人数",
}  # fmt: skip
_PRESENCE = {"PRESENT": "到会", "EXCUSED": "请假", "EXPECTED": "没到", "ABSENT": "没到", "LEFT": "中途离会"}
_MODE = {"IN_PERSON": "", "ONLINE": "线上", "CIRCULATED": "入户签认", "PROXY": "代为参会"}
_TRUTH = {True: "是", False: "否"}


def _lines(shown: dict[str, Any]) -> list[tuple[str, str]]:
    """Return everything an opened record tells, each with where it stands, in the order of the paper.

    When the meeting ended is left out: a correction that calls it again ends it again.
    """
    lines = [(word, _TRUTH.get(shown[name], str(shown[name]))) for name, word in _FRAME.items()]
    met: Counter[str] = Counter()
    for attendance in shown["attendance"]:
        met[name := str(attendance["name"])] += 1
        lines.append((f"签到 {name}{met[name] if met[name] > 1 else ''}", _attended_words(attendance)))
    for number, item in enumerate(shown["items"], start=1):
        lines += [(f"焦点{number}{where}", words) for where, words in _item_lines(item)]
    lines += [(f"任务{number}", _task_words(task)) for number, task in enumerate(shown["actions"], start=1)]
    said = enumerate(shown["statements"], start=1)
    return lines + [(f"{STATEMENT}{n}", f"{s['speaker']}：{s['text']}（{_kind_of(s['kind'])}）") for n, s in said]


def _kind_of(kind: str) -> str:
    return next((word for one, word in STATEMENT_KIND_WORDS.items() if one.value == kind), kind)


def _attended_words(attendance: dict[str, Any]) -> str:
    role = next((word for role, word in ROLE_WORDS.items() if role.value == attendance["role"]), attendance["role"])
    notes = (
        f"{attendance['proxy']}代" if attendance["proxy"] else "",
        _MODE.get(attendance["mode"], attendance["mode"]),
        "" if attendance["counts"] else "列席",
    )
    told = "，".join(note for note in notes if note)
    presence = _PRESENCE.get(attendance["presence"], attendance["presence"])
    return f"{role}{presence}" + (f"（{told}）" if told else "")


def _item_lines(item: dict[str, Any]) -> list[tuple[str, str]]:
    lines = [("标题", str(item["heading"])), ("", str(item["text"])), ("结论", "" if item["settled"] else "未议定")]
    if item["settled"]:
        lines += [("表决", _vote_words(item)), ("去向", ROUTE_WORDS.get(item["route"], item["route"]))]
        for number, kept in enumerate(item["reservations"], start=1):
            answer = f"（答复：{kept['answer']}）" if kept["answer"] else ""
            lines.append((f"保留意见{number}", f"{kept['speaker']}：{kept['text']}{answer}"))
    return lines


def _vote_words(item: dict[str, Any]) -> str:
    method = next((word for method, word in METHOD_WORDS.items() if method.value == item["method"]), item["method"])
    result = next((word for result, word in RESULT_WORDS.items() if result.value == item["result"]), item["result"])
    ratio = next((word for ratio, word in RATIO_WORDS.items() if ratio.value == item["ratio"]), item["ratio"])
    votes = f"同意{item['agree']}，反对{item['against']}，弃权{item['abstain']}，不表态{item['silent']}"
    missed = "未达比例" if item["below_ratio"] else ""
    parts = (method, result, votes, f"在场{item['present']}", f"须{ratio}" if ratio else "", missed)
    return "，".join(part for part in parts if part)


def _task_words(task: dict[str, Any]) -> str:
    shares = "、".join(
        f"{part['party']}{part['amount']}{'个工' if part['kind'] == ContributionKind.LABOUR.value else part['measure']}"
        for part in task["shares"]
    )
    parts = (task["text"], task["unit"], task["person"], task["due"], task["due_words"], shares, task["fund"])
    return "，".join(str(part) for part in parts if part)


def correction_words(versions: Sequence[Edition], edition: Edition) -> tuple[str, ...]:
    """Return what a corrected version says of the one before: which it replaces, why, what differs; else nothing."""
    before = next((one for one in versions if one.id == edition.previous_id), None)
    if before is None:
        return ()
    head = f"更正说明：本件为第{edition.version}版，取代第{before.version}版。更正理由：{edition.reason.rstrip('。')}。"
    replaced = f"第{before.version}版验真码：{shown_digits(before.digits)}。"
    found = differences(before, edition)
    shown = [one.sentence() for one in found if not one.where.startswith(STATEMENT)]
    if len(shown) < len(found):  # what somebody said stands in the record of the meeting, not on every paper
        shown.append(f"会议记录里的发言改了{len(found) - len(shown)}处")
    told = enumerate(shown or ["两版内容相同"], start=1)
    return (head, replaced, *(f"（{number}）{sentence.rstrip('。')}。" for number, sentence in told))


def has_changed(places: Places, practice: Practice) -> Callable[[Shelf, Edition], bool]:
    """Return what tells whether a meeting as it stands differs from a sealed version of it."""

    def ask(shelf: Shelf, edition: Edition) -> bool:
        return bool(edition_state(shelf, edition.sitting_id, places, practice).changes)

    return ask


class Verdict(StrEnum):
    """What a code, a number or a file is worth on this machine."""

    UNCHANGED = "unchanged"
    SUPERSEDED = "superseded"
    ALTERED = "altered"
    NOT_OURS = "not_ours"
    UNKNOWN_HERE = "unknown_here"
    UNSEALED = "unsealed"


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict with the version it is about and the version that holds now, as far as this machine knows them.

    `is_signed` tells of a good signature under a record that is not here.
    """

    verdict: Verdict
    edition: Edition | None = None
    latest: Edition | None = None
    is_signed: bool = False

    def sentence(self) -> str:
        """Return it in the clerk's words; what a seal does not prove is said each time."""
        return "".join(part for part in (self.told(), PROVES if self.edition else "") if part)

    def told(self) -> str:
        """Return what it says of the paper, without what a seal does not prove."""
        version = self.edition.version if self.edition else 0
        now = self.latest.version if self.latest else version
        return {
            Verdict.UNCHANGED: f"没改过：这是第{version}版，就是现行的一版。",
            Verdict.SUPERSEDED: f"旧版：这是第{version}版，没改过，但现行的是第{now}版。",
            Verdict.ALTERED: "改动过：和定稿时记下的对不上，或者盖印是假的。",
            Verdict.NOT_OURS: "不是院坝的码，或者没拍全、没输全。",
            Verdict.UNKNOWN_HERE: ("签名是好的，但" if self.is_signed else "")
            + "这台电脑上没有这份原件，看不出是谁的、是不是现行的一版。到出具它的乡镇或者县里查。",
            Verdict.UNSEALED: "这是定稿前印的纸，没有盖印，验不了。",
        }[self.verdict]


PROVES = "这只证明定稿时记下的是什么、是哪台电脑定的稿，不证明村民都同意。"


def verdict(shelf: Shelf, seal: Seal, text: str) -> Finding:
    """Return what a text is worth: a seal code, a page code, 12 of the 20 digits or more, or a whole record file."""
    if text.startswith("{"):
        file = read_record_file(text.encode("utf-8", "surrogatepass"))
        return Finding(Verdict.NOT_OURS) if file is None else verdict_of_file(shelf, seal, file)
    code = read_code(text)
    if isinstance(code, SealCode):
        return _of_seal(shelf, seal, code)
    if isinstance(code, PageCode):
        return _of_page(shelf, code)
    digits = read_digits(text)
    if not digits:
        return Finding(Verdict.NOT_OURS)
    # What begins with these digits lies between them and them with a sign after every digit.
    found = shelf.all(Edition, AtLeast("digits", digits), Before("digits", f"{digits}:"), order="-version", limit=2)
    return _known(shelf, found[0]) if len({one.sitting_id for one in found}) == 1 else Finding(Verdict.UNKNOWN_HERE)


def verdict_of_file(shelf: Shelf, seal: Seal, file: RecordFile) -> Finding:
    """Return what a record file is worth: its bytes, its seal, and that each opening opens what is in it."""
    return _of_seal(shelf, seal, file.code) if file.is_whole() else Finding(Verdict.ALTERED)


def _of_seal(shelf: Shelf, seal: Seal, code: SealCode) -> Finding:
    words = signed_words(code.sitting_id, code.version, code.digest)
    if not seal.holds(words, Signature(code.device_key, code.signature)):
        return Finding(Verdict.ALTERED)
    found = shelf.all(Edition, Is("digest", code.digest), limit=1)
    if found:
        return _known(shelf, found[0])
    same = shelf.all(Edition, Is("sitting_id", code.sitting_id), Is("version", code.version), limit=1)
    return Finding(Verdict.ALTERED, same[0]) if same else Finding(Verdict.UNKNOWN_HERE, is_signed=True)


def _of_page(shelf: Shelf, code: PageCode) -> Finding:
    versions = editions_of(shelf, code.sitting_id)
    if not versions:
        return Finding(Verdict.UNKNOWN_HERE if code.version else Verdict.UNSEALED)
    if not code.version:
        return Finding(Verdict.UNSEALED, None, versions[-1])
    one = next((edition for edition in versions if edition.version == code.version), None)
    if one is None:
        return Finding(Verdict.UNKNOWN_HERE, None, versions[-1])
    return _known(shelf, one) if one.digest.startswith(code.check) else Finding(Verdict.ALTERED, one)


def _known(shelf: Shelf, edition: Edition) -> Finding:
    latest = editions_of(shelf, edition.sitting_id)[-1]
    return Finding(Verdict.UNCHANGED if latest.id == edition.id else Verdict.SUPERSEDED, edition, latest)


@dataclass(frozen=True, slots=True)
class EditionState:
    """Where a meeting stands: its sealed versions, the open correction, and what differs by now from the latest."""

    editions: tuple[Edition, ...] = ()
    correction: Correction | None = None
    changes: tuple[Difference, ...] = ()

    @property
    def latest(self) -> Edition | None:
        """Return the version that holds; None before the first."""
        return self.editions[-1] if self.editions else None

    def is_sealed(self) -> bool:
        """Return whether the meeting stands as sealed: nothing of it may be changed."""
        return bool(self.editions) and self.correction is None


def edition_state(shelf: Shelf, sitting_id: str, places: Places, practice: Practice) -> EditionState:
    """Return where a meeting stands; the differences are looked for only while a correction is open."""
    editions = tuple(editions_of(shelf, sitting_id))
    correction = open_correction(shelf, sitting_id)
    if correction is None:
        return EditionState(editions)
    live = alone(shelf, sitting_id)
    closing = Closing(personal_names(live, place_words(live, places)), lambda _: 0)
    now = opened(sealed_content(live, places, practice, closing), closing.openings)
    assert isinstance(now, dict)
    return EditionState(editions, correction, tuple(content_differences(contents(editions[-1]), now)))
