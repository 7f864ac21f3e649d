"""Taking records of the benchmark workload in: one JSON line per record, one act for every thousand at most.

A session becomes a consultation with its sitting (both under the session's id), a participant a person, an issue,
a statement and an action what they are called. The second line of an id changes the fields that differ.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import cast

import msgspec

from app.domain.action import Action, ActionStage
from app.domain.change import Change, ChangeSet, changed, created
from app.domain.consultation import Consultation, ConsultationStage
from app.domain.errors import Incomplete, Refused, Trouble
from app.domain.issue import Issue
from app.domain.people import Person, Role, refuse_forbidden_numbers
from app.domain.record import Record
from app.domain.sitting import Sitting
from app.domain.statement import Statement, StatementKind
from app.ports import Among, Is, Moment, Shelf

BATCH = 1_000
MOST_TOLD = 20
HERE = timezone(timedelta(hours=8))
# 9999-12-31T23:59:59Z: later moments have no date.
LAST_MS = 253_402_300_799_000


class Rec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One record of the workload; `at` is milliseconds since 1970."""

    id: str
    kind: str
    parent: str
    region: str
    author: str
    at: int
    status: str
    title: str
    body: str


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the workload."""

    op: str
    rec: Rec


STAGES = {
    "办理中": ConsultationStage.FOLLOWING_UP,
    "已办结": ConsultationStage.CLOSED,
    "延期": ConsultationStage.POSTPONED,
    "已核实": ConsultationStage.EVALUATED,
    "open": ConsultationStage.IN_SESSION,
}
ROLES = {"村民": Role.VILLAGER, "干部": Role.VILLAGE_CADRE, "委员": Role.CPPCC_MEMBER, "部门": Role.LINE_DEPT}
KINDS = {"提出": StatementKind.CLAIM, "附议": StatementKind.OPINION, "保留": StatementKind.DISSENT}
TASK_STAGES = {
    "待办": ActionStage.ASSIGNED,
    "办理中": ActionStage.IN_PROGRESS,
    "已办结": ActionStage.DONE,
    "延期": ActionStage.BLOCKED,
    "已核实": ActionStage.VERIFIED,
}


def _consultation(rec: Rec, before: Consultation | None) -> Consultation:
    stage = STAGES.get(rec.status, before.stage if before else ConsultationStage.PREPARING)
    blank = before or Consultation(rec.id, rec.title)
    return replace(blank, title=rec.title, place_codes=(rec.region,), stage=stage, summary=rec.body)


def _person(rec: Rec, before: Person | None) -> Person:
    role = ROLES.get(rec.status, before.role if before else Role.VILLAGER)
    post = "" if rec.status in ROLES else rec.status
    blank = before or Person(rec.id, rec.title)
    return replace(blank, name=rec.title, village_code=rec.region, role=role, post=post, note=rec.body)


def _issue(rec: Rec, before: Issue | None) -> Issue:
    blank = before or Issue(rec.id, rec.parent, 0, rec.title)
    return replace(blank, sitting_id=rec.parent, title=rec.title, note=f"{rec.status}：{rec.body}")


def _statement(rec: Rec, before: Statement | None) -> Statement:
    kind = KINDS.get(rec.status, before.kind if before else StatementKind.OPINION)
    note = rec.title if rec.status in KINDS else f"{rec.title}（{rec.status}）"
    said_at = before.said_at if before else datetime.fromtimestamp(rec.at / 1000, HERE)
    blank = before or Statement(rec.id, rec.parent, 0, rec.body)
    return replace(blank, sitting_id=rec.parent, text=rec.body, kind=kind, said_at=said_at, note=note)


def _action(rec: Rec, before: Action | None) -> Action:
    stage = TASK_STAGES.get(rec.status, before.stage if before else ActionStage.DRAFT)
    blank = before or Action(rec.id, rec.parent, rec.parent, 0, rec.title)
    day = datetime.fromtimestamp(rec.at / 1000, HERE).date()
    return replace(
        blank, text=rec.title, note=rec.body, stage=stage, done_on=day if stage == ActionStage.DONE else None
    )


Become = Callable[[Rec, Record | None], Record]
BECOMES: dict[str, tuple[type[Record], Become]] = {
    "session": (Consultation, cast(Become, _consultation)),
    "participant": (Person, cast(Become, _person)),
    "issue": (Issue, cast(Become, _issue)),
    "statement": (Statement, cast(Become, _statement)),
    "action": (Action, cast(Become, _action)),
}
NUMBERED = (Issue, Statement, Action)


def read(file: Path, tell: Callable[[str], None]) -> list[Rec]:
    """Return every record of a file; tell each line that is none by its number, and then take nothing.

    Raises:
        Trouble: The file cannot be read, or some line is not a record.
    """
    try:
        lines = file.read_bytes().split(b"\n")
    except OSError as error:
        raise Trouble("文件读不出来", str(file), "看看路径写对没有") from error
    records, wrong = _sorted_out(lines)
    for no, why in wrong[:MOST_TOLD]:
        tell(f"第 {no} 行：{why}")
    if wrong:
        raise Trouble(f"有 {len(wrong)} 行不是能收的记录", "一条也没收，原有内容没动", "改好这些行再来")
    return records


def _sorted_out(lines: list[bytes]) -> tuple[list[Rec], list[tuple[int, str]]]:
    """Return the records, and the lines that are none with what is wrong with each."""
    decoder = msgspec.json.Decoder(Line)
    records: list[Rec] = []
    wrong: list[tuple[int, str]] = []
    kinds: dict[str, str] = {}
    for no, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            records.append(_record(decoder, line, kinds))
        except (msgspec.DecodeError, UnicodeDecodeError):
            wrong.append((no, "不是一条完整的记录"))
        except Refused as refused:
            wrong.append((no, refused.sentence()))
    return records, wrong


def _record(decoder: "msgspec.json.Decoder[Line]", line: bytes, kinds: dict[str, str]) -> Rec:
    """Return the record of a line, after trying whether it can become one of ours."""
    told = decoder.decode(line)
    rec = told.rec
    if told.op != "put":
        raise Refused(f"不认识“{told.op[:20]}”")
    if rec.kind not in BECOMES:
        raise Refused(f"不认识“{rec.kind[:20]}”这一类")
    if not rec.id or not rec.title.strip() or not 0 <= rec.at <= LAST_MS:
        raise Incomplete("编号、标题或时间不对")
    if kinds.setdefault(rec.id, rec.kind) != rec.kind:
        raise Refused("同一个编号前面是另一类")
    refuse_forbidden_numbers(f"{rec.title}\n{rec.body}")
    datetime.fromtimestamp(rec.at / 1000, HERE)
    return rec


def batches(records: list[Rec]) -> Iterator["TakeRecords"]:
    """Yield commands that take the records in, in their order, so many at a time."""
    for first in range(0, len(records), BATCH):
        yield TakeRecords(tuple(records[first : first + BATCH]))


@dataclass(frozen=True, slots=True)
class TakeRecords:
    """Take a batch of records in as one act."""

    records: tuple[Rec, ...]

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return what is new and what differs."""
        known = _known(shelf, self.records)
        numbers = _begun(shelf, [rec.id for rec in self.records if rec.kind == "session"])
        parts: list[Change] = []
        for rec in self.records:
            kind, become = BECOMES[rec.kind]
            before = known.get((kind.KIND, rec.id))
            after = become(rec, before)
            if before is None:
                if isinstance(after, NUMBERED):
                    after = replace(after, number=_next(numbers, shelf, after))
                parts += created(after)
                if isinstance(after, Consultation):
                    parts += created(_sitting(rec))
            else:
                parts += changed(before, after)
            known[(kind.KIND, rec.id)] = after
        return ChangeSet(f"收进 {len(self.records)} 条记录", tuple(parts))


def _sitting(rec: Rec) -> Sitting:
    return Sitting(rec.id, rec.id, starts_at=datetime.fromtimestamp(rec.at / 1000, HERE))


def _known(shelf: Shelf, records: tuple[Rec, ...]) -> dict[tuple[str, str], Record]:
    """Return those of the records that are on the shelf already."""
    wanted: dict[type[Record], list[str]] = {}
    for rec in records:
        wanted.setdefault(BECOMES[rec.kind][0], []).append(rec.id)
    found = (shelf.all(kind, Among("id", tuple(ids))) for kind, ids in wanted.items())
    return {(record.KIND, record.id): record for records in found for record in records}


def _begun(shelf: Shelf, sitting_ids: list[str]) -> dict[tuple[str, str], int]:
    """Return 0 for each kind of which none of these sittings has any yet: one question instead of one a sitting."""
    begun: dict[tuple[str, str], int] = {}
    for kind in NUMBERED:
        if sitting_ids and not shelf.count(kind, Among("sitting_id", tuple(sitting_ids))):
            begun |= dict.fromkeys(((kind.KIND, one) for one in sitting_ids), 0)
    return begun


def _next(numbers: dict[tuple[str, str], int], shelf: Shelf, record: Issue | Statement | Action) -> int:
    """Return the next number of its kind in its sitting."""
    key = (record.KIND, record.sitting_id)
    if key not in numbers:
        last = shelf.all(type(record), Is("sitting_id", record.sitting_id), order="-number", limit=1)
        numbers[key] = last[0].number if last else 0
    numbers[key] += 1
    return numbers[key]
